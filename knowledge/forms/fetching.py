"""Fetches the form files that procedures in force name, politely and from public addresses only."""

import asyncio
import hashlib
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin

import httpx
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from knowledge.attachments import ATTACHMENT
from knowledge.faults import message_of, why
from knowledge.forms import KEPT
from knowledge.forms.addresses import Resolve, is_loopback, public_target, resolve
from knowledge.forms.kinds import MOST_BYTES, Unfit, kind_of
from knowledge.importing.portal.courtesy import Answer, Courtesy
from knowledge.importing.portal.problems import NotThere, PortalBlocked, PortalProblem
from knowledge.importing.reading import ImportProblem
from knowledge.serialising import procedure_from_json
from knowledge.store import calendar_day, load_publication
from knowledge.tables import form_file

REFUSED, FAILED = "refused", "failed"
AGAIN_AFTER = timedelta(days=30)
MOST_HOPS = 3

Sessions = async_sessionmaker[AsyncSession]


@dataclass(slots=True, kw_only=True)
class FormsReport:
    """What a fetch did. refused: code, name and reason of what was not kept; fresh: copies that are young enough."""

    kept: int = 0
    fresh: int = 0
    refused: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Wanted:
    code: str
    name: str
    url: str

    @property
    def key(self) -> tuple[str, str]:
        return self.code, _hash(self.url)


async def fetch_forms(
    sessions: Sessions,
    http: httpx.AsyncClient,
    courtesy: Courtesy,
    *,
    base_url: str,
    folder: Path,
    now: Callable[[], datetime],
    codes: Collection[str] = (),
    limit: int | None = None,
    again: bool = False,
    progress: Callable[[int, int], None] | None = None,
    resolver: Resolve = resolve,
) -> FormsReport:
    """Fetches the forms of procedures in force (of these codes, none = all) that have no young copy yet.

    Each file is written down as soon as it is there, so that a fetch broken off goes on where it was. limit: files at
    most; again: young copies too. Raises ImportProblem when the database or the disk fails or a firewall turns us away.
    """
    report = FormsReport()
    try:
        wanted, known = await _wanted(sessions, set(codes), now())
        todo = [form for form in wanted if again or not _young(known.get(form.key), folder, now())]
        report.fresh = len(wanted) - len(todo)
        fetcher = _Fetcher(http, courtesy, base_url.rstrip("/"), folder, resolver)
        for number, form in enumerate(todo[:limit], start=1):
            row = {**await fetcher.row(form), "fetched_at": now()}
            if row["outcome"] == KEPT:
                report.kept += 1
            else:
                report.refused.append((form.code, form.name, row["reason"]))
            await _write_down(sessions, form, row, keep_former=row["outcome"] == FAILED and form.key in known)
            if progress:
                progress(number, len(todo[:limit]))
    except SQLAlchemyError as error:
        raise ImportProblem(message_of(error)) from error
    return report


