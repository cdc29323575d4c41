"""The messages that the kinds are learnt from: our own seeds, and questions made from titles and the FAQ base."""

import gzip
import hashlib
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from handlers import phrases
from knowledge.text import clean, tokens

_SECTION = re.compile(r"\[([a-z_]+)\]")
SEEDS = Path(__file__).parent / "seeds"
STORIES = Path(__file__).parent / "stories.txt"
STARTER = Path(__file__).parents[2] / "knowledge" / "starter"
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
)


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
            label = file.stem if section == file.stem else f"{file.stem}.{section}"
            examples.append(Example(text, label))
    return examples


def fingerprint() -> str:
    """What the constants were learnt from, in short: changes with every seed, story and word group."""
    files = [*sorted(SEEDS.glob("*.txt")), STORIES, *sorted(phrases.FOLDER.glob("*.txt"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def faq_questions(folder: Path = STARTER) -> Iterator[Example]:
    """The questions of the starter base with their other wordings."""
    for file in sorted(folder.glob("faq-*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            for text in (entry["question"], *entry["variants"]):
                yield Example(text, "question")


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
