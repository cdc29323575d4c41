"""Reads the national portal: the list of procedures page by page, and each procedure by its identity."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from knowledge.importing.portal import problems
from knowledge.importing.portal.courtesy import Answer, Courtesy
from knowledge.importing.portal.problems import NotThere, PortalProblem
from knowledge.text import clean

LIST = "/submitting/formality/list-all-formality-by-citizen"
DETAIL = "/configuring/formality/get-formality-by-citizen"
PAGE = 200
"""Entries of one page; the portal gives no more."""
MOST_PAGES = 500
MOST_BYTES = 16 * 1_048_576
_MARKS = ("updatedAt", "lastModifiedAt", "modifiedAt", "updatedDate", "version")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One procedure of the list. mark: what changes when the portal changes it, "" where the list gives none."""

    id: str
    code: str
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the list. total: how many the portal says there are, None where it does not."""

    items: tuple[Listed, ...]
    total: int | None


class PortalClient:
    """The calls of the portal that need no account. Every call raises PortalProblem."""

    def __init__(self, http: httpx.AsyncClient, base_url: str, courtesy: Courtesy) -> None:
        self._http = http
        self._courtesy = courtesy
        self.base_url = base_url.rstrip("/")

    async def pages(self, agency: str = "") -> AsyncIterator[Page]:
        """The list of one agency's procedures ("G10"), or of all."""
        last = ""
        for _ in range(MOST_PAGES):
            data = await self._call(
                LIST, {"limit": PAGE, "lastId": last, "q": "", "categoryId": "", "departmentCode": agency}
            )
            rows = data.get("items")
            if not isinstance(rows, list):
                raise PortalProblem(problems.STRANGE.format(what="danh sách không có items"))
            total = data.get("total")
            yield Page(
                items=tuple(_listed(row) for row in rows),
                total=total if isinstance(total, int) and not isinstance(total, bool) else None,
            )
            cursor = data.get("lastId")
            if not rows or not isinstance(cursor, str) or cursor in ("", last):
                return
            last = cursor
        raise PortalProblem(problems.STRANGE.format(what=f"danh sách dài quá {MOST_PAGES} trang"))

    async def detail(self, id_: str) -> Mapping[str, Any]:
        """The whole record of one procedure. Raises NotThere if the portal has none."""
        return await self._call(DETAIL, {"id": id_})

    async def _call(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        headers = {"Origin": _origin(self.base_url), "Referer": f"{_origin(self.base_url)}/"}
        for attempt in range(self._courtesy.attempts):
            answer = await self._courtesy.ask(
                self._http, "POST", self.base_url + path, body=body, headers=headers, most_bytes=MOST_BYTES
            )
            envelope = _envelope(answer)
            if envelope is not None:
                return _unpacked(envelope)
            # Cut off on its way or mangled by a gateway: the same question may be answered whole.
            await self._courtesy.rest(attempt + 1)
        raise NotThere("không phải JSON")


def _envelope(answer: Answer) -> Mapping[str, Any] | None:
    try:
        envelope = json.loads(answer.content.decode())
    except (ValueError, RecursionError):
        return None
    return envelope if isinstance(envelope, dict) else None


def _unpacked(envelope: Mapping[str, Any]) -> Mapping[str, Any]:
    data = envelope.get("data")
    if envelope.get("code") != "OK" or not isinstance(data, dict):
        said = envelope.get("message")
        what = clean(said)[:100] if isinstance(said, str) and clean(said) else "không có data"
        raise NotThere(what)
    return data


def _listed(row: Any) -> Listed:
    if not isinstance(row, dict):
        raise PortalProblem(problems.STRANGE.format(what="mục của danh sách không phải đối tượng"))
    id_, code = row.get("id") or row.get("formalityId"), row.get("code")
    if not isinstance(id_, str) or not id_ or len(id_) > 60:
        raise PortalProblem(problems.STRANGE.format(what="mục của danh sách không có id"))
    mark = next((row[name] for name in _MARKS if isinstance(row.get(name), str | int) and row[name]), "")
    return Listed(id=id_, code=clean(code) if isinstance(code, str) else "", mark=str(mark)[:60])


def _origin(base_url: str) -> str:
    url = httpx.URL(base_url)
    return str(url.copy_with(path="/", query=None, fragment=None)).rstrip("/")