class _Fetcher:
    """Fetches one form after another; asks each address once and no more of a host that is away."""

    def __init__(
        self, http: httpx.AsyncClient, courtesy: Courtesy, base_url: str, folder: Path, resolver: Resolve
    ) -> None:
        self._http = http
        self._courtesy = courtesy
        self._base_url = base_url
        self._folder = folder
        self._resolver = resolver
        self._loopback = is_loopback(base_url)
        self._done: dict[str, dict[str, Any]] = {}
        self._away: set[str] = set()

    async def row(self, form: _Wanted) -> dict[str, Any]:
        """What is to be written down of a form."""
        if form.url not in self._done:
            self._done[form.url] = await self._outcome(form.url)
        return {
            "code": form.code,
            "url_hash": _hash(form.url),
            "url": form.url,
            "name": form.name[:300],
            **self._done[form.url],
        }

    async def _outcome(self, url: str) -> dict[str, Any]:
        try:
            content = await self._content(url)
            kind = kind_of(content)
        except (Unfit, NotThere) as unfit:
            return _not_kept(REFUSED, unfit.what if isinstance(unfit, NotThere) else str(unfit))
        except PortalBlocked:
            raise
        except PortalProblem:
            self._away.add(_host(url))
            return _not_kept(FAILED, "máy chủ không trả lời")
        except OSError:
            return _not_kept(FAILED, "không tìm thấy máy chủ")
        sha256 = hashlib.sha256(content).hexdigest()
        path = f"{sha256[:2]}/{sha256}.{kind}"
        await asyncio.to_thread(_save, self._folder / path, content)
        kept = {"path": path, "sha256": sha256, "size": len(content), "type": kind}
        return {"outcome": KEPT, "reason": "", **kept}

    async def _content(self, url: str) -> bytes:
        for _ in range(MOST_HOPS + 1):
            answer = await self._asked(url)
            location = answer.headers.get("location", "")
            if not 300 <= answer.status < 400 or not location:
                return answer.content
            url = urljoin(url, location)
        raise Unfit("chuyển hướng quá nhiều lần")

    async def _asked(self, url: str) -> Answer:
        target = await public_target(url, loopback=self._loopback, resolver=self._resolver)
        if _host(url) in self._away:
            raise PortalProblem(url)
        method, body = "GET", None
        if url.startswith(self._base_url + ATTACHMENT):
            method, body = "POST", {"fileId": parse_qs(httpx.URL(url).query.decode()).get("fileId", [""])[0]}
            target = await public_target(url.split("?")[0], loopback=self._loopback, resolver=self._resolver)
        return await self._courtesy.ask(
            self._http,
            method,
            target.url,
            body=body,
            headers={**target.headers, "Accept": "*/*"},
            extensions=target.extensions,
            most_bytes=MOST_BYTES,
            html_is_an_answer=True,
        )


async def _wanted(
    sessions: Sessions, codes: set[str], now: datetime
) -> tuple[list[_Wanted], dict[tuple[str, str], Any]]:
    async with sessions() as session:
        publication = await load_publication(session, calendar_day(now))
        rows = (await session.execute(select(form_file))).all()
    bodies = [
        stored.body
        for code, stored in sorted(publication.procedures.items())
        if (not codes or code in codes) and b'"forms"' in stored.body
    ]
    wanted = await asyncio.to_thread(lambda: list(dict.fromkeys(form for body in bodies for form in _named(body))))
    return wanted, {(row.code, row.url_hash): row for row in rows}


def _named(body: bytes) -> Iterator[_Wanted]:
    procedure = procedure_from_json(body)
    seen = set()
    for case in procedure.cases:
        for paper in case.documents:
            for form in paper.forms:
                if form.url and form.url not in seen:
                    seen.add(form.url)
                    yield _Wanted(procedure.code, form.name, form.url)


def _young(row: Any, folder: Path, now: datetime) -> bool:
    """True for what need not be asked for again now: a copy that is there, or a file that was refused lately."""
    if row is None or row.outcome == FAILED or now - row.fetched_at >= AGAIN_AFTER:
        return False
    return bool(row.outcome == REFUSED or (folder / row.path).is_file())


async def _write_down(sessions: Sessions, form: _Wanted, row: dict[str, Any], *, keep_former: bool) -> None:
    """Puts a row in the place of the former; a copy that could not be renewed stays."""
    if keep_former:
        return
    async with sessions() as session, session.begin():
        code, url_hash = form.key
        await session.execute(delete(form_file).where(form_file.c.code == code, form_file.c.url_hash == url_hash))
        await session.execute(insert(form_file).values(row))


def _not_kept(outcome: str, reason: str) -> dict[str, Any]:
    return {"outcome": outcome, "reason": reason[:500], "path": "", "sha256": "", "size": 0, "type": ""}


def _save(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all. Raises ImportProblem."""
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise ImportProblem(f"Không ghi được biểu mẫu vào {path.parent}: {why(error)}.") from error


def _hash(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


def _host(url: str) -> str:
    return httpx.URL(url).netloc.decode()
