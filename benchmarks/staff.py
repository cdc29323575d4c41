"""How long the staff desk's pages take at the server, over 10,000 procedures, 20,000 questions and a long record."""

import argparse
import asyncio
import json
import re
import statistics
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks import _catalogue as catalogue
from benchmarks import _talking as talking
from benchmarks._measuring import machine
from benchmarks._sent_campaign import a_sent_campaign
from bot.campaigns.plans.closing import StoredEvidence
from bot.campaigns.plans.kept import Evidence
from bot.campaigns.plans.reading import read_plan_text
from bot.campaigns.plans.storing import StoredPlans
from bot.staff import Room, make_room, make_staff
from bot.staff.cookies import SAFE
from bot.staff.gate import StaffRoute
from bot.staff.knowledge.sheet_lines import Line
from bot.staff.page import Stage
from bot.storage import schema
from bot.storage.audit import Deed, seal
from bot.storage.decision_tables import decision, decision_row
from bot.storage.engine import make_engine, make_sessions
from bot.storage.figures import StoredFigures
from bot.storage.news_tables import news_item
from bot.storage.staff import Role
from bot.storage.staff_tables import audit_entry, audit_head
from bot.storage.tables import answer, conversation
from bot.storage.unanswered_tables import test_question, test_run, unanswered, unanswered_group
from bot.storage.warning_tables import link_look, warning
from knowledge.base import KnowledgeBase
from knowledge.editing_tables import sheet_upload
from knowledge.entries import Faq, OfficeProfile, Source
from knowledge.serialising import to_json
from knowledge.store import VIETNAM, load_publication
from knowledge.tables import Kind, Status, entry, knowledge_state, version

