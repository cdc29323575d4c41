"""What Zalo's error numbers mean for us: every number of the Official Account API has one class here."""

from collections.abc import Mapping
from types import MappingProxyType


class Refusal(Exception):
    """Zalo said no. code: Zalo's number; its own words are left out, because they may quote the message."""

    def __init__(self, code: int) -> None:
        super().__init__(f"Zalo {code}")
        self.code = code


class TokenRefused(Refusal):
    """The access token is not valid any more: refresh once, then try once again."""


class Busy(Refusal):
    """Too many requests, or a fault of Zalo's: back off and try again."""


class QuotaSpent(Refusal):
    """No message is left in the quota of the day: try again when it is renewed."""


class NightRest(Refusal):
    """Not at this hour of the night: try again in the morning."""


class NotReachable(Refusal):
    """This citizen cannot be written to now: stop until they write again."""


class NeedsAPerson(Refusal):
    """Somebody has to put something right at Zalo's: the account, its package, the app or its rights."""


class BadMessage(Refusal):
    """This message will never be taken as it is."""


class TooLong(BadMessage):
    """More characters than Zalo takes: shorter pieces will do."""


class AssetGone(BadMessage):
    """An uploaded file has expired (they live 7 days): upload it again."""


_NUMBERS: Mapping[type[Refusal], tuple[int, ...]] = {
    TokenRefused: (-216, -220, -124),
    Busy: (-32, -200),
    QuotaSpent: (-211, -144, -147, -1441),
    NightRest: (-234, -133),
    NotReachable: (-213, -217, -244, -218, -227, -230, -232, -114, -118, -119, -141),
    NeedsAPerson: (-209, -212, -219, -221, -223, -224, -240, -242, -320, -321),
    BadMessage: (-201, -233, -1121, -1122),
    TooLong: (-210,),
    AssetGone: (-100,),
}
CLASSES: Mapping[int, type[Refusal]] = MappingProxyType(
    {code: its_class for its_class, codes in _NUMBERS.items() for code in codes}
)
"""Source: table A4 of the platform notes (docs/how-to/zalo.md lists the same numbers)."""
RATE = -32
"""Too many calls in a minute; also what we say to ourselves before Zalo has to."""


def refusal(code: int) -> Refusal:
    """The refusal with this number; a number that nobody has described needs a person."""
    return CLASSES.get(code, NeedsAPerson)(code)
