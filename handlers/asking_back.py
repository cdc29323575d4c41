"""“Anh/Chị cần cấp mới hay cấp lại giấy phép lái xe?” — the question back, and what its buttons say."""

import re
from collections import Counter
from collections.abc import Sequence

from handlers import choices, twins
from handlers.describe.wording import shorten
from handlers.messages import Choice, Knowledge, Outcome, Reply
from knowledge.entries import FAQ_PREFIX, Aspect, Found, Hit, Topic
from knowledge.families import Families, Member
from knowledge.operations import OPERATIONS
from knowledge.titles import key_of

NEAR = 0.35
"""Confidence from which the question back says that several fit; below it says that we are not sure."""
MOST_OFFERED = 5
MOST_NAMED = 3
"""Things to do that a question names; more of them stand on the buttons only."""
OF_ONE_FAMILY = 0.6
"""Share of the confidence of the offered entries that one family needs for a question about it alone."""
WORTH_KEEPING = 0.05
"""Confidence from which an entry of another family stays beside a family."""
MOST_BITS = 1 << len(OPERATIONS)
_LABEL = 72
_BEGINNING = 40
"""Names that agree in so many first characters are told apart by their ends."""
_SET_WORDS = re.compile(r"^(?:thủ tục(?: hành chính)?)\s+", re.IGNORECASE)
_FIRST_TIME = {"cấp": "cấp mới", "đăng ký": "đăng ký mới", "công nhận": "công nhận mới", "bổ nhiệm": "bổ nhiệm mới"}
"""What a bare verb is called beside "... lại"."""
_WITHIN = re.compile(r"\s*\([^()]*\)?")
_AROUND = re.compile(
    r"^[\s(\[–-]+(?:đối với |trong |cho )?(?:các |những )?(?:trường hợp )?"
    r"|^(?:đối với |trong |cho )?(?:các |những )?trường hợp |^(?:đối với|cho)(?! (?:phép|thuê|vay)) (?:các |những )?"
    r"|[\s)\]]+$",
    re.IGNORECASE,
)


def which(found: Found, knowledge: Knowledge) -> Reply:
    """Asks which of the nearest entries is meant; the pick is answered at once with the part first asked.

    Entries that are the same at another level or place make one button; a family asks for what is to be done.
    """
    families = knowledge.families()
    sets = twins.together(found.hits, families)
    offered = [same[0] for same in sets[:MOST_OFFERED]]
    short = None
    if len(sets) == 1 and len(sets[0]) > 1:
        offered = list(sets[0][:MOST_OFFERED])
        short = twins.QUESTION, twins.labels(offered)
    elif shared := _family(offered, families):
        offered = [*shared, *(h for h in offered if h not in shared and h.confidence >= WORTH_KEEPING)]
        short = _about(shared, offered[len(shared) :], families)
    asks, named = short or (_asks(found, len(offered)), labels(tuple(offered)))
    shown = [hit.ref for hit in offered]
    return Reply(
        blocks=(asks,),
        outcome=Outcome.CLARIFYING,
        choices=tuple(Choice(label, _value(hit, found)) for hit, label in zip(offered, named, strict=True)),
        refs=_refs(shown, sets)[:10],
        aspects=found.aspects,
        confidence=found.confidence,
        topic=Topic(question=found.question, aspects=found.aspects, offered=tuple(shown)),
    )


def _asks(found: Found, count: int) -> str:
    if count == 1:
        return "Có phải Anh/Chị hỏi thủ tục dưới đây không?"
    if found.vague or found.confidence >= NEAR:
        return "Có vài thủ tục gần với câu hỏi. Anh/Chị cần thủ tục nào?"
    return "Tôi chưa chắc Anh/Chị hỏi thủ tục nào. Nếu không phải các thủ tục sau, Anh/Chị nói rõ thêm việc cần làm."


def _refs(shown: Sequence[str], sets: Sequence[tuple[Hit, ...]]) -> tuple[str, ...]:
    """The entries in the order of the buttons, each with its twins behind it, then those that found no room."""
    of = {same[0].ref: [hit.ref for hit in same] for same in sets}
    return tuple(dict.fromkeys(ref for first in (*shown, *of) for ref in of.get(first, [first])))


def _family(offered: Sequence[Hit], families: Families) -> list[Hit]:
    """The offered entries that are about the same thing as the first one, where they are most of what is likely."""
    first = offered[0]
    same = [hit for hit in offered if hit is first or families.same_family(first.ref, hit.ref)]
    whole = sum(hit.confidence for hit in offered)
    known = all(families.member(hit.ref) for hit in same)
    together = len(same) > 1 and offered[1] in same and sum(hit.confidence for hit in same) >= OF_ONE_FAMILY * whole
    return same if known and together else []


