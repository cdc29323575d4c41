"""`motcua ask --explain`: why the desk answers a message as it does, as tables or as JSON."""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.moment import VIETNAM
from handlers.choosing import chosen
from handlers.explaining import Why, why
from handlers.messages import Conversation, Desk, IncomingMessage
from knowledge.base import KnowledgeBase
from knowledge.explaining import Candidate, Said, Share
from knowledge.personal import masked
from knowledge.text import clean

SHARES_SHOWN = 6
REASONS = {
    "teencode": "viết tắt kiểu chat",
    "abbreviation": "chữ viết tắt",
    "dialect": "tiếng địa phương",
    "spelling": "lỗi gõ",
    "left_out": "bỏ qua",
}
TURNS = {
    "alone": "chủ đề mới",
    "together": "đọc cùng chủ đề trước",
    "same": "hỏi tiếp cùng thủ tục",
}
CERTAINTIES = {
    "top": "thủ tục đứng đầu là đúng",
    "question": "câu hỏi đáp đứng đầu là đúng",
    "in_domain": "có mục trả lời được",
}


async def explained(message: IncomingMessage, base: KnowledgeBase, conversation: Conversation) -> Why:
    """The explanation of a message within a conversation; nothing is kept."""
    asked = dataclasses.replace(message, text=masked(clean(message.text)))
    picked = chosen(asked.text, conversation, lambda: base.find(asked.text).aspects)
    asked = dataclasses.replace(asked, choice=picked.value if picked else None)
    today = asked.received_at.astimezone(VIETNAM).date()
    desk = Desk(knowledge=base, conversation=conversation, today=today)
    return await why(asked, desk, base.explain(asked.text, conversation.topic))


def as_values(told: Why) -> dict[str, Any]:
    """The explanation for other programs, floats rounded to four digits."""
    values = _rounded(dataclasses.asdict(told))
    values["reply"] = {
        "kind": told.reply.kind,
        "codes": list(told.reply.refs),
        "aspects": "".join(told.reply.aspects),
        "confidence": round(told.reply.confidence, 4),
        "text": told.reply.as_text(),
    }
    for kind, candidates in (("candidates", told.search.candidates), ("questions", told.search.questions)):
        values["search"][kind] = [_candidate(candidate) for candidate in candidates]
    return dict(values)


def _candidate(candidate: Candidate) -> dict[str, Any]:
    shares = {share.name: [share.value, share.weight, share.points] for share in candidate.shares}
    return dict(_rounded({**dataclasses.asdict(candidate), "shares": shares}))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(one) for one in value]
    return value


def render(told: Why, console: Console) -> None:
    """Shows the explanation to a person."""
    search = told.search
    _lines(
        console,
        "Câu hỏi",
        (
            ("Đọc là", search.text),
            ("Từ (underthesea)", " ".join(search.tokens)),
            ("Trọng số của từ", " ".join(map(_weighed, search.words))),
            ("Dấu", "gõ có dấu" if search.accents else "gõ không dấu, nên so không dấu"),
            ("Sửa", "; ".join(f"{r.typed} → {r.meant or '∅'} ({REASONS[r.why]})" for r in search.repairs)),
            ("Hiểu thêm", "; ".join(f"{e.everyday} → {e.official} ×{e.weight:g}" for e in search.expansions)),
            ("Địa danh", ", ".join(search.places)),
            *((name, ", ".join(values)) for name, values in search.circumstances.items()),
            ("Phần được hỏi", " ".join(aspect.name.lower() for aspect in search.found.aspects)),
            ("Lượt", f"{TURNS.get(search.turn, search.turn)} {_plain(search.subject)}"),
            ("Tìm bằng", search.searched if search.searched != search.text else ""),
        ),
    )
    _kinds(told, console)
    _table(console, "Thủ tục xét đến", search.candidates)
    _table(console, "Câu hỏi đáp xét đến", search.questions[:3])
    for certainty in search.certainties:
        name = CERTAINTIES.get(certainty.name, certainty.name)
        console.print(f"[bold]{name}[/]: {certainty.probability:.3f}   {_shares(certainty.signs)}", soft_wrap=True)
    console.print()
    _decision(told, console)


def _lines(console: Console, title: str, rows: Iterable[tuple[str, str]]) -> None:
    console.print(f"[bold]{title}[/]")
    for name, text in rows:
        if text:
            console.print(f"  {escape(name)}: {escape(text)}", soft_wrap=True)
    console.print()


def _weighed(word: Said) -> str:
    if not word.weight:
        return f"{word.text}(phủ định)"
    return word.text if word.weight == 1 else f"{word.text}({word.weight:g})"


def _plain(values: dict[str, float | bool]) -> str:
    shown = (f"{name}={value:.1f}" if isinstance(value, float) else f"{name}={value}" for name, value in values.items())
    return f"({', '.join(shown)})"


def _kinds(told: Why, console: Console) -> None:
    table = Table("loại tin", "xác suất", "log odds", "cần đạt", title="Loại tin nhắn", title_justify="left")
    for kind in told.kinds:
        odds = "" if kind.odds is None else f"{kind.odds:.2f}"
        bar = "" if kind.bar is None else f"{kind.bar:.2f}"
        table.add_row(kind.name, f"{kind.probability:.3f}", odds, bar)
    console.print(table)
    caught = f"; lưới nguy hiểm bắt được: {told.danger}" if told.danger else ""
    console.print(f"  Coi là: {told.recognised or 'câu hỏi'}{caught}\n")


def _table(console: Console, title: str, candidates: Sequence[Candidate]) -> None:
    if not candidates:
        return
    table = Table("", "mã", "tên", "điểm", "cơ quan", "khác", "đóng góp lớn nhất", title=title, title_justify="left")
    for number, one in enumerate(candidates, start=1):
        where = " – ".join(filter(None, (one.level, one.province)))
        name = f"{one.title[:80]} [{where}]" if where else one.title[:80]
        gains = (f"{one.score:.2f}", _gain(one.profile), _gain(one.rest))
        table.add_row(str(number), escape(one.ref), escape(name), *gains, _shares(one.shares))
    console.print(table)
    console.print()


def _gain(points: float) -> str:
    return f"{points:+.2f}" if points else ""


def _shares(shares: Sequence[Share]) -> str:
    left = sum(share.points for share in shares[SHARES_SHOWN:])
    shown = [
        f"{share.name} {share.value:.2f}×{share.weight:.2f}={share.points:+.2f}" for share in shares[:SHARES_SHOWN]
    ]
    return ", ".join([*shown, f"còn lại {left:+.2f}"] if len(shares) > SHARES_SHOWN else shown)


def _decision(told: Why, console: Console) -> None:
    thresholds = (f"{t.name} {t.value:.3f} {'≥' if t.reached else '<'} {t.least:g}" for t in told.thresholds)
    tried = (f"{t.handler}: {t.outcome or 'để lại'}" for t in told.tried)
    found = told.search.found
    picked = f"chọn {told.picked}" if told.picked else ""
    flags = [name for name, on in (("lấy chủ đề trước", found.carried), ("quá chung chung", found.vague)) if on]
    _lines(
        console,
        "Quyết định",
        (
            ("Ngưỡng", "; ".join(thresholds)),
            ("Ghi chú", ", ".join(filter(None, (picked, *flags)))),
            ("Đã thử", " → ".join(tried)),
            ("Kết quả", f"{told.reply.outcome.value}, độ tin {told.reply.confidence:.3f}: {told.reply.refs[:1]}"),
        ),
    )
    console.print(escape(told.reply.as_text()), soft_wrap=True)
