"""How long the staff desk's pages take at the server, over 10,000 procedures, 20,000 questions and a long record."""

import argparse
import asyncio
import json
import re
import statistics
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks import _catalogue as catalogue
from benchmarks._measuring import machine
from benchmarks._sent_campaign import a_sent_campaign
from bot.staff import Room, make_room, make_staff
from bot.staff.cookies import SAFE
from bot.staff.gate import StaffRoute
from bot.staff.page import Stage
from bot.storage import schema
from bot.storage.audit import Deed, seal
from bot.storage.engine import make_engine, make_sessions
from bot.storage.staff import Role
from bot.storage.staff_tables import audit_entry, audit_head
from bot.storage.tables import answer
from knowledge.base import KnowledgeBase
from knowledge.entries import Faq, OfficeProfile, Source
from knowledge.serialising import to_json
from knowledge.store import VIETNAM, load_publication
from knowledge.tables import Kind, Status, entry, knowledge_state, version

PROCEDURES, QUESTIONS, LINES, ANSWERS = 10_000, 20_000, 50_000, 100_000
TIMES = 5
NO_HASH = "-"
ADDRESS = "https://desk.example"
NOW = datetime(2026, 11, 21, 12, tzinfo=VIETNAM)
BY = Deed(actor="bench", action="")
EXAMPLES: Mapping[str, str] = {"number": "1"}
"""What stands for the parts of addresses in braces; whoever adds a page with another part adds it here."""
MORE = (
    "/can-bo/nhat-ky?trang=500",
    "/can-bo/nhat-ky?nguoi=bench&viec=faq.&tu=2026-01-01&den=2026-12-31",
    "/can-bo/da-noi?ngay=2026-11-21&gio=12:00&quanh=1440&muc=dang ky tam tru",
    "/can-bo/da-noi?ngay=2026-11-21&gio=12:00&quanh=1440&muc={code}",
    "/can-bo/chien-dich?q=truc&trang_thai=draft",
    "/can-bo/chien-dich/1/nguoi-nhan?trang_thai=failed&trang=5",
)
"""Pages as they are asked for with filters, besides each page alone."""


async def fill(engine: AsyncEngine, procedures: int, questions: int, lines: int, answers: int) -> str:
    """Writes everything into an empty database; returns the code of one procedure that was answered often."""
    made, _ = catalogue.multiplied(catalogue.procedures(), procedures)
    codes = [one.code for one in made]
    faqs = [_faq(number, made[number % len(made)].name, codes) for number in range(questions)]
    entries = [(Kind.PROCEDURE, one.code, to_json(one)) for one in made]
    entries += [(Kind.FAQ, one.id, to_json(one)) for one in faqs]
    async with engine.begin() as connection:
        await connection.execute(knowledge_state.update().values(revision=1))
        await connection.execute(
            insert(entry), [{"id": n, "kind": kind, "code": code} for n, (kind, code, _) in enumerate(entries, 1)]
        )
        await connection.execute(
            insert(version), [_version(n, body.decode()) for n, (_, _, body) in enumerate(entries, 1)]
        )
        await connection.execute(insert(answer), [_answer(n, codes) for n in range(answers)])
        await _record(connection, lines)
        await a_sent_campaign(connection, NOW)
    return codes[0]


def _faq(number: int, name: str, codes: list[str]) -> Faq:
    return Faq(
        id=f"cau-{number}",
        question=f"{name} thì cần lưu ý gì, câu {number}?",
        answer=f"Anh/Chị xem hướng dẫn của thủ tục. Câu trả lời số {number}.",
        topic="online",
        sources=(Source(title="QĐ 1", as_of=catalogue.TODAY),),
        related=(codes[number % len(codes)],),
    )


def _version(number: int, body: str) -> dict[str, Any]:
    return {
        "entry_id": number,
        "number": 1,
        "status": Status.PUBLISHED,
        "body": body,
        "content_hash": f"{number:064d}",
        "created_at": NOW - timedelta(days=90),
        "created_by": "bench",
        "published_at": NOW - timedelta(days=90),
    }


