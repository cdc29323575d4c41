"""What an entry would say on each channel, made by the handlers and the channels themselves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.rendering import as_messages
from bot.channels.web.sessions import Session
from bot.channels.web.views import Views
from bot.channels.zalo_bot.client import LONGEST_TEXT as LONGEST_BOT_TEXT
from bot.channels.zalo_oa.sending import Message, messages_of
from bot.staff.retelling import BaseThen
from handlers import faq as of_faq
from handlers import procedure as of_procedure
from handlers.describe.followups import LABELS
from handlers.messages import Citizen, Conversation, Desk, IncomingMessage, Line, Reply
from knowledge.base import KnowledgeBase
from knowledge.entries import Aspect, Faq, LocalOverlay, OfficeProfile, Procedure
from knowledge.serialising import Written
from knowledge.tables import Kind
from knowledge.versions import Published, own_draft, published

if TYPE_CHECKING:  # Telegram's library is loaded where the channel is on, or when somebody looks at a preview
    from bot.channels.telegram.writing import Page

ASPECTS: Sequence[tuple[str, str]] = [("", "Chung"), *((aspect.value, name) for aspect, name in LABELS.items())]
_NOBODY = Citizen("preview", "0")
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shown:
    """One reply on every channel. web: a line of the chat page; bot: messages of the Zalo Bot."""

    telegram: "Sequence[Page]"
    zalo: Sequence[Message]
    bot: Sequence[str]
    web: Markup


class Previews:
    """Renders replies as one office's channels do."""

    def __init__(self, profile: OfficeProfile) -> None:
        self._profile = profile
        self._views: Views | None = None

    def of(self, reply: Reply, now: datetime) -> Shown:
        """The reply on every channel."""
        from bot.channels.telegram.writing import pages

        self._views = self._views or Views(self._profile, ())
        line = self._views.line(Session(secret="preview"), Line(at=now, reply=reply), now)  # noqa: S106 - no session
        return Shown(
            telegram=[replace(page, html=Markup(page.html)) for page in pages([reply])],  # noqa: S704 - made to be HTML
            zalo=messages_of(reply, buttons=True),
            bot=as_messages(reply, LONGEST_BOT_TEXT, buttons=False),
            web=Markup(line),  # noqa: S704 - rendered by the chat page's own template, which escapes
        )


async def reply_of(
    session: AsyncSession, base: KnowledgeBase, kind: Kind, said: Written, today: date, letters: str = ""
) -> Reply | None:
    """What the desk would say of an entry as it is written here; None where nothing would be said.

    letters: aspects of a procedure that are asked for, "" = in general.
    """
    if isinstance(said, Faq):
        then = BaseThen(base, faqs={said.id: said})
        return await _says(then, of_faq.PICK + said.id, today)
    code = said.code if isinstance(said, Procedure | LocalOverlay) else ""
    if not code:
        return None
    procedure = said if isinstance(said, Procedure) else await _latest(session, base, code, today)
    added = said if isinstance(said, LocalOverlay) else base.overlay(code)
    if procedure is None:
        return None
    overlays = {code: added} if added and added != LocalOverlay(code=code) else {}
    then = BaseThen(base, {code: procedure}, overlays=overlays)
    known = "".join(letter for letter in letters if letter in set(Aspect))
    return await _says(then, f"p:{code}:{known}", today)


async def _latest(session: AsyncSession, base: KnowledgeBase, code: str, today: date) -> Procedure | None:
    if found := base.procedure(code):
        return found
    draft = await own_draft(session, Kind.PROCEDURE, code)
    now = Published(written=draft.written) if draft else await published(session, Kind.PROCEDURE, code, today)
    return now.written if isinstance(now.written, Procedure) else None


async def _says(base: BaseThen, choice: str, today: date) -> Reply | None:
    desk = Desk(knowledge=base, conversation=Conversation(), today=today)
    asked = IncomingMessage(id="0", citizen=_NOBODY, text="", received_at=_ANY_TIME, choice=choice)
    answer = of_faq.answer if choice.startswith(of_faq.PICK) else of_procedure.answer
    return await answer(asked, desk)
