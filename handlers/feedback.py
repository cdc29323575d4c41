"""“Cán bộ nói năng khó nghe quá” — dissatisfaction, proposals and praise: where to send them."""

from handlers import contacts, person, recognising
from handlers.messages import Desk, IncomingMessage, Outcome, Reply

KIND = "feedback"


async def answer(message: IncomingMessage, desk: Desk) -> Reply | None:
    """The channels for feedback, the office's own first; None for a question."""
    recognised = recognising.recognised(message, desk)
    if recognised is None or recognised.kind != KIND:
        return None
    channels = (*contacts.own_lines(desk.knowledge.profile), f"• {contacts.NATIONAL_PORTAL}, hoặc ứng dụng VNeID")
    return Reply(
        blocks=(
            "Cảm ơn Anh/Chị đã góp ý. Máy chưa nhận phản ánh, kiến nghị thay cơ quan được, xin gửi qua:",
            "\n".join((*channels, f"• {contacts.NATIONAL_HOTLINE}")),
            (
                "Anh/Chị ghi rõ nơi, ngày, sự việc và mã hồ sơ (nếu có). Trả lời trong 15 "
                "ngày làm việc kể từ khi gửi trên Cổng."
            ),
        ),
        outcome=Outcome.FEEDBACK,
        choices=person.offered(message, desk),
        confidence=recognised.probability,
    )
