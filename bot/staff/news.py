"""News items and directives: written or registered by address, published by somebody else, counted."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.staff.forms import Form, day_of, whole
from bot.staff.page import HOME, Attention, Page, Section, roles
from bot.staff.pictures import MOST_BYTES, PictureProblem, checked_picture
from bot.staff.room import Room
from bot.staff.sheets import Rows, sheet_file
from bot.staff.visit import Visit
from bot.storage.news import (
    AUDIENCE_NAMES,
    KIND_NAMES,
    MONTHLY_TARGET,
    NewsAudience,
    NewsItem,
    NewsKind,
    NewsProblem,
    NewsStatus,
    NewsText,
    StoredNews,
    passage_of,
)
from bot.storage.staff import Role
from knowledge.store import calendar_day

ADDRESS = f"{HOME}/tin-tuc"
ONE = ADDRESS + "/{number}"
CAMPAIGN = f"{HOME}/chien-dich/moi"
"""The page that makes a campaign of an item."""
WRITERS = roles(Role.EDITOR, Role.APPROVER)
APPROVERS = roles(Role.APPROVER)
PAGE = 30
FIRST_YEAR, LAST_YEAR = 2020, 2100
STATUS_NAMES = {
    NewsStatus.DRAFT: "Đang viết",
    NewsStatus.IN_REVIEW: "Chờ duyệt",
    NewsStatus.PUBLISHED: "Đã đăng",
    NewsStatus.WITHDRAWN: "Đã gỡ",
}


@dataclass(frozen=True, slots=True)
class _Desk:
    room: Room
    stored: StoredNews


def section(room: Room) -> Section:
    """The pages."""
    desk, largest = _Desk(room, StoredNews(room.engine)), MOST_BYTES + 100_000
    moves = (("gui", send, WRITERS), ("tra-lai", give_back, APPROVERS), ("cong-bo", publish, APPROVERS))
    return Section(
        pages=(
            Page(address=ADDRESS, answer=partial(show_all, desk), roles=WRITERS, menu="Tin tức"),
            Page(address=ADDRESS, answer=partial(add, desk), roles=WRITERS, method="POST", largest=largest),
            Page(address=ADDRESS + "/moi", answer=partial(begin, desk), roles=WRITERS),
            Page(address=ADDRESS + "/dem", answer=partial(count, desk), roles=WRITERS),
            Page(address=ADDRESS + "/dem", answer=partial(export, desk), roles=WRITERS, method="POST"),
            Page(address=ONE, answer=partial(show, desk), roles=WRITERS),
            Page(address=ONE, answer=partial(change, desk), roles=WRITERS, method="POST", largest=largest),
            Page(address=ONE + "/go", answer=partial(withdraw, desk), roles=APPROVERS, method="POST"),
            *(
                Page(address=f"{ONE}/{name}", answer=partial(move, desk), roles=who, method="POST")
                for name, move, who in moves
            ),
        ),
        attention=partial(waiting, desk),
    )


async def show_all(desk: _Desk, visit: Visit) -> Response:
    """Items of a state, the newest first."""
    state, page = visit.query("trang_thai"), max(1, visit.number("trang"))
    wanted = NewsStatus(state) if state in set(NewsStatus) else None
    items, total = await desk.stored.all(wanted, limit=PAGE, offset=(page - 1) * PAGE)
    units, counted = await desk.stored.counted(calendar_day(visit.now).year)
    month = calendar_day(visit.now).month
    return visit.page(
        "news_list.html",
        items=items,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        state=state,
        states=STATUS_NAMES,
        kinds=KIND_NAMES,
        this_month=sum(counted.get((month, unit), 0) for unit in units),
        target=MONTHLY_TARGET,
    )


async def begin(desk: _Desk, visit: Visit) -> Response:
    """The form of a new item."""
    return _form(visit, NewsText(title="", unit=visit.me.unit))


async def add(desk: _Desk, visit: Visit) -> Response:
    """Writes a new item down."""
    written = NewsText(title="", unit=visit.me.unit)
    try:
        written = await _written(desk, visit, written)
        made = await desk.stored.add(written, by=visit.deed("news.add"), now=visit.now)
    except (NewsProblem, PictureProblem) as problem:
        return _form(visit, _typed(visit.form, written), str(problem))
    return visit.go(f"{ADDRESS}/{made}", "da-luu")


async def show(desk: _Desk, visit: Visit) -> Response:
    """One item as it will be read; of a draft the form."""
    return _one(visit, await _item_of(desk, visit))


async def change(desk: _Desk, visit: Visit) -> Response:
    """Writes a draft anew."""
    known = await _item_of(desk, visit)
    try:
        written = await _written(desk, visit, _text_of(known))
        await desk.stored.change(known, written, by=visit.deed("news.change"), now=visit.now)
    except (NewsProblem, PictureProblem) as problem:
        return _one(visit, known, str(problem), _typed(visit.form, _text_of(known)))
    return visit.go(f"{ADDRESS}/{known.id}", "da-luu")


async def send(desk: _Desk, visit: Visit) -> Response:
    """Hands an item to the approver."""
    return await _moved(desk, visit, desk.stored.send, action="news.send", done="da-trinh")


async def give_back(desk: _Desk, visit: Visit) -> Response:
    """Gives an item back to its author."""
    return await _moved(desk, visit, desk.stored.give_back, action="news.give_back", done="da-tra")


async def publish(desk: _Desk, visit: Visit) -> Response:
    """Puts an item on the public page."""
    return await _moved(desk, visit, desk.stored.publish, action="news.publish", done="tin-da-dang")


async def withdraw(desk: _Desk, visit: Visit) -> Response:
    """Takes an item off the public page."""
    return await _moved(desk, visit, desk.stored.withdraw, action="news.withdraw", done="da-go")


async def _moved(
    desk: _Desk, visit: Visit, move: Callable[..., Awaitable[None]], *, action: str, done: str
) -> Response:
    known = await _item_of(desk, visit)
    try:
        await move(known, by=visit.deed(action), now=visit.now)
    except NewsProblem as problem:
        return _one(visit, known, str(problem))
    return visit.go(f"{ADDRESS}/{known.id}", done)


async def count(desk: _Desk, visit: Visit) -> Response:
    """Items by month and unit of a year, beside what the plan asks for."""
    year = _year(visit, visit.query("nam"))
    units, counted = await desk.stored.counted(year)
    return visit.page("news_count.html", year=year, units=units, counted=counted, target=MONTHLY_TARGET)


async def export(desk: _Desk, visit: Visit) -> Response:
    """The same as a table to take away."""
    year = _year(visit, visit.form.text("nam"))
    units, counted = await desk.stored.counted(year)
    rows: Rows = [
        [f"Tháng {month}/{year}", *(counted.get((month, unit), 0) for unit in units), _all(counted, units, month)]
        for month in range(1, 13)
    ]
    headings = ("Tháng", *(unit or "(không ghi đơn vị)" for unit in units), "Tổng")
    return await sheet_file("xlsx", f"tin-tuc-{year}", f"Tin tức {year}", headings, rows)


async def waiting(desk: _Desk) -> Sequence[Attention]:
    """Items that wait for an approver."""
    return [Attention(await desk.stored.waiting(), "tin chờ duyệt", f"{ADDRESS}?trang_thai=in_review", APPROVERS)]


def _all(counted: dict[tuple[int, str], int], units: Sequence[str], month: int) -> int:
    return sum(counted.get((month, unit), 0) for unit in units)


def _year(visit: Visit, text: str) -> int:
    year = whole(text)
    return year if year is not None and FIRST_YEAR <= year <= LAST_YEAR else calendar_day(visit.now).year


async def _item_of(desk: _Desk, visit: Visit) -> NewsItem:
    number = whole(visit.part("number"))
    known = await desk.stored.get(number) if number is not None else None
    if known is None:
        raise HTTPException(404)
    return known


async def _written(desk: _Desk, visit: Visit, before: NewsText) -> NewsText:
    """What was sent, its picture kept. Raises NewsProblem, PictureProblem."""
    form = visit.form
    written = replace(
        _typed(form, before),
        starts_on=day_of(form, "tu_ngay", NewsProblem),
        expires_on=day_of(form, "den_ngay", NewsProblem),
    )
    upload = form.file("hinh")
    if upload is not None:
        picture = await asyncio.to_thread(checked_picture, upload.content)
        digest = hashlib.sha256(picture.content).hexdigest()
        await desk.stored.keep_picture(digest, picture.type, picture.content, visit.now)
        return replace(written, picture=f"{digest}.{picture.type}")
    return replace(written, picture="") if form.text("bo_hinh") else written


def _typed(form: Form, before: NewsText) -> NewsText:
    kind, audience = form.text("loai"), form.text("doi_tuong")
    return replace(
        before,
        kind=NewsKind(kind) if kind in set(NewsKind) else NewsKind.NEWS,
        title=" ".join(form.text("tieu_de").split()),
        text=form.text("noi_dung"),
        link=form.text("lien_ket"),
        picture_says=" ".join(form.text("mo_ta_hinh").split())[:200],
        field=" ".join(form.text("linh_vuc").split())[:200],
        audience=NewsAudience(audience) if audience in set(NewsAudience) else NewsAudience.EVERYONE,
        unit=" ".join(form.text("don_vi").split())[:100],
        document=" ".join(form.text("so_van_ban").split())[:100],
    )


def _text_of(known: NewsItem) -> NewsText:
    return NewsText(**{name: getattr(known, name) for name in NewsText.__dataclass_fields__})


def _form(visit: Visit, written: NewsText, problem: str = "") -> Response:
    return visit.page(
        "news_form.html",
        status=422 if problem else 200,
        problem=problem,
        written=written,
        kinds=list(KIND_NAMES.items()),
        audiences=list(AUDIENCE_NAMES.items()),
    )


def _campaign(known: NewsItem) -> str:
    """Where a campaign is written that begins with what this item says."""
    said = passage_of(known)
    return f"{CAMPAIGN}?{urlencode({'tieu_de': said.title, 'noi_dung': said.text, 'lien_ket': said.link})}"


def _one(visit: Visit, known: NewsItem, problem: str = "", written: NewsText | None = None) -> Response:
    return visit.page(
        "news_one.html",
        status=422 if problem else 200,
        problem=problem,
        known=known,
        written=written or known,
        kinds=list(KIND_NAMES.items()),
        audiences=list(AUDIENCE_NAMES.items()),
        kind_name=KIND_NAMES[known.kind],
        audience_name=AUDIENCE_NAMES[known.audience],
        status_name=STATUS_NAMES[known.status],
        mine=visit.me.name in (known.created_by, known.changed_by, known.sent_by),
        campaign=_campaign(known),
        ended=known.expires_on is not None and known.expires_on < calendar_day(visit.now),
    )
