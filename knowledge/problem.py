"""What the person at the keyboard can mend."""


class Problem(Exception):
    """Told in one line instead of a trace: the message is in Vietnamese and says what to do."""
