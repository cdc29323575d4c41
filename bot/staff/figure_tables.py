"""The single figures of a period, each a table with what is too small hidden."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from bot.staff.counting import HIDDEN, LEAST, Figure, Row, rows_of, small_or
from bot.staff.shown import channel_name, day, number
from bot.storage.figures import Counts
from handlers.messages import Outcome
from knowledge.entries import FAQ_PREFIX, Aspect

MOST = 20
MOST_RISING = 10
RISEN = 1.5
"""Times as often as before, from which on a topic is rising."""
OUTCOMES: Mapping[str, str] = {
    Outcome.ANSWERED: "Đã trả lời",
    Outcome.CLARIFYING: "Hỏi lại cho rõ",
    Outcome.REFUSED: "Từ chối (ngoài phạm vi)",
    Outcome.NOT_FOUND: "Không tìm thấy",
    Outcome.SMALLTALK: "Chào hỏi",
    Outcome.EMERGENCY: "Khẩn cấp",
    Outcome.FEEDBACK: "Phản ánh, kiến nghị",
    Outcome.COMPLAINT: "Khiếu nại, tố cáo (đã chỉ nơi gửi)",
    Outcome.HANDED_OVER: "Chuyển cho cán bộ",
    Outcome.FAILED: "Lỗi máy",
}
ASPECTS: Mapping[str, str] = {
    Aspect.FEE: "Phí, lệ phí",
    Aspect.TIME: "Thời hạn giải quyết",
    Aspect.DOSSIER: "Thành phần hồ sơ",
    Aspect.PLACE: "Nơi nộp",
    Aspect.STEPS: "Trình tự thực hiện",
    Aspect.CONDITIONS: "Yêu cầu, điều kiện",
    Aspect.ONLINE: "Nộp trực tuyến",
    Aspect.POSTAL: "Qua bưu chính",
    Aspect.LEGAL: "Căn cứ pháp lý",
    Aspect.RESULT: "Kết quả",
    Aspect.FORM: "Biểu mẫu",
    Aspect.PAGE: "Trang chính thức",
    Aspect.COMPARE: "So sánh các cách nộp",
}


def all_figures(
    days: Mapping[date, Counts], whole: Counts, before: Counts, names: Mapping[str, str], fields: Counter[str]
) -> list[Figure]:
    """Every figure. days: each day of the period; before: as many days before it; names: of entries; fields: answered
    questions by field."""
    asked = whole.questions()
    total = sum(asked.values())
    by_day = [(day(on), sum(counts.questions().values())) for on, counts in days.items()]
    by_hour = [(f"{hour}–{hour + 1} giờ", whole.hours[f"{hour:02}"]) for hour in range(24)]
    by_outcome = [(OUTCOMES.get(outcome, outcome), count) for outcome, count in asked.most_common()]
    parts = [(ASPECTS.get(letter, letter), count) for letter, count in whole.aspects.most_common()]
    return [
        Figure(key="ngay", title="Câu hỏi theo ngày", heading="Ngày", rows=rows_of(by_day), chart="columns"),
        Figure(key="ket-qua", title="Theo kết quả", heading="Kết quả", rows=rows_of(by_outcome, total)),
        _channels(whole, total),
        Figure(key="gio", title="Giờ đông nhất", heading="Giờ", rows=rows_of(by_hour), chart="columns"),
        Figure(
            key="linh-vuc",
            title="Theo lĩnh vực",
            heading="Lĩnh vực",
            unit="Số câu đã trả lời",
            rows=_top(list(fields.most_common()), sum(fields.values())),
        ),
        Figure(
            key="phan",
            title="Theo phần được hỏi",
            heading="Phần",
            unit="Số lần trả lời",
            rows=rows_of(parts, whole=False),
            note="Một câu có thể hỏi nhiều phần.",
        ),
        Figure(
            key="thu-tuc",
            title="Được hỏi nhiều nhất",
            heading="Thủ tục, câu hỏi",
            unit="Số câu đã trả lời",
            rows=_top([(_named(ref, names), n) for ref, n in whole.entries.most_common(MOST)]),
        ),
        _rising(whole.entries, before.entries, names),
        _votes(whole.votes, names),
    ]


def _channels(whole: Counts, total: int) -> Figure:
    found = sorted(whole.by_channel().items(), key=lambda item: -sum(item[1].values()))
    kinds = (Outcome.ANSWERED, Outcome.CLARIFYING, Outcome.REFUSED, Outcome.NOT_FOUND)
    shares = [tuple(_percent(counts[kind.value], sum(counts.values())) for kind in kinds) for _, counts in found]
    return Figure(
        key="kenh",
        title="Theo kênh",
        heading="Kênh",
        rows=rows_of([(channel_name(name), sum(counts.values())) for name, counts in found], total, more=shares),
        more=tuple(OUTCOMES[kind] for kind in kinds),
    )


def _percent(part: int, whole: int) -> str:
    """A share whose two sides are both large enough, or none."""
    if whole < LEAST or 0 < part < LEAST or 0 < whole - part < LEAST:
        return HIDDEN if part else "0 %"
    return f"{number(round(100 * part / whole, 1))} %"


def _top(counted: Sequence[tuple[str, int]], total: int = 0) -> list[Row]:
    """The largest; those below LEAST are left out altogether, so that no name stands beside a handful."""
    return rows_of([(name, count) for name, count in counted[:MOST] if count >= LEAST], total, whole=False)


def _rising(now: Counter[str], before: Counter[str], names: Mapping[str, str]) -> Figure:
    risen = [ref for ref, count in now.items() if count >= LEAST and count >= RISEN * max(before[ref], 1)]
    risen.sort(key=lambda ref: ((now[ref] - before[ref]) / math.sqrt(before[ref] + 1), ref), reverse=True)
    listed = risen[:MOST_RISING]
    return Figure(
        key="noi-len",
        title="Đang được hỏi nhiều lên",
        heading="Thủ tục, câu hỏi",
        unit="Kỳ này",
        rows=rows_of(
            [(_named(ref, names), now[ref]) for ref in listed],
            whole=False,
            more=[(small_or(before[ref]),) for ref in listed],
        ),
        more=("Kỳ liền trước",),
        note=f"Từ {number(RISEN)} lần trở lên so với số ngày bằng thế ngay trước kỳ này.",
    )


def _votes(votes: Counter[str], names: Mapping[str, str]) -> Figure:
    per: dict[str, Counter[str]] = {}
    for key, count in votes.items():
        sign, _, ref = key.partition(" ")
        per.setdefault(ref, Counter())[sign] += count
    wrong = sorted(per.items(), key=lambda item: (-item[1]["-"], item[0]))
    listed = [(ref, counts) for ref, counts in wrong[:MOST] if counts["-"] >= LEAST]
    return Figure(
        key="danh-gia",
        title="Bị đánh giá “Chưa đúng” nhiều nhất",
        heading="Thủ tục, câu hỏi",
        unit="Chưa đúng",
        rows=rows_of(
            [(_named(ref, names), counts["-"]) for ref, counts in listed],
            whole=False,
            more=[(small_or(counts["+"]),) for _, counts in listed],
        ),
        more=("Hữu ích",),
    )


def _named(ref: str, names: Mapping[str, str]) -> str:
    if ref.startswith(FAQ_PREFIX):
        return names.get(ref, ref)
    return f"{names[ref]} ({ref})" if ref in names else ref
