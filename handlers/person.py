"""“Cho tôi gặp cán bộ” — hands the talk over to the office's people in their hours, and keeps silent meanwhile."""

import re
from datetime import datetime

from handlers import complaint, contacts, emergency, voting
from handlers.messages import Choice, Desk, IncomingMessage, Outcome, Presence, Reply, Talk
from knowledge.text import fold, tokens

ASK = Choice("Gặp cán bộ", "h:gap")
"""The button that asks for a person from anywhere."""
BACK_WORD = "máy"
HOW_BACK = f"Lúc nào muốn hỏi máy lại, Anh/Chị chỉ cần nhắn: {BACK_WORD}"
WAITING = "Đã báo cán bộ là Anh/Chị muốn gặp người. {queue}"
NEXT = "Anh/Chị là người chờ tiếp theo."
BEHIND = "Trước Anh/Chị còn {ahead} người đang chờ."
STILL_WAITING = "Cán bộ đã nhận được tin, chưa vào trả lời. {queue}"
JOINED = "Cán bộ đang trong cuộc trò chuyện này rồi, Anh/Chị cứ nhắn."
READS = (
    "Cán bộ đọc được các tin gần đây trong cuộc trò chuyện này (số giấy tờ, số điện thoại đã che). "
    "Anh/Chị viết sẵn việc cần hỏi; máy sẽ không chen vào."
)
SHUT = "Lúc này ngoài giờ làm việc nên không có cán bộ trả lời, và máy không hẹn thay cán bộ được."
OPENS = "Anh/Chị nhắn lại từ {opens}, hoặc hỏi máy ngay bây giờ."
HOURS = "Giờ làm việc: {hours}."
LET_GO = "Máy trả lời lại từ đây. Anh/Chị cần hỏi gì?"
NOT_KEPT = "Người dân gửi nội dung được nhận ra là khiếu nại, tố cáo, tin báo tội phạm: không lưu, máy đã chỉ nơi gửi."
NOT_NOW = "Hiện chưa chuyển được tới cán bộ. Anh/Chị thử lại sau ít phút, hoặc liên hệ:"
DAY_NAMES = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
LONGEST_WISH = 120
"""Characters: a longer message says more than that a person is wanted."""
_BACK = re.compile(r"(?:(?:gap|hoi|quay lai|ve|tra ve)(?: voi)? )?may(?: tra loi)?|quay lai|ket thuc|bot")
_FILLED = (
    r"(?:da|a|vang|thua|alo|ad|admin|oi|em|minh|toi|tui|con|chau|anh|chi|cho|xin|muon|can|duoc|hay|lam on|vui long)"
)
_ASKED = re.compile(
    rf"(?:(?:thoi )?(?:toi |em )?khong (?:thich |muon )?(?:noi chuyen|chat) voi may )?(?:{_FILLED} )*"
    r"(?:gap|noi chuyen(?: truc tiep)? voi|noi voi|chat voi|trao doi voi|ket noi(?: toi| em)?(?: voi| den)?"
    r"|chuyen (?:(?:toi|em|minh)(?: cho| qua| sang| den| gap)?|cho|qua|sang|den)|goi) (?:truc tiep )?(?:mot |1 )?"
    r"(?:(?:nguoi|can bo|nhan vien|chuyen vien|cong chuc)(?: that| tu van| ho tro| truc)?"
    r"|tu van vien|tong dai vien|dien thoai vien)"
    rf"(?: (?:di|nhe|nha|voi|a|duoc khong|ngay|gap|giup|ho|luon|{_FILLED}))*"
)


async def go_on(message: IncomingMessage, desk: Desk) -> Reply | None:
    """While a citizen talks with a person, every message goes there; only danger and complaints are still answered."""
    talk = await desk.people.talk(message.citizen, message.received_at) if desk.people else None
    if desk.people is None or talk is None or not (talk.asked or talk.taken):
        return None
    if voting.decode(message.choice):
        return _silent()
    if _says(_BACK, message):
        await desk.people.give_back(message)
        return Reply(blocks=(LET_GO,), outcome=Outcome.SMALLTALK)
    if (warned := await emergency.answer(message, desk)) is not None:
        await desk.people.pass_on(message, urgent=True)
        return warned
    if (refused := await complaint.answer(message, desk)) is not None:
        await desk.people.pass_on(message, note=NOT_KEPT)
        return refused
    if _is_asked(message):
        return _told((JOINED, HOW_BACK) if talk.taken else (WAITING.format(queue=_queue(talk)), HOW_BACK))
    if not await desk.people.pass_on(message):
        return None
    if talk.taken or not talk.remind:
        return _silent()
    return Reply(blocks=(STILL_WAITING.format(queue=_queue(talk)), HOW_BACK), outcome=Outcome.TO_PERSON)


async def answer(message: IncomingMessage, desk: Desk) -> Reply | None:
    """Hands over in office hours; outside them says when they are and promises nothing."""
    if not _is_asked(message):
        return None
    presence = desk.people.presence(message.citizen, message.received_at) if desk.people else None
    if desk.people is None or presence is None:
        return None if message.choice is None else _where(desk)
    if not presence.open:
        return _shut(desk, presence)
    try:
        talk = await desk.people.ask(message)
    except ConnectionError:
        return _where(desk)
    if talk.taken:
        return _told((JOINED,))
    return _told((WAITING.format(queue=_queue(talk)), READS, HOW_BACK))


def offered(message: IncomingMessage, desk: Desk) -> tuple[Choice, ...]:
    """The button for a reply that could not help, as long as somebody is there."""
    presence = desk.people.presence(message.citizen, message.received_at) if desk.people else None
    return (ASK,) if presence and presence.open else ()


def _is_asked(message: IncomingMessage) -> bool:
    return message.choice == ASK.value or (message.choice is None and _says(_ASKED, message))


def _says(pattern: re.Pattern[str], message: IncomingMessage) -> bool:
    if len(message.text) > LONGEST_WISH:
        return False
    return pattern.fullmatch(" ".join(fold(token) for token in tokens(message.text.lower()))) is not None


def _told(blocks: tuple[str, ...]) -> Reply:
    return Reply(blocks=blocks, outcome=Outcome.HANDED_OVER)


def _queue(talk: Talk) -> str:
    return BEHIND.format(ahead=talk.ahead) if talk.ahead else NEXT


def _shut(desk: Desk, presence: Presence) -> Reply:
    opens = OPENS.format(opens=_clock(presence.opens)) if presence.opens else ""
    hours = HOURS.format(hours=presence.hours) if presence.hours else ""
    told = "\n".join(filter(None, (SHUT, hours, opens)))
    return Reply(blocks=(told, contacts.where_to_ask(desk)), outcome=Outcome.REFUSED)


def _where(desk: Desk) -> Reply:
    return Reply(blocks=(NOT_NOW + "\n" + contacts.where_to_ask(desk),), outcome=Outcome.REFUSED)


def _silent() -> Reply:
    return Reply(blocks=(), outcome=Outcome.TO_PERSON)


def _clock(opens: datetime) -> str:
    return f"{opens:%H:%M} {DAY_NAMES[opens.weekday()]} {opens:%d/%m/%Y}"
