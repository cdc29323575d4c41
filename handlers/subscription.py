"""“Đăng ký nhận thông báo”, “HỦY” — who wants to be written to, about what, and who does not any more."""

import re

from handlers.messages import Choice, Desk, IncomingMessage, Outcome, Reply, Subscriptions
from handlers.topics import TOPICS, UNIT_WORDING, WORDING, names
from knowledge.text import fold

STOPS = frozenset(
    {"huy", "/huy", "stop", "huy dang ky", "huy nhan tin", "huy thong bao", "ngung nhan tin", "thoi nhan tin"}
)
BEGINS = frozenset(
    {
        "/dangky",
        "dang ky nhan thong bao",
        "dang ky nhan tin",
        "dang ky thong bao",
        "nhan thong bao",
        "theo doi thong bao",
    }
)
ALL = "all"
QUIET = {"22-6": "Từ 22 giờ đến 6 giờ", "11-14": "Từ 11 giờ đến 14 giờ", "17-8": "Ngoài giờ làm việc"}
MENU, QUIET_MENU = Choice("Chọn thêm nội dung", "s:menu"), Choice("Giờ không muốn nhận tin", "s:quiet")
STOP = Choice("Thôi nhận thông báo", "s:stop")
_VALUE = re.compile(r"s:(menu|stop|quiet|ask|yes|hours|unit|join)(?::([A-Za-z0-9_-]{1,40}))?")
_UNIT = re.compile(r"(?:cb|CB)[ -]([A-Za-z0-9_-]{6,20})")

ASK = "Anh/Chị muốn nhận thông báo về nội dung nào? Bấm vào một nội dung để xem và đồng ý; bỏ qua thì máy không gửi gì."
ASK_MORE = "Anh/Chị đang nhận thông báo về: {topics}. Bấm vào một nội dung để thêm."
DONE = "Đã ghi nhận lúc {at}: Anh/Chị đồng ý nhận thông báo về {topics}. Nhắn HỦY bất cứ lúc nào để thôi nhận ngay."
JOINED = "Đã ghi nhận lúc {at}: Anh/Chị nhận thông báo dành cho cán bộ của {unit}. Nhắn HỦY để thôi nhận ngay."
STOPPED = "Đã dừng. Từ lúc này máy không gửi thông báo nào cho Anh/Chị nữa. Anh/Chị vẫn hỏi thủ tục như thường."
NOTHING = "Anh/Chị hiện không đăng ký nhận thông báo nào, nên không có gì để dừng."
NOT_HERE = (
    "Kênh này không nhắn trước cho Anh/Chị được. Muốn nhận thông báo, Anh/Chị dùng Telegram hoặc Zalo của cơ quan."
)
ASK_HOURS = (
    "Giờ nào máy không nên nhắn cho Anh/Chị? (Ban đêm, từ 21 giờ đến 7 giờ, máy vốn không nhắn, trừ tin khẩn cấp.)"
)
KEPT_HOURS = "Đã ghi nhận: {hours} máy không nhắn cho Anh/Chị, trừ tin khẩn cấp."
ANY_HOUR = "Đã bỏ giờ không nhận tin riêng của Anh/Chị."
NO_UNIT = "Đường dẫn mời này không còn dùng được. Anh/Chị hỏi lại đơn vị gửi đường dẫn."
AWAY = "Máy chưa ghi được vì kho dữ liệu đang gián đoạn. Anh/Chị nhắn lại sau ít phút giúp máy."
YES, NO = "Tôi đồng ý", "Thôi, để sau"


async def answer(message: IncomingMessage, desk: Desk) -> Reply | None:
    """What follows from wanting messages or not; None where the message speaks of something else."""
    subscriptions = desk.subscriptions
    if subscriptions is None:
        return None
    step, detail = _step(message)
    if not step:
        return None
    try:
        return await _taken(step, detail, message, subscriptions)
    except ConnectionError:
        return Reply(blocks=(AWAY,), outcome=Outcome.FAILED)


