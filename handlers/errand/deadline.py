"""“Nộp hôm nay thì bao giờ có?” — the day on which the result is due, by working days."""

from datetime import date

from handlers.describe import Asked, time
from handlers.describe.office import ask_there
from handlers.errand.told import SHORT_WAYS
from knowledge.entries import OfficeProfile, SubmissionChannel
from knowledge.workdays import Due, Workdays

SLIP = "Ngày ghi trên giấy hẹn trả kết quả mới là ngày chính thức."
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_QUOTE = 260

Dues = tuple[tuple[str, Due], ...]
"""Time limits in words, each with the day it ends; the earliest first."""


def calendar(profile: OfficeProfile) -> Workdays:
    """The office's own calendar."""
    return Workdays(profile.days_off, profile.working_days, profile.announced_until)


def day_words(day: date) -> str:
    """A day as people read it: "thứ Sáu 27/11/2026"."""
    return f"{_WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}"


def dues(asked: Asked, channel: SubmissionChannel) -> Dues:
    """When a dossier submitted today by a channel is due, for each time limit recorded."""
    days = calendar(asked.profile)
    limits = dict.fromkeys(method.time for method in asked.methods(channel) if method.time)
    found = [(time.limit(limit, asked), days.due(asked.today, limit)) for limit in limits]
    return tuple(sorted(((words, due) for words, due in found if due), key=lambda pair: pair[1].on))


def block(asked: Asked, ways: tuple[SubmissionChannel, ...]) -> str:
    """The paragraph: submitted complete today, due on; channels with the same days together."""
    by_way = {way: dues(asked, way) for way in ways}
    every = [due for found in by_way.values() for _, due in found]
    if not every:
        return _unknown(asked)
    start = f"Nộp đủ hồ sơ hôm nay ({day_words(asked.today)})"
    if every[0].received != asked.today:
        start += f", là ngày nghỉ nên cơ quan tiếp nhận từ {day_words(every[0].received)},"
    if len(set(by_way.values())) == 1:
        told = _in_words(by_way[ways[0]])
        lines = [f"{start} thì hạn trả là {told}."]
    else:
        lines = [f"{start} thì hạn trả là:"]
        lines += [
            f"• {SHORT_WAYS[way]}: {_in_words(found) or 'dữ liệu công bố không ghi số ngày'}"
            for way, found in by_way.items()
        ]
    return "\n".join((*lines, *_remarks(every, ways)))


def _in_words(found: Dues) -> str:
    said = " hoặc ".join(f"{day_words(due.on)} ({words})" for words, due in found)
    return f"{said}, tùy trường hợp" if len(found) > 1 else said


def _remarks(every: list[Due], ways: tuple[SubmissionChannel, ...]) -> list[str]:
    off = dict(sorted({day: name for due in every for day, name in due.off}.items()))
    said = [f"Đã trừ ngày nghỉ: {'; '.join(f'{day:%d/%m} ({name})' for day, name in off.items())}."] if off else []
    unsure = dict.fromkeys(name for due in every for name in due.provisional)
    if unsure:
        said.append(f"Đây là ngày tạm tính: lịch nghỉ {', '.join(unsure)} chưa có thông báo chính thức.")
    if SubmissionChannel.POSTAL in ways:
        said.append("Gửi bưu chính: tính từ ngày cơ quan nhận được hồ sơ.")
    return [*said, SLIP]


def _unknown(asked: Asked) -> str:
    quoted = time.from_steps(asked, _QUOTE)
    if quoted:
        return f"Ngày trả: chưa tính được, dữ liệu công bố chỉ ghi trong phần trình tự:\n“{quoted}”\n{SLIP}"
    return f"Ngày trả: chưa tính được, dữ liệu công bố chưa ghi thời hạn. {ask_there(asked)}"
