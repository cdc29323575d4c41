"""Personal numbers in a text: found and masked before anything is stored."""

import re

MASK = "•••"

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PROCEDURE_CODE = re.compile(r"(?<![\d.])[1-9]\.\d{6}(?:\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d+)?(?![\d.])")
_LONG_NUMBER = re.compile(r"(?<!\d)\+?\d(?:[\s.\-]?\d){7,}(?!\d)")
_LETTERED = re.compile(r"(?<!\w)[A-Za-z]{1,3}\d{6,10}(?!\w)")
_MONEY = re.compile(r"\s*(?:đồng|đ(?!/)|vnđ|vnd|triệu|tỷ|tỉ)\b", re.IGNORECASE)
_DATE = re.compile(r"\d{1,2}[\s.\-]\d{1,2}[\s.\-]\d{4}")
_SERVICE_LINE = re.compile(r"1[89]00(?:[\s.\-]?\d{4}|[\s.\-]\d{2,3}[\s.\-]?\d{3,4}|[\s.\-]?\d{6})")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")


def masked(text: str) -> str:
    """The text with e-mail addresses and identity, phone, account and passport numbers replaced by "•••".

    Procedure codes, dates and sums of money stay. A number counts as personal from 8 digits on.
    """
    hidden = _LETTERED.sub(MASK, _EMAIL.sub(MASK, text))
    kept: list[str] = []
    position = 0
    for code in _PROCEDURE_CODE.finditer(hidden):
        kept += [_without_numbers(hidden[position : code.start()]), code[0]]
        position = code.end()
    return "".join([*kept, _without_numbers(hidden[position:])])


def _without_numbers(text: str) -> str:
    return _LONG_NUMBER.sub(lambda match: match[0] if _is_harmless(text, match) else MASK, text)


def _is_harmless(text: str, match: re.Match[str]) -> bool:
    number = match[0]
    if _DATE.fullmatch(number) or _SERVICE_LINE.fullmatch(number):
        return True
    if number.startswith("0"):
        return False
    return bool(_MONEY.match(text, match.end()) or _GROUPED.fullmatch(number))
