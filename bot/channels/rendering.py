"""A reply as plain-text messages that fit a platform's length, with numbered menus where it has no buttons."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from handlers.messages import Choice, Reply

MENU_HINT = "Xin nhắn số thứ tự để chọn:"

_SENTENCE_END = re.compile(r"(?<=[.!?…;])\s+")
_SPACE = re.compile(r"\s+")


def as_messages(reply: Reply, max_length: int, buttons: bool) -> list[str]:
    """The reply as messages of at most `max_length` NFC characters each, in order.

    Splits at paragraph ends, else line ends, else sentence ends, else spaces; inside a word only where the word
    alone is too long. With buttons the choices are left to the channel; without, they end the last message.
    """
    if max_length < 1:
        raise ValueError(f"max_length must be at least 1, not {max_length}")
    messages: list[str] = []
    for paragraph in _paragraphs(reply, buttons):
        joined = f"{messages[-1]}\n\n{paragraph}" if messages else paragraph
        if len(joined) <= max_length:
            messages[-1:] = [joined]
        else:
            messages += _split(paragraph, max_length)
    return messages


def numbered(choices: Iterable[Choice]) -> list[str]:
    """One line per choice, "1. label", as the citizen will count them."""
    return [f"{number}. {choice.label}" for number, choice in enumerate(choices, start=1)]


def _paragraphs(reply: Reply, buttons: bool) -> Iterator[str]:
    parts = [*reply.blocks, reply.citation, "\n".join(f"{link.label}: {link.url}" for link in reply.links)]
    if reply.choices and not buttons:
        parts.append("\n".join([MENU_HINT, *numbered(reply.choices)]))
    for part in parts:
        if text := unicodedata.normalize("NFC", part).strip():
            yield text


def _split(paragraph: str, max_length: int) -> list[str]:
    """Pieces of one paragraph, each as long as the coarsest boundary that fits allows."""
    if len(paragraph) <= max_length:
        return [paragraph]
    for boundary, glue in ((re.compile(r"\n+"), "\n"), (_SENTENCE_END, " "), (_SPACE, " ")):
        parts = [part for part in boundary.split(paragraph) if part.strip()]
        if len(parts) > 1:
            return _packed(parts, glue, max_length)
    return list(_cut(paragraph.strip(), max_length))


def _packed(parts: list[str], glue: str, max_length: int) -> list[str]:
    pieces: list[str] = []
    for part in parts:
        joined = f"{pieces[-1]}{glue}{part}" if pieces else part
        if len(joined) <= max_length:
            pieces[-1:] = [joined]
        else:
            pieces += _split(part, max_length)
    return pieces


def _cut(word: str, max_length: int) -> Iterator[str]:
    """Pieces of a word without any space, never starting with a mark that belongs to the letter before."""
    start = 0
    while start < len(word):
        end = min(start + max_length, len(word))
        while start + 1 < end < len(word) and unicodedata.combining(word[end]):
            end -= 1
        yield word[start:end]
        start = end
