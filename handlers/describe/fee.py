"""“Hết bao nhiêu tiền?” — the fee of each channel as it holds today."""

import re
from collections.abc import Iterator
from datetime import date

from handlers.describe.asked import Asked
from handlers.describe.office import ask_there
from handlers.describe.wording import UNLIMITED, bulleted, channels, dong, merged, one_line, shorten
from knowledge.charges import fee_in_force, figures
from knowledge.clauses import find_clauses, last_day
from knowledge.entries import Fee, SubmissionChannel

FREE = "Miễn phí"
MANY_LINES = 6
"""From more fee lines than this on, the citizen is asked which case is theirs."""
_LEFT_TO_PROVINCE = re.compile(r"HĐND|hội đồng nhân dân", re.IGNORECASE)
_NOTHING_CHARGED = re.compile(r"không\b|chưa (?:có|thu|quy định)|miễn", re.IGNORECASE)
_OTHER_RATE = re.compile(r"áp dụng mức", re.IGNORECASE)
_INNER_MARK = re.compile(r"([.;:])\s*[-+*]+\s+")
_UNIT = re.compile(r"\s*(?:vnđ|đồng|đông|đ)\b\s*(?=[/(]|$)|\s*(?=/)", re.IGNORECASE)


def paragraph(asked: Asked, room: int) -> str:
    """The fees, channels that charge the same on one line; says so where nothing (in force) is recorded."""
    local = asked.local(asked.overlay.fee) if asked.overlay else ""
    said = _by_channel(asked)
    if not said:
        return "\n".join(filter(None, (_not_recorded(asked), local, ask_there(asked))))
    if asked.case is not None:
        lines = list(cases(asked))
        chosen = lines[asked.case - 1] if 0 < asked.case <= len(lines) else ""
        if chosen:
            return "\n".join(filter(None, (f"Phí, lệ phí:\n• {shorten(chosen, room)}", local)))
    body = _listed(said, asked, room)
    vague = not any(
        figures(text) or text == FREE or (_NOTHING_CHARGED.search(text[:60]) and "không rõ" not in text)
        for _, texts in said
        for text in texts
    )
    ask = f"Dữ liệu công bố không ghi số tiền cụ thể. {ask_there(asked)}" if vague and not local else ""
    return "\n".join(filter(None, (body, _gone(asked, said), local, ask)))


def brief(asked: Asked) -> str:
    """The fee in a few words for a card: "20.000 đồng (trực tiếp)", "chưa ghi trong dữ liệu công bố"."""
    said = _by_channel(asked)
    if not said:
        return "chưa ghi trong dữ liệu công bố"
    if len(said) == 1 and len(said[0][1]) == 1:
        return _amount_first(said[0][1][0], 110)
    if all(len(texts) == 1 for _, texts in said):
        return "; ".join(f"{_amount_first(texts[0], 70)} ({channels(names).lower()})" for names, texts in said)
    return "có nhiều mức, tùy trường hợp"


def cases(asked: Asked) -> Iterator[str]:
    """The different fee lines of all channels, in order: what a citizen may have to choose from."""
    lines = (text for _, texts in _by_channel(asked) for text in texts)
    yield from dict.fromkeys(lines)


def depends_on_case(asked: Asked) -> bool:
    """True where too many different lines are recorded to show them all."""
    return sum(len(texts) for _, texts in _by_channel(asked)) > MANY_LINES and len(list(cases(asked))) > 1


def line(fee: Fee) -> str:
    """One fee line as people read it; the figure is not said twice."""
    text = _own_words(fee.text)
    if fee.amount is None:
        return f"dữ liệu công bố ghi “{text}”" if len(text) < 30 and _NOTHING_CHARGED.match(text) else text
    if fee.amount == 0:
        return FREE
    if not text:
        return dong(fee.amount)
    if _OTHER_RATE.match(text) and fee.amount not in figures(text):
        return f"{text[0].upper()}{text[1:]} (mức chung {dong(fee.amount)})"
    if fee.amount in figures(text):
        return text
    unit = _UNIT.match(text)
    rest = text[unit.end() :].strip() if unit else text
    if unit and rest.startswith("/"):
        return f"{dong(fee.amount)}{rest}"
    rest = (
        rest.removeprefix("(").removesuffix(")") if rest.count("(") == rest.count(")") == 1 and rest[0] == "(" else rest
    )
    return f"{dong(fee.amount)} ({rest})" if rest else dong(fee.amount)