PROCEDURES, QUESTIONS, LINES, ANSWERS = 10_000, 20_000, 50_000, 100_000
UNANSWERED, TESTS = 20_000, 2_000
PLANS, TASKS = 5, 60
"""Plans, and the tasks of each; most are due every month."""
DECISIONS, ROWS, NEWS, LINKS = 50, 200, 2000, 5000
ROW_PARTS = ("field", "time", "where", "way", "fee", "legal", "agency")
TIMES = 5
SHEET_LINES = 2000
NO_HASH = "-"
ADDRESS = "https://desk.example"
NOW = datetime(2026, 11, 21, 12, tzinfo=VIETNAM)
BY = Deed(actor="bench", action="")
OUTCOMES = ("answered",) * 6 + ("clarifying", "clarifying", "refused", "not_found", "smalltalk", "voted")
EXAMPLES: Mapping[str, str] = {
    "number": "1",
    "ref": "faq:cau-1",
    "kind": "faq",
    "case": "1",
    "row": "1",
    "table": "linh-vuc",
}
"""What stands for the parts of addresses in braces; whoever adds a page with another part adds it here."""
MORE = (
    "/can-bo/nhat-ky?trang=500",
    "/can-bo/lich?thang=2026-06&don_vi=Phòng 3",
    "/can-bo/nhat-ky?nguoi=bench&viec=faq.&tu=2026-01-01&den=2026-12-31",
    "/can-bo/canh-bao?loai=links",
    "/can-bo/canh-bao?loai=unasked&trang=50",
    "/can-bo/quy-trinh?q=dang ky tam tru",
    "/can-bo/quy-trinh?ma={code}",
    "/can-bo/da-noi?ngay=2026-11-21&gio=12:00&quanh=1440&muc=dang ky tam tru",
    "/can-bo/da-noi?ngay=2026-11-21&gio=12:00&quanh=1440&muc={code}",
    "/can-bo/kien-thuc?tim=dang ky tam tru&loai=thu-tuc",
    "/can-bo/kien-thuc?tinh_trang=cu&trang=50",
    "/can-bo/kien-thuc/muc/{code}",
    "/can-bo/kien-thuc/muc/{code}/sua/procedure?phan=ho-so",
    "/can-bo/duyet?xem=nap",
    "/can-bo/kien-thuc/hang-loat?loai=hoi-dap&truong=answer&cach=thay&chu=hướng dẫn&bang=chỉ dẫn",
    "/can-bo/kien-thuc/hang-loat?loai=thu-tuc&truong=results&cach=thay&chu=Giấy&bang=giấy",
    "/can-bo/kien-thuc?tinh_trang=nhap&tim=dang ky",
    "/can-bo/cau-hoi?trang=50&vi=not_found",
    "/can-bo/cau-hoi?xem=xong",
    "/can-bo/cau-hoi/1?tim=dang ky tam tru",
    "/can-bo/cau-kiem-tra?tim=cau 7&trang=2",
    "/can-bo/so-lieu?tu=2025-11-22&den=2026-11-21",
    "/can-bo/tro-chuyen?trang=10",
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
        await connection.execute(insert(sheet_upload).values(_upload(faqs[:SHEET_LINES])))
        await _record(connection, lines)
        await _unanswered(connection, codes)
        await _more(connection, codes, [one.id for one in faqs])
        await a_sent_campaign(connection, NOW, answers // 2)
    await _plans(engine)
    await talking.fill(engine, NOW)
    counting = StoredFigures(engine)
    await counting.keep_up()  # as the service does every minute
    while await counting.keep_up():
        pass
    return codes[0]


async def _plans(engine: AsyncEngine) -> None:
    rows = [
        f"{n}\tĐăng tin, bài số {n} về cải cách hành chính\tHằng tháng\tPhòng {n % 12}" for n in range(1, TASKS + 1)
    ]
    text = "\n".join(["KẾ HOẠCH", "Tuyên truyền năm 2026", "STT\tNội dung\tThời gian\tChủ trì", *rows])
    plans, read = StoredPlans(engine), read_plan_text(text, NOW.date())
    for number in range(1, PLANS + 1):
        made = await plans.add(read, source=f"ke-hoach-{number}.txt", by=BY, now=NOW)
        await plans.accept(made, by=BY, now=NOW)
    task = await plans.task(1)
    assert task is not None
    shown = Evidence(done_on=NOW.date(), product="Tin", file_name="anh.jpg", file=b"x", due_id=task.dues[0].id)
    await StoredEvidence(engine).add(task, shown, today=NOW.date(), by=BY, now=NOW)


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
        "channel": ("web", "telegram", "zalo_oa", "zalo_bot")[number % 4],
        "outcome": OUTCOMES[number % len(OUTCOMES)],
        "refs": f"{codes[number % min(200, len(codes))]} {codes[number % min(300, len(codes))]}",
        "versions": "1 1",
        "aspects": "fdtps"[number % 5],
        "choice": f"v:{'+-'[number % 2]}:{codes[number % min(50, len(codes))]}" if number % 11 == 0 else "",
        "confidence": 0.9,
        "milliseconds": 1.0 + number % 97,
        "revision": 1,
        "engine": "3",
        "text_hash": "0" * 64,
    }


async def _unanswered(connection: Any, codes: list[str]) -> None:
    people = [
        {"id": n, "channel": "web", "citizen": f"c{n}", "state": "{}", "updated_at": NOW}
        for n in range(1, UNANSWERED + 1)
    ]
    groups = [{"id": n, "opened_at": NOW, "how": "" if n % 4 else "dismissed"} for n in range(1, UNANSWERED // 4 + 1)]
    cases = [
        {
            "conversation_id": n,
            "group_id": 1 if n < UNANSWERED // 20 else 1 + n % len(groups),
            "question": f"xin hỏi việc số {n} làm ở đâu",
            "wording": f"việc số {n}",
            "reason": "not_found",
            "ref": codes[n % len(codes)],
            "at": NOW,
        }
        for n in range(1, UNANSWERED + 1)
    ]
    tests = [
        {
            "text": f"câu {n}",
            "folded": f"cau {n}",
            "expect": "answer",
            "refs": codes[n % len(codes)],
            "origin": "import",
            "created_at": NOW,
            "created_by": "bench",
        }
        for n in range(TESTS)
    ]
    run = {"at": NOW, "by": "bench", "revision": 1, "changes": "[]", "report": ""}
    for table, rows in (
        (conversation, people),
        (unanswered_group, groups),
        (unanswered, cases),
        (test_question, tests),
        (test_run, [run]),
    ):
        await connection.execute(insert(table), rows)


def _upload(faqs: list[Faq]) -> dict[str, Any]:
    lines = [
        Line(
            key=f"Hỏi đáp:{row}",
            sheet="Hỏi đáp",
            row=row,
            form="faq",
            code=faq.id,
            name=faq.question,
            state="changed",
            changes=[("Câu trả lời", faq.answer, "Khác.")],
            body=to_json(faq).decode(),
        )
        for row, faq in enumerate(faqs, start=2)
    ]
    told = json.dumps([asdict(line) for line in lines])
    return {"id": 1, "at": NOW, "by": "bench", "name": "bang.xlsx", "lines": told, "decided": "{}"}


async def _more(connection: Any, codes: list[str], faqs: list[str]) -> None:
    """Decisions, news, warnings and links."""
    head = {"number": "1/QĐ-UBND", "title": "Về việc công bố", "created_at": NOW, "created_by": "bench"}
    await connection.execute(insert(decision), [{**head, "id": n, "status": "draft"} for n in range(1, DECISIONS + 1)])
    body = json.dumps({**dict.fromkeys(ROW_PARTS, ""), "level": "commune"})
    rows = [
        {"decision_id": n % DECISIONS + 1, "place": n // DECISIONS, "change": "changed", "code": codes[n % len(codes)],
         "name": "Thủ tục", "body": body, "state": "waiting"}
        for n in range(DECISIONS * ROWS)
    ]  # fmt: skip
    await connection.execute(insert(decision_row), rows)
    item = {"kind": "news", "title": "Tin ngắn", "text": "Nội dung. " * 100, "audience": "everyone", "unit": "Phòng 1",
            "status": "published", "created_at": NOW, "created_by": "bench", "changed_at": NOW, "changed_by": "bench",
            "published_at": NOW}  # fmt: skip
    await connection.execute(insert(news_item), [{**item, "id": n} for n in range(1, NEWS + 1)])
    kinds = ("flip", "same", "no_source", "unasked")
    findings = [
        {"kind": kinds[n % 4], "subject": f"faq:{faq}", "version": 1, "other": codes[n % len(codes)], "detail": "Hỏi",
         "weight": n % 100, "found_at": NOW, "key": f"{n:064x}"}
        for n, faq in enumerate(faqs)
    ]  # fmt: skip
    await connection.execute(insert(warning), findings)
    links = [
        {"url_hash": f"{n:064x}", "url": f"https://example.vn/{n}", "outcome": "dead" if n % 3 else "good",
         "refs": codes[n % len(codes)], "failures": 1, "looked_at": NOW}
        for n in range(LINKS)
    ]  # fmt: skip
    await connection.execute(insert(link_look), links)


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
        talks, watch = talking.parts(engine, lambda: NOW)
        spent = await measure(make_room(engine, lambda: base, profile, lambda: NOW, talks=talks, watch=watch), code)
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
