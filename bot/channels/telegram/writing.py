"""Replies as Telegram shows them: HTML within its limits, the choices as buttons under the last message."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from bot.channels.rendering import as_messages
from handlers import voting
from handlers.messages import Choice, Reply

LONGEST = 4096
"""Characters of one message, as its reader sees them, without the marks of the layout."""
SHORT_LABEL = 18
"""Characters of a label from which on a button has a row of its own."""

Rows = tuple[tuple[Choice, ...], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One message. html: its text; rows: its buttons; ref: the entry that it answers, "" where it is none."""

    html: str
    rows: Rows = ()
    ref: str = ""


def pages(replies: Sequence[Reply]) -> list[Page]:
    """The messages of some replies, in order."""
    return [page for reply in replies for page in _pages(reply)]


def _pages(reply: Reply) -> list[Page]:
    texts = as_messages(reply, LONGEST, buttons=True)
    if any(_units(text) > LONGEST for text in texts):
        texts = as_messages(reply, LONGEST // 2, buttons=True)  # Telegram counts an emoji as two
    votes = voting.buttons(reply)
    ref = reply.refs[0] if votes else ""
    html = [_html(text, reply) for text in texts]
    return [*(Page(text, ref=ref) for text in html[:-1]), *(Page(text, _rows(reply, votes), ref) for text in html[-1:])]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _html(text: str, reply: Reply) -> str:
    """The text with nothing in it that Telegram would obey; the source in italics, links under their words."""
    shown = escape(text, quote=False)
    if reply.citation and (source := escape(reply.citation, quote=False)) in shown:
        shown = shown.replace(source, f"<i>{source}</i>", 1)
    for link in reply.links:
        plain = escape(f"{link.label}: {link.url}", quote=False)
        anchor = f'<a href="{escape(link.url)}">{escape(link.label, quote=False)}</a>'
        shown = "\n".join(anchor if line == plain else line for line in shown.split("\n"))
    return shown


def _rows(reply: Reply, votes: tuple[Choice, ...]) -> Rows:
    """Short labels two by two, long ones alone, the votes last."""
    rows: list[tuple[Choice, ...]] = []
    for choice in reply.choices:
        short = len(choice.label) <= SHORT_LABEL
        if rows and short and len(rows[-1]) == 1 and len(rows[-1][0].label) <= SHORT_LABEL:
            rows[-1] = (*rows[-1], choice)
        else:
            rows.append((choice,))
    return (*rows, votes) if votes else tuple(rows)
