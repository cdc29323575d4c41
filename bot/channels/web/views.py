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
from bot.web.downloads import address, details
from bot.web.frame import Display, Frame
from bot.web.markup import Part, Piece, parts, pieces, safe_links
from handlers import voting
from handlers.messages import Choice, Line, Link, Outcome, Reply
from knowledge.entries import Aspect, OfficeProfile
from knowledge.forms.registry import EMPTY, Registry
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
    votes: Sequence[Button] = ()
    card: str = ""


class Views:
    """Renders the chat's pages for one office. questions: typical ones, offered on an empty page; live: news reach
    an open page."""

    def __init__(self, profile: OfficeProfile, questions: Sequence[str], *, live: bool = False) -> None:
        known = {"questions": questions, "longest": LONGEST_TEXT, "live": live}
        self._frame = Frame(profile, HERE / "templates", known)
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
        files: Registry = EMPTY,
    ) -> str:
        """The whole page. draft: text left in the input; problem: what to mend; notice: what has been done;
        below: what else the first page shows; files: the form files kept here.
        """
        return self._frame.render(
            "chat.html",
            display,
            lines=_all_shown(lines, today, files, votes=True),
            last=max((line.number for line in lines), default=0),
            notices=notices,
            token=session.token,
            message_id=new_message_id(),
            draft=draft,
            problem=problem,
            notice=notice,
            below=below,
        )

    def line(self, session: Session, line: Line, today: datetime, files: Registry = EMPTY) -> str:
        """One line of the log, for a page that is open; "" for one in which nothing is said."""
        if line.reply is not None and line.reply.silent:
            return ""
        return self._frame.render(
            "one_line.html",
            Display(),
            line=shown(line, today, files, newest=True),
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
        files: Registry = EMPTY,
    ) -> str:
        """The page on which people see and delete what is kept; days: of conversations and of answer records."""
        return self._frame.render(
            "kept.html",
            display,
            lines=_all_shown(lines, today, files, votes=False),
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


def _all_shown(lines: Sequence[Line], today: datetime, files: Registry, *, votes: bool) -> list[ShownLine]:
    spoken = [line for line in lines if line.reply is None or not line.reply.silent]
    return [shown(line, today, files, newest=votes and n == len(spoken)) for n, line in enumerate(spoken, start=1)]


def shown(line: Line, today: datetime, files: Registry = EMPTY, *, newest: bool = False) -> ShownLine:
    """A line with its local time; the day is named where it is not `today`.

    files: the form files kept here, which are handed out from here; newest: the line may be voted on.
    """
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
        links=_links(line.reply, files),
        buttons=_buttons(line.reply.choices),
        votes=_buttons(voting.buttons(line.reply)) if newest else (),
        card=card_address(line.reply),
    )


def _buttons(choices: Sequence[Choice]) -> list[Button]:
    return [Button(choice.label, f"{choice.value}{CHOICE_SEPARATOR}{choice.label}") for choice in choices]


def _links(reply: Reply, files: Registry) -> list[Link]:
    """The downloads of what is kept here first, then the addresses elsewhere of all else."""
    kept = {item: form for item in reply.attachments if (form := files.of(item.code).get(item.url))}
    ours = [Link(f"Tải biểu mẫu: {item.label} ({details(form)})", address(form)) for item, form in kept.items()]
    elsewhere = {item.url for item in kept}
    return [*ours, *(link for link in safe_links(reply.links) if link.url not in elsewhere)]


def card_address(reply: Reply) -> str:
    """The page on which this answer can be printed and passed on; "" where it answers nothing by name."""
    if reply.outcome is not Outcome.ANSWERED or not reply.refs or Aspect.COMPARE in reply.aspects:
        return ""
    if reply.errand:
        return f"/the/{quote(reply.refs[0])}?viec={quote(reply.errand)}"
    part = "".join(reply.aspects)
    return f"/the/{quote(reply.refs[0], safe=':')}" + (f"?phan={part}" if part else "")
