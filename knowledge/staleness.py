"""Says when an entry has not been confirmed for so long that people should ask again."""

from datetime import date

from knowledge.clauses import vn_date
from knowledge.entries import Faq, Procedure


def stale_caution(entry: Procedure | Faq, today: date, confirm_days: int) -> str:
    """One line for citizens, "" while the entry is fresh; an entry without a date says nothing about its age.

    confirm_days: how long an entry counts as fresh, 0 = for ever.
    """
    day = confirmed_on(entry)
    if not confirm_days or day is None or (today - day).days <= confirm_days:
        return ""
    return (
        f"Lưu ý: thông tin này được xác nhận lần cuối ngày {vn_date(day)}, có thể đã thay đổi. "
        "Anh/Chị hỏi lại nơi tiếp nhận trước khi làm."
    )


def faq_cautions(faq: Faq, today: date, confirm_days: int) -> tuple[str, ...]:
    """What stands behind the answer of a question: the office's own caution, and that it may have changed."""
    return tuple(filter(None, (faq.caution, stale_caution(faq, today, confirm_days))))


def confirmed_on(entry: Procedure | Faq) -> date | None:
    """The last day on which the entry was true as far as we know; None where nobody wrote it down."""
    if isinstance(entry, Procedure):
        return entry.data_date
    return max((source.as_of for source in entry.sources if source.as_of), default=None)
