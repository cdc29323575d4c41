"""What can go wrong when somebody is written to, in the words that all rooms share."""


class Unreachable(Exception):
    """This citizen cannot be written to any more (blocked, left, forgotten): stop writing to them.

    reason: a short word for the record, never the citizen's text; lasting: False where it is only so now (the window
    in which the platform lets us write first is over).
    """

    def __init__(self, reason: str, *, lasting: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.lasting = lasting


class TryLater(Exception):
    """The platform cannot take the message now. after: seconds to wait before the next try.

    sent: how many messages of the answer have arrived already, those of earlier tries included; alone: only this
    citizen has to wait, not everybody on this channel.
    """

    def __init__(self, after: float, reason: str = "", *, sent: int = 0, alone: bool = False) -> None:
        super().__init__(f"{reason or 'try later'} (after {after:g} s)")
        self.after = after
        self.reason = reason
        self.sent = sent
        self.alone = alone


class MaybeSent(Exception):
    """The connection broke after the message had gone out: whether it arrived is not known.

    A campaign does not send it again by itself; an answer to a question is sent once more. sent: as in TryLater.
    """

    def __init__(self, reason: str = "", *, sent: int = 0) -> None:
        super().__init__(reason or "maybe sent")
        self.reason = reason
        self.sent = sent


class Refused(Exception):
    """The platform will never take this message as it is: trying again is of no use. reason: its code, no text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
