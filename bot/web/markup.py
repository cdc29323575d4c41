"""Plain text of a reply as the few parts a page is made of: paragraphs, lists and links."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from handlers.messages import Link

BULLET = "• "

_ADDRESS = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_TRAILING = ".,;:!?…)]}'’»"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, and the address they lead to ("" = none)."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, or a list whose lines are its items."""

    is_list: bool
    lines: tuple[tuple[Piece, ...], ...]


def parts(blocks: Sequence[str]) -> list[Part]:
    """The blocks as paragraphs and lists; lines that start with "• " are list items."""
    found: list[Part] = []
    for block in blocks:
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        for is_list, group in groupby(lines, key=lambda line: line.startswith(BULLET)):
            texts = (line.removeprefix(BULLET) if is_list else line for line in group)
            found.append(Part(is_list, tuple(tuple(pieces(text)) for text in texts)))
    return found


def pieces(text: str) -> Iterator[Piece]:
    """The text with its http(s) addresses told apart."""
    done = 0
    for match in _ADDRESS.finditer(text):
        url = match.group().rstrip(_TRAILING)
        if not is_web_address(url):
            continue
        if match.start() > done:
            yield Piece(text[done : match.start()])
        yield Piece(url, url)
        done = match.start() + len(url)
    if done < len(text):
        yield Piece(text[done:])


def safe_links(links: Sequence[Link]) -> list[Link]:
    """The links that a page may show: http and https only."""
    return [link for link in links if is_web_address(link.url)]


def is_web_address(url: str) -> bool:
    """True for an absolute http or https address."""
    try:
        address = urlsplit(url)
    except ValueError:
        return False
    return address.scheme in {"http", "https"} and bool(address.netloc)
