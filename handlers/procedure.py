"""“Làm căn cước cần giấy tờ gì?” — questions about one administrative procedure."""

import re
from dataclasses import replace

from handlers import choices, twins
from handlers.asking_back import NEAR as NEAR
from handlers.asking_back import bare as bare
from handlers.asking_back import which
from handlers.describe import Asked, Description, citation, compare, describe, describe_full
from handlers.describe.wording import shorten
from handlers.messages import Choice, Desk, IncomingMessage, Outcome, Reply
from knowledge.entries import FAQ_PREFIX, Aspect, Found, Procedure, Topic

SURE = 0.5
"""Confidence from which the best procedure is described without asking back."""
IN_DOMAIN = 0.4
"""Below this probability that any entry is asked for, the message is left to the next handler."""
LEAST_OFFERED, SURELY_IN_DOMAIN = 0.1, 0.8
"""Confidence of the best entry below which nothing is offered unless a message surely asks for some entry: what is
meant is rarely among the first five, and what no office settles looks just so (cross-validated on our own)."""
_LABEL = 72
_BETWEEN = re.compile(r"\s(?:và|với|hay|hoặc|so với|vs|va|voi|hoac)\s", re.IGNORECASE)


async def answer(message: IncomingMessage, desk: Desk) -> Reply | None:
    """The asked parts of the procedure meant, a question back where several fit, None where none does."""
    if message.choice is not None:
        pick = choices.decode(message.choice)
        return _picked(pick, desk) if pick and not pick.ref.startswith(FAQ_PREFIX) else None
    found = desk.knowledge.find(message.text, desk.conversation.topic)
    hardly = found.confidence < LEAST_OFFERED and found.in_domain < SURELY_IN_DOMAIN and not found.carried
    if not found.hits or found.in_domain < IN_DOMAIN or hardly:
        return None
    if Aspect.COMPARE in found.aspects and (reply := _compared(message.text, found, desk)):
        return reply
    found = twins.settled(found, message.text, desk.knowledge)
    best = found.hits[0]
    if found.confidence >= SURE and not found.vague:
        procedure = None if best.is_faq else desk.knowledge.procedure(best.ref)
        return _described(procedure, found, desk) if procedure else None
    return which(found, desk.knowledge)


def _picked(pick: choices.Pick, desk: Desk) -> Reply:
    procedure = desk.knowledge.procedure(pick.ref)
    if procedure is None:
        return Reply(
            blocks=("Thủ tục này không còn trong dữ liệu đang công bố. Anh/Chị gõ lại tên thủ tục cần tìm.",),
            outcome=Outcome.NOT_FOUND,
        )
    asked = _asked(procedure, pick.aspects, desk, pick.case)
    said = describe_full(asked) if pick.full else describe(asked)
    return _reply(procedure, said, Found(confidence=1.0, question=desk.conversation.topic.question), pick.aspects)


def _described(procedure: Procedure, found: Found, desk: Desk) -> Reply:
    reply = _reply(procedure, describe(_asked(procedure, found.aspects, desk)), found, found.aspects)
    elsewhere, others = twins.line(procedure, found.aspects, desk.knowledge)
    if not elsewhere:
        return reply
    return replace(reply, blocks=(*reply.blocks, elsewhere), choices=(*reply.choices, *others))


def _asked(procedure: Procedure, aspects: tuple[Aspect, ...], desk: Desk, case: int | None = None) -> Asked:
    return Asked(
        procedure=procedure,
        today=desk.today,
        aspects=aspects,
        profile=desk.knowledge.profile,
        overlay=desk.knowledge.overlay(procedure.code),
        case=case,
    )


def _reply(procedure: Procedure, said: Description, found: Found, wanted: tuple[Aspect, ...]) -> Reply:
    others = (hit.ref for hit in found.hits if hit.ref != procedure.code)
    return Reply(
        blocks=said.blocks,
        outcome=Outcome.ANSWERED,
        choices=said.choices,
        links=said.links,
        attachments=said.attachments,
        citation=said.citation,
        refs=(procedure.code, *others)[:10],
        aspects=said.aspects,
        confidence=found.confidence,
        topic=Topic(ref=procedure.code, question=found.question or procedure.name, aspects=wanted),
    )


def _compared(text: str, found: Found, desk: Desk) -> Reply | None:
    """Two procedures side by side: each half of the question names one, or one is what we talked about."""
    named = [desk.knowledge.find(part) for part in _BETWEEN.split(text, maxsplit=1)]
    refs = [half.hits[0].ref for half in named if half.hits and half.confidence >= NEAR]
    refs = list(dict.fromkeys(ref for ref in (*refs, desk.conversation.topic.ref) if ref))
    pair = [procedure for ref in refs if (procedure := desk.knowledge.procedure(ref))][:2]
    if len(pair) < 2:
        return None
    first, other = pair
    return Reply(
        blocks=compare(_asked(first, (Aspect.COMPARE,), desk), other),
        outcome=Outcome.ANSWERED,
        choices=tuple(Choice(shorten(bare(p.name), _LABEL), choices.for_procedure(p.code)) for p in pair),
        citation=f"{citation(first)}; {citation(other).removeprefix('Nguồn: ')}",
        refs=tuple(dict.fromkeys((first.code, other.code, *(hit.ref for hit in found.hits))))[:10],
        aspects=(Aspect.COMPARE,),
        confidence=found.confidence,
        topic=Topic(ref=first.code, question=found.question, aspects=found.aspects),
    )
