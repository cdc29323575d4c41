"""The messages that the kinds are learnt from: our own seeds, and questions from titles, aliases and the FAQ base."""

import gzip
import hashlib
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from handlers import phrases
from knowledge import aliases
from knowledge.entries import FAQ_PREFIX
from knowledge.text import clean, tokens

_SECTION = re.compile(r"\[([a-z_]+)\]")
_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
SEEDS = Path(__file__).parent / "seeds"
STORIES = Path(__file__).parent / "stories.txt"
STARTER = Path(__file__).parents[2] / "knowledge" / "starter"
ASKED = Path(__file__).parents[2] / "knowledge" / "training" / "asked"
FRAMES = (
    "{}",
    "thủ tục {}",
    "{} cần giấy tờ gì",
    "{} hồ sơ gồm những gì",
    "{} hết bao nhiêu tiền",
    "{} mất bao lâu",
    "{} nộp ở đâu",
    "{} làm thế nào",
    "muốn {} thì làm sao",
    "cho hỏi {}",
    "ad ơi {} lệ phí nhiêu vậy",
    "{} online được không",
    "Đề nghị cho biết hồ sơ {}",
    "Đề nghị cho biết trình tự thực hiện thủ tục {}?",
    "Kính gửi quý cơ quan, xin hỏi thời hạn giải quyết {}",
    "Xin hỏi cơ quan nào có thẩm quyền {}?",
    "điều kiện để {}",
    "lệ phí {}",
    "nhà em muốn {}",
    "{} giờ sao ạ",
    "{} thì phải đi đâu",
    "giờ {} kiểu gì",
    "{} bắt đầu từ đâu anh chị",
    "em đang tính {} mà chưa biết làm sao",
    "tôi {} rồi, giờ phải khai báo gì không",
    "hồi sáng ra xã hỏi {} mà quên mất phải đem gì",
    "{} có phải lên tỉnh không hay ở xã cũng được",
    "người ta bảo {} phải làm đơn, đơn đó lấy ở đâu",
    "tui muốn {} cho nó xong, chỉ giùm",
    "bữa trước có người nói {} được, đúng không ạ",
    "bà con cho tui hỏi {} với",
    "{} có cần bản chính không",
    "cháu chào cô chú, {} thì cần gì ạ",
    "{}, xin được hướng dẫn",
    "{} bao lâu thì xong",
    "công ty em {} thì nộp cho ai",
)


SWINDLE = "question.swindle"
SAFETY = "safety"
"""Topic of the FAQ base about swindles."""
DRAWN = 3
"""Messages made of a seed that leaves words to choose."""


class SeedError(ValueError):
    """A seed file is not as it should be; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Example:
    """A message with its label ("emergency.fire", "question"); weight: how much it counts in training."""

    text: str
    label: str
    weight: float = 1.0


def seeds(folder: Path = SEEDS) -> list[Example]:
    """Every hand-written message. Raises SeedError for a line outside a section or written twice."""
    examples: list[Example] = []
    known: dict[str, str] = {}
    for file in sorted(folder.glob("*.txt")):
        section = ""
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            text = clean(line)
            if not text or text.startswith("#"):
                continue
            if heading := _SECTION.fullmatch(text):
                section = heading[1]
                continue
            if not section or text in known:
                raise SeedError(f"{file.name}:{number}: {known.get(text, 'stands before the first section')}")
            known[text] = f"already in {file.name}:{number}"
            kind = file.stem.partition("-")[0]
            label = kind if section == kind else f"{kind}.{section}"
            examples.append(Example(text, label))
    return examples


def drawn(text: str, chance: random.Random) -> str:
    """A seed with one of each "(a|b|c)" in it; a plain seed as it stands."""
    return " ".join(_CHOICE.sub(lambda found: chance.choice(found[1].split("|")), text).split())


def fingerprint() -> str:
    """What the constants were learnt from, in short: changes with every seed, story and word group."""
    files = [*sorted(SEEDS.glob("*.txt")), STORIES, *sorted(phrases.FOLDER.glob("*.txt"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def faq_questions(folder: Path = STARTER) -> Iterator[Example]:
    """The questions of the starter base with their other wordings."""
    for file in sorted(folder.glob("faq-*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            label = SWINDLE if entry["topic"] == SAFETY else "question"
            for text in (entry["question"], *entry["variants"]):
                yield Example(text, label)


def alias_questions(chance: random.Random, weight: float) -> Iterator[Example]:
    """The everyday words for procedures as messages, half of them within a question."""
    for phrase in sorted({phrase for spoken in aliases.load().values() for phrase in spoken}):
        framed = chance.choice(FRAMES).format(phrase) if chance.random() < 0.5 else phrase
        yield Example(framed, "question", weight)


def asked_questions(weight: float, folder: Path = ASKED) -> Iterator[Example]:
    """The whole questions written for the ranking, which all ask for an entry of the base."""
    about_swindles = set(_swindle_entries())
    for file in sorted(folder.glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines():
            codes, *_, text = line.split("\t")
            yield Example(text, SWINDLE if codes.split()[0] in about_swindles else "question", weight)


def _swindle_entries(folder: Path = STARTER) -> Iterator[str]:
    for file in sorted(folder.glob("faq-*.jsonl")):
        for entry in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
            if entry["topic"] == SAFETY:
                yield FAQ_PREFIX + entry["id"]


def title_questions(snapshot: Path, chance: random.Random, weight: float) -> Iterator[Example]:
    """Questions around the titles of the national snapshot, some of the titles cut short as people do."""
    with gzip.open(snapshot, "rt", encoding="utf-8") as lines:
        names = sorted({clean(json.loads(line)["name"]) for line in lines})
    for name in names:
        words = name.split()[:24]
        if len(words) > 5 and chance.random() < 0.5:
            start = chance.randrange(0, max(1, len(words) - 4))
            words = words[start : start + chance.randint(3, 8)]
        title = " ".join(words)
        title = title[0].lower() + title[1:] if len(tokens(title)) > 1 else title
        yield Example(chance.choice(FRAMES).format(title), "question", weight)
