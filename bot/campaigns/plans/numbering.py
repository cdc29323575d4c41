"""The numbers and bullets that Word writes before paragraphs by itself, which stand nowhere in their text."""

import re
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BULLET = "-"
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


class Numbering:
    """The lists of one document, counted in reading order."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._abstract: dict[str, str] = {}
        self._styles: dict[str, Any] = {}
        self._read(document)

    def of(self, paragraph: Any) -> str:
        """What is written before this paragraph: "1.", "a)", "-"; "" for none. Counts it."""
        found = paragraph.find(f"{W}pPr/{W}numPr")
        if found is None:
            style = paragraph.find(f"{W}pPr/{W}pStyle")
            found = self._styles.get(style.get(f"{W}val", "")) if style is not None else None
        if found is None:
            return ""
        list_id, level = _value(found.find(f"{W}numId")), _value(found.find(f"{W}ilvl")) or "0"
        abstract = self._abstract.get(list_id, "")
        place = int(level) if level.isdecimal() and int(level) < 9 else 0
        if list_id in ("", "0") or (abstract, place) not in self._levels:
            return ""
        form, pattern, start = self._levels[abstract, place]
        self._counts[abstract, place] = self._counts.get((abstract, place), start - 1) + 1
        for deeper in range(place + 1, 9):
            self._counts.pop((abstract, deeper), None)
        if form == "bullet":
            return BULLET
        return re.sub(r"%([1-9])", lambda one: self._shown(abstract, int(one[1]) - 1), pattern)

    def _shown(self, abstract: str, level: int) -> str:
        form, _, start = self._levels.get((abstract, level), ("decimal", "", 1))
        return _written(form, self._counts.get((abstract, level), start))

    def _read(self, document: Any) -> None:
        for style in document.styles.element.iter(f"{W}style"):
            found = style.find(f"{W}pPr/{W}numPr")
            if found is not None:
                self._styles[style.get(f"{W}styleId", "")] = found
        parts = (
            one for one in document.part.rels.values() if one.reltype.endswith("/numbering") and not one.is_external
        )
        part = next(parts, None)
        if part is None:
            return
        root = part.target_part.element
        for abstract in root.iter(f"{W}abstractNum"):
            name = abstract.get(f"{W}abstractNumId", "")
            for level in abstract.iter(f"{W}lvl"):
                number, start = level.get(f"{W}ilvl", "0"), _value(level.find(f"{W}start"))
                form, pattern = _value(level.find(f"{W}numFmt")), _value(level.find(f"{W}lvlText"))
                begins = int(start) if start.isdecimal() else 1
                self._levels[name, int(number) if number.isdecimal() else 0] = (form or "decimal", pattern, begins)
        for one in root.iter(f"{W}num"):
            self._abstract[one.get(f"{W}numId", "")] = _value(one.find(f"{W}abstractNumId"))


def _value(node: Any) -> str:
    return "" if node is None else str(node.get(f"{W}val", ""))


def _written(form: str, number: int) -> str:
    if form in ("lowerLetter", "upperLetter") and 1 <= number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman") and 1 <= number < 40:
        made, left = "", number
        for value, sign in _ROMAN:
            made, left = made + sign * (left // value), left % value
        return made if form == "upperRoman" else made.lower()
    return str(number)
