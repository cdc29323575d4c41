"""The questions people ask, by topic, for citizens and for officials."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bot.pages.catalogue import Catalogue, Item
from bot.web.markup import Part, parts
from knowledge.clauses import vn_date
from knowledge.entries import Audience, Faq, Source
from knowledge.staleness import faq_cautions

TOPICS = {
    "desk": "Về bàn hỏi đáp này",
    "online": "Nộp hồ sơ trực tuyến",
    "one-stop": "Một cửa: nộp và nhận kết quả",
    "postal": "Nộp, nhận qua bưu chính",
    "lookup": "Tra cứu hồ sơ",
    "late": "Trễ hẹn",
    "time": "Ngày làm việc, ngày nghỉ",
    "fees": "Phí, lệ phí",
    "places": "Địa giới, tên gọi mới, chính quyền hai cấp",
    "feedback": "Phản ánh, kiến nghị; khiếu nại, tố cáo",
    "safety": "Phòng lừa đảo",
    "data": "Dữ liệu cá nhân",
    "conduct": "Ứng xử của cán bộ",
    "reform": "Cải cách hành chính",
    "control": "Kiểm soát thủ tục hành chính",
    "reports": "Chế độ báo cáo",
    "indices": "Các chỉ số cải cách",
}
"""Names of the topics of the shipped knowledge, in the order in which they are shown; others follow as written."""
AUDIENCE_NAMES = {Audience.CITIZENS: "người dân, doanh nghiệp", Audience.OFFICIALS: "cán bộ, công chức"}
AUDIENCES = {"nguoi-dan": Audience.CITIZENS, "can-bo": Audience.OFFICIALS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One question, ready to show."""

    id: str
    question: str
    parts: Sequence[Part]
    audience: str
    sources: Sequence[str]
    related: Sequence[Item]
    caution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic with its questions."""

    key: str
    name: str
    faqs: Sequence[Faq]


def topics(faqs: Iterable[Faq], audience: Audience | None = None) -> list[Topic]:
    """The questions for this audience by topic; None = for all."""
    order = list(TOPICS)

    def rank(faq: Faq) -> tuple[int, str]:
        return (order.index(faq.topic) if faq.topic in TOPICS else len(order), faq.topic)

    chosen = sorted((faq for faq in faqs if audience is None or audience in faq.audience), key=rank)
    return [Topic(key=key, name=topic_name(key), faqs=tuple(group)) for (_, key), group in groupby(chosen, key=rank)]


def topic_name(key: str) -> str:
    """The topic as people read it."""
    return TOPICS.get(key) or key[:1].upper() + key[1:]


def entry(faq: Faq, catalogue: Catalogue, today: date, confirm_days: int) -> Entry:
    """One question with its answer, its sources and the procedures it speaks of."""
    return Entry(
        id=faq.id,
        question=faq.question,
        parts=parts([faq.answer]),
        audience=" và ".join(AUDIENCE_NAMES[who] for who in Audience if who in faq.audience),
        sources=tuple(source_line(source) for source in faq.sources),
        related=catalogue.known(faq.related),
        caution=" ".join(faq_cautions(faq, today, confirm_days)),
    )


def source_line(source: Source) -> str:
    """Title and the day on which it was read; an address in it becomes a link."""
    day = f" (đọc ngày {vn_date(source.as_of)})" if source.as_of else ""
    return f"{source.title}{f': {source.url}' if source.url else ''}{day}"
