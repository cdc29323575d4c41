"""Vietnamese text: cleaning, folding, tone placement and words (the only underthesea import)."""

import functools
import re
import unicodedata

LONGEST_SEGMENTED = 2000
"""Characters given to underthesea at most: its regular expressions are quadratic on some inputs."""

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours and moves of a terminal
    r"|\x1b[\]PX^_][^\x07\x1b]{0,200}(?:\x07|\x1b\\)"  # titles and addresses
    r"|\x1b(?:[()#][0-9AB]|[=>78])"
)
_ANSI_LEFT = re.compile(r"\[(?:0|\d{1,2}(?:;\d{1,3})+|[349][0-7]|10[0-7])m(?!\])")
"""What stays of a colour where something on the way has taken the escape character away."""
_TOKEN = re.compile(r"[^\W_]+")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n\s*\n+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def clean(text: str) -> str:
    """One line of composed (NFC) text without control, zero-width or surrogate characters.

    Escapes that colour a terminal go whole, so that no piece of them becomes a word.
    """
    return " ".join(clean_block(text).split())


def clean_block(text: str) -> str:
    """Like `clean`, but keeps line ends (blank lines collapsed); for texts shown to people."""
    kept = _ANSI.sub(" ", text).replace("\r\n", "\n").replace("\r", "\n").translate(_VISIBLE)
    composed = unicodedata.normalize("NFC", _ANSI_LEFT.sub(" ", kept))
    lines = (_SPACES.sub(" ", line).strip() for line in composed.split("\n"))
    return _BLANK_LINES.sub("\n", "\n".join(lines)).strip()


def _visible(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in _INVISIBLE:
        return character
    return " " if unicodedata.category(character) == "Cc" else ""


class _Visibility(dict[int, str]):
    def __missing__(self, key: int) -> str:
        self[key] = value = _visible(chr(key))
        return value


_VISIBLE = _Visibility()


@functools.cache
def _folded(character: str) -> str:
    decomposed = unicodedata.normalize("NFD", character.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("đ", "d")


class _Folding(dict[int, str]):
    def __missing__(self, key: int) -> str:
        self[key] = value = _folded(chr(key))
        return value


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Lower-case text without any accent, đ included: the form in which spellings are compared."""
    return text.translate(_FOLDING)


def tokens(text: str) -> list[str]:
    """Syllables, numbers and abbreviations of a text, lower-cased, accents kept."""
    return _TOKEN.findall(text.lower())


def term(token: str) -> str:
    """What a token is compared by: its canonical spelling, a number without leading zeros."""
    return (token.lstrip("0") or "0") if token.isdecimal() else canonical(token)


@functools.lru_cache(maxsize=65536)
def canonical(syllable: str) -> str:
    """A syllable with its tone mark moved to the end, so that "hoà" and "hòa" are the same."""
    decomposed = unicodedata.normalize("NFD", syllable)
    tones = [c for c in decomposed if c in _TONES]
    if not tones:
        return syllable
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES)) + tones[0]


def words(text: str) -> list[str]:
    """underthesea's words of a cleaned text, lower-cased, syllables joined by "_"; [] for blank text.

    Useful on accented text only; longer texts are cut at LONGEST_SEGMENTED characters.
    """
    from underthesea import word_tokenize

    line = clean(text)[:LONGEST_SEGMENTED].lower()
    return [word.replace(" ", "_") for word in word_tokenize(line)] if line else []


def warm_up() -> None:
    """Loads the word model; call once before any thread asks for words (its first call races)."""
    words("đăng ký khai sinh")
