"""The chat page and its parts as HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.channels.web.forms import CHOICE_SEPARATOR, LONGEST_TEXT, new_message_id
from bot.channels.web.sessions import Session
from bot.channels.welcome import Notices
from bot.web.frame import Display, Frame
from bot.web.markup import Part, Piece, parts, pieces, safe_links
from handlers.messages import Line, Link, Outcome, Reply
from knowledge.entries import Aspect, OfficeProfile
from knowledge.text import clean_block

HERE = Path(__file__).parent
LOCAL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
NOT_KEPT = "(Nội dung tin nhắn này không được lưu.)"


@dataclass(frozen=True, slots=True)
class Button:
    """A choice as a button of the page."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """One line of the log, ready for the template."""

    mine: bool
    iso_time: str
    clock: str
    parts: Sequence[Part]
    citation: Sequence[Piece] = ()
    links: Sequence[Link] = ()
    buttons: Sequence[Button] = ()
    card: str = ""


class Views:
    """Renders the chat's pages for one office. questions: typical ones, offered on an empty page."""

    def __init__(self, profile: OfficeProfile, questions: Sequence[str]) -> None:
        self._frame = Frame(profile, HERE / "templates", {"questions": questions, "longest": LONGEST_TEXT})
        self._frame.warm()

    def page(
        self,
        session: Session,
        lines: Sequence[Line],
        today: datetime,
        display: Display,
        notices: Notices,
        *,
        draft: str = "",
        problem: str = "",
        notice: str = "",
        below: Markup = Markup(),  # noqa: B008 - never changes
    ) -> str:
        """The whole page. draft: text left in the input; problem: what to mend; notice: what has been done;
        below: what else the first page shows.
        """
        return self._frame.render(
            "chat.html",
            display,
            lines=[shown(line, today) for line in lines],
            notices=notices,
            token=session.token,
            message_id=new_message_id(),
            draft=draft,
            problem=problem,
            notice=notice,
            below=below,
        )

    def line(self, session: Session, line: Line, today: datetime) -> str:
        """One line of the log, for a page that is open."""
        return self._frame.render(
            "one_line.html",
            Display(),
            line=shown(line, today),
            token=session.token,
            message_id=new_message_id(),
        )

    def kept(
        self,
        session: Session,
        lines: Sequence[Line],
        today: datetime,
        display: Display,
        notices: Notices,
        *,
        days: tuple[int | None, int | None],
        notice: str = "",
    ) -> str:
        """The page on which people see and delete what is kept; days: of conversations and of answer records."""
        return self._frame.render(
            "kept.html",
            display,
            lines=[shown(line, today) for line in lines],
            notices=notices,
            token=session.token,
            message_id=new_message_id(),
            conversation_days=days[0],
            record_days=days[1],
            notice=notice,
        )

    def failure(self, display: Display, title: str, text: str, *, missing: bool = False) -> str:
        """A page that says what went wrong, where the chat itself cannot be shown."""
        return self._frame.failure(display, title, text, missing=missing)


def shown(line: Line, today: datetime) -> ShownLine:
    """A line with its local time; the day is named where it is not `today`."""
    local = line.at.astimezone(LOCAL_TIME)
    same_day = local.date() == today.astimezone(LOCAL_TIME).date()
    iso_time, clock = local.isoformat(timespec="seconds"), local.strftime("%H:%M" if same_day else "%H:%M %d/%m/%Y")
    if line.reply is None:
        text = clean_block(line.said) or NOT_KEPT
        return ShownLine(mine=True, iso_time=iso_time, clock=clock, parts=parts([text]))
    return ShownLine(
        mine=False,
        iso_time=iso_time,
        clock=clock,
        parts=parts(line.reply.blocks),
        citation=tuple(pieces(line.reply.citation)),
        links=safe_links(line.reply.links),
        buttons=[
            Button(choice.label, f"{choice.value}{CHOICE_SEPARATOR}{choice.label}") for choice in line.reply.choices
        ],
        card=card_address(line.reply),
    )


def card_address(reply: Reply) -> str:
    """The page on which this answer can be printed and passed on; "" where it answers nothing by name."""
    if reply.outcome is not Outcome.ANSWERED or not reply.refs or Aspect.COMPARE in reply.aspects:
        return ""
    part = "".join(reply.aspects)
    return f"/the/{quote(reply.refs[0], safe=':')}" + (f"?phan={part}" if part else "")
