"""What citizens can choose to hear about, as the desk asks them."""

from handlers.topics import FIELD, STOP_LINE, TOPICS, WORDING, names

__all__ = ["FIELD", "STOP_LINE", "TOPICS", "WORDING", "names"]
