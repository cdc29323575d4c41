"""Turning published text into lines for a telephone: shortening, money, lists, channels."""

import re
from collections.abc import Iterable, Sequence

from handlers.describe.asked import CHANNEL_NAMES
from knowledge.entries import SubmissionChannel

UNLIMITED = 1_000_000
"""Room for a text that is not to be shortened."""
_SENTENCE_END = re.compile(r"[.;:](?=\s)|\n")
_LEADING_MARK = re.compile(r"^[\s\-+*•–—.,;:]+")


def dong(amount: int) -> str:
    """An amount as people read it: 150.000 đồng."""
    return f"{amount:,}".replace(",", ".") + " đồng"


def shorten(text: str, room: int) -> str:
    """The text, or its beginning up to a sentence's end within `room` characters followed by "…"."""
    text = text.strip()
    if len(text) <= room:
        return text
    head = text[: max(room - 2, 1)]
    ends = [match.end() for match in _SENTENCE_END.finditer(head)]
    if ends and ends[-1] >= room * 0.45:
        return head[: ends[-1]].rstrip(" ;:\n") + " …"
    space = head.rfind(" ")
    return head[: space if space > room * 0.3 else len(head)].rstrip(" ,;:(-\n") + " …"


def one_line(text: str) -> str:
    """A text without line ends and without the list mark it begins with."""
    return _LEADING_MARK.sub("", " ".join(text.split()))


def bulleted(lines: Iterable[str]) -> str:
    """Lines as a list."""
    return "\n".join(f"• {line}" for line in lines)


def sentence(text: str) -> str:
    """A text with a capital first letter and a full stop, unless it ends a sentence already."""
    text = text.strip()
    if not text:
        return ""
    closed = text if text[-1] in ".…!?:\n" else text.rstrip(" ,;") + "."
    return closed[0].upper() + closed[1:]


def channels(names: Sequence[SubmissionChannel]) -> str:
    """The channels as the beginning of a line: "Trực tiếp, bưu chính"."""
    order = list(CHANNEL_NAMES)
    words = ", ".join(CHANNEL_NAMES[channel] for channel in sorted(names, key=order.index))
    return words[:1].upper() + words[1:]


def merged(said: Iterable[tuple[SubmissionChannel, str]]) -> list[tuple[tuple[SubmissionChannel, ...], str]]:
    """Channels that say the same, together; order of first appearance, the counter first."""
    groups: dict[str, list[SubmissionChannel]] = {}
    for channel, text in sorted(said, key=lambda pair: list(CHANNEL_NAMES).index(pair[0])):
        groups.setdefault(text, []).append(channel)
    return [(tuple(dict.fromkeys(found)), text) for text, found in groups.items()]
