"""The JSON API: the same questions and the same published knowledge as the chat, for other programs."""

from bot.api.application import PREFIX, Rules, make_api
from bot.api.callers import Keys
from bot.api.mounting import mounted

__all__ = ["PREFIX", "Keys", "Rules", "make_api", "mounted"]
