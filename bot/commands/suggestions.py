"""`motcua suggestions`: everyday words that citizens have confirmed, for staff to accept or reject."""

import dataclasses
import json
import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import config
from bot.app import App
from bot.commands import command, complain, say
from bot.commands.opening import opened
from bot.moment import VIETNAM, utc_now
from bot.storage.engine import make_sessions
from bot.storage.suggestions import Suggestion
from knowledge.learning import LONGEST_WORDING
from knowledge.text import clean

app = typer.Typer(help="Cách nói của người dân, chờ cán bộ duyệt.", no_args_is_help=True)
Id = Annotated[str, typer.Argument(metavar="ID", help="Mã của cách nói, xem ở motcua suggestions list.")]
By = Annotated[str, typer.Option("--by", help="Người duyệt, để ghi lại.")]
UNDERSTOOD = 0.8
"""Confidence from which the desk needs no further words for this question."""


@app.command("list")
@command
async def list_(
    everything: Annotated[bool, typer.Option("--all", help="Kể cả cách nói mà máy đã hiểu đúng.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="In một dòng JSON.")] = False,
) -> None:
    """Liệt kê cách nói đủ số người xác nhận, với căn cứ."""
    async with opened(config.load()) as desk:
        pending = await _pending(desk)
        shown = [described(one, desk) for one in pending]
    shown = [one for one in shown if everything or not one["understood"]]
    if as_json:
        sys.stdout.write(json.dumps(shown, ensure_ascii=False) + "\n")
    elif shown:
        Console(highlight=False).print(_table(shown))
        say("Nhận: motcua suggestions accept ID; bỏ: motcua suggestions reject ID.")
    else:
        say("Chưa có cách nói nào chờ duyệt.")


@app.command()
@command
async def accept(
    id_: Id,
    text: Annotated[str, typer.Option("--as", help="Ghi theo cách viết này thay cho lời người dân.")] = "",
    by: By = "staff",
) -> None:
    """Nhận cách nói làm từ ngữ của thủ tục, công bố ngay."""
    async with opened(config.load()) as desk:
        found = await _one(desk, id_)
        words = clean(text).lower() or found.wording
        if len(words) > LONGEST_WORDING:
            complain(f"Cách nói dài quá {LONGEST_WORDING} ký tự.")
            raise typer.Exit(1)
        async with make_sessions(desk.engine).begin() as session:
            revision = await desk.suggestions.accept(session, found, text=words, by=by, now=utc_now())
        say(f"Đã thêm “{words}” cho {found.ref} {_title(desk, found.ref)} (bản công bố {revision}).")


@app.command()
@command
async def reject(id_: Id, by: By = "staff") -> None:
    """Bỏ cách nói này; máy không hỏi lại nữa."""
    async with opened(config.load()) as desk:
        found = await _one(desk, id_)
        async with make_sessions(desk.engine).begin() as session:
            await desk.suggestions.reject(session, found, by=by, now=utc_now())
        say(f"Đã bỏ “{found.wording}” cho {found.ref}.")


async def _pending(desk: App) -> list[Suggestion]:
    """Suggestions whose entry is still in force."""
    pending = await desk.suggestions.pending(desk.settings.learning.agreement or 1)
    return [one for one in pending if desk.base.version_of(one.ref) is not None]


async def _one(desk: App, id_: str) -> Suggestion:
    found = next((one for one in await _pending(desk) if one.id == id_), None)
    if found is None:
        complain(f"Không có cách nói nào mang mã {id_}. Xem: motcua suggestions list.")
        raise typer.Exit(1)
    return found


def described(one: Suggestion, desk: App) -> dict[str, Any]:
    """A suggestion with its entry's title and what the desk makes of these words today."""
    found = desk.base.find(one.wording)
    first = found.hits[0].ref if found.hits else ""
    return {
        **{key: value for key, value in dataclasses.asdict(one).items() if key not in ("first_at", "last_at")},
        "wordings": list(one.wordings),
        "title": _title(desk, one.ref),
        "first_on": f"{one.first_at.astimezone(VIETNAM):%Y-%m-%d}",
        "last_on": f"{one.last_at.astimezone(VIETNAM):%Y-%m-%d}",
        "now_found": first,
        "now_confidence": round(found.confidence, 2),
        "understood": first == one.ref and found.confidence >= UNDERSTOOD,
    }


def _title(desk: App, ref: str) -> str:
    facts = desk.base.facts
    return facts.title[facts.ref.index(ref)] if ref in facts.ref else ""


def _table(shown: list[dict[str, Any]]) -> Table:
    table = Table("ID", "người dân nói", "mục", "số người", "căn cứ", "từ – đến", "máy hiện hiểu")
    for one in shown:
        evidence = f"{one['chosen']} chọn, {one['helpful']} khen hữu ích, {one['against']} nói khác"
        days = f"{one['first_on']} – {one['last_on']}"
        today = "đúng" if one["now_found"] == one["ref"] else one["now_found"] or "không tìm ra"
        said, entry = " / ".join(one["wordings"]), f"{one['ref']} {one['title'][:60]}"
        state = f"{today} ({one['now_confidence']:.2f})"
        table.add_row(one["id"], escape(said), escape(entry), str(one["agreed"]), evidence, days, escape(state))
    return table
