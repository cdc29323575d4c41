"""Understands the words of one message: spelling, fillers, purpose, negation and everyday phrases."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from knowledge.keyboard import untelexed
from knowledge.lexicon import Lexicon
from knowledge.phrases import expand, expansion, in_phrase, outside, situations
from knowledge.places import Placed
from knowledge.syllables import (
    PUNCTUATION,
    Expansion,
    Typed,
    Word,
    as_words,
    at,
    end_clause,
    fixed,
    listed_at,
    pieces,
    typed_with_accents,
    word,
)
from knowledge.text import clean, words

LONGEST_TEXT = 600
LONGEST_QUERY = 120
"""Characters and syllables of a message that are read: nobody needs more to say what they want."""
FILLER_WEIGHT = 0.1
PURPOSE_WEIGHT = 0.5
ALTERNATIVE_WEIGHT = 0.3
"""Weight of each meaning of an ambiguous abbreviation, and of the standard word for a word of dialect."""

_NEGATIONS = (
    *map(fixed, ("không phải là", "không phải", "đâu phải là", "đâu phải", "không có hỏi", "không hỏi", "không nói")),
    *map(fixed, ("đừng nhầm với", "đừng nhầm", "đừng nói")),
)
_ASKS = frozenset({"khong", "a", "ha", "chua", "nhi", "sao", "ta"})
_NEGATION_ENDS = tuple(map(fixed, ("mà", "chứ", "nhưng", "tôi", "em", "mình", "tui", "ý")))
_ASKED_NOT_DENIED = fixed("có")
_RESTATED = tuple(
    map(fixed, ("ý tôi là", "ý em là", "ý mình là", "ý tui là", "ý tôi muốn", "ý em muốn", "ý tôi hỏi", "ý là"))
)
_ORDINALS = tuple(map(fixed, ("cái thứ", "cái số", "câu thứ", "câu số")))
_PLACES = frozenset({"nhat", "hai", "ba", "tu", "bon", "nam", "1", "2", "3", "4", "5"})
_PURPOSE, _LEAVE = fixed("để"), fixed("lại")
_LONGEST_NEGATED = 8
_LONGEST_PURPOSE = 10
_LONGEST_FILLER = 6

Repair = Callable[[Sequence[Typed]], list[tuple[str, ...]]]
"""What each folded syllable of a message is read as: itself, or one or more known ones."""
Placing = Callable[[Sequence[Word], bool], Placed]
"""Sets the places of a message, typed with accents or not, apart from its subject."""


@dataclass(frozen=True, slots=True)
class Query:
    """A message as the search sees it.

    text: cleaned, lower-case, chat spelling resolved; accents: typed with accents;
    compounds: positions n where words[n] and words[n + 1] are inside one underthesea word;
    restated: only the part after "ý tôi là" is left; outside: syllables of matters that no office settles;
    provinces: those that the message names, or that lie around a commune it names;
    denied: the message says no more than what the citizen does not mean.
    """

    text: str
    words: tuple[Word, ...]
    expansions: tuple[Expansion, ...] = ()
    accents: bool = False
    compounds: frozenset[int] = frozenset()
    restated: bool = False
    outside: int = 0
    provinces: frozenset[str] = frozenset()
    denied: bool = False


def understand(
    text: str,
    lexicon: Lexicon,
    repair: Repair,
    together: Collection[tuple[str, str]] = frozenset(),
    placed: Placing | None = None,
) -> Query:
    """Reads one message. Never raises on any text.

    together: pairs of syllables that stand as they are
    typed though one of them might be chat spelling.
    """
    typed = untelexed(pieces(clean(text[: LONGEST_TEXT * 4])[:LONGEST_TEXT])[: LONGEST_QUERY * 2])
    accents = typed_with_accents(typed)
    spelled, alternatives = _spell(typed, lexicon, accents, together)
    spelled = _repair(spelled[:LONGEST_QUERY], repair)
    restated = _restated(spelled, accents)
    spelled = _weigh_fillers(spelled[restated:], lexicon, accents)
    where = placed(spelled, accents) if placed else Placed(spelled)
    spelled, denied = _negate(_weigh_purpose(where.words, accents), accents)
    spelled, expansions = expand(spelled, lexicon, accents)
    told = situations(" ".join(said.surface for said in spelled if said.weight), lexicon, accents)
    return Query(
        text=" ".join(said.surface for said in spelled),
        words=tuple(spelled),
        expansions=(*expansions, *told, *alternatives),
        accents=accents,
        compounds=_compounds(spelled) if accents else frozenset(),
        restated=restated > 0,
        outside=outside(spelled, lexicon, accents),
        provinces=where.provinces,
        denied=denied,
    )


def _spell(
    typed: list[str], lexicon: Lexicon, accents: bool, together: Collection[tuple[str, str]]
) -> tuple[list[Word], list[Expansion]]:
    """Chat spelling and abbreviations written out; ambiguous ones become alternatives."""
    spelled: list[Word] = []
    alternatives: list[Expansion] = []
    listed = _listed(typed, lexicon, accents, together)
    for position, piece in enumerate(typed):
        if piece in PUNCTUATION:
            end_clause(spelled)
            continue
        meanings = lexicon.abbreviations.get(piece, ())
        if position in listed:
            spelled.append(word(piece))
        elif piece in lexicon.teencode:
            spelled += as_words(lexicon.teencode[piece])
        elif len(meanings) == 1:
            spelled += as_words(meanings[0])
        elif accents and piece in lexicon.dialect:
            standard = as_words(lexicon.dialect[piece])
            if all((said.folded,) in lexicon.fillers for said in standard):
                spelled += standard
                continue
            alternatives.append(expansion((*spelled[-1:], *standard), (piece,), ALTERNATIVE_WEIGHT))
            spelled.append(word(piece))
        else:
            spelled.append(word(piece))
            alternatives += [expansion(as_words(meaning), (piece,), ALTERNATIVE_WEIGHT) for meaning in meanings]
    return spelled, alternatives


def _listed(typed: list[str], lexicon: Lexicon, accents: bool, together: Collection[tuple[str, str]]) -> frozenset[int]:
    """Positions inside a phrase that is written with what would else be chat spelling ("form e")."""
    raw = [word(piece) for piece in typed]
    pairs = {n for n in range(len(typed) - 1) if (typed[n], typed[n + 1]) in together}
    short = [n for n, piece in enumerate(typed) if piece in lexicon.teencode]
    return frozenset(n for n in short if n in pairs or n - 1 in pairs or in_phrase(raw, n, lexicon, accents))


def _repair(spelled: list[Word], repair: Repair) -> list[Word]:
    """Mends what is no word, or stands where nobody says it."""
    typed = [Typed(said.folded, said.accented, said.ends_clause) for said in spelled]
    mended: list[Word] = []
    for said, read in zip(spelled, repair(typed), strict=True):
        mended += [said] if read == (said.folded,) else [word(part) for part in read]
        if said.ends_clause:
            end_clause(mended)
    return mended


def _restated(spelled: list[Word], accents: bool) -> int:
    for start in range(len(spelled) - 2, -1, -1):
        for sequence in _RESTATED:
            if at(spelled, start, sequence, accents) and len(spelled) > start + len(sequence):
                return start + len(sequence)
    return 0


def _weigh_fillers(spelled: list[Word], lexicon: Lexicon, accents: bool) -> list[Word]:
    weighed = list(spelled)
    folded = tuple(said.folded for said in spelled)
    start = 0
    while start < len(spelled):
        for length in range(min(_LONGEST_FILLER, len(spelled) - start), 0, -1):
            if listed_at(spelled, folded, start, length, lexicon.fillers, accents):
                for n in range(start, start + length):
                    weighed[n] = replace(spelled[n], weight=FILLER_WEIGHT, filler=True)
                start += length
                break
        else:
            said = spelled[start]
            if len(said.folded) == 1 and not said.folded.isdigit():
                weighed[start] = replace(said, weight=FILLER_WEIGHT, filler=True)
            start += 1
    return _without_ordinals(weighed, accents)


def _without_ordinals(spelled: list[Word], accents: bool) -> list[Word]:
    """ "Cái thứ hai" at the beginning says which of a list, nothing about a subject."""
    for start in range(min(len(spelled) - 2, 3)):
        for sequence in _ORDINALS:
            end = start + len(sequence)
            if at(spelled, start, sequence, accents) and spelled[end].folded in _PLACES:
                faded = [replace(said, weight=FILLER_WEIGHT, filler=True) for said in spelled[start : end + 1]]
                return [*spelled[:start], *faded, *spelled[end + 1 :]]
    return spelled


def _weigh_purpose(spelled: list[Word], accents: bool) -> list[Word]:
    """What comes after "để" says what the paper is for, not which paper."""
    weighed = list(spelled)
    for start in range(2, len(spelled)):
        if at(spelled, start, _PURPOSE, accents) and not at(spelled, start + 1, _LEAVE, accents):
            for n in range(start + 1, min(start + 1 + _LONGEST_PURPOSE, len(spelled))):
                weighed[n] = replace(spelled[n], weight=spelled[n].weight * PURPOSE_WEIGHT)
                if spelled[n].ends_clause:
                    break
    return weighed


def _negate(spelled: list[Word], accents: bool) -> tuple[list[Word], bool]:
    """Words that the citizen says they do not mean count nothing, unless nothing else would be left.

    Also whether nothing else is left; a question ("không phải nộp phí à") denies nothing.
    """
    negated: set[int] = set()
    for start in range(len(spelled)):
        sequence = next((s for s in _NEGATIONS if at(spelled, start, s, accents)), None)
        if sequence is None or (start and at(spelled, start - 1, _ASKED_NOT_DENIED, accents)):
            continue
        first = start + len(sequence)
        if spelled[first - 1].ends_clause:
            continue
        for n in range(first, min(first + _LONGEST_NEGATED, len(spelled))):
            if any(at(spelled, n, end, accents) for end in _NEGATION_ENDS):
                break
            negated.add(n)
            if spelled[n].ends_clause:
                break
    left = [n for n, said in enumerate(spelled) if n not in negated and not said.filler]
    if not negated or not left:
        return spelled, bool(negated) and spelled[-1].folded not in _ASKS
    return [replace(said, weight=0.0) if n in negated else said for n, said in enumerate(spelled)], False


def _compounds(spelled: list[Word]) -> frozenset[int]:
    """Positions whose syllable is tied to the next one by underthesea's word model."""
    tied: set[int] = set()
    position = 0
    for compound in words(" ".join(said.surface for said in spelled)):
        size = compound.count("_") + 1
        tied.update(range(position, position + size - 1))
        position += size
    return frozenset(n for n in tied if n + 1 < len(spelled))