def of_channel(asked: Asked, channel: SubmissionChannel) -> tuple[str, ...]:
    """What this channel charges today, line by line; () where nothing in force is recorded."""
    fees = (fee_in_force(fee, asked.today) for method in asked.methods(channel) for fee in method.fees)
    known = [fee for fee in fees if fee is not None and (fee.text or fee.amount is not None)]
    lines = (line(fee) for fee in sorted(known, key=lambda fee: _when(fee, asked.today)))
    return tuple(dict.fromkeys(" ".join(text.split()) for text in lines))


def has_ended(asked: Asked, channel: SubmissionChannel) -> bool:
    """True if a published fee of this channel was limited in time and the time is over."""
    return any(last_day(fee.text, asked.today) for method in asked.methods(channel) for fee in method.fees)


def _by_channel(asked: Asked) -> list[tuple[tuple[SubmissionChannel, ...], tuple[str, ...]]]:
    """What each channel charges today; channels without a recorded fee are left out."""
    said = [(channel, "\n".join(lines)) for channel in asked.channels if (lines := of_channel(asked, channel))]
    return [(names, tuple(text.split("\n"))) for names, text in merged(said)]


def _listed(said: list[tuple[tuple[SubmissionChannel, ...], tuple[str, ...]]], asked: Asked, room: int) -> str:
    single = len(said) == 1
    if single and len(said[0][1]) == 1:
        who = "" if len(said[0][0]) == len(asked.channels) else f" ({channels(said[0][0]).lower()})"
        return f"Phí, lệ phí{who}: {shorten(said[0][1][0], room).rstrip('.')}."
    total = sum(len(texts) for _, texts in said)
    if depends_on_case(asked) and not asked.whole:
        shown = list(cases(asked))[:3]
        each = max(60, min(150, room // 4))
        return f"Phí, lệ phí có {len(list(cases(asked)))} mức, tùy trường hợp, ví dụ:\n" + bulleted(
            shorten(t, each) for t in shown
        )
    each = UNLIMITED if asked.whole else max(70, min(260, (room - 40) // total))
    if single:
        return "Phí, lệ phí:\n" + bulleted(shorten(text, each) for text in said[0][1])
    lines = []
    for names, texts in said:
        joined = [shorten(text, each) for text in texts]
        lines += (
            [f"• {channels(names)}: {joined[0]}"]
            if len(joined) == 1
            else [f"{channels(names)}:", *(f"• {t}" for t in joined)]
        )
    return "Phí, lệ phí:\n" + "\n".join(lines)


def _gone(asked: Asked, said: list[tuple[tuple[SubmissionChannel, ...], tuple[str, ...]]]) -> str:
    """Names the channels whose published fee has ended, so that nobody takes silence for "free"."""
    shown = {channel for names, _ in said for channel in names}
    lost = [channel for channel in asked.channels if channel not in shown and has_ended(asked, channel)]
    if not lost:
        return ""
    return f"{channels(lost)}: mức phí công bố đã hết thời gian áp dụng. {ask_there(asked)}"


def _not_recorded(asked: Asked) -> str:
    if any(has_ended(asked, channel) for channel in asked.channels):
        return "Mức phí, lệ phí ghi trong dữ liệu công bố đã hết thời gian áp dụng; mức hiện hành chưa được ghi."
    texts = [fee.text for method in asked.procedure.methods for fee in method.fees]
    if any(_LEFT_TO_PROVINCE.search(text) for text in texts):
        return "Mức thu do Hội đồng nhân dân cấp tỉnh quy định; dữ liệu công bố không ghi con số."
    return "Dữ liệu công bố chưa ghi phí, lệ phí của thủ tục này."


def _when(fee: Fee, today: date) -> int:
    """Order of lines: what holds for a time, what holds in general, what is to come."""
    clauses = find_clauses(fee.text)
    if any(clause.pending(today) and not clause.own_rule for clause in clauses):
        return 2
    return 0 if any(clause.end and not clause.pending(today) for clause in clauses) else 1


def _amount_first(text: str, room: int) -> str:
    """A line without the remark behind its amount, if it would be long."""
    if len(text) <= room:
        return text
    bare = re.match(r"[\d.]+ ?đồng(?:/[^(]{0,30})?(?= \()", text)
    if bare:
        return bare[0]
    said = sorted(figures(text))
    if not said:
        return shorten(text, room)
    return dong(said[0]) if len(said) == 1 else "có nhiều mức, tùy trường hợp"


def _own_words(text: str) -> str:
    text = _INNER_MARK.sub(r"\1 ", one_line(text))
    while text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1].strip()
    return text.rstrip(" .;,")
