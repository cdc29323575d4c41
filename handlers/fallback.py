"""When nothing in the base fits: say so, and offer the nearest topics and a person to ask."""

from dataclasses import replace

from handlers import contacts, guide, out_of_scope, person
from handlers.messages import Desk, IncomingMessage, Outcome, Reply

EMPTY = "Anh/Chị chưa viết câu hỏi. Anh/Chị cứ hỏi như nói thường ngày, ví dụ: “làm khai sinh cần giấy tờ gì”."
NOT_FOUND = "Máy chưa tìm thấy thủ tục đúng với câu hỏi này trong dữ liệu đã công bố, nên không dám trả lời bừa."
REPHRASE = "Anh/Chị thử viết ngắn tên giấy tờ hoặc việc cần làm (ví dụ: “cấp lại giấy khai sinh”), hoặc hỏi người:"
CHOOSE = "Không tiện gõ thì Anh/Chị chọn theo việc cần làm, bằng nút bên dưới."
CHOICE_GONE = "Lựa chọn này không còn dùng được. Anh/Chị viết lại câu hỏi giúp máy nhé."


async def answer(message: IncomingMessage, desk: Desk) -> Reply:
    """Always a reply: the last handler."""
    if message.choice is not None:
        return Reply(blocks=(CHOICE_GONE,), outcome=Outcome.NOT_FOUND, confidence=0.0, choices=(guide.START,))
    if not any(character.isalnum() for character in message.text):
        return Reply(blocks=(EMPTY,), outcome=Outcome.NOT_FOUND, confidence=0.0, choices=(guide.START,))
    found = desk.knowledge.find(message.text, desk.conversation.topic)
    if not found.hits:
        return replace(out_of_scope.refusal(desk), choices=(guide.START, *person.offered(message, desk)))
    return Reply(
        blocks=(NOT_FOUND, REPHRASE + "\n" + contacts.where_to_ask(desk), CHOOSE),
        outcome=Outcome.NOT_FOUND,
        choices=(guide.START, *person.offered(message, desk)),
        confidence=found.confidence,
    )