def _step(message: IncomingMessage) -> tuple[str, str]:
    if message.choice is not None:
        pressed = _VALUE.fullmatch(message.choice)
        return (pressed[1], pressed[2] or "") if pressed else ("", "")
    said = fold(message.text).strip(" .!")
    if said in STOPS:
        return "stop", ""
    if said in BEGINS:
        return "menu", ""
    invited = _UNIT.fullmatch(message.text.strip())
    return ("unit", invited[1]) if invited else ("", "")


async def _taken(step: str, detail: str, message: IncomingMessage, subscriptions: Subscriptions) -> Reply:
    citizen = message.citizen
    if step == "stop":
        return _said(STOPPED if await subscriptions.stop(message) else NOTHING)
    if not subscriptions.reaches(citizen.channel):
        return _said(NOT_HERE)
    chosen = await subscriptions.topics(citizen)
    match step:
        case "menu":
            return _menu(chosen)
        case "ask" if detail in TOPICS or detail == ALL:
            wanted = _with(chosen or (), detail)
            return _said(WORDING.format(topics=names(wanted)), choices=(Choice(YES, f"s:yes:{detail}"), _no()))
        case "yes" if detail in TOPICS or detail == ALL:
            wanted = _with(chosen or (), detail)
            await subscriptions.agree(message, wanted, WORDING.format(topics=names(wanted)))
            said = DONE.format(
                at=f"{message.received_at.astimezone(subscriptions.zone):%H:%M, %d/%m/%Y}", topics=names(wanted)
            )
            return _said(said, choices=(MENU, QUIET_MENU, STOP))
        case "quiet" if chosen is not None:
            hours = tuple(Choice(label, f"s:hours:{value}") for value, label in QUIET.items())
            return _said(ASK_HOURS, choices=(*hours, Choice("Giờ nào cũng được", "s:hours:0")))
        case "hours" if chosen is not None:
            return await _hours(detail, message, subscriptions)
        case "unit" | "join":
            return await _unit(step, detail, message, subscriptions, chosen or ())
        case _:
            return _menu(chosen)


def _menu(chosen: tuple[str, ...] | None) -> Reply:
    left = [Choice(label, f"s:ask:{topic}") for topic, label in TOPICS.items() if topic not in (chosen or ())]
    if len(left) == len(TOPICS):
        left.append(Choice("Tất cả các nội dung trên", f"s:ask:{ALL}"))
    if chosen is None:
        return _said(ASK, choices=tuple(left))
    return _said(ASK_MORE.format(topics=names(chosen)), choices=(*left, QUIET_MENU, STOP))


async def _hours(detail: str, message: IncomingMessage, subscriptions: Subscriptions) -> Reply:
    since, _, until = detail.partition("-")
    if detail not in QUIET:
        await subscriptions.keep_quiet(message.citizen, None)
        return _said(ANY_HOUR)
    await subscriptions.keep_quiet(message.citizen, (int(since), int(until)))
    return _said(KEPT_HOURS.format(hours=QUIET[detail].lower()))


async def _unit(
    step: str, code: str, message: IncomingMessage, subscriptions: Subscriptions, chosen: tuple[str, ...]
) -> Reply:
    unit = await subscriptions.unit(code)
    if unit is None:
        return _said(NO_UNIT)
    wording = UNIT_WORDING.format(unit=unit)
    if step == "unit":
        return _said(wording, choices=(Choice(YES, f"s:join:{code}"), _no()))
    await subscriptions.agree(message, chosen, wording, unit=unit)
    return _said(JOINED.format(at=_at(message, subscriptions), unit=unit), choices=(MENU, QUIET_MENU, STOP))


def _with(chosen: tuple[str, ...], topic: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*chosen, *(TOPICS if topic == ALL else (topic,)))))


def _at(message: IncomingMessage, subscriptions: Subscriptions) -> str:
    return f"{message.received_at.astimezone(subscriptions.zone):%H:%M, %d/%m/%Y}"


def _no() -> Choice:
    return Choice(NO, "s:menu")


def _said(text: str, choices: tuple[Choice, ...] = ()) -> Reply:
    return Reply(blocks=(text,), outcome=Outcome.SMALLTALK, choices=choices)
