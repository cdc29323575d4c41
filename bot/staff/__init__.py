"""The staff desk: the pages under /can-bo/, each in a file of its own, behind one door."""

from bot.staff.application import beside, make_staff
from bot.staff.room import Room, make_room

__all__ = ["Room", "beside", "make_room", "make_staff"]
