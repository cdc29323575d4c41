"""The routes of the web chat: the page, a question, forgetting, and the health check."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from markupsafe import Markup
from starlette.exceptions import HTTPException

from bot.channels import Answer, TooMany
from bot.channels.web.forms import BodyTooLarge, Form, read_form
from bot.channels.web.live import OpenPages, events_of
from bot.channels.web.sessions import Session, from_our_page, new_session, remember, session_of
from bot.channels.web.transcripts import Transcripts
from bot.channels.web.views import Views
from bot.channels.welcome import TYPICAL_QUESTIONS, Notices, no_entry, notices
from bot.web.frame import STATIC, display_of, switch_type
from bot.web.headers import SafetyHeaders
from bot.web.site import NoSite, Site
from handlers.messages import Line
from knowledge.entries import Faq, OfficeProfile
from knowledge.forms.registry import Forms, no_forms

LINES_SHOWN = 100
LONGEST_DRAFT = 300

FORGOTTEN = "Đã xóa cuộc trò chuyện."
STALE = "Trang này đã cũ nên câu hỏi chưa được gửi. Xin bấm Gửi lần nữa."
NO_HISTORY = "Hiện chưa mở lại được cuộc trò chuyện trước. Anh/Chị vẫn có thể hỏi tiếp."
NOT_FORGOTTEN = "Hiện chưa xóa được cuộc trò chuyện. Xin thử lại sau ít phút."
TOO_MANY = "Anh/Chị gửi nhiều tin quá nhanh nên máy chưa nhận tin này. Xin đợi một phút rồi gửi lại."
FOREIGN = ("Không nhận câu hỏi này", "Câu hỏi được gửi từ một trang khác. Xin mở trang hỏi đáp và gửi lại từ đó.")
TOO_LARGE = ("Nội dung quá dài", "Xin quay lại, rút gọn nội dung còn tối đa 4.000 ký tự rồi gửi lại.")
FAILED = ("Có lỗi xảy ra", "Máy chưa trả lời được. Xin thử lại sau ít phút.")
NOT_FOUND = ("Không có trang này", "Địa chỉ có thể đã đổi. Xin về trang hỏi đáp.")
OTHER_FAILURE = ("Chưa thực hiện được", "Xin về trang hỏi đáp và thử lại.")

NOTHING = Markup()

log = logging.getLogger(__name__)


async def always_ready() -> bool:
    """The health check of a service that depends on nothing."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class WebOptions:
    """What the office has set for its pages.

    kept_days, record_days: after how many days a conversation without use and the record of an answer are deleted,
    None = not said; embed_sites: origins that may show the chat within their own pages; secure_cookies: the site is
    reached by https; entry: the FAQ entry with this id, for the two notices; forms: the form files kept here.
    """

    kept_days: int | None = None
    record_days: int | None = None
    embed_sites: Sequence[str] = ()
    secure_cookies: bool = False
    entry: Callable[[str], Faq | None] = no_entry
    forms: Forms = no_forms