def _answer(number: int, codes: list[str]) -> dict[str, Any]:
    return {
        "at": NOW - timedelta(seconds=number * 30),
        "channel": "web",
        "outcome": "answered",
        "refs": f"{codes[number % min(200, len(codes))]} {codes[number % min(300, len(codes))]}",
        "versions": "1 1",
        "aspects": "f",
        "choice": "",
        "confidence": 0.9,
        "milliseconds": 5.0,
        "revision": 1,
        "engine": "3",
        "text_hash": "0" * 64,
    }


async def _record(connection: Any, lines: int) -> None:
    before, rows = "", []
    for number in range(1, lines + 1):
        row: dict[str, Any] = {
            "number": number,
            "at": NOW - timedelta(minutes=lines - number),
            "actor": "bench" if number % 3 else "an",
            "action": "faq.edit",
            "subject": f"faq:cau-{number % 500}",
            "detail": "{}",
            "place": "192.0.2.1",
        }
        before = row["hash"] = seal(before, row)
        rows.append(row)
    await connection.execute(insert(audit_entry), rows)
    await connection.execute(audit_head.update().values(number=lines, hash=before))


async def measure(room: Room, code: str) -> dict[str, float]:
    """Median milliseconds of each page, opened by somebody who has every role."""
    account = await room.accounts.add(
        name="bench", full_name="Bench", roles=list(Role), unit="", password_hash=NO_HASH, by=BY, now=NOW
    )
    await room.accounts.own_password(account, NO_HASH, by=BY, now=NOW)
    await room.accounts.enrol(account, "JBSWY3DPEHPK3PXP", 1, by=BY, now=NOW)
    secret = await room.signed_in.open(account, code_given=True, place="", device="", now=NOW)
    staff = make_staff(room)
    routes = [route for route in staff.app.routes if isinstance(route, StaffRoute)]  # type: ignore[attr-defined]
    pages = [r.page.address for r in routes if r.page.method == "GET" and Stage.INSIDE in r.page.stages]
    addresses = [re.sub(r"\{(\w+)[^}]*\}", lambda part: EXAMPLES[part[1]], page) for page in pages]
    spent: dict[str, float] = {}
    transport = httpx.ASGITransport(app=staff)
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, cookies={SAFE: secret}) as client:
        for address in (*addresses, *(more.replace("{code}", code) for more in MORE)):
            taken = []
            for _ in range(TIMES):
                started = time.perf_counter()
                response = await client.get(address)
                taken.append((time.perf_counter() - started) * 1000)
                assert response.status_code == 200, (address, response.status_code)
            spent[address] = round(statistics.median(taken), 1)
    return spent


async def run(url: str, sizes: Mapping[str, int]) -> dict[str, Any]:
    """Fills a new database and measures every page over it."""
    await asyncio.to_thread(schema.upgrade, url)
    engine = make_engine(url)
    try:
        code = await fill(engine, *sizes.values())
        async with make_sessions(engine)() as session:
            publication = await load_publication(session, NOW.date())
        profile = replace(OfficeProfile(), confirm_days=90)
        base = await asyncio.to_thread(KnowledgeBase.build, publication, profile)
        spent = await measure(make_room(engine, lambda: base, profile, lambda: NOW), code)
    finally:
        await engine.dispose()
    slowest = max(spent, key=lambda page: spent[page])
    return {"slowest_page": slowest, "slowest_ms": spent[slowest], "pages": spent, **sizes, **machine()}


def main() -> None:
    """Measures and prints; --url names an empty database, else a SQLite file of its own is made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--url", default="", help="an empty database, e.g. postgresql+psycopg://…")
    parser.add_argument("--procedures", type=int, default=PROCEDURES)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--answers", type=int, default=ANSWERS)
    asked = parser.parse_args()
    sizes = {name: getattr(asked, name) for name in ("procedures", "questions", "lines", "answers")}
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(run(asked.url or f"sqlite+aiosqlite:///{Path(folder) / 'motcua.db'}", sizes))
    if not asked.json:
        for page, spent in sorted(found["pages"].items(), key=lambda one: -one[1]):
            print(f"{spent:8.1f} ms  {page}")
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
