"""One question through the whole search: words, candidates, features, order, confidence."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.aspects import asked as parts_asked
from knowledge.aspects import without_aspects
from knowledge.comparing import Matrix
from knowledge.confidence import LEADS, QUESTION_LEADS, RATIOS, probability, shares
from knowledge.entries import FAQ_PREFIX, Level, OfficeProfile
from knowledge.followups import Subject, opens_like_a_follow_up, own_words, subject_words
from knowledge.index import PAIR, Index
from knowledge.lexicon import Lexicon
from knowledge.meaning import Meaning
from knowledge.meaning import load as load_meaning
from knowledge.nearness import Measure, Nearness
from knowledge.operations import ages, levels, operations, people, qualifiers
from knowledge.phrasing import best_rows, fits
from knowledge.places import Placed, Places, SpokenOf
from knowledge.postings import Ints
from knowledge.provinces import Provinces
from knowledge.query import Query, understand
from knowledge.ranking import FEATURES, QUESTION_FEATURES, Asked, Features, named
from knowledge.retrieval import Terms, best, best_phrases, blended, phrase_scores, scores, terms
from knowledge.spelling import Speller
from knowledge.spoken import load as load_spoken
from knowledge.syllables import Word, well_formed
from knowledge.text import fold, tokens
from knowledge.weights import Weights
from knowledge.weights import load as load_weights

CANDIDATES, QUESTION_CANDIDATES = 60, 16
LOOKED_AT, QUESTIONS_LOOKED_AT = 120, 40
"""Entries whose single phrases are compared before the candidates are chosen."""
NAME_SHARE, PHRASE_SHARE = 1.0, 1.0
"""How much nearness to an entry's name, and to its nearest phrase, counts when candidates are chosen."""
ORIGINAL_SHARE, SAID_SHARE = 0.5, 0.7
"""How much the citizen's own words, and the best phrase of an entry, count when candidates are chosen."""
OWN_LEVEL, OWN_AGENCY, OWN_FIELD, OWN_PROVINCE = 0.5, 0.8, 0.8, 0.8
"""What an entry gains when it belongs to the office of the profile; nothing is gained without a profile."""
SAME_FIELD = 1.8
"""What an entry of the same field gains in a follow-up such as "thế gia hạn thì sao"."""
NAMED_PROVINCE = 0.2
SAME_ENTRY = 0.7
"""What the entry last spoken of gains while a follow-up is ranked."""
MOST_RARITY = 5.0
"""One odd word does not make a subject."""
STRANGE = 3.0
"""What a syllable that the base never uses says about a subject of its own: the message is about something else."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A message as this index understands it: terms (expanded, original), scores of all documents and phrases.

    near: where it lies among the learnt vectors.
    strengths: the best of scores, said and nearness among the procedures, and among the questions of the FAQ base.
    """

    query: Query
    asked: Asked
    terms: tuple[Terms, Terms]
    scores: tuple[Matrix, Matrix]
    said: Matrix
    best_said: Matrix
    near: Nearness
    strengths: tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Entries in order, best first, with their scores; `best` and `second` are the features of the first two."""

    matrix: Matrix
    owners: NDArray[np.int32]
    order: tuple[int, ...] = ()
    points: tuple[float, ...] = ()
    best: dict[str, float] | None = None
    second: dict[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """Probabilities: that the best procedure, or the best question, is meant; that any entry is."""

    top: float
    question: float
    in_domain: float


class Searcher:
    """Searches one index for one office; read-only, so safe for any number of threads."""

    def __init__(
        self, index: Index, lexicon: Lexicon, profile: OfficeProfile | None = None, *, learnt: Meaning | None = None
    ) -> None:
        self.weights: Weights = load_weights()
        self.index = index
        self.lexicon = lexicon
        self.provinces = Provinces(lexicon.provinces)
        self.places = Places.shipped(lexicon.provinces)
        self._ordinary = SpokenOf(index)
        self.features = Features(index)
        self.measure = Measure(index, learnt or load_meaning())
        counts = {word: int(index.counts[n]) for word, n in index.folded.items()}
        spoken = np.unique(index.phrases.folded)
        syllables = list(index.folded)
        said = {syllables[n] for n in spoken[spoken >= 0].tolist()}
        self._spoken = load_spoken()
        marked = {*index.accented, *self._spoken.marked}
        self.speller = Speller(counts, lexicon.syllables | said, marked, self._spoken.single, self._pairs)
        self.together = _together(index.phrases.text, lexicon)
        self.is_question = np.asarray([ref.startswith(FAQ_PREFIX) for ref in index.facts.ref], dtype=bool)
        self.own = self.provinces.short(profile.province) if profile else ""
        self.by_profile = self._gains(profile) if profile and profile.known else np.zeros(len(index))
        names = sorted(set(index.facts.province))
        self._province = np.asarray([names.index(name) for name in index.facts.province], dtype=np.int32)
        self._province_numbers = {name: n for n, name in enumerate(names)}
        fields = {name: n for n, name in enumerate(sorted(set(index.facts.field)))}
        self.fields = np.asarray([fields[name] for name in index.facts.field], dtype=np.int32)

    def understand(self, text: str) -> Query:
        """The words of a message, mended with the syllables of this base."""
        return understand(text, self.lexicon, self.speller.mended, self.together, self.placed)

    def _pairs(self, one: str, other: str) -> int:
        """How often two folded syllables stand side by side in names, phrases and what people ask."""
        count = self._spoken.pairs.get((one, other), 0)
        first, second = self.index.folded.get(one, -1), self.index.folded.get(other, -1)
        if first < 0 or second < 0:
            return count
        key = np.asarray([first * PAIR + second], dtype=np.int64)
        return count + sum(self.index.views[name].frequency(key) for name in ("name_pairs", "phrase_pairs"))

    def placed(self, words: Sequence[Word], accents: bool) -> Placed:
        """The words of a message with its places set apart."""
        return self.places.mark(words, accents=accents, ordinary=self._ordinary)

    def asked(self, query: Query, *, only: Query | None = None) -> Asked:
        """What a query says beside its words; operations are taken from `only` where it is given."""
        said, official = query.text, " . ".join(expansion.text for expansion in query.expansions)
        doing = only or query
        done = operations(_without_parts(doing), accents=doing.accents)
        if not done:
            done |= operations(" . ".join(expansion.text for expansion in doing.expansions))
        return Asked(
            operations=done,
            qualifiers=qualifiers(said, accents=query.accents) | qualifiers(official),
            people=people(said, accents=query.accents),
            levels=levels(said, accents=query.accents),
            ages=ages(said),
            provinces=query.provinces,
            text=fold(" ".join(word.surface for word in query.words if not word.filler)),
        )

    def read(self, query: Query, asked: Asked) -> Reading:
        """What every document and phrase has to do with a message."""
        both = terms(query, self.index, expanded=True), terms(query, self.index, expanded=False)
        found = scores(*both, self.index)
        said = phrase_scores(*both, self.index)
        best_said = best_phrases(said, self.index)
        near = self.measure.message(*both)
        strengths = [
            tuple(float(score[kind].max(initial=0.0)) for score in (*found, best_said, near.names[:, 0]))
            for kind in (~self.is_question, self.is_question)
        ]
        return Reading(query, asked, both, found, said, best_said, near, (strengths[0], strengths[1]))

    def candidates(self, reading: Reading) -> Ranked:
        """The procedures worth ranking with the features of their titles, not yet in order."""
        asked = reading.asked
        allowed = ~self.is_question
        if self.own or asked.provinces:
            open_to = [self._province_numbers.get(name, -1) for name in ("", self.own, *asked.provinces)]
            allowed &= np.isin(self._province, open_to)
        worth = self._worth(reading, allowed)
        if asked.provinces:
            numbers = [self._province_numbers.get(name, -1) for name in asked.provinces]
            worth += NAMED_PROVINCE * (np.isin(self._province, numbers) & (worth > 0))
        documents, near = self._nearest(reading, worth, LOOKED_AT, CANDIDATES)
        comparer = self.features.comparer
        said = fits(comparer, best_rows(comparer, documents, reading.said), reading.said, *reading.terms)
        owners = self.index.titles.document[self.features.rows_of(documents)[0]]
        matrix = self.features.matrix(
            documents, reading.terms, reading.scores, said, near, reading.query.expansions, asked
        )
        return Ranked(matrix, owners)

    def ranked(self, reading: Reading, *, field_of: int | None = None) -> Ranked:
        """Procedures in order. field_of: number of the document whose field the conversation is in."""
        return self.in_order(self.candidates(reading), field_of=field_of)

    def in_order(self, found: Ranked, *, field_of: int | None = None) -> Ranked:
        """The candidates by their weights."""
        owners = found.owners
        if not len(owners):
            return found
        gains = self.weights.of_procedures(found.matrix) + self.by_profile[owners]
        if field_of is not None:
            gains = gains + SAME_FIELD * (self.fields[owners] == self.fields[field_of])
            gains = gains + SAME_ENTRY * (owners == field_of)
        best_row: dict[int, int] = {}
        for at, owner in enumerate(owners.tolist()):
            if owner not in best_row or gains[at] > gains[best_row[owner]]:
                best_row[owner] = at
        order = sorted(best_row, key=lambda owner: (-gains[best_row[owner]], owner))
        kept: dict[tuple[str, Level], int] = {}
        for owner in order:
            kept.setdefault((fold(self.index.facts.title[owner]), self.index.facts.level[owner]), owner)
        order = list(kept.values())
        points = tuple(float(gains[best_row[owner]]) for owner in order)
        first, *others = (named(FEATURES, found.matrix[best_row[owner]]) for owner in order[:2])
        return Ranked(found.matrix, owners, tuple(order), points, first, others[0] if others else None)

    def questions(self, reading: Reading) -> Ranked:
        """Questions of the FAQ base in order."""
        return self.questions_in_order(self.question_candidates(reading))

    def question_candidates(self, reading: Reading) -> Ranked:
        """The questions of the FAQ base worth ranking, not yet in order."""
        documents, near = self._nearest(
            reading, self._worth(reading, self.is_question), QUESTIONS_LOOKED_AT, QUESTION_CANDIDATES
        )
        rows = best_rows(self.features.comparer, documents, reading.said)
        documents, near, rows = documents[rows >= 0], near[rows >= 0], rows[rows >= 0]
        matrix = self.features.question_matrix(
            documents, rows, reading.said, near, reading.terms, reading.scores, reading.asked
        )
        return Ranked(matrix, documents.astype(np.int32))

    def questions_in_order(self, found: Ranked) -> Ranked:
        """The questions by their weights."""
        points = self.weights.of_questions(found.matrix)
        order = np.lexsort((found.owners, -points))
        first, second = [*(named(QUESTION_FEATURES, row) for row in found.matrix[order[:2]]), None, None][:2]
        in_order = tuple(found.owners[order].tolist()), tuple(points[order].tolist())
        return Ranked(found.matrix, found.owners, *in_order, first, second)

    def _worth(self, reading: Reading, allowed: NDArray[np.bool_]) -> Matrix:
        expanded, original = reading.scores
        words = blended((expanded, 1.0), (original, ORIGINAL_SHARE), (reading.best_said, SAID_SHARE), allowed=allowed)
        return words + NAME_SHARE * np.where(allowed, np.maximum(reading.near.names[:, 0], 0.0), 0.0)

    def _nearest(self, reading: Reading, worth: Matrix, looked_at: int, most: int) -> tuple[Ints, Matrix]:
        """The documents worth most when their phrases are looked at too, best first, and NEAR of each."""
        documents = best(worth, looked_at)
        said = self.measure.said(reading.near, documents)
        value = worth[documents] + PHRASE_SHARE * np.maximum(said[:, 0], 0.0)
        order = np.lexsort((documents, -value))[:most]
        return documents[order], self.measure.features(reading.near, documents[order], said[order])

    def mass(self, query: Query, words: tuple[Word, ...] | None = None) -> float:
        """How much a message says about a subject: rarity over its subject words (or these), each once."""
        said = {word.folded: word.weight for word in (subject_words(query) if words is None else words)}
        known = {self.index.folded[word]: weight for word, weight in said.items() if word in self.index.folded}
        keys = np.fromiter(known, dtype=np.int64, count=len(known))
        rarity = np.minimum(self.index.views["names"].rarities(keys, unknown=MOST_RARITY), MOST_RARITY)
        return float((rarity * np.fromiter(known.values(), dtype=np.float64, count=len(known))).sum())

    def subject(self, query: Query, asked: Asked) -> Subject:
        """What a message says beside the conversation it stands in."""
        own = own_words(query, asked.provinces)
        named = bool(own) and any(expansion.phrase for expansion in query.expansions)
        circumstance = bool(asked.operations or asked.provinces or asked.qualifiers)
        strange = {word.folded for word in own if word.folded not in self.index.folded and well_formed(word.folded)}
        mass = self.mass(query, own) + STRANGE * len(strange)
        return Subject(mass, named, circumstance, opens_like_a_follow_up(query))

    def held(self, query: Query, document: int) -> float:
        """Share of the message's own words, by rarity, that an entry's texts hold; 1 where there are none."""
        numbers = {word.folded: self.index.folded.get(word.folded) for word in own_words(query)}
        known = {n: float(self.features.comparer.rarity[n]) for n in numbers.values() if n is not None}
        strange = STRANGE * sum(n is None and well_formed(word) for word, n in numbers.items())
        total = sum(known.values()) + strange
        within = sum(worth for n, worth in known.items() if self.index.holds(document, n))
        return within / total if total > 0 else 1.0

    def judge(self, reading: Reading, found: Ranked, questions: Ranked) -> Judgement:
        """How sure it may be said that one of these entries is meant."""
        signs = self.signs(reading, found, questions)
        asked = probability(signs, self.weights.question) if questions.order else 0.0
        signs["rival"] = asked
        top = probability(signs, self.weights.top) if found.order else 0.0
        in_domain = probability(signs, self.weights.in_domain) if found.order or questions.order else 0.0
        return Judgement(top, asked, in_domain)

    def signs(self, reading: Reading, found: Ranked, questions: Ranked) -> dict[str, float]:
        """What confidence is judged by, all but "rival"."""
        points = [*found.points[:4], *[found.points[-1] - 1.0 if found.points else 0.0] * 4][:4]
        query = reading.query
        ratios = [math.log((asked + 1) / (other + 1)) for other, asked in zip(*reading.strengths, strict=True)]
        rivals = [*questions.points[:2], 0.0, 0.0][:2]
        features, said = found.best or {}, questions.best or {}
        second, other = found.second or {}, questions.second or {}
        subject = subject_words(query)
        unknown = sum(word.folded not in self.index.folded for word in subject)
        return {
            "constant": 1.0,
            "top": points[0],
            "lead": points[0] - points[1],
            "lead_third": points[0] - points[3],
            "title": features.get("title_expanded", 0.0),
            "asked": features.get("query_expanded", 0.0),
            "mass": min(self.mass(query), 40.0) / 10,
            "unknown": unknown / max(len(subject), 1),
            "phrase": features.get("phrase", 0.0),
            "bm25": math.log1p(max(reading.strengths[0][0], reading.strengths[1][0])) / 4,
            "outside": min(query.outside, 4) / 2,
            "own": features.get("query_original", 0.0),
            "said": features.get("said_both", 0.0),
            "uncovered": features.get("uncovered", 0.0),
            "share": max(shares(found.points), default=0.0),
            "start": features.get("title_start", 0.0),
            "said_share": features.get("said_row", 0.0),
            "alike": features.get("likeness", 0.0),
            "no_operation": features.get("no_operation", 0.0),
            "only_special": features.get("only_special", 0.0),
            "parts": math.log1p(len(query.words)),
            **dict(zip(RATIOS, ratios, strict=True)),
            "near_name": features.get("near_name", 0.0),
            "near_said": features.get("near_said", 0.0),
            "near_question": said.get("near", 0.0),
            "apart": features.get("apart_all", 0.0),
            **{sign: features.get(name, 0.0) - second.get(name, 0.0) for sign, name in LEADS.items()},
            "question_top": rivals[0],
            "question_lead": rivals[0] - rivals[1],
            "part_asked": float(bool(parts_asked(query.text, accents=query.accents))),
            **{name: said.get(name, 0.0) for name in ("said_row", "said_query", "said_both", "said_row_pairs")},
            "likeness": said.get("likeness", 0.0),
            **{sign: said.get(name, 0.0) - other.get(name, 0.0) for sign, name in QUESTION_LEADS.items()},
        }

    def _gains(self, profile: OfficeProfile) -> NDArray[np.float64]:
        facts = self.index.facts
        agencies = [fold(agency) for agency in profile.agencies if agency]
        fields = {fold(field) for field in profile.fields}
        gains = np.zeros(len(self.index))
        for n in range(len(self.index)):
            folded = fold(facts.agency[n])
            gains[n] += OWN_LEVEL * (profile.level is not Level.UNKNOWN and facts.level[n] is profile.level)
            gains[n] += OWN_AGENCY * any(agency in folded for agency in agencies)
            gains[n] += OWN_FIELD * (fold(facts.field[n]) in fields)
            gains[n] += OWN_PROVINCE * bool(self.own and facts.province[n] == self.own)
        return gains


def _without_parts(query: Query) -> str:
    """The message without the words that ask for a part: "mất mấy ngày" speaks of no loss."""
    kept = without_aspects([word.surface for word in query.words], accents=query.accents)
    return " ".join(word.surface for word, keep in zip(query.words, kept, strict=True) if keep)


def _together(phrases: Sequence[str], lexicon: Lexicon) -> frozenset[tuple[str, str]]:
    """Neighbours in phrases of the base of which one looks like chat spelling: "e visa" is meant so."""
    found: set[tuple[str, str]] = set()
    for phrase in phrases:
        syllables = tokens(phrase)
        if not lexicon.teencode.keys().isdisjoint(syllables):
            found.update(pair for pair in itertools.pairwise(syllables) if not lexicon.teencode.keys().isdisjoint(pair))
    return frozenset(found)
