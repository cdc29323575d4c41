"""How much of two names or questions is the same, for people who decide whether they mean the same."""

from knowledge.text import fold, tokens

EMPTY_WORDS = frozenset({"thu", "tuc", "hanh", "chinh"})
"""Syllables that say nothing about which procedure is meant."""


def likeness(one: str, other: str) -> float:
    """0..1: shared syllables of all syllables, accents aside."""
    first, second = _words(one), _words(other)
    return round(len(first & second) / len(first | second), 2) if first | second else 0.0


def _words(name: str) -> set[str]:
    return set(tokens(fold(name))) - EMPTY_WORDS