def make_web(
    answer: Answer,
    transcripts: Transcripts,
    profile: OfficeProfile,
    *,
    now: Callable[[], datetime],
    ready: Callable[[], Awaitable[bool]] = always_ready,
    questions: Sequence[str] = TYPICAL_QUESTIONS,
    options: WebOptions = WebOptions(),
    site: Site = NoSite(),  # noqa: B008 - without state
    live: OpenPages | None = None,
) -> FastAPI:
    """The web chat as an application, with the public pages of `site` around it.

    now: the current time, aware; ready: false makes /healthz say 503; questions: offered on an empty page; live:
    brings news to open pages.
    """
    web = FastAPI(title="Một Cửa", openapi_url=None, docs_url=None, redoc_url=None)
    chat = _Chat(answer, transcripts, Views(profile, questions, live=live is not None), now, options, site, profile)
    web.router.routes.extend(site.routes())
    if live is not None:
        web.add_route("/chat/events", events_of(live, chat.news), methods=["GET"])
    web.add_api_route("/", chat.desk, methods=["GET", "HEAD"], response_model=None)
    web.add_api_route("/chat", chat.show, methods=["GET", "HEAD"], response_model=None)
    web.add_api_route("/chat", chat.ask, methods=["POST"], response_model=None)
    web.add_api_route("/chat/forget", chat.forget, methods=["POST"], response_model=None)
    web.add_api_route("/dulieu", chat.kept, methods=["GET", "HEAD"], response_model=None)
    web.add_route("/hien-thi", switch_type, methods=["GET"])
    if options.embed_sites:
        web.add_route("/nhung.js", embedding_script, methods=["GET"])
    web.mount("/static/web", StaticFiles(directory=STATIC), name="static-web")

    @web.api_route("/healthz", methods=["GET", "HEAD"])
    async def health() -> JSONResponse:
        if await ready():
            return JSONResponse({"status": "ok"})
        return JSONResponse({"status": "not ready"}, status_code=503)

    web.add_exception_handler(BodyTooLarge, chat.too_large)
    web.add_exception_handler(HTTPException, chat.refused)
    web.add_exception_handler(Exception, chat.failed)
    web.add_middleware(SafetyHeaders, embed_sites=options.embed_sites)
    return web


async def embedding_script(_: Request) -> Response:
    """The script by which another site shows the chat; its address stays the same, so it may be kept an hour."""
    return FileResponse(
        STATIC / "nhung.js", media_type="text/javascript", headers={"Cache-Control": "public, max-age=3600"}
    )


