"""“Em muốn đi làm ..., cần chuẩn bị những gì?” — at most three short questions, then a list to keep."""

from dataclasses import replace

from handlers import choices, procedure
from handlers.choices import ErrandStep
from handlers.errand import wording
from handlers.errand.sheet import ASPECTS, sheet
from handlers.errand.told import Errand, Question, errand_of, finished, next_question
from handlers.messages import Choice, Desk, IncomingMessage, Outcome, Reply
from knowledge.entries import FAQ_PREFIX, Aspect, Topic

__all__ = ["Errand", "answer", "errand_of", "go_on", "sheet"]

GONE = "Thủ tục này không còn trong dữ liệu đang công bố. Anh/Chị gõ lại tên thủ tục cần tìm."
TO_YOUR_CASE = "Máy lập phiếu chuẩn bị riêng cho Anh/Chị (giấy tờ, chi phí, nơi nộp, ngày trả)."


async def go_on(message: IncomingMessage, desk: Desk) -> Reply | None:
    """The next question or the list, for a button or a typed answer to the question just asked.

    After the talk has lapsed, a typed answer is none any more; a button still says all by itself.
    """
    value = message.choice or _typed(message.text, desk)
    step = choices.errand(value) if value else None
    return _next(step, desk) if step else None


async def answer(message: IncomingMessage, desk: Desk) -> Reply | None:
    """The errand that a message tells of: what is asked is answered at once, and the first question put below."""
    if message.choice is not None:
        return None
    if wording.goes_on(message.text) and desk.knowledge.procedure(desk.conversation.topic.ref):
        return _next(ErrandStep(desk.conversation.topic.ref), desk)
    if not wording.begins(message.text):
        return None
    reply = await procedure.answer(message, desk)
    if reply is None or reply.outcome is Outcome.CLARIFYING:
        return reply and replace(reply, choices=tuple(map(_leading_here, reply.choices)))
    found = desk.knowledge.procedure(reply.refs[0]) if reply.refs else None
    if found is None or Aspect.COMPARE in reply.aspects:
        return reply
    errand = errand_of(found, ErrandStep(found.code), desk.knowledge, desk.today)
    question = next_question(errand)
    if question is None:
        return replace(_list(errand), refs=reply.refs, confidence=reply.confidence)
    return replace(reply, blocks=(*reply.blocks, f"{TO_YOUR_CASE} {question.text}"), choices=question.choices)


def _typed(text: str, desk: Desk) -> str | None:
    """The value of the choice that a typed answer means, while the question stands."""
    offered = desk.conversation.offered
    if desk.conversation.updated_at is None or not offered or not all(choices.errand(c.value) for c in offered):
        return None
    choice = wording.answered(text, offered)
    return choice.value if choice else None


def _next(step: ErrandStep, desk: Desk) -> Reply:
    found = desk.knowledge.procedure(step.code)
    if found is None:
        return Reply(blocks=(GONE,), outcome=Outcome.NOT_FOUND)
    errand = errand_of(found, step, desk.knowledge, desk.today)
    question = next_question(errand)
    return _ask(errand, question, desk) if question else _list(errand)


def _ask(errand: Errand, question: Question, desk: Desk) -> Reply:
    found = errand.asked.procedure
    return Reply(
        blocks=(question.text,),
        outcome=Outcome.CLARIFYING,
        choices=question.choices,
        refs=(found.code,),
        topic=Topic(ref=found.code, question=desk.conversation.topic.question or found.name, aspects=(Aspect.DOSSIER,)),
    )


def _list(errand: Errand) -> Reply:
    found, told = errand.asked.procedure, sheet(errand)
    return Reply(
        blocks=(told.title, *told.blocks),
        outcome=Outcome.ANSWERED,
        choices=told.choices,
        links=told.links,
        citation=told.citation,
        refs=(found.code,),
        aspects=ASPECTS,
        topic=Topic(ref=found.code, question=found.name, aspects=(Aspect.DOSSIER,)),
        errand=choices.for_errand(finished(errand)),
    )


def _leading_here(choice: Choice) -> Choice:
    """A procedure to choose from, leading to its errand; a question of the FAQ base is none."""
    pick = choices.decode(choice.value)
    if pick is None or pick.ref.startswith(FAQ_PREFIX):
        return choice
    return Choice(choice.label, choices.for_errand(ErrandStep(pick.ref)))
