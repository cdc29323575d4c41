"""Why the desk answered as it did: the message's kind, the search, each handler tried, and the thresholds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from handlers import HANDLERS, dangers, faq, kinds, procedure, recognising
from handlers.messages import Desk, Handler, IncomingMessage, Reply
from knowledge.explaining import Explanation

MOST_SORTS = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message. odds: log odds against a question; bar: what they have to reach, None for a question."""

    name: str
    probability: float
    odds: float | None = None
    bar: float | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that a decision hangs on, and the value that met it or did not."""

    name: str
    value: float
    least: float

    @property
    def reached(self) -> bool:
        """True when the value is enough."""
        return self.value >= self.least


@dataclass(frozen=True, slots=True)
class Tried:
    """A handler asked in turn; outcome: "" where it left the message to the next one."""

    handler: str
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One message from its words to the reply.

    kinds: the likeliest first; sorts: details such as "emergency.fire" with their probabilities; danger: the sort of
    danger that the net of phrases caught, "" for none; recognised: the kind acted on, "" for a question;
    picked: the offered choice that the message names ("cái thứ hai"), "" for none: then nothing is searched for.
    """

    search: Explanation
    kinds: tuple[Kind, ...]
    sorts: tuple[tuple[str, float], ...]
    danger: str
    recognised: str
    picked: str
    thresholds: tuple[Threshold, ...]
    tried: tuple[Tried, ...]
    reply: Reply


async def why(message: IncomingMessage, desk: Desk, search: Explanation, handlers: Sequence[Handler] = HANDLERS) -> Why:
    """Answers a typed message as dispatch does, and says what decided. search: of the same text and topic."""
    judged = kinds.judge(message.text)
    recognised = recognising.recognised(message, desk)
    tried, reply = await _tried(message, desk, handlers)
    likeliest = sorted(judged.kinds, key=lambda name: -judged.kinds[name])
    sorts = sorted(judged.details.items(), key=lambda pair: -pair[1])[:MOST_SORTS]
    return Why(
        search=search,
        kinds=tuple(_kind(name, judged, message.text, search) for name in likeliest),
        sorts=tuple(sorts),
        danger=dangers.shipped().caught(message.text),
        recognised=recognised.kind if recognised else "",
        picked=message.choice or "",
        thresholds=_thresholds(search),
        tried=tried,
        reply=reply,
    )


async def _tried(message: IncomingMessage, desk: Desk, handlers: Sequence[Handler]) -> tuple[tuple[Tried, ...], Reply]:
    tried: list[Tried] = []
    for handler in handlers:
        name = f"{handler.__module__.removeprefix('handlers.')}.{handler.__name__}"
        reply = await handler(message, desk)
        tried.append(Tried(name, reply.outcome.value if reply else ""))
        if reply:
            return tuple(tried), reply
    raise ValueError("no handler replied")


def _kind(name: str, judged: kinds.Judgement, text: str, search: Explanation) -> Kind:
    probability = judged.kinds[name]
    bar = recognising.BARS.get(name)
    if bar is None:
        return Kind(name, probability)
    odds = math.log(max(probability, 1e-9) / max(judged.kinds[recognising.QUESTION], 1e-9))
    return Kind(name, probability, odds, bar.height(text, search.found))


def _thresholds(search: Explanation) -> tuple[Threshold, ...]:
    found = search.found
    first_is_faq = bool(found.hits) and found.hits[0].is_faq
    return (
        Threshold("faq.SURE", found.confidence if first_is_faq else 0.0, faq.SURE),
        Threshold("procedure.IN_DOMAIN", found.in_domain, procedure.IN_DOMAIN),
        Threshold("procedure.SURE", found.confidence, procedure.SURE),
        Threshold("procedure.NEAR", found.confidence, procedure.NEAR),
    )
