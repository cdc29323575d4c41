"""The staff desk: the pages under /can-bo/, each in a file of its own, behind one door."""

from bot.staff.application import beside, make_staff
from bot.staff.room import Room, TalkRoom, make_room

__all__ = ["Room", "TalkRoom", "beside", "make_room", "make_staff"]