def _about(shared: Sequence[Hit], others: Sequence[Hit], families: Families) -> tuple[str, tuple[str, ...]] | None:
    """The short question about one thing, and what its buttons say; None where they would not tell apart."""
    members = [member for hit in shared if (member := families.member(hit.ref))]
    asks, named = question(members, families.object_of([hit.ref for hit in shared]))
    everything = (*named, *labels(tuple(others)))
    return (asks, everything) if len(set(everything)) == len(everything) else None


def question(members: Sequence[Member], thing: str) -> tuple[str, tuple[str, ...]]:
    """What to ask about some members of the family of `thing`, and a short label for each, in their order."""
    doing = [_named(member, members) for member in members]
    rests = [_rest(member, thing) for member in members]
    different = list(dict.fromkeys(doing))
    if len(set(rests)) == 1:
        rests = ["" for _ in rests]
    if len(different) == 1:
        told = [rest or "trường hợp thông thường" for rest in rests]
        what = f"{different[0]} {thing}" if different[0] else f"hỏi về {thing}"
        need = "cần " if different[0] else ""
        return f"Anh/Chị {need}{what} trong trường hợp nào?", tuple(_label(rest) for rest in told)
    named = tuple(
        _label(" – ".join(part for part in (what, rest) if part) or thing)
        for what, rest in zip(doing, rests, strict=True)
    )
    if len(different) > MOST_NAMED or "" in different or any(len(what.split()) > 5 for what in different):
        return f"Anh/Chị cần làm thủ tục gì về {thing}?", named
    bits = {what: member.operations for what, member in zip(doing, members, strict=True)}
    *first, last = sorted(different, key=lambda what: bits[what] or MOST_BITS)
    return f"Anh/Chị cần {', '.join(first)} hay {last} {thing}?", named


def _named(member: Member, members: Sequence[Member]) -> str:
    """What is done, in words that tell it from what else is done with the same thing."""
    again = any(other.doing != member.doing for other in members)
    return _FIRST_TIME.get(member.doing, member.doing) if again else member.doing


def _rest(member: Member, thing: str) -> str:
    """What a member's title says beside what is done and the object of its family."""
    kind = _kind(member.object, thing)
    if not kind or kind == member.doing:
        return _told(member.circumstance)
    return _told(f"{kind} {member.circumstance}".strip())


def _kind(object_: str, thing: str) -> str:
    """What a member's object says beside that of its family: "quốc tế", "giấy chứng nhận đăng ký"."""
    before, same, after = object_.lower().partition(thing.lower())
    if not same:
        return "" if key_of(object_) == key_of(thing) else object_
    return (object_[: len(before)] if before.strip() else object_[len(object_) - len(after) :]).strip(" ,;/")


def _told(circumstance: str) -> str:
    """A circumstance without its brackets and first words, cut to what a button can hold."""
    outside = _WITHIN.sub("", circumstance).strip(" ,;:–-")
    return shorten(_AROUND.sub("", outside or circumstance), _LABEL)


def _label(words: str) -> str:
    return shorten(words[:1].upper() + words[1:], _LABEL)


def labels(hits: tuple[Hit, ...]) -> tuple[str, ...]:
    """Short labels that tell entries of nearly the same name apart: by their ends, level, province, at last code."""
    names = [bare(hit.title) for hit in hits]
    alike = Counter(name[:_BEGINNING] for name in names)
    ends = [_both_ends(name) if alike[name[:_BEGINNING]] > 1 else shorten(name, _LABEL) for name in names]
    alike = Counter(ends)
    placed = [
        f"{label} – {where}" if alike[label] > 1 and (where := twins.where(hit)) else label
        for label, hit in zip(ends, hits, strict=True)
    ]
    alike = Counter(placed)
    return tuple(f"{label} ({hit.ref})" if alike[label] > 1 else label for label, hit in zip(placed, hits, strict=True))


def bare(name: str) -> str:
    """A procedure's name without "Thủ tục"."""
    bare = _SET_WORDS.sub("", name).strip()
    return bare[:1].upper() + bare[1:]


def _both_ends(name: str) -> str:
    if len(name) <= _LABEL:
        return name
    return f"{name[:26].rsplit(' ', 1)[0]} … {name[-(_LABEL - 30) :].split(' ', 1)[-1]}"


def _value(hit: Hit, found: Found) -> str:
    if hit.is_faq:
        return choices.for_faq(hit.ref.removeprefix(FAQ_PREFIX))
    return choices.for_procedure(hit.ref, tuple(a for a in found.aspects if a is not Aspect.COMPARE))
