"""Brings the messages of a reply to a chat, and says what the bot platform's refusals mean for the desk."""

from collections.abc import Callable, Sequence

import structlog

from bot.channels import MaybeSent, Refused, TryLater, Unreachable
from bot.channels.calling import PlatformDown
from bot.channels.zalo_bot.client import BotClient, BotRefusal

FIRST_WAIT, LONGEST_WAIT = 5.0, 300.0
PERSON_WAIT = 900.0
QUOTA_WAIT = 3600.0
"""The platform does not say when a quota is renewed: looked at again every hour."""
BAD_REQUEST, UNKNOWN_TOKEN, INTERNAL, NO_CHAT, TIMED_OUT, QUOTA = 400, 401, 403, 404, 408, 429

log = structlog.get_logger(__name__)


def growing(attempt: int, chance: Callable[[], float]) -> float:
    """Seconds to wait after so many failures, spread by chance (0..1)."""
    wait: float = min(FIRST_WAIT * (1 << min(attempt - 1, 10)), LONGEST_WAIT)
    return wait * (0.5 + chance() / 2)


class Sender:
    """Sends texts one after the other."""

    def __init__(self, client: BotClient, chance: Callable[[], float]) -> None:
        self._client = client
        self._chance = chance

    async def deliver(self, chat_id: str, texts: Sequence[str], *, done: int = 0, attempt: int = 1) -> None:
        """Sends the texts after the first `done`. Raises Unreachable, TryLater, MaybeSent or Refused."""
        for number, text in enumerate(texts[done:], start=done):
            try:
                await self._client.send_text(chat_id, text)
            except PlatformDown as down:
                if down.sent:
                    raise MaybeSent(down.reason, sent=number) from None
                raise TryLater(growing(attempt, self._chance), down.reason, sent=number) from None
            except BotRefusal as refusal:
                raise self._meaning(refusal.code, number, attempt) from None

    def _meaning(self, code: int, sent: int, attempt: int) -> Exception:
        reason = str(code)
        if code == NO_CHAT:
            return Unreachable(reason)
        if code == BAD_REQUEST:
            return Refused(reason)
        if code == TIMED_OUT:
            return MaybeSent(reason, sent=sent)
        if code == QUOTA:
            return TryLater(QUOTA_WAIT, reason, sent=sent)
        if code == UNKNOWN_TOKEN:
            log.error("zalo bot does not know the token")
            return TryLater(PERSON_WAIT, reason, sent=sent)
        # 403 is documented as "internal server error", and nothing else is documented at all.
        return TryLater(growing(attempt, self._chance), reason, sent=sent)