class _Chat:
    def __init__(
        self,
        answer: Answer,
        transcripts: Transcripts,
        views: Views,
        now: Callable[[], datetime],
        options: WebOptions,
        site: Site,
        profile: OfficeProfile,
    ) -> None:
        self._answer = answer
        self._transcripts = transcripts
        self._views = views
        self._now = now
        self._options = options
        self._site = site
        self._profile = profile

    async def desk(self, request: Request) -> Response:
        """The first page: the chat, and what people look for most."""
        return await self._page(request, session_of(request), below=await self._site.desk())

    async def show(self, request: Request) -> Response:
        """The page with the conversation so far."""
        notice = FORGOTTEN if "forgotten" in request.query_params else ""
        return await self._page(
            request, session_of(request), notice=notice, draft=request.query_params.get("hoi", "")[:LONGEST_DRAFT]
        )

    async def kept(self, request: Request) -> Response:
        """What is kept of this browser's conversation, for how long, and the button that deletes it."""
        session = session_of(request)
        lines, notice = await self._history(session)
        page = self._views.kept(
            session,
            lines,
            self._now(),
            display_of(request),
            self._notices(),
            days=(self._options.kept_days, self._options.record_days),
            notice=notice,
            files=await self._options.forms(),
        )
        return self._with_cookie(request, session, HTMLResponse(page))

    async def ask(self, request: Request) -> Response:
        """One question: as JSON for an open page, as a whole page without JavaScript."""
        form = await read_form(request)
        request.state.draft = "" if form.choice else form.text
        if not from_our_page(request):
            return self._failure(request, 403, *FOREIGN)
        session = session_of(request)
        if not session.fresh and not session.owns(form.token):
            return await self._problem(request, session, form, STALE, 403)
        if form.problem:
            return await self._problem(request, session, form, form.problem, 422)
        message = form.as_message(session.citizen, self._now())
        try:
            reply = await self._answer(message)
        except TooMany:
            return await self._problem(request, session, form, TOO_MANY, 429)
        answered = Line(at=self._now(), reply=reply)
        if _wants_json(request):
            shown = self._views.line(session, answered, self._now(), await self._options.forms())
            return self._with_cookie(request, session, JSONResponse({"line": shown, "token": session.token}))
        lines, notice = await self._history(session)
        if lines and lines[-1].reply is not None and lines[-1].reply.blocks == reply.blocks:
            return self._with_cookie(
                request,
                session,
                RedirectResponse(f"/chat?{_embedded(request)}#newest".replace("?#", "#"), status_code=303),
            )
        asked = Line(at=message.received_at, said=form.text)
        return await self._rendered(request, session, [*lines, asked, answered], notice=notice)

    async def news(self, request: Request, line: Line) -> str:
        """A line that nobody asked for, as an open page adds it."""
        return self._views.line(session_of(request), line, self._now(), await self._options.forms())

    async def forget(self, request: Request) -> Response:
        """Deletes the conversation and gives the browser a new id."""
        form = await read_form(request)
        if not from_our_page(request):
            return self._failure(request, 403, *FOREIGN)
        session = session_of(request)
        if not session.fresh:
            if not session.owns(form.token):
                return await self._problem(request, session, form, STALE, 403)
            try:
                await self._transcripts.forget(session.citizen)
            except ConnectionError:
                return await self._problem(request, session, form, NOT_FORGOTTEN, 503)
        return self._with_cookie(
            request, new_session(), RedirectResponse(f"/chat?forgotten=1{_embedded(request)}", status_code=303)
        )

    async def too_large(self, request: Request, _: Exception) -> Response:
        """The form is too large even to be read."""
        return self._failure(request, 413, *TOO_LARGE)

    async def refused(self, request: Request, error: Exception) -> Response:
        """No such page, or not in this way."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        return self._failure(request, status, *(NOT_FOUND if status == 404 else OTHER_FAILURE))

    async def failed(self, request: Request, _: Exception) -> Response:
        """A fault of ours; what was typed is given back."""
        draft = getattr(request.state, "draft", "")
        if draft and not _wants_json(request):
            title, text = FAILED
            problem = f"{title}. {text}"
            return await self._rendered(request, session_of(request), [], draft=draft, problem=problem, status=500)
        return self._failure(request, 500, *FAILED)

    async def _history(self, session: Session) -> tuple[Sequence[Line], str]:
        if session.fresh:
            return [], ""
        try:
            return await self._transcripts.history(session.citizen, LINES_SHOWN), ""
        except ConnectionError:
            log.warning("transcripts cannot be read")
            return [], NO_HISTORY

    def _notices(self) -> Notices:
        return notices(self._profile, self._options.kept_days, self._options.entry)

    async def _page(
        self, request: Request, session: Session, *, notice: str = "", draft: str = "", below: Markup = NOTHING
    ) -> Response:
        lines, trouble = await self._history(session)
        return await self._rendered(request, session, lines, notice=trouble or notice, draft=draft, below=below)

    async def _problem(self, request: Request, session: Session, form: Form, problem: str, status: int) -> Response:
        if _wants_json(request):
            content = {"problem": problem, "token": session.token}
            return self._with_cookie(request, session, JSONResponse(content, status_code=status))
        lines, notice = await self._history(session)
        draft = "" if form.choice else form.text
        return await self._rendered(request, session, lines, draft=draft, problem=problem, notice=notice, status=status)

    async def _rendered(
        self,
        request: Request,
        session: Session,
        lines: Sequence[Line],
        *,
        draft: str = "",
        problem: str = "",
        notice: str = "",
        below: Markup = NOTHING,
        status: int = 200,
    ) -> Response:
        page = self._views.page(
            session,
            lines,
            self._now(),
            display_of(request),
            self._notices(),
            draft=draft,
            problem=problem,
            notice=notice,
            below=below,
            files=await self._options.forms(),
        )
        return self._with_cookie(request, session, HTMLResponse(page, status_code=status))

    def _failure(self, request: Request, status: int, title: str, text: str) -> Response:
        if _wants_json(request):
            return JSONResponse({"problem": f"{title}. {text}"}, status_code=status)
        page = self._views.failure(display_of(request), title, text, missing=status == 404)
        return HTMLResponse(page, status_code=status)

    def _with_cookie(self, request: Request, session: Session, response: Response) -> Response:
        secure = self._options.secure_cookies or request.url.scheme == "https"
        remember(response, session, secure=secure, embedded=bool(self._options.embed_sites))
        return response


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _embedded(request: Request) -> str:
    return "&nhung=1" if display_of(request).embedded else ""
