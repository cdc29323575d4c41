"""Where the pages of the campaigns are, and whose they are."""

from bot.staff.page import HOME, roles
from bot.storage.staff import Role

ADDRESS = f"{HOME}/chien-dich"
NEW = f"{ADDRESS}/moi"
READY_MADE = f"{ADDRESS}/mau"
UNITS = f"{ADDRESS}/don-vi"
CONSENTS = f"{ADDRESS}/dong-y"
ONE = ADDRESS + "/{number}"
WHO = roles(Role.EDITOR, Role.APPROVER, Role.OPERATOR)
WRITERS = roles(Role.EDITOR, Role.APPROVER)
APPROVERS = roles(Role.APPROVER)
LARGEST_FORM = 6_000_000
"""Bytes of a form with its picture or file (5 MB)."""
