"""“Hữu ích” / “Chưa đúng” — the two small buttons under an answer."""

import re
from dataclasses import dataclass

from handlers import choices
from handlers.asking_back import labels
from handlers.messages import Choice, Desk, IncomingMessage, Outcome, Reply
from knowledge.entries import FAQ_PREFIX, Aspect, Hit, Topic

HELPFUL, NOT_RIGHT = "Hữu ích", "Chưa đúng"
THANKS = "Cảm ơn Anh/Chị đã cho biết."
SAY_MORE = "Cảm ơn Anh/Chị đã cho biết. Anh/Chị viết lại rõ hơn tên giấy tờ hoặc việc cần làm, máy sẽ tìm lại."
PERHAPS = (
    "Cảm ơn Anh/Chị đã cho biết. Có phải Anh/Chị hỏi một trong các mục dưới đây không? "
    "Nếu không phải, Anh/Chị viết lại rõ hơn tên giấy tờ hoặc việc cần làm."
)
MOST_OTHERS = 4
_VOTE = re.compile(r"v:([+-]):([!-~]{1,59})")


@dataclass(frozen=True, slots=True)
class Vote:
    """A pressed vote: on which entry, and whether its answer helped."""

    ref: str
    helpful: bool


def buttons(reply: Reply) -> tuple[Choice, ...]:
    """The two votes on an answer about one entry; () for any other reply. For channels with buttons only."""
    if reply.outcome is not Outcome.ANSWERED or not reply.refs or of_several(reply):
        return ()
    votes = (Choice(HELPFUL, f"v:+:{reply.refs[0]}"), Choice(NOT_RIGHT, f"v:-:{reply.refs[0]}"))
    return votes if all(decode(vote.value) for vote in votes) else ()


def of_several(reply: Reply) -> bool:
    """Whether a reply is about more than one entry, so that a vote would not say which."""
    return Aspect.COMPARE in reply.aspects or bool(reply.topic and reply.topic.also)


def decode(value: str | None) -> Vote | None:
    """The vote behind a button's value; None for any other value."""
    match = _VOTE.fullmatch(value or "")
    return Vote(match[2], match[1] == "+") if match else None


async def answer(message: IncomingMessage, desk: Desk) -> Reply | None:
    """A word of thanks; where the answer was not right, the next nearest entries."""
    vote = decode(message.choice)
    if vote is None:
        return None
    if vote.helpful:
        return Reply(blocks=(THANKS,), outcome=Outcome.VOTED, refs=(vote.ref,))
    asking = desk.conversation.asking
    if asking is None or asking.ref != vote.ref:
        return Reply(blocks=(SAY_MORE,), outcome=Outcome.VOTED, refs=(vote.ref,))
    return _others(asking.text, vote.ref, desk)


def _others(question: str, wrong: str, desk: Desk) -> Reply:
    found = desk.knowledge.find(question)
    others = tuple(hit for hit in found.hits if hit.ref != wrong)[:MOST_OTHERS]
    if not others:
        return Reply(blocks=(SAY_MORE,), outcome=Outcome.VOTED, refs=(wrong,))
    refs = tuple(hit.ref for hit in others)
    parts = tuple(aspect for aspect in found.aspects if aspect is not Aspect.COMPARE)
    return Reply(
        blocks=(PERHAPS,),
        outcome=Outcome.CLARIFYING,
        choices=tuple(Choice(label, _value(hit, parts)) for hit, label in zip(others, labels(others), strict=True)),
        refs=refs,
        aspects=found.aspects,
        confidence=others[0].confidence,
        topic=Topic(question=found.question, aspects=found.aspects, offered=refs),
    )


def _value(hit: Hit, parts: tuple[Aspect, ...]) -> str:
    if hit.is_faq:
        return choices.for_faq(hit.ref.removeprefix(FAQ_PREFIX))
    return choices.for_procedure(hit.ref, parts)
