"""“Làm căn cước cần giấy tờ gì?” — questions about one administrative procedure."""

import re
from collections import Counter

from handlers import choices
from handlers.describe import Asked, Description, citation, compare, describe, describe_full
from handlers.describe.wording import shorten
from handlers.messages import Choice, Desk, IncomingMessage, Outcome, Reply
from knowledge.entries import FAQ_PREFIX, Aspect, Found, Hit, Level, Procedure, Topic

SURE = 0.5
"""Confidence from which the best procedure is described without asking back."""
NEAR = 0.35
"""Confidence from which the question back says that several fit; below it says that we are not sure."""
IN_DOMAIN = 0.4
"""Below this probability that any entry is asked for, the message is left to the next handler."""
MOST_OFFERED = 5
_LABEL = 72
_BEGINNING = 40
"""Names that agree in so many first characters are told apart by their ends."""
_BETWEEN = re.compile(r"\s(?:và|với|hay|hoặc|so với|vs|va|voi|hoac)\s", re.IGNORECASE)
_LEVELS = {Level.COMMUNE: "cấp xã", Level.PROVINCE: "cấp tỉnh", Level.MINISTRY: "trung ương"}
_SET_WORDS = re.compile(r"^(?:thủ tục(?: hành chính)?)\s+", re.IGNORECASE)


async def answer(message: IncomingMessage, desk: Desk) -> Reply | None:
    """The asked parts of the procedure meant, a question back where several fit, None where none does."""
    if message.choice is not None:
        pick = choices.decode(message.choice)
        return _picked(pick, desk) if pick and not pick.ref.startswith(FAQ_PREFIX) else None
    found = desk.knowledge.find(message.text, desk.conversation.topic)
    if not found.hits or found.in_domain < IN_DOMAIN:
        return None
    if Aspect.COMPARE in found.aspects and (reply := _compared(message.text, found, desk)):
        return reply
    best = found.hits[0]
    if found.confidence >= SURE and not found.vague:
        procedure = None if best.is_faq else desk.knowledge.procedure(best.ref)
        return _described(procedure, found, desk) if procedure else None
    return _which(found)


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
    return _reply(procedure, describe(_asked(procedure, found.aspects, desk)), found, found.aspects)


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
        choices=tuple(Choice(shorten(_bare(p.name), _LABEL), choices.for_procedure(p.code)) for p in pair),
        citation=f"{citation(first)}; {citation(other).removeprefix('Nguồn: ')}",
        refs=tuple(dict.fromkeys((first.code, other.code, *(hit.ref for hit in found.hits))))[:10],
        aspects=(Aspect.COMPARE,),
        confidence=found.confidence,
        topic=Topic(ref=first.code, question=found.question, aspects=found.aspects),
    )


def _which(found: Found) -> Reply:
    """Asks which of the nearest entries is meant; the pick is answered at once with the part first asked."""
    offered = found.hits[:MOST_OFFERED]
    if len(offered) == 1:
        asks = "Có phải Anh/Chị hỏi thủ tục dưới đây không?"
    elif found.vague or found.confidence >= NEAR:
        asks = "Có vài thủ tục gần với câu hỏi. Anh/Chị cần thủ tục nào?"
    else:
        asks = (
            "Tôi chưa chắc Anh/Chị hỏi thủ tục nào. Nếu không phải các thủ tục sau, Anh/Chị nói rõ thêm việc cần làm."
        )
    return Reply(
        blocks=(asks,),
        outcome=Outcome.CLARIFYING,
        choices=tuple(Choice(label, _value(hit, found)) for hit, label in zip(offered, labels(offered), strict=True)),
        refs=tuple(hit.ref for hit in found.hits)[:10],
        aspects=found.aspects,
        confidence=found.confidence,
        topic=Topic(question=found.question, aspects=found.aspects),
    )


def labels(hits: tuple[Hit, ...]) -> tuple[str, ...]:
    """Short labels that tell entries of nearly the same name apart: by their ends, level, province, at last code."""
    names = [_bare(hit.title) for hit in hits]
    alike = Counter(name[:_BEGINNING] for name in names)
    ends = [_both_ends(name) if alike[name[:_BEGINNING]] > 1 else shorten(name, _LABEL) for name in names]
    alike = Counter(ends)
    placed = [
        f"{label} – {_where(hit)}" if alike[label] > 1 and _where(hit) else label
        for label, hit in zip(ends, hits, strict=True)
    ]
    alike = Counter(placed)
    return tuple(f"{label} ({hit.ref})" if alike[label] > 1 else label for label, hit in zip(placed, hits, strict=True))


def _bare(name: str) -> str:
    bare = _SET_WORDS.sub("", name).strip()
    return bare[:1].upper() + bare[1:]


def _both_ends(name: str) -> str:
    if len(name) <= _LABEL:
        return name
    return f"{name[:26].rsplit(' ', 1)[0]} … {name[-(_LABEL - 30) :].split(' ', 1)[-1]}"


def _where(hit: Hit) -> str:
    return hit.province or _LEVELS.get(hit.level, "") or shorten(hit.agency, 40)


def _value(hit: Hit, found: Found) -> str:
    if hit.is_faq:
        return choices.for_faq(hit.ref.removeprefix(FAQ_PREFIX))
    return choices.for_procedure(hit.ref, tuple(a for a in found.aspects if a is not Aspect.COMPARE))
