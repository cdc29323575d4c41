"""The national portal on a loopback port: its envelopes, its pages, and every fault it is known for."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from knowledge.importing.portal.client import DETAIL, LIST, PortalClient
from knowledge.importing.portal.courtesy import Courtesy

API = "/api/v1"
ATTACHMENT = "/submitting/preview-attachment"
REJECTED = b"<html><head><title>Request Rejected</title></head><body>Your support ID is: 123</body></html>"


@dataclass(frozen=True, slots=True)
class Fault:
    """One answer given instead of the right one. drop: the connection breaks after that many bytes; hang: no answer."""

    status: int = 201
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    drop: int | None = None
    hang: bool = False


FIREWALL = Fault(200, REJECTED, "text/html")
FORBIDDEN = Fault(403, b"<html>Forbidden</html>", "text/html")
BUSY = Fault(503, b"{}")
BROKEN = Fault(500, b"<html>Internal Server Error</html>", "text/html")
CUT_JSON = Fault(201, b'{"code":"OK","data":{"items":[{"id":')
DROPPED = Fault(drop=0)
CUT_OFF = Fault(drop=40)
SLOW = Fault(hang=True)


def too_many(retry_after: str) -> Fault:
    """The answer to somebody who asks too fast."""
    return Fault(429, b"{}", headers=(("Retry-After", retry_after),))


def a_record(id_: str, code: str, **changes: Any) -> dict[str, Any]:
    """A record of the detail call with the keys and the traps of the real ones."""
    return {
        "id": id_,
        "code": code,
        "codeNotation": code,
        "name": f"Cấp lại giấy phép số {code}",
        "executionSteps": [{"name": "", "description": "Nộp hồ sơ tại Trung tâm."}],
        "executionMethods": [
            {
                "submissionMethod": channel,
                "processingTime": 5,
                "processingTimeUnit": "WORKING_DAY",
                "description": "",
                "fees": [{"type": "FEE", "value": 0, "currencyId": "", "attachment": None, "description": ""}],
            }
            for channel in ("ONLINE", "POSTAL", "DIRECT")
        ],
        "executionCases": [
            {
                "name": "",
                "profileComponents": [
                    {
                        "originalQty": 1,
                        "copyQty": 0,
                        "required": False,
                        "name": "Đơn đề nghị theo mẫu",
                        "code": "000.00.00.G10-KQ004833",
                        "attachments": [{"id": f"file-{code}", "fileName": "Đơn.docx", "bucketName": "dvc"}],
                    }
                ],
            }
        ],
        "profileComponents": [],
        "fees": [],
        "cases": [{"code": f"{code}.01", "profileComponents": []}],
        "formalityType": "ASSIGNED_REGULATION",
        "isInternal": False,
        "isWard": False,
        "isProvince": True,
        "isMinistry": False,
        "executingAgencies": "",
        "departmentsExecuting": [],
        "unitGroupsExecuting": [{"id": "u1", "name": "Ủy ban nhân dân cấp tỉnh"}],
        "categoriesDetails": [{"id": "c1", "name": "Thương mại", "code": "G02-CT19"}],
        "legalBasisesDetails": [
            {"id": "l1", "name": "Nghị định số 07/2016/NĐ-CP", "code": "07/2016/NĐ-CP"},
            {"id": "l1", "name": "Nghị định số 07/2016/NĐ-CP", "code": "07/2016/NĐ-CP"},
        ],
        "resultsDetails": [{"id": "r1", "name": "Giấy phép", "code": "KQ.1"}],
        "subjectTypesDetails": [{"id": "s1", "name": "Doanh nghiệp", "code": "ĐT2"}],
        "departmentPromulgateName": "Bộ Công thương",
        "requirementsAndConditions": "",
        "keywords": "",
        "procedureProposal": {"proposalNumber": "01/QĐ-BCT", "decisionDate": 1565481600000, "decisionNumber": None},
        "createdAt": 1775836631278,
        "updatedAt": 1775836631278,
        **changes,
    }


@dataclass
class StubPortal:
    """What the stub serves and what it was asked. faults: answers to give first, by path, in their order.

    marks: whether the list tells when a record was changed; page: entries of one page at most; silent: set once
    somebody waits for an answer that does not come.
    """

    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    agencies: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    pages: dict[str, Fault] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    marks: bool = True
    page: int = 200
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    silent: asyncio.Event = field(default_factory=asyncio.Event)
    address: str = ""

    @property
    def base_url(self) -> str:
        """The base address of the calls."""
        return self.address + API

    def add(self, *records: dict[str, Any]) -> None:
        """Puts records into the portal, in the place of those with the same identity."""
        self.records.update({record["id"]: record for record in records})

    def change(self, id_: str, **changes: Any) -> None:
        """Changes a record as an editor would, with a new time of change."""
        record = self.records[id_]
        self.records[id_] = {**record, "updatedAt": record["updatedAt"] + 1, **changes}

    def bodies(self, path: str) -> list[Any]:
        """What was asked at one path."""
        return [body for _, asked, body in self.asked if asked == API + path]

    def answer(self, method: str, path: str, query: str, body: Any) -> Fault:
        """The right answer, or the next fault laid out for this path."""
        self.asked.append((method, path, body))
        short = path.removeprefix(API)
        if self.faults[short]:
            return self.faults[short].pop(0)
        if short in self.pages:
            return self.pages[short]
        if short == LIST and method == "POST":
            return _enveloped(self._listed(body))
        if short == DETAIL and method == "POST":
            record = self.records.get(body["id"])
            return _enveloped(record) if record else Fault(201, b'{"code":"NOT_FOUND","message":"Formality not found"}')
        if short == ATTACHMENT:
            asked = (body or {}).get("fileId") if method == "POST" else None
            if asked is None or parse_qs(query).get("fileId"):
                return FIREWALL
            kind, content = self.files.get(asked, ("", b""))
            return Fault(201, content, kind) if kind else Fault(404, b'{"code":"NOT_FOUND"}')
        return Fault(404, b"{}")

    def _listed(self, body: dict[str, Any]) -> dict[str, Any]:
        agency, limit = body["departmentCode"], min(body["limit"], self.page)
        ids = sorted(self.agencies.get(agency, [])) if agency else sorted(self.records)
        rest = [id_ for id_ in ids if id_ > body["lastId"]]
        shown = rest[:limit]
        items = [self._item(self.records[id_]) for id_ in shown]
        return {"items": items, "lastId": shown[-1] if shown else "", "total": len(ids)}

    def _item(self, record: dict[str, Any]) -> dict[str, Any]:
        kept = ("id", "code", "name", "updatedAt") if self.marks else ("id", "code", "name")
        return {name: record[name] for name in kept}


def _enveloped(data: Any) -> Fault:
    return Fault(201, json.dumps({"code": "OK", "data": data, "message": ""}).encode())


@asynccontextmanager
async def a_portal(*records: dict[str, Any]) -> AsyncIterator[StubPortal]:
    """The stub, serving on a free loopback port until the block ends."""
    stub = StubPortal()
    stub.add(*records)
    over = asyncio.Event()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task:
            tasks.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                while not over.is_set() and await _exchange(stub, reader, writer, over):
                    pass
                writer.close()
                await writer.wait_closed()
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    stub.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield stub
    finally:
        over.set()
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


async def _exchange(
    stub: StubPortal, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, over: asyncio.Event
) -> bool:
    """One request and its answer; False when the connection is over."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    content = await reader.readexactly(int(headers.get("content-length", "0")))
    parts = urlsplit(target)
    answer = stub.answer(method, parts.path, parts.query, json.loads(content) if content else None)
    if answer.hang:
        stub.silent.set()
        await over.wait()
        return False
    lines = [
        f"HTTP/1.1 {answer.status} X",
        f"Content-Type: {answer.content_type}",
        f"Content-Length: {len(answer.body) if answer.drop is None else len(answer.body) + 1000}",
        *(f"{name}: {value}" for name, value in answer.headers),
    ]
    raw = ("\r\n".join(lines) + "\r\n\r\n").encode() + answer.body
    writer.write(raw if answer.drop is None else raw[: answer.drop])
    await writer.drain()
    return answer.drop is None


@dataclass
class Patience:
    """A clock that only sleeping moves. slept: every pause asked for, in seconds."""

    slept: list[float] = field(default_factory=list)
    at: float = 1000.0

    async def sleep(self, seconds: float) -> None:
        """Lets the time pass at once."""
        self.slept.append(seconds)
        self.at += seconds
        await asyncio.sleep(0)

    def tick(self) -> float:
        """Seconds of this clock."""
        return self.at


def a_courtesy(patience: Patience, **options: Any) -> Courtesy:
    """Courtesy on a clock of its own, without chance."""
    return Courtesy(**{"sleep": patience.sleep, "tick": patience.tick, "chance": lambda: 1.0, **options})


@asynccontextmanager
async def a_client(stub: StubPortal, patience: Patience | None = None, **options: Any) -> AsyncIterator[PortalClient]:
    """A client of the stub; options are those of Courtesy."""
    async with httpx.AsyncClient(trust_env=False) as http:
        yield PortalClient(http, stub.base_url, a_courtesy(patience or Patience(), **options))
