"""“Đăng ký kết hôn và tách hộ cần gì?” — two subjects in one message, each answered under its own heading."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handlers import choices, procedure
from handlers.describe import Asked, describe
from handlers.describe.wording import shorten
from handlers.messages import Choice, Desk, IncomingMessage, Link, Outcome, Reply
from knowledge.entries import Aspect, Found, Procedure, Topic
from knowledge.lexicon.patterns import Spelling
from knowledge.text import fold, tokens

SURE_APART, SURE_JOINED = 0.6, 0.75
"""Confidence in each subject where it has a sentence of its own, and where only "và" joins them."""
AMONG = 6
"""Both have to be among so many entries that the whole message may mean."""
LONGEST_JOINED = 24
"""Words of a message in which "và" may join two subjects: a longer one is a story."""
MOST_SPLITS = 3
LONGEST_QUESTION = 300
"""Characters of the message that are remembered."""
_NAME, _LABEL = 60, 72
_MOST_BUTTONS, _MOST_CASES = 2, 4

_ALSO = re.compile(
    r"[\s,.;?!]+(?:ngoài ra|tiện thể|nhân tiện|luôn tiện|sẵn tiện|với lại|thêm nữa|đồng thời|bên cạnh đó"
    r"|ngoai ra|tien the|nhan tien|luon tien|san tien|voi lai|them nua|dong thoi|ben canh do)[\s,:]+",
    re.IGNORECASE,
)
_QUESTION_ENDS = re.compile(r"(?<=\?)\s+(?=\S)|\n+")
_AND = re.compile(r"\s+(?:và|va|cùng với|cung voi|lẫn|lan)\s+", re.IGNORECASE)
_BACKGROUND = Spelling.of(
    "đã|vừa|mới|bị|rồi|xong|sẵn|khi|sau|trước|để|nếu|vì|bởi|nên|kèm|bằng|giữa|của|hay|hoặc|so với|khác"
    "|không phải|đừng nhầm"
)
"""Words with which a subject is told as background, or as a paper of the other one."""
_PAPER = Spelling.of("cần|mang|nộp|gồm|có|đem|phải|bổ sung|thêm")
_WHETHER = Spelling.of(r"(?:cần|mang|nộp|có|đem|phải|bổ sung)(?!\w).*(?<!\w)(?:không|ko|k|chưa|được)\W*$")


@dataclass(frozen=True, slots=True)
class _Half:
    """One of two subjects: its entry and what was found for it."""

    procedure: Procedure
    found: Found


async def answer(message: IncomingMessage, desk: Desk) -> Reply | None:
    """Both answers, short; None unless both subjects are surely named."""
    if message.choice is not None:
        return None
    if again := _again(message.text, desk):
        return again
    for parts in _apart(message.text):
        if halves := _halves(parts, desk, SURE_APART):
            return _reply(halves, tuple(half.found.aspects for half in halves), desk, message.text)
    for parts in _joined(message.text):
        if halves := _halves(parts, desk, SURE_JOINED):
            whole = desk.knowledge.find(message.text)
            near = {hit.ref for hit in whole.hits[:AMONG]}
            codes = [half.procedure.code for half in halves]
            apart = Aspect.COMPARE not in whole.aspects and whole.hits[0].ref in codes
            if apart and near.issuperset(codes):
                return _reply(halves, (whole.aspects, whole.aspects), desk, message.text)
    return None


def _again(text: str, desk: Desk) -> Reply | None:
    """Another part asked for after two subjects: of both."""
    topic = desk.conversation.topic
    if not topic.also:
        return None
    found = desk.knowledge.find(text, topic)
    if not (found.carried and found.aspects and found.hits and found.hits[0].ref == topic.ref):
        return None
    known = [desk.knowledge.procedure(ref) for ref in (topic.ref, *topic.also)]
    halves = [_Half(entry, found) for entry in known if entry]
    return _reply(halves, tuple(found.aspects for _ in halves), desk, topic.question) if len(halves) > 1 else None


def _apart(text: str) -> Iterator[tuple[str, str]]:
    """The message cut where a second question begins."""
    for cut in [*_ALSO.finditer(text), *_QUESTION_ENDS.finditer(text)][:MOST_SPLITS]:
        first, second = text[: cut.start()], text[cut.end() :]
        if not (_holds(_BACKGROUND, second) or _holds(_WHETHER, second)):
            yield first, second


def _joined(text: str) -> Iterator[tuple[str, str]]:
    """A short message cut at each "và"; what the first subject needs is no second subject."""
    if len(text.split()) > LONGEST_JOINED or _holds(_BACKGROUND, text):
        return
    for cut in [*_AND.finditer(text)][:MOST_SPLITS]:
        first, second = text[: cut.start()], text[cut.end() :]
        if not _holds(_PAPER, first):
            yield first, second


def _holds(words: Spelling, text: str) -> bool:
    accents = fold(text) != text.lower()
    return words.search(text.lower() if accents else fold(text), accents=accents) is not None


def _halves(parts: tuple[str, str], desk: Desk, sure: float) -> list[_Half] | None:
    halves = []
    for part in parts:
        found = desk.knowledge.find(part)
        if found.confidence < sure or found.in_domain < sure or not found.hits or found.hits[0].is_faq:
            return None
        entry = desk.knowledge.procedure(found.hits[0].ref)
        if entry is None or Aspect.COMPARE in found.aspects:
            return None
        halves.append(_Half(entry, found))
    return None if _alike(*(half.procedure for half in halves)) else halves


def _alike(first: Procedure, second: Procedure) -> bool:
    """Whether one is the other, or a special case of it: "kết hôn", "kết hôn có yếu tố nước ngoài"."""
    names = [set(tokens(fold(procedure.bare(entry.name)))) for entry in (first, second)]
    return first.code == second.code or names[0] <= names[1] or names[1] <= names[0]


def _reply(halves: list[_Half], wanted: tuple[tuple[Aspect, ...], ...], desk: Desk, question: str) -> Reply:
    """Each subject under its own heading, with its own source and buttons."""
    blocks: list[str] = []
    offered: list[Choice] = []
    links: list[Link] = []
    told: list[Aspect] = []
    for number, (half, aspects) in enumerate(zip(halves, wanted, strict=True), start=1):
        said = describe(_asked(half.procedure, aspects, desk))
        name = shorten(procedure.bare(half.procedure.name), _NAME)
        blocks += [f"{number}. {name}", *said.blocks, said.citation]
        offered += [Choice(shorten(f"{c.label} – {name}", _LABEL), c.value) for c in _buttons(said.choices)]
        links += said.links
        told += said.aspects
    codes = [half.procedure.code for half in halves]
    others = (hit.ref for half in halves for hit in half.found.hits)
    return Reply(
        blocks=tuple(blocks),
        outcome=Outcome.ANSWERED,
        choices=tuple(offered),
        links=tuple(dict.fromkeys(links)),
        refs=tuple(dict.fromkeys((*codes, *others)))[:10],
        aspects=tuple(dict.fromkeys(told)),
        confidence=min(half.found.confidence for half in halves),
        topic=Topic(ref=codes[0], question=question[:LONGEST_QUESTION], aspects=wanted[0], also=tuple(codes[1:])),
    )


def _buttons(offered: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """The first ones; more where a case has to be chosen before anything is answered."""
    pick = choices.decode(offered[0].value) if offered else None
    return offered[: _MOST_CASES if pick and pick.case else _MOST_BUTTONS]


def _asked(of: Procedure, aspects: tuple[Aspect, ...], desk: Desk) -> Asked:
    return Asked(
        procedure=of,
        today=desk.today,
        aspects=aspects,
        profile=desk.knowledge.profile,
        overlay=desk.knowledge.overlay(of.code),
    )
