"""What a published fee line still says today: its figure and its words without what has ended."""

import re
from dataclasses import replace
from datetime import date

from knowledge.clauses import Clause, find_clauses, in_force
from knowledge.entries import Fee

_FIGURE = re.compile(
    r"(\d{1,3}(?:[.,]\d{3})+)(?!\d)|(\d+(?:,\d+)?)\s*(triệu|nghìn|ngàn)|(?<![\d/])(\d{4,})\s*(?:đ|vnđ)\b", re.IGNORECASE
)
_UNITS = {"triệu": 1_000_000, "nghìn": 1_000, "ngàn": 1_000}
_STILL_SAYS = re.compile(
    r"miễn|không (?:thu|quy định|phải)|quy định|hội đồng nhân dân|hđnd|biểu (?:phí|mức)", re.IGNORECASE
)
_GENERAL = re.compile(r"mi[ễe]n|nêu\s+trên", re.IGNORECASE)


def figures(text: str) -> frozenset[int]:
    """Amounts in dong that a text names ("150.000", "1,5 triệu"); percentages and document numbers are not."""
    found = set()
    for grouped, number, unit, plain in _FIGURE.findall(text):
        if number:
            found.add(round(float(number.replace(",", ".")) * _UNITS[unit.lower()]))
        else:
            found.add(int(re.sub(r"[.,]", "", grouped or plain)))
    return frozenset(found)


def fee_in_force(fee: Fee, today: date) -> Fee | None:
    """The fee line as it holds today; None where it has ended as a whole.

    A figure goes with the clause that sets it. It stays where the ended clause was an exemption from it or set
    another amount for a time; it goes where a rule with another amount has begun since.
    """
    clauses = find_clauses(fee.text)
    begun = [c for c in clauses if _takes_over(c, today)]
    if begun:
        return Fee(text=" ".join(clause.text.strip(" ()") for clause in begun))
    ended = [clause for clause in clauses if clause.ended(today)]
    text = in_force(fee.text, today)
    if not ended:
        return replace(fee, text=text)
    amount = fee.amount if _amount_remains(fee.amount, ended, text) else None
    if amount is None and not (figures(text) or _STILL_SAYS.search(text)):
        return None
    return Fee(amount=amount, text=text)


def _takes_over(clause: Clause, today: date) -> bool:
    """A rule "from ... on" with an amount of its own that has begun."""
    open_ended = clause.start is not None and clause.end is None
    return open_ended and not clause.pending(today) and clause.own_rule and bool(figures(clause.text))


def _amount_remains(amount: int | None, ended: list[Clause], text: str) -> bool:
    if amount is None:
        return False
    said = frozenset().union(*(figures(clause.text) for clause in ended))
    if amount in figures(text):
        return True
    if said:
        return amount not in said
    if all(_GENERAL.search(_rule_only(clause.text)) for clause in ended):
        return True
    return not figures(text) and amount == 0


def _rule_only(text: str) -> str:
    """The clause without the title of the circular it cites (which often speaks of exemptions)."""
    return re.sub(r"quy\s+định\s+(?:về\s+)?mức\s+thu.*", "", text, flags=re.IGNORECASE | re.DOTALL)
