"""Builds the index from documents: syllables become numbers, numbers become views."""

import unicodedata
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from knowledge import postings
from knowledge.documents import LENGTH_PENALTIES, WEIGHTS, Document
from knowledge.index import HEAD, NAME, PAIR, PHRASE_LENGTH, TITLE_LENGTH, Facts, Index, Meanings, Phrases, Titles
from knowledge.meaning import Meaning, Reader, load
from knowledge.operations import of_agency, operations, qualifiers
from knowledge.postings import Ints, Postings
from knowledge.text import fold, term, tokens

LONG_PHRASE = 0.6
"""How much a phrase loses by being longer than others (b of BM25)."""


def build_index(
    documents: Iterable[Document],
    written_out: Mapping[str, tuple[str, ...]] | None = None,
    meaning: Meaning | None = None,
) -> Index:
    """Indexes `documents`, each read once; `written_out` gives the abbreviations to read as their words.

    meaning: the learnt vectors, by default those shipped with the program.
    """
    return _Builder(written_out or {}).build(documents, meaning or load())


class _Numbers(dict[str, int]):
    """The number of each syllable, given when it is first met; below 0 for what is written out."""

    def __init__(self, written_out: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__()
        self.syllables: list[str] = []
        self.written_out: list[list[int]] = []
        for words in written_out.values():
            self.written_out.append([self[word] for word in words])
        for n, short in enumerate(written_out, start=1):
            super().__setitem__(short, -n)

    def __missing__(self, syllable: str) -> int:
        number = self[syllable] = len(self.syllables)
        self.syllables.append(syllable)
        return number


class _Builder:
    """Collects syllables as numbers; used once."""

    def __init__(self, written_out: Mapping[str, tuple[str, ...]]) -> None:
        self.numbers = _Numbers(written_out)

    def build(self, read: Iterable[Document], meaning: Meaning) -> Index:
        collected = array("i")
        counted: list[int] = []
        documents: list[Document] = []
        for document in read:
            for text in document.texts:
                found = self._numbers(text)
                counted.append(len(found))
                collected.extend(found)
            documents.append(replace(document, texts=()))
        numbers, lengths = np.asarray(collected, dtype=np.int64), np.asarray(counted, dtype=np.int64)
        del collected
        rows = [
            (n, kind, title)
            for n, document in enumerate(documents)
            for kind, title in ((NAME, document.name), (HEAD, document.head))
            if title
        ]
        title_numbers = [self._numbers(title) for _, _, title in rows]
        said = [(n, phrase) for n, document in enumerate(documents) for phrase in document.phrases]
        phrase_numbers = [self._numbers(phrase) for _, phrase in said]

        accented: dict[str, int] = {}
        folded: dict[str, int] = {}
        accented_of_raw = np.fromiter(
            (accented.setdefault(term(word), len(accented)) for word in self.numbers.syllables), dtype=np.int64
        )
        folded_of = np.fromiter((folded.setdefault(fold(word), len(folded)) for word in accented), dtype=np.int32)
        tokens_accented = accented_of_raw[numbers] if len(numbers) else numbers
        tokens_folded = folded_of[tokens_accented].astype(np.int64) if len(numbers) else numbers
        views = _views(tokens_folded, tokens_accented, lengths, len(documents))
        title_folded, title_accented = _table(title_numbers, TITLE_LENGTH, accented_of_raw, folded_of)
        titles = _titles(documents, rows, title_folded, title_accented)
        phrase_folded, phrase_accented = _table(phrase_numbers, PHRASE_LENGTH, accented_of_raw, folded_of)
        views |= _phrase_views(phrase_folded.astype(np.int64))
        owners = np.asarray([n for n, _ in said], dtype=np.int32)
        phrases = Phrases(
            document=owners,
            folded=phrase_folded,
            accented=phrase_accented,
            first_row=np.searchsorted(owners, np.arange(len(documents) + 1)).astype(np.int64),
            text=tuple(phrase.lower() for _, phrase in said),
        )
        facts = Facts(
            tuple(d.ref for d in documents),
            tuple(d.title for d in documents),
            tuple(d.level for d in documents),
            tuple(d.agency for d in documents),
            tuple(d.field for d in documents),
            tuple(d.province for d in documents),
            np.asarray([d.subjects for d in documents], dtype=np.int32),
        )
        counts = np.bincount(tokens_folded, minlength=len(folded)).astype(np.int64)
        meanings = _meanings(meaning, Reader(meaning, folded, accented), titles, phrases, len(documents))
        return Index(folded, accented, folded_of, counts, views, facts, titles, phrases, meanings)

    def _numbers(self, text: str) -> list[int]:
        numbers = self.numbers
        found = [numbers[token] for token in tokens(unicodedata.normalize("NFC", text))]
        if found and min(found) < 0:
            return [part for n in found for part in (numbers.written_out[-n - 1] if n < 0 else (n,))]
        return found


def _table(
    numbers: Sequence[Sequence[int]], width: int, accented_of_raw: Ints, folded_of: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Folded and accented syllables of many texts, one row each, -1 = padding."""
    accented = np.full((len(numbers), width), -1, dtype=np.int32)
    for n, row in enumerate(numbers):
        accented[n, : min(len(row), width)] = accented_of_raw[row[:width]] if row else []
    folded = np.where(accented >= 0, folded_of[accented], -1) if len(folded_of) else accented
    return folded.astype(np.int32), accented


def _titles(
    documents: Sequence[Document],
    rows: Sequence[tuple[int, int, str]],
    folded: NDArray[np.int32],
    accented: NDArray[np.int32],
) -> Titles:
    lowered = [unicodedata.normalize("NFC", title).lower() for _, _, title in rows]
    owners = np.asarray([n for n, _, _ in rows], dtype=np.int32)
    of_name = {n: qualifiers(documents[n].name.lower()) | of_agency(documents[n].agency) for n in set(owners.tolist())}
    return Titles(
        document=owners,
        folded=folded,
        accented=accented,
        operations=np.asarray([operations(title) for title in lowered], dtype=np.int32),
        qualifiers=np.asarray([of_name[n] for n, _, _ in rows], dtype=np.int32),
        kind=np.asarray([kind for _, kind, _ in rows], dtype=np.int32),
        first_row=np.searchsorted(owners, np.arange(len(documents) + 1)).astype(np.int64),
        text=tuple(lowered),
    )


def _meanings(meaning: Meaning, reader: Reader, titles: Titles, phrases: Phrases, documents: int) -> Meanings:
    """An entry without an official name (a question) is named by the first way to say it."""
    said = meaning.vectors(reader.texts(phrases.folded, phrases.accented))
    names = np.zeros((documents, meaning.width), dtype=np.float32)
    asked = np.flatnonzero(phrases.first_row[1:] > phrases.first_row[:-1])
    names[asked] = said[phrases.first_row[asked]]
    rows = np.flatnonzero(titles.kind == NAME)
    names[titles.document[rows]] = meaning.vectors(reader.texts(titles.folded[rows], titles.accented[rows]))
    return Meanings(names, said)


def _views(folded: Ints, accented: Ints, lengths: Ints, total: int) -> dict[str, Postings]:
    fields = len(WEIGHTS)
    segment = np.repeat(np.arange(len(lengths)), lengths)
    document, field = np.divmod(segment, fields)
    matrix = lengths.reshape(-1, fields).astype(np.float64)
    used = np.maximum((matrix > 0).sum(axis=0), 1)
    average = np.maximum(matrix.sum(axis=0) / used, 1.0)
    penalty = np.asarray(LENGTH_PENALTIES)
    relative = 1 - penalty + penalty * matrix / average
    weight = (np.asarray(WEIGHTS) / relative).reshape(-1)[segment].astype(np.float32)
    in_title = field == 0
    together = segment[1:] == segment[:-1]
    pairs = folded[:-1] * PAIR + folded[1:]
    accented_pairs = accented[:-1] * PAIR + accented[1:]
    titled = together & in_title[:-1]
    names = weight / np.float32(WEIGHTS[0])
    return {
        "names": postings.build(folded[in_title], document[in_title], names[in_title], total),
        "name_pairs": postings.build(pairs[titled], document[:-1][titled], names[:-1][titled], total),
        "texts": postings.build(folded, document, weight, total),
        "text_pairs": postings.build(pairs[together], document[:-1][together], weight[:-1][together], total),
        "accented": postings.build(accented, document, weight, total),
        "accented_name_pairs": postings.build(accented_pairs[titled], document[:-1][titled], names[:-1][titled], total),
    }


def _phrase_views(folded: Ints) -> dict[str, Postings]:
    """Views whose documents are the phrases themselves: a long list of phrases does not drown a good one."""
    rows = np.broadcast_to(np.arange(len(folded))[:, None], folded.shape)
    lengths = (folded >= 0).sum(axis=1)
    average = max(float(lengths.mean()), 1.0) if len(lengths) else 1.0
    weight = (1 / (1 - LONG_PHRASE + LONG_PHRASE * lengths / average)).astype(np.float32)
    known = folded >= 0
    together = known[:, :-1] & known[:, 1:]
    pairs = folded[:, :-1] * PAIR + folded[:, 1:]
    paired = rows[:, :-1][together]
    return {
        "phrases": postings.build(folded[known], rows[known], weight[rows[known]], len(folded)),
        "phrase_pairs": postings.build(pairs[together], paired, weight[paired], len(folded)),
    }
