"""The in-memory index of everything published: vocabulary, views and titles; stored and loaded."""

import contextlib
import json
import os
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import Level
from knowledge.postings import Floats, Ints, Postings

VIEWS = (
    "names",
    "name_pairs",
    "texts",
    "text_pairs",
    "accented",
    "accented_name_pairs",
    "phrases",
    "phrase_pairs",
)
"""Of documents, the last two of phrases."""
NAME, HEAD = 0, 1
TITLE_LENGTH, PHRASE_LENGTH = 48, 24
"""Syllables of a title and of a phrase that are compared; longer ones are cut."""
PAIR = 1 << 20
"""Key of a pair of syllables a, b: a * PAIR + b."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a hit shows and what ranking compares, per document."""

    ref: tuple[str, ...]
    title: tuple[str, ...]
    level: tuple[Level, ...]
    agency: tuple[str, ...]
    field: tuple[str, ...]
    province: tuple[str, ...]
    subjects: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Titles:
    """Every official title and head of a title, one row each, by document.

    document: owner; folded, accented: syllables, -1 = padding; kind: NAME or HEAD.
    """

    document: NDArray[np.int32]
    folded: NDArray[np.int32]
    accented: NDArray[np.int32]
    operations: NDArray[np.int32]
    qualifiers: NDArray[np.int32]
    kind: NDArray[np.int32]
    first_row: Ints
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Every way to say an entry beside its official title, one row each, by document; as in Titles."""

    document: NDArray[np.int32]
    folded: NDArray[np.int32]
    accented: NDArray[np.int32]
    first_row: Ints
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meanings:
    """Learnt vectors (knowledge.meaning) of every document's name and of every phrase."""

    names: Floats
    phrases: Floats


@dataclass(frozen=True, slots=True)
class Index:
    """Read-only after it is built, so any number of threads may search it."""

    folded: dict[str, int]
    accented: dict[str, int]
    folded_of: NDArray[np.int32]
    counts: Ints
    views: dict[str, Postings]
    facts: Facts
    titles: Titles
    phrases: Phrases
    meanings: Meanings

    def __len__(self) -> int:
        return len(self.facts.ref)

    def holds(self, document: int, syllable: int) -> bool:
        """Whether an entry's texts hold a folded syllable."""
        view = self.views["texts"]
        row = int(view.rows(np.asarray([syllable], dtype=np.int64))[0])
        if row < 0:
            return False
        among = view.documents[view.starts[row] : view.starts[row + 1]]
        at = int(np.searchsorted(among, document))
        return at < len(among) and int(among[at]) == document

    def holding(self, documents: Ints, syllables: Ints) -> NDArray[np.bool_]:
        """Whether the texts of each of these documents (lines) hold each of these folded syllables (columns)."""
        view = self.views["texts"]
        held = np.zeros((len(documents), len(syllables)), dtype=bool)
        for column, row in enumerate(view.rows(syllables).tolist()):
            if row < 0:
                continue
            among = view.documents[view.starts[row] : view.starts[row + 1]]
            at = np.minimum(np.searchsorted(among, documents), len(among) - 1)
            held[:, column] = among[at] == documents
        return held

    def save(self, path: Path, fingerprint: str) -> None:
        """Writes the index beside `path` and puts it in its place at once. Raises OSError."""
        arrays = self._arrays(fingerprint)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, allow_pickle=False, **arrays)
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise

    def save_if_possible(self, path: Path, fingerprint: str) -> bool:
        """Like `save`, but a folder that cannot be written to only costs time at the next start."""
        try:
            self.save(path, fingerprint)
        except OSError:
            return False
        return True

    @classmethod
    def load(cls, path: Path, fingerprint: str) -> "Index | None":
        """The stored index, or None when there is none, it is damaged or made for another fingerprint."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                if bytes(stored["fingerprint"]).decode() != fingerprint:
                    return None
                return cls._of({name: stored[name] for name in stored.files})
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None

    def _arrays(self, fingerprint: str) -> dict[str, NDArray[np.generic]]:
        texts = {
            "folded": list(self.folded),
            "accented": list(self.accented),
            "ref": self.facts.ref,
            "title": self.facts.title,
            "level": [level.value for level in self.facts.level],
            "agency": self.facts.agency,
            "field": self.facts.field,
            "province": self.facts.province,
            "titles": self.titles.text,
            "phrases": self.phrases.text,
        }
        arrays: dict[str, NDArray[np.generic]] = {
            "fingerprint": np.frombuffer(fingerprint.encode(), dtype=np.uint8),
            "words": np.frombuffer(json.dumps(texts).encode(), dtype=np.uint8),
            "folded_of": self.folded_of,
            "counts": self.counts,
            "subjects": self.facts.subjects,
        }
        for name in ("document", "folded", "accented", "operations", "qualifiers", "kind", "first_row"):
            arrays[f"titles.{name}"] = getattr(self.titles, name)
        for name in ("document", "folded", "accented", "first_row"):
            arrays[f"phrases.{name}"] = getattr(self.phrases, name)
        for name in ("names", "phrases"):
            arrays[f"meanings.{name}"] = getattr(self.meanings, name)
        for name, view in self.views.items():
            for part in ("keys", "starts", "documents", "impacts", "rarity"):
                arrays[f"{name}.{part}"] = getattr(view, part)
        return arrays

    @classmethod
    def _of(cls, arrays: dict[str, NDArray[np.generic]]) -> "Index":
        def ints(name: str) -> Ints:
            return arrays[name].astype(np.int64, copy=False)

        def small(name: str) -> NDArray[np.int32]:
            return arrays[name].astype(np.int32, copy=False)

        def floats(name: str) -> Floats:
            return arrays[name].astype(np.float32, copy=False)

        words = json.loads(arrays["words"].tobytes())
        facts = Facts(
            tuple(words["ref"]),
            tuple(words["title"]),
            tuple(Level(level) for level in words["level"]),
            tuple(words["agency"]),
            tuple(words["field"]),
            tuple(words["province"]),
            small("subjects"),
        )
        titles = Titles(
            document=small("titles.document"),
            folded=small("titles.folded"),
            accented=small("titles.accented"),
            operations=small("titles.operations"),
            qualifiers=small("titles.qualifiers"),
            kind=small("titles.kind"),
            first_row=ints("titles.first_row"),
            text=tuple(words["titles"]),
        )
        phrases = Phrases(
            document=small("phrases.document"),
            folded=small("phrases.folded"),
            accented=small("phrases.accented"),
            first_row=ints("phrases.first_row"),
            text=tuple(words["phrases"]),
        )
        views = {
            name: Postings(
                ints(f"{name}.keys"),
                ints(f"{name}.starts"),
                small(f"{name}.documents"),
                floats(f"{name}.impacts"),
                floats(f"{name}.rarity"),
            )
            for name in VIEWS
        }
        return cls(
            {word: n for n, word in enumerate(words["folded"])},
            {word: n for n, word in enumerate(words["accented"])},
            small("folded_of"),
            ints("counts"),
            views,
            facts,
            titles,
            phrases,
            Meanings(floats("meanings.names"), floats("meanings.phrases")),
        )
