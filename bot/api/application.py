"""The JSON API put together: its addresses, who may call, what comes back."""

import functools
import time as clocks
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, FastAPI, Path, Query, Request, Response
from pydantic import BaseModel
from starlette.middleware.cors import CORSMiddleware

from bot.api import documentation, entries, models, problems
from bot.api.callers import Caller, Door, Keys
from bot.api.catalogue import Catalogue, Published
from bot.api.headers import ApiHeaders
from bot.api.pacing import Pace
from bot.api.problems import Problem
from bot.api.reading import read_question
from handlers.messages import IncomingMessage, Reply
from knowledge.forms.registry import Forms, no_forms
from knowledge.store import calendar_day

PREFIX = "/api/v1"
NO_PROCEDURE = "Không có thủ tục nào đang có hiệu lực với mã này."
NO_FAQ = "Không có câu hỏi đáp nào đang có hiệu lực với mã này."
_SHAPE = "2"
"""Changes when the same entry is shown differently, so that nobody keeps the former shape."""
_EXPOSED = ["ETag", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After"]

Answer = Callable[[IncomingMessage], Awaitable[Reply]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The settings of the API. per_minute: requests of one key, or of one address without a key."""

    require_key: bool = False
    per_minute: int = 60
    cors_origins: tuple[str, ...] = ()


def make_api(
    answer: Answer,
    base: Callable[[], Published],
    *,
    keys: Keys,
    now: Callable[[], datetime],
    rules: Rules | None = None,
    clock: Callable[[], float] = clocks.monotonic,
    forms: Forms = no_forms,
) -> FastAPI:
    """The API as an application to be put under PREFIX.

    answer: one message in, one reply out, as in the chat; base: what is published now; now: aware;
    clock: seconds for the rate limits, never going back; forms: the form files that are kept here.
    """
    rules = rules or Rules()

    def today() -> date:
        return calendar_day(now())

    door = Door(keys, Pace(clock), today, require_key=rules.require_key, per_minute=rules.per_minute)
    desk = _Desk(answer, base, now, today, forms)
    api = FastAPI(title="Một Cửa", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    admitted = Depends(door.admit)

    @api.post(
        "/ask",
        summary="Hỏi một câu",
        description="Cùng một bộ máy với khung trò chuyện: trả lời đúng phần được hỏi, hoặc hỏi lại.",
        tags=["Hỏi đáp"],
        responses=documentation.responses(models.Answer, 400, 401, 413, 415, 422, 429),
        openapi_extra=documentation.body_of(models.Question),
        response_model=None,
    )
    async def ask(
        caller: Annotated[Caller, admitted], question: Annotated[models.Question, Depends(read_question)]
    ) -> Response:
        return await desk.ask(caller, question)

    @api.get(
        "/procedures",
        summary="Tìm và liệt kê thủ tục",
        tags=["Thủ tục"],
        dependencies=[admitted],
        responses=documentation.responses(models.Procedures, 304, 401, 422, 429),
        response_model=None,
    )
    async def procedures(request: Request, query: Annotated[models.ProcedureQuery, Query()]) -> Response:
        return desk.fresh(request, lambda: desk.catalogue().procedures(query))

    @api.get(
        "/procedures/{code}",
        summary="Một thủ tục",
        description="Mọi phần đang có hiệu lực hôm nay. Mã cũ được chuyển (301) sang mã đang dùng.",
        tags=["Thủ tục"],
        dependencies=[admitted],
        responses=documentation.responses(models.ProcedureDetail, 301, 304, 401, 404, 422, 429),
        response_model=None,
    )
    async def procedure(
        request: Request, code: Annotated[str, Path(max_length=60, description="Mã thủ tục.", examples=["1.001193"])]
    ) -> Response:
        return await desk.procedure(request, code)

    @api.get(
        "/faqs",
        summary="Tìm và liệt kê câu hỏi đáp",
        tags=["Câu hỏi đáp"],
        dependencies=[admitted],
        responses=documentation.responses(models.Faqs, 304, 401, 422, 429),
        response_model=None,
    )
    async def faqs(request: Request, query: Annotated[models.FaqQuery, Query()]) -> Response:
        return desk.fresh(request, lambda: desk.catalogue().faqs(query))

    @api.get(
        "/faqs/{id}",
        summary="Một câu hỏi đáp",
        tags=["Câu hỏi đáp"],
        dependencies=[admitted],
        responses=documentation.responses(models.FaqDetail, 304, 401, 404, 422, 429),
        response_model=None,
    )
    async def faq(
        request: Request,
        id: Annotated[str, Path(max_length=60, description="Mã câu hỏi.", examples=["nop-ho-so-truc-tuyen"])],  # noqa: A002
    ) -> Response:
        return desk.faq(request, id)

    documentation.document(api, PREFIX, require_key=rules.require_key)
    problems.handle(api)
    if rules.cors_origins:
        api.add_middleware(
            CORSMiddleware,
            allow_origins=rules.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "If-None-Match"],
            expose_headers=_EXPOSED,
        )
    api.add_middleware(ApiHeaders)
    return api


class _Desk:
    def __init__(
        self,
        answer: Answer,
        base: Callable[[], Published],
        now: Callable[[], datetime],
        today: Callable[[], date],
        forms: Forms,
    ) -> None:
        self._answer = answer
        self._base = base
        self._now = now
        self._today = today
        self._forms = forms
        self._catalogue: Catalogue | None = None

    async def ask(self, caller: Caller, question: models.Question) -> Response:
        """The desk's answer to one question."""
        started = clocks.perf_counter()
        message = IncomingMessage(
            id=uuid.uuid4().hex,
            citizen=caller.citizen(question.conversation or uuid.uuid4().hex),
            text=question.text,
            received_at=self._now(),
            choice=question.choice,
        )
        reply = await self._answer(message)
        return _json(_answer(reply, (clocks.perf_counter() - started) * 1000))

    def catalogue(self) -> Catalogue:
        """The lists of what is published now."""
        base = self._base()
        if self._catalogue is None or self._catalogue.base is not base:
            self._catalogue = Catalogue(base)
        return self._catalogue

    async def procedure(self, request: Request, code: str) -> Response:
        """One procedure, or the way to the one that replaced it."""
        base = self._base()
        entry = base.procedure(code)
        if entry is None:
            raise Problem(404, NO_PROCEDURE)
        if entry.code != code:
            moved = f"{request.scope.get('root_path', '')}/procedures/{entry.code}"
            return _json(models.Moved(replaced_by=entry.code), 301, {"Location": moved})
        forms = await self._forms()
        make = functools.partial(entries.procedure, entry, base, self._today(), forms.of(entry.code))
        return self.fresh(request, make, also=forms.stamp)

    def faq(self, request: Request, faq_id: str) -> Response:
        """One question of the FAQ base."""
        base = self._base()
        entry = base.faq(faq_id)
        if entry is None:
            raise Problem(404, NO_FAQ)
        return self.fresh(request, lambda: entries.faq(entry, base))

    def fresh(self, request: Request, make: Callable[[], BaseModel], also: str = "") -> Response:
        """What `make` makes, or 304 where the caller has it already.

        It changes with the revision, the day and `also` only.
        """
        base = self._base()
        tag = f'"{_SHAPE}-{base.engine_version}-{base.revision}-{self._today().isoformat()}{also and "-" + also}"'
        headers = {"ETag": f"W/{tag}", "Cache-Control": "no-cache", "Vary": "Authorization, Origin"}
        if _holds(request.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers=headers)
        return _json(make(), headers=headers)


def _holds(header: str, tag: str) -> bool:
    held = [entry.strip().removeprefix("W/") for entry in header.split(",")]
    return tag in held or held == ["*"]


def _answer(reply: Reply, milliseconds: float) -> models.Answer:
    return models.Answer.model_validate(
        {
            "kind": reply.kind,
            "codes": list(reply.refs),
            "aspects": "".join(reply.aspects),
            "confidence": round(reply.confidence, 4),
            "text": reply.as_text(),
            "blocks": list(reply.blocks),
            "choices": [models.AnswerChoice(label=choice.label, value=choice.value) for choice in reply.choices],
            "citation": reply.citation,
            "links": [models.AnswerLink(label=link.label, url=link.url) for link in reply.links],
            "ms": round(milliseconds, 2),
        }
    )


def _json(body: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(body.model_dump_json(), status, headers, "application/json")
