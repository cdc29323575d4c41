"""“Mấy ngày thì có?” — how long the office may take, by channel."""

import re

from handlers.describe.asked import Asked
from handlers.describe.office import ask_there
from handlers.describe.wording import channels, merged, one_line, sentence, shorten
from knowledge.clauses import in_force
from knowledge.entries import SubmissionChannel, TimeLimit, TimeUnit

_UNITS = {
    TimeUnit.WORKING_DAY: "ngày làm việc",
    TimeUnit.DAY: "ngày",
    TimeUnit.HOUR: "giờ",
    TimeUnit.MONTH: "tháng",
    TimeUnit.YEAR: "năm",
}
_SENTENCE = re.compile(r"(?<=[.;])\s+|\n")
_SAYS_HOW_LONG = re.compile(
    r"(?:thời hạn|trong vòng|không quá|chậm nhất|tối đa)[^.;]{0,40}\d+\s*(?:\([^)]*\)\s*)?(?:ngày|giờ|tháng)"
    r"|ngay trong ngày|trong ngày làm việc|ngày làm việc tiếp theo|trả kết quả ngay|giải quyết ngay",
    re.IGNORECASE,
)
_OUTCOME = re.compile(
    r"cấp |trả kết quả|giải quyết|quyết định|phê duyệt|thông báo kết quả|xác nhận|chứng thực|đăng ký", re.IGNORECASE
)
_OTHER_CLOCK = re.compile(
    r"bổ sung|hoàn thiện|không hợp lệ|chưa hợp lệ|chưa đầy đủ|khiếu nại|lấy ý kiến|gửi hồ sơ|phải nộp"
    r"|chậm nhất[^.;]{0,40}trước",
    re.IGNORECASE,
)


def paragraph(asked: Asked, room: int) -> str:
    """The time limits, channels with the same limit on one line; else the sentence of the steps that says it."""
    said = _by_channel(asked)
    if said:
        if len(said) == 1 and len(said[0][0]) == len(asked.channels):
            return f"Thời hạn giải quyết: {sentence(shorten(said[0][1], room))}"
        each = max(80, room // len(said))
        lines = (f"• {channels(names)}: {shorten(text, each)}" for names, text in said)
        return "Thời hạn giải quyết:\n" + "\n".join(lines)
    quoted = from_steps(asked, room)
    if quoted:
        return f"Dữ liệu công bố không ghi số ngày. Phần trình tự có nêu:\n“{quoted}”"
    return f"Dữ liệu công bố chưa ghi thời hạn giải quyết. {ask_there(asked)}"


def brief(asked: Asked) -> str:
    """The time limit in a few words for a card."""
    said = _by_channel(asked)
    if not said:
        return "không ghi số ngày, xem phần trình tự" if from_steps(asked, 300) else "chưa ghi trong dữ liệu công bố"
    if len(said) == 1:
        return shorten(said[0][1], 110)
    return shorten("; ".join(f"{text} ({channels(names).lower()})" for names, text in said), 150)


def limit(time: TimeLimit | None, asked: Asked) -> str:
    """One time limit in words; "" where the source gives none."""
    if time is None:
        return ""
    words = one_line(in_force(time.text, asked.today)).rstrip(" .;")
    if time.amount is None or time.unit is TimeUnit.OTHER:
        return words
    number = f"{time.amount:02.0f}" if time.amount == int(time.amount) else f"{time.amount:g}".replace(".", ",")
    said = f"{number} {_UNITS[time.unit]}"
    return f"{said} ({words})" if words else said


def from_steps(asked: Asked, room: int) -> str:
    """The one or two sentences of the steps that say how long it takes until the result; "" if there are none."""
    steps = in_force(asked.procedure.steps, asked.today, prose=True)
    fitting = [
        one_line(piece)
        for piece in _SENTENCE.split(steps)
        if _SAYS_HOW_LONG.search(piece) and not _OTHER_CLOCK.search(piece) and len(piece) < 600
    ]
    best = sorted(fitting, key=lambda piece: (not _OUTCOME.search(piece), len(piece) > 350))[:2]
    chosen = [piece for piece in fitting if piece in best]
    return sentence(shorten(" ".join(dict.fromkeys(chosen)), min(room, 420)))


def of_channel(asked: Asked, channel: SubmissionChannel) -> str:
    """The time limit of one channel; several, where it depends on the case, side by side; "" if not recorded."""
    limits = list(dict.fromkeys(filter(None, (limit(method.time, asked) for method in asked.methods(channel)))))
    return limits[0] if len(limits) == 1 else f"{' hoặc '.join(limits)}, tùy trường hợp" if limits else ""


def _by_channel(asked: Asked) -> list[tuple[tuple[SubmissionChannel, ...], str]]:
    return merged((channel, text) for channel in asked.channels if (text := of_channel(asked, channel)))
