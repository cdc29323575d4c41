"""The warnings of every kind as one list each, whether the database tells them at once or the night has found them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.staff.knowledge.entry import address_of
from bot.staff.room import Room
from bot.storage.audit import Deed
from bot.storage.warnings import BadLink, StoredFinding, StoredWarnings, key_of
from bot.storage.warnings_now import MissingForm, Standing, WarningsNow
from knowledge.checking import FindingKind
from knowledge.store import calendar_day


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOfWarning:
    """A kind. todo: the front page's words behind the number; mend: what is to be done; counted: on the front page."""

    name: str
    todo: str
    mend: str
    counted: bool = True


KINDS: Mapping[str, KindOfWarning] = {
    "expired": KindOfWarning(
        name="Đã hết hạn",
        todo="mục đã hết hạn, chưa có bản thay",
        mend="Máy đã thôi trả lời mục này. Mở mục để lập bản mới, hoặc thôi nhắc nếu đúng là đã hết.",
    ),
    "expiring": KindOfWarning(
        name="Sắp hết hạn",
        todo="mục sắp hết hạn",
        mend="Còn dưới 30 ngày. Mở mục để gia hạn hoặc lập bản mới trước ngày ấy.",
    ),
    "portal": KindOfWarning(
        name="Cổng quốc gia đã đổi",
        todo="mục khác bản trên Cổng quốc gia",
        mend="Lần đọc đêm thấy Cổng ghi khác. Mở mục để so từng chữ rồi công bố, hoặc thôi nhắc.",
    ),
    "links": KindOfWarning(
        name="Đường dẫn hỏng",
        todo="đường dẫn hỏng",
        mend="Mở mục để thay đường dẫn; nếu trang vừa có lại thì cho mở thử lại đêm nay.",
    ),
    "forms": KindOfWarning(
        name="Thiếu tệp biểu mẫu",
        todo="biểu mẫu chưa có tệp",
        mend="Mở mục để thay tệp, hoặc nhờ người vận hành chạy motcua forms fetch.",
    ),
    FindingKind.FLIP: KindOfWarning(
        name="Dễ trả lời lẫn",
        todo="câu hỏi dễ lẫn",
        mend="Hỏi như vậy thì máy phân vân hoặc trả lời bằng mục kia. Sửa cách hỏi ở một trong hai mục.",
    ),
    FindingKind.SAME: KindOfWarning(
        name="Hai mục một câu hỏi",
        todo="cặp mục trùng nhau",
        mend="Giữ một mục, chuyển cách hỏi sang mục ấy rồi bỏ mục kia; không trùng thì thôi nhắc.",
    ),
    FindingKind.NO_SOURCE: KindOfWarning(
        name="Chưa ghi nguồn",
        todo="mục chưa ghi nguồn",
        mend="Mở mục để ghi văn bản, quyết định hoặc trang làm căn cứ.",
    ),
    FindingKind.UNASKED: KindOfWarning(
        name="Không ai hỏi",
        todo="mục không ai hỏi",
        mend="Sáu tháng không câu trả lời nào nhắc tới. Thêm cách hỏi thường ngày, hoặc bỏ mục.",
        counted=False,
    ),
}
"""In the order in which they are shown."""
URGENT = ("expired",)
LINKS = "links"
COUNTED_AGAIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """One warning as shown. entries: name, ref and address of each; link: number of a link to look at again.

    mended: the entry was changed since the night's look.
    """

    entries: Sequence[tuple[str, str, str]]
    text: str
    key: str
    link: int | None = None
    mended: bool = False


