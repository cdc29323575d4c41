"""“Không, cái kia”, “quay lại cái khai sinh lúc nãy” — what the same talk has already been about."""

import re
from dataclasses import replace

from handlers import asking_back, choices, faq, procedure
from handlers.messages import Choice, Desk, IncomingMessage, Outcome, Reply
from knowledge.entries import FAQ_PREFIX, Aspect, Topic
from knowledge.text import fold, tokens

_NO = (
    "khong|ko|k|a|da|u|nham|nham roi|khong phai|ko phai|y em la|y toi la|y minh la|ma la|la|con|the|thi|em hoi|toi hoi"
)
_AND = "co|nhe|a|nha|ay|chu|thi sao"
_OTHER = re.compile(
    rf"(?:(?:{_NO}) )*(?:cai|thu tuc|muc|viec|loai|truong hop) (?:kia|khac|con lai)(?: (?:{_AND}))*"
    r"(?P<rest>(?: .*)?)"
)
_LONGEST_REST = 6
_BACK = re.compile(
    r"(?<!\w)(?:(?:quay|tro) (?:lai|ve)(?: lai)?(?: voi)? (?:cai|vu|chuyen|viec|cau|thu tuc|phan|cho|muc|hoi)"
    r"|(?:cai|vu|chuyen|viec|cau|thu tuc|phan|muc|ho so)(?: \w+){0,6}? (?:luc|hoi|ban|khi|vua) nay"
    r"|(?:cai|cau|thu tuc|viec|muc) (?:truoc|dau tien|ban dau|luc dau|hoi dau)$)(?!\w)"
)
_NOT_SAYING = frozenset(
    tokens(
        "quay tro lai ve voi cai vu chuyen viec cau thu tuc phan cho muc hoi luc ban khi vua nay truoc dau tien a da "
        "the thi con ma em toi minh tui muon xin nhe nha gio va la co duoc khong ho so lam dang ky giay"
    )
)
_OTHERS = "Ngoài thủ tục vừa nói, còn các thủ tục sau. Anh/Chị cần thủ tục nào?"


async def answer(message: IncomingMessage, desk: Desk) -> Reply | None:
    """The other entry offered, or one spoken of before; None where the message means neither."""
    if message.choice is not None:
        return None
    plain = " ".join(tokens(fold(message.text)))
    other = _OTHER.fullmatch(plain)
    if other and len(other["rest"].split()) <= _LONGEST_REST:
        asked = desk.knowledge.find(message.text).aspects if other["rest"] else ()
        known = asked and Aspect.COMPARE not in asked
        return await _other(message, desk, asked) if known or not other["rest"] else None
    return await _back(message, desk, plain) if _BACK.search(plain) else None


async def _other(message: IncomingMessage, desk: Desk, asked: tuple[Aspect, ...]) -> Reply | None:
    topic = desk.conversation.topic
    if not topic.ref:
        return None
    left = tuple(c for c in desk.conversation.alternatives if topic.ref not in c.value.split(":"))
    asked = asked or topic.aspects
    if len(left) == 1:
        return await _choose(message, desk, left[0].value, topic, asked)
    if left:
        return _ask(left, topic, asked)
    found = desk.knowledge.find(topic.question)
    hits = tuple(hit for hit in found.hits if hit.ref != topic.ref)
    if not hits:
        return None
    return asking_back.which(replace(found, hits=hits, aspects=asked, confidence=0.0, vague=True), desk.knowledge)


def _ask(left: tuple[Choice, ...], topic: Topic, aspects: tuple[Aspect, ...]) -> Reply:
    refs = tuple(pick.ref for choice in left if (pick := choices.decode(choice.value)))
    return Reply(
        blocks=(_OTHERS,),
        outcome=Outcome.CLARIFYING,
        choices=left,
        refs=refs,
        aspects=aspects,
        topic=Topic(question=topic.question, aspects=aspects, offered=refs),
    )


async def _back(message: IncomingMessage, desk: Desk, plain: str) -> Reply | None:
    recent = desk.conversation.recent
    found = desk.knowledge.find(message.text)
    words = set(plain.split()) - _NOT_SAYING
    scored = [(_likeness(words, topic, desk), -n) for n, topic in enumerate(recent)]
    best, place = max(scored, default=(0, 0))
    if best:
        topic = recent[-place]
    elif len(recent) > 1 and not words:
        topic = recent[1]
    else:
        return None
    return await _choose(message, desk, topic.ref, topic, found.aspects)


def _likeness(words: set[str], topic: Topic, desk: Desk) -> int:
    """How many of the words the subject was called by; its official name counts twice."""
    known = desk.knowledge.procedure(topic.ref)
    entry = desk.knowledge.faq(topic.ref.removeprefix(FAQ_PREFIX)) if topic.ref.startswith(FAQ_PREFIX) else None
    name = known.name if known else entry.question if entry else ""
    return 2 * len(words & set(tokens(fold(name)))) + len(words & set(tokens(fold(topic.question))))


async def _choose(
    message: IncomingMessage, desk: Desk, value: str, topic: Topic, aspects: tuple[Aspect, ...]
) -> Reply | None:
    """As if the entry's button had been pressed; value: a button's, or the entry itself."""
    pick = choices.decode(value)
    ref = pick.ref if pick else value
    is_faq = ref.startswith(FAQ_PREFIX)
    pressed = choices.for_faq(ref.removeprefix(FAQ_PREFIX)) if is_faq else choices.for_procedure(ref, aspects)
    again = replace(desk, conversation=replace(desk.conversation, topic=topic))
    answering = faq.answer if is_faq else procedure.answer
    return await answering(replace(message, choice=pressed), again)
