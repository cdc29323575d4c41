"""Puts the pages of the staff desk together and says what happens when one fails."""

from collections.abc import Callable, Sequence

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.logs import trace
from bot.staff import (
    campaigns,
    channels,
    decision_rows,
    decisions,
    figures,
    front,
    in_person,
    news,
    own_account,
    people,
    plan_calendar,
    plan_tasks,
    plans,
    processes,
    queue,
    said,
    signing_in,
    state,
    suggested,
    talk_templates,
    talks,
    test_questions,
    trail,
    trials,
    warnings,
)
from bot.staff.cookies import new_secret
from bot.staff.forms import FormTooLarge
from bot.staff.gate import SIGN_IN, Forbidden, FormNotOurs, Gate, StaffRoute
from bot.staff.knowledge import approving, bulk, editing, entry, listing, retiring, uploading, ways
from bot.staff.page import HOME, Section
from bot.staff.room import Room
from bot.staff.visit import Visit
from bot.storage.staff import Role
from bot.web.frame import Display
from bot.web.headers import SafetyHeaders

SECTIONS: tuple[Callable[[Room], Section], ...] = (
    approving.section,
    listing.section,
    entry.section,
    editing.section,
    retiring.section,
    bulk.section,
    uploading.section,
    queue.section,
    suggested.section,
    in_person.section,
    trials.section,
    test_questions.section,
    plan_calendar.section,
    plans.section,
    plan_tasks.section,
    decisions.section,
    decision_rows.section,
    processes.section,
    said.section,
    news.section,
    warnings.section,
    talks.section,
    talk_templates.section,
    figures.section,
    channels.section,
    campaigns.section,
    state.section,
    trail.section,
    people.section,
    ways.section,
    own_account.section,
    signing_in.section,
)
"""The files of pages, in the order of the menu; the front page stands before them all."""
FORBIDDEN = ("Không có quyền mở trang này", "Vai trò của Anh/Chị không gồm việc này. Nếu cần, hãy nhờ quản trị viên.")
NOT_OURS = ("Chưa nhận biểu mẫu", "Trang đã cũ hoặc được gửi từ nơi khác. Hãy quay lại, tải lại trang rồi gửi lại.")
NO_COOKIE = (
    "Trình duyệt chưa giữ cookie",
    "Trang cán bộ cần cookie và địa chỉ https. Hãy mở bằng https://… rồi thử lại.",
)
TOO_LARGE = ("Nội dung quá lớn", "Tệp hoặc nội dung gửi lên lớn hơn mức trang này nhận.")
NOT_FOUND = ("Không có trang này", "Địa chỉ có thể đã đổi, hoặc mục đã bị xóa.")
OTHER = ("Chưa thực hiện được", "Hãy quay lại và thử lại.")
AWAY = ("Cơ sở dữ liệu chưa trả lời", "Hãy thử lại sau ít phút.")
FAILED = ("Có lỗi xảy ra", "Việc này chưa làm xong. Hãy thử lại; nếu vẫn lỗi, hãy báo người vận hành.")

log = structlog.get_logger(__name__)


def make_staff(room: Room) -> SafetyHeaders:
    """The staff desk as an application; its addresses begin with HOME."""
    sections = [make(room) for make in SECTIONS]
    sections.insert(0, front.section(sections))
    pages = [page for section in sections for page in section.pages]

    def menu(own: frozenset[Role]) -> Sequence[tuple[str, str]]:
        return [(page.address, page.menu) for page in pages if page.menu and page.roles & own]

    gate = Gate(room.signed_in, room.frame, room.now, menu, secure_cookies=room.secure_cookies)
    failures = _Failures(room, gate)
    staff = Starlette(
        routes=[StaffRoute(page, gate) for page in pages],
        exception_handlers={
            Forbidden: failures.forbidden,
            FormNotOurs: failures.not_ours,
            FormTooLarge: failures.too_large,
            ConnectionError: failures.away,
            HTTPException: failures.refused,
            Exception: failures.failed,
        },
    )
    # It would tell strangers which addresses there are, and build an address from the Host they send.
    staff.router.redirect_slashes = False
    # Outside of everything, so that the page about a failure carries the headers as well.
    return SafetyHeaders(staff)


def beside(web: ASGIApp, staff: ASGIApp) -> ASGIApp:
    """An application that gives what lies under HOME to `staff`, everything else to `web`."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        ours = scope["type"] == "http" and (path == HOME or path.startswith(f"{HOME}/"))
        await (staff if ours else web)(scope, receive, send)

    return serve


class _Failures:
    def __init__(self, room: Room, gate: Gate) -> None:
        self._room = room
        self._gate = gate

    async def forbidden(self, request: Request, _: Exception) -> Response:
        return self._page(request, 403, FORBIDDEN)

    async def not_ours(self, request: Request, error: Exception) -> Response:
        lost = isinstance(error, FormNotOurs) and error.lost
        return self._page(request, 403, NO_COOKIE if lost else NOT_OURS)

    async def too_large(self, request: Request, _: Exception) -> Response:
        return self._page(request, 413, TOO_LARGE)

    async def away(self, request: Request, _: Exception) -> Response:
        return self._page(request, 503, AWAY)

    async def refused(self, request: Request, error: Exception) -> Response:
        """No such page, or not in this way. Strangers are not told which pages there are."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        if status in (404, 405) and not hasattr(request.state, "visit"):
            visit, _ = await self._gate.visit(request)
            if visit.account is None:
                return RedirectResponse(SIGN_IN, status_code=303)
            request.state.visit = visit
        return self._page(request, status, NOT_FOUND if status == 404 else OTHER)

    async def failed(self, request: Request, error: Exception) -> Response:
        log.error("staff page failed", path=request.scope["path"], trace=trace(error))
        return self._page(request, 500, FAILED)

    def _page(self, request: Request, status: int, words: tuple[str, str]) -> Response:
        title, text = words
        visit = getattr(request.state, "visit", None)
        if visit is None:
            visit = Visit(request=request, frame=self._room.frame, now=self._room.now(), secret=new_secret())
        values = {"visit": visit, "title": title, "text": text, "problem": "", "notice": ""}
        return HTMLResponse(self._room.frame.render("wrong.html", Display(), **values), status_code=status)
