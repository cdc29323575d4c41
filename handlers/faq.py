"""“Nộp hồ sơ qua mạng có lợi gì?” — questions of the FAQ base."""

from handlers.messages import Choice, Desk, IncomingMessage, Outcome, Reply
from knowledge.entries import FAQ_PREFIX, Faq, Found, Topic
from knowledge.staleness import faq_cautions

SURE = 0.25
"""Confidence from which an answer of the FAQ base is given without asking back."""
PICK = "q:"


async def answer(message: IncomingMessage, desk: Desk) -> Reply | None:
    """The office's own answer when the best entry found is a question of its base; None otherwise."""
    if message.choice is not None:
        return _picked(message.choice, desk)
    found = desk.knowledge.find(message.text, desk.conversation.topic)
    if not found.hits or not found.hits[0].is_faq or found.confidence < SURE:
        return None
    entry = desk.knowledge.faq(found.hits[0].ref.removeprefix(FAQ_PREFIX))
    return described(entry, found, desk) if entry else None


def _picked(choice: str, desk: Desk) -> Reply | None:
    if not choice.startswith(PICK):
        return None
    entry = desk.knowledge.faq(choice.removeprefix(PICK))
    return described(entry, Found(confidence=1.0), desk) if entry else None


def described(entry: Faq, found: Found, desk: Desk) -> Reply:
    """The entry's answer with its source, and the other entries found."""
    related = [procedure for code in entry.related if (procedure := desk.knowledge.procedure(code))]
    ref = FAQ_PREFIX + entry.id
    others = tuple(hit.ref for hit in found.hits if hit.ref != ref)
    return Reply(
        blocks=(entry.answer, *faq_cautions(entry, desk.today, desk.knowledge.profile.confirm_days)),
        outcome=Outcome.ANSWERED,
        citation=_citation(entry),
        choices=tuple(Choice(_short(p.name), f"p:{p.code}:s") for p in related[:4]),
        refs=(ref, *others)[:10],
        aspects=found.aspects,
        confidence=found.confidence,
        topic=Topic(ref=ref, question=found.question or entry.question, aspects=found.aspects),
    )


def _citation(entry: Faq) -> str:
    sources = "; ".join(source.title for source in entry.sources)
    dates = [source.as_of for source in entry.sources if source.as_of]
    read = f" · cập nhật {max(dates):%d/%m/%Y}" if dates else ""
    return f"Nguồn: {sources}{read}" if sources else ""


def _short(name: str, limit: int = 60) -> str:
    return name if len(name) <= limit else name[: limit - 1].rsplit(" ", 1)[0] + "…"
