"""“Danh mục” — the guided way for those who do not type: life events and fields, procedures, parts, by buttons."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from handlers import choices
from handlers.asking_back import labels
from handlers.choices import Place
from handlers.describe.wording import shorten
from handlers.messages import Choice, Desk, IncomingMessage, Outcome, Reply
from knowledge.entries import Hit
from knowledge.lifeevents import LifeEvent, life_events
from knowledge.shelves import Shelf, by_operation
from knowledge.text import clean, fold, tokens

PER_PAGE = 9
"""Entries of one page, so that with the buttons below them nobody has to count far."""
SHORT = 3 * PER_PAGE
"""Fields up to this size are simply paged; of larger ones the rest is laid out by what is to be done."""
MOST_OWN = 6
_LABEL = 72

START = Choice("Chọn việc từ danh mục", choices.for_place(Place()))
"""The button that brings here from anywhere."""
FASTER = "(Viết tên việc cần làm thì nhanh hơn.)"
MORE, BY_OPERATION, BACK = "Xem thêm", "Xem thêm, theo việc cần làm", "Về đầu danh mục"
ALL_FIELDS, ALL_EVENTS = "Chọn theo lĩnh vực", "Chọn theo việc trong đời"
BEGIN = "Anh/Chị cần làm việc gì? Chọn bên dưới, hoặc cứ viết câu hỏi bất cứ lúc nào."
WHICH_FIELD = "Anh/Chị chọn nhóm lĩnh vực:"
EMPTY = "Dữ liệu đã công bố chưa có thủ tục nào. Anh/Chị hỏi nơi tiếp nhận hồ sơ."
GONE = "Danh mục đã thay đổi nên mục này không còn. Anh/Chị chọn lại từ đầu:"

OPERATION_NAMES = {
    "first": "Cấp mới, đăng ký lần đầu",
    "again": "Cấp lại, đăng ký lại",
    "exchange": "Đổi, chuyển đổi",
    "extend": "Gia hạn",
    "change": "Thay đổi, điều chỉnh, bổ sung",
    "end": "Chấm dứt, giải thể, thu hồi",
    "pause": "Tạm ngừng",
    "remove": "Xóa, hủy",
    "recognise": "Công nhận",
    "restore": "Khôi phục, tiếp tục",
    "split": "Chia, tách, sáp nhập",
    "transfer": "Chuyển nhượng, chuyển giao",
    "notify": "Thông báo, báo cáo",
    "other": "Cấp, đăng ký và việc khác",
}
_ASKED = re.compile(
    r"menu|start|bat dau(?: lai)?|muc luc|danh sach thu tuc(?: hanh chinh)?"
    r"|(?:(?:toi muon |cho toi )?(?:xem|mo) )?(?:cac |nhung |nhom )?(?:danh muc|linh vuc)(?: thu tuc)?(?: hanh chinh)?"
    r"|(?:toi muon )?chon (?:viec )?(?:tu |theo )?(?:nhom )?(?:danh muc|linh vuc|viec can lam|viec trong doi)"
    r"|(?:tat ca |cac )thu tuc(?: hanh chinh)?"
)
_T = TypeVar("_T")
_FIELDS_ASKED = re.compile(r"linh vuc")


async def answer(message: IncomingMessage, desk: Desk) -> Reply | None:
    """A page of the guided way, for its buttons and for a message that only asks for the menu."""
    if message.choice is not None:
        place = choices.place(message.choice)
        return open_at(place, desk) if place else None
    said = " ".join(fold(token) for token in tokens(clean(message.text).lower()))
    if not _ASKED.fullmatch(said):
        return None
    return open_at(Place("s") if _FIELDS_ASKED.search(said) else Place(), desk)


def open_at(place: Place, desk: Desk) -> Reply:
    """One page; where it is gone (another catalogue has been published), the beginning."""
    return _page(place, desk) or _beginning(desk, GONE)


def _page(place: Place, desk: Desk) -> Reply | None:
    match place.kind:
        case "":
            return _beginning(desk)
        case "e":
            return _event(place, desk) if place.id else _events(desk)
        case "s":
            return _sector(place, desk) if place.id else _sectors(desk)
        case _:
            return _field(place, desk)


def _beginning(desk: Desk, said: str = BEGIN) -> Reply:
    """An office with fields of its own shows those; any other what happens in life."""
    own = desk.knowledge.shelves().own
    if not own:
        return _events(desk, said)
    fields = _to_fields(own[:MOST_OWN])
    events = (Choice(ALL_EVENTS, choices.for_place(Place("e"))),) if _known_events(desk) else ()
    return _reply(said, (*fields, *events, Choice(ALL_FIELDS, choices.for_place(Place("s")))))


def _events(desk: Desk, said: str = BEGIN) -> Reply:
    offered = tuple(Choice(e.name, choices.for_place(Place("e", e.id))) for e in _known_events(desk))
    if not offered:
        return _sectors(desk)
    return _reply(said, (*offered, Choice(ALL_FIELDS, choices.for_place(Place("s")))))


def _event(place: Place, desk: Desk) -> Reply | None:
    event = next((event for event in life_events() if event.id == place.id), None)
    found = _procedures(event, desk) if event else ()
    return _paged(f"{event.name}. Anh/Chị cần việc nào?", found, tuple, place) if event and found else None


def _sectors(desk: Desk) -> Reply:
    offered = tuple(Choice(s.name, choices.for_place(Place("s", s.id))) for s in desk.knowledge.shelves().sectors)
    return _reply(WHICH_FIELD, offered) if offered else Reply(blocks=(EMPTY,), outcome=Outcome.NOT_FOUND)


def _sector(place: Place, desk: Desk) -> Reply | None:
    sector = desk.knowledge.shelves().sector(place.id)
    if sector is None:
        return None
    if len(sector.shelves) == 1:
        return _field(Place("f", sector.shelves[0].id), desk)
    return _paged(f"{sector.name}. Anh/Chị chọn lĩnh vực:", sector.shelves, _to_fields, place)


def _field(place: Place, desk: Desk) -> Reply | None:
    shelf = desk.knowledge.shelves().shelf(place.id)
    if shelf is None:
        return None
    if place.kind == "o":
        return _by_operation(place, shelf)
    question = f"{shelf.name}. Anh/Chị cần thủ tục nào?"
    if len(shelf.hits) <= SHORT:
        return _paged(question, shelf.hits, _to_procedures, place)
    rest = Choice(BY_OPERATION, choices.for_place(Place("o", shelf.id)))
    return _reply(question, (*_to_procedures(shelf.hits[:PER_PAGE]), rest))


def _by_operation(place: Place, shelf: Shelf) -> Reply | None:
    groups = by_operation(shelf.hits)
    if not place.operation:
        offered = tuple(
            Choice(f"{OPERATION_NAMES[name]} ({len(hits)})", choices.for_place(Place("o", shelf.id, name)))
            for name, hits in groups.items()
        )
        return _reply(f"{shelf.name} ({len(shelf.hits)} thủ tục). Anh/Chị cần làm gì?", offered)
    hits = groups.get(place.operation)
    if hits is None:
        return None
    question = f"{shelf.name}: {OPERATION_NAMES[place.operation].lower()}. Anh/Chị cần thủ tục nào?"
    return _paged(question, hits, _to_procedures, place)


def _paged(
    question: str, entries: Sequence[_T], offered: Callable[[Sequence[_T]], tuple[Choice, ...]], place: Place
) -> Reply | None:
    """A page of a list; a page takes one entry more rather than leave it alone on the next."""
    first = (place.page - 1) * PER_PAGE
    left = len(entries) - first
    if left <= 0 or (left == 1 and first):
        return None
    if left <= PER_PAGE + 1:
        return _reply(question, offered(entries[first:]))
    following = Place(place.kind, place.id, place.operation, place.page + 1)
    more = Choice(f"{MORE} ({left - PER_PAGE})", choices.for_place(following))
    if left > SHORT:
        question = f"{question} {FASTER}"
    return _reply(question, (*offered(entries[first : first + PER_PAGE]), more))


def _reply(question: str, offered: tuple[Choice, ...]) -> Reply:
    back = () if question in (BEGIN, GONE) else (Choice(BACK, START.value),)
    picks = (choices.decode(choice.value) for choice in offered)
    codes = tuple(pick.ref for pick in picks if pick)
    return Reply(blocks=(question,), outcome=Outcome.CLARIFYING, choices=(*offered, *back), refs=codes[:10])


def _known_events(desk: Desk) -> list[LifeEvent]:
    return [event for event in life_events() if _procedures(event, desk)]


def _procedures(event: LifeEvent, desk: Desk) -> tuple[Choice, ...]:
    """The procedures of an event that the base has, under the codes in force."""
    known = ((desk.knowledge.procedure(code), label) for code, label in event.procedures.items())
    offered = {p.code: Choice(label, choices.for_procedure(p.code)) for p, label in known if p is not None}
    return tuple(offered.values())


def _to_fields(shelves: Sequence[Shelf]) -> tuple[Choice, ...]:
    return tuple(Choice(shorten(shelf.name, _LABEL), choices.for_place(Place("f", shelf.id))) for shelf in shelves)


def _to_procedures(hits: Sequence[Hit]) -> tuple[Choice, ...]:
    named = zip(hits, labels(tuple(hits)), strict=True)
    return tuple(Choice(label, choices.for_procedure(hit.ref)) for hit, label in named)