class Lists:
    """The warnings of one desk."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.stored = StoredWarnings(room.engine)
        self._now = WarningsNow(room.engine)
        self._names: tuple[int, Mapping[str, str]] | None = None
        self._counted: tuple[tuple[int, datetime], dict[str, int]] | None = None

    async def looked_at(self) -> datetime | None:
        """When the base was last looked through."""
        return await self.stored.looked_at()

    async def counts(self, now: datetime) -> dict[str, int]:
        """How many of each kind stand open; counted again after COUNTED_AGAIN, and when anything was published."""
        held, revision = self._counted, self._room.base().revision
        if held is None or held[0][0] != revision or not timedelta(0) <= now - held[0][1] < COUNTED_AGAIN:
            held = self._counted = (revision, now), await self._count(now)
        return held[1]

    async def silence(self, key: str, *, until: datetime | None, by: Deed, now: datetime) -> None:
        """Sets a warning aside."""
        await self.stored.silence(key, until=until, by=by, now=now)
        self._counted = None

    async def _count(self, now: datetime) -> dict[str, int]:
        found, links, quiet, *told = await asyncio.gather(
            self.stored.counts(now),
            self.stored.count_bad_links(now),
            self.stored.silenced(now),
            *(self._told(kind, now) for kind in _AT_ONCE),
        )
        counts = {kind: sum(key not in quiet for key, _ in some) for kind, some in zip(_AT_ONCE, told, strict=True)}
        counts[LINKS] = links
        return {name: counts[name] if name in counts else found.get(FindingKind(name), 0) for name in KINDS}

    async def page(self, kind: str, now: datetime, *, limit: int, offset: int) -> list[Warned]:
        """Some warnings of a kind."""
        if kind == LINKS:
            return [self._bad_link(one) for one in await self.stored.bad_links(now, limit=limit, offset=offset)]
        if kind in _AT_ONCE:
            quiet = await self.stored.silenced(now)
            heard = [(key, one) for key, one in await self._told(kind, now) if key not in quiet]
            return [_AT_ONCE[kind](self, key, one) for key, one in heard[offset : offset + limit]]
        found = await self.stored.page(FindingKind(kind), now, limit=limit, offset=offset)
        return [self._finding(one) for one in found]

    async def _told(self, kind: str, now: datetime) -> list[tuple[str, Any]]:
        """What the database tells at once, each with its key."""
        today = calendar_day(now)
        if kind == "forms":
            known = set(self._room.base().codes())
            return [
                (key_of(kind, one.code, one.url), one) for one in await self._now.missing_forms() if one.code in known
            ]
        if kind == "portal":
            standing = await self._now.changed_at_the_portal()
        else:
            standing = await (self._now.expiring(today) if kind == "expiring" else self._now.expired(today))
        return [(key_of(kind, one.ref, str(one.version)), one) for one in standing]

    def standing(self, key: str, one: Standing) -> Warned:
        """An entry that ends or has ended."""
        return Warned(entries=[self._entry(one.ref)], text=f"Hết hiệu lực ngày {_day(one.day)}", key=key)

    def portal(self, key: str, one: Standing) -> Warned:
        """A draft of the portal's."""
        text = f"Bản nháp số {one.version}, đọc ngày {_day(one.day)}"
        return Warned(entries=[self._entry(one.ref)], text=text, key=key)

    def _bad_link(self, one: BadLink) -> Warned:
        """An address that does not open."""
        text = f"{one.url}: {one.reason or one.outcome.value} (mở thử ngày {_day(calendar_day(one.looked_at))})"
        return Warned(entries=[self._entry(ref) for ref in one.refs], text=text, key=one.key, link=one.id)

    def missing_form(self, key: str, one: MissingForm) -> Warned:
        """A form that could not be kept."""
        return Warned(entries=[self._entry(one.code)], text=f"{one.name}: {one.reason}", key=key)

    def _finding(self, one: StoredFinding) -> Warned:
        version_of = self._room.base().version_of
        changed = version_of(one.subject) != one.version
        changed |= bool(one.other) and version_of(one.other) != one.other_version
        refs = [one.subject, *([one.other] if one.other else [])]
        return Warned(entries=[self._entry(ref) for ref in refs], text=one.detail, key=one.key, mended=changed)

    def _entry(self, ref: str) -> tuple[str, str, str]:
        base = self._room.base()
        if self._names is None or self._names[0] != base.revision:
            self._names = base.revision, dict(zip(base.facts.ref, base.facts.title, strict=True))
        return self._names[1].get(ref, ref), ref, address_of(ref)


_AT_ONCE: Mapping[str, Callable[[Lists, str, Any], Warned]] = {
    "expired": Lists.standing,
    "expiring": Lists.standing,
    "portal": Lists.portal,
    "forms": Lists.missing_form,
}


def _day(on: date | None) -> str:
    return f"{on:%d/%m/%Y}" if on else "–"
