"""Channels that people post on by hand: the ready text for Facebook, the department's site, a notice board, and a
loudspeaker script of two minutes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.campaigns.spoken import spoken
from knowledge.text import clean, clean_block

WORDS_A_MINUTE = 150
"""Syllables that a loudspeaker's reader says in a minute, with pauses."""
SCRIPT_WORDS = 300
"""Two minutes."""
FACEBOOK_LONGEST = 5000
"""Characters; longer posts are folded away long before."""
BOARD_LONGEST = 1800
"""Characters that fill one sheet of A4 at the size people read standing."""
LEFT_OUT = "Bài dài hơn hai phút: đã bỏ {count} câu cuối."
CUT = "Bài dài hơn một tờ: đã bỏ phần cuối, xem bản đầy đủ ở đường dẫn."
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


class HandChannel(StrEnum):
    """Where somebody posts by hand."""

    FACEBOOK = "facebook"
    SITE = "site"
    BOARD = "board"
    LOUDSPEAKER = "loudspeaker"


HAND_CHANNELS = {
    HandChannel.FACEBOOK: "Facebook",
    HandChannel.SITE: "Trang thông tin điện tử",
    HandChannel.BOARD: "Bảng niêm yết",
    HandChannel.LOUDSPEAKER: "Loa truyền thanh",
}


@dataclass(frozen=True, slots=True)
class ReadyText:
    """A text to post. words: syllables; seconds: to read it aloud; note: what was left out, "" = nothing."""

    channel: HandChannel
    text: str
    words: int
    seconds: int
    note: str = ""


def ready_texts(title: str, text: str, links: Sequence[str] = (), office: str = "") -> list[ReadyText]:
    """The text of a campaign for each channel that people post on by hand. office: who says it."""
    title, body = clean(title), clean_block(text)
    links = [link for one in links if (link := clean(one))]
    return [
        _made(HandChannel.FACEBOOK, _facebook(title, body, links, office)),
        _made(HandChannel.SITE, _site(title, body, links, office)),
        _board(title, body, links, office),
        loudspeaker(title, body, office),
    ]


def loudspeaker(title: str, text: str, office: str = "") -> ReadyText:
    """What is read out in about two minutes: plain spoken sentences, no abbreviations, no addresses of pages. A short
    text is said twice, as announcers do; of a long one the last sentences are left out."""
    speaker = spoken(office) or "cơ quan"
    opening = f"Kính thưa bà con và toàn thể Nhân dân. Sau đây là thông báo của {speaker} về việc: {spoken(title)}."
    ending = (
        "Bà con cần hỏi thêm, xin hỏi tại bộ phận một cửa gần nhà, hoặc nhắn cho trang hỏi đáp của "
        f"{speaker}. Xin trân trọng cảm ơn bà con đã chú ý lắng nghe."
    )
    sentences = [_ended(line) for one in _SENTENCE.split(text) if (line := spoken(one))]
    room = SCRIPT_WORDS - _count(opening) - _count(ending)
    kept: list[str] = []
    for sentence in sentences:
        if kept and _count(" ".join(kept)) + _count(sentence) > room:
            break
        kept.append(sentence)
    parts, left = [opening, *kept], len(sentences) - len(kept)
    again = [f"Xin nhắc lại thông báo về việc: {spoken(title)}.", *kept]
    if not left and kept and _count(" ".join(again)) <= room - _count(" ".join(kept)):
        parts += again
    note = LEFT_OUT.format(count=left) if left else ""
    return _made(HandChannel.LOUDSPEAKER, "\n".join([*parts, ending]), note)


def _facebook(title: str, body: str, links: Sequence[str], office: str) -> str:
    parts = [f"📢 {title.upper()}", body, *(f"👉 {link}" for link in links)]
    if office:
        parts.append(f"— {office}")
    return "\n\n".join(part for part in parts if part)[:FACEBOOK_LONGEST]


def _site(title: str, body: str, links: Sequence[str], office: str) -> str:
    parts = [title, body]
    if links:
        parts.append("Xem thêm:\n" + "\n".join(f"- {link}" for link in links))
    return "\n\n".join(part for part in (*parts, office) if part)


def _board(title: str, body: str, links: Sequence[str], office: str) -> ReadyText:
    kept, note = body, ""
    if len(body) > BOARD_LONGEST:
        kept, note = body[:BOARD_LONGEST].rsplit(". ", 1)[0].rstrip(".") + ".", CUT
    parts = ["THÔNG BÁO", title.upper(), kept]
    if links:
        parts.append("Xem thêm: " + "; ".join(links))
    return _made(HandChannel.BOARD, "\n\n".join(part for part in (*parts, office.upper()) if part), note)


def _made(channel: HandChannel, text: str, note: str = "") -> ReadyText:
    words = _count(text)
    return ReadyText(channel, text, words, round(words * 60 / WORDS_A_MINUTE), note)


def _count(text: str) -> int:
    return len(re.findall(r"\w+", text))


def _ended(sentence: str) -> str:
    return sentence if sentence[-1] in ".!?…" else f"{sentence}."
