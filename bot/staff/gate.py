"""The one door of the staff desk: session, role and form token are checked here, for every page alike."""

from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.staff.cookies import give, is_secure, new_secret, secret_of
from bot.staff.forms import Form, read_form
from bot.staff.page import HOME, Page, Stage
from bot.staff.visit import Visit
from bot.storage.staff import Account, Role
from bot.storage.staff_sessions import StaffSession, StoredStaffSessions
from bot.web.frame import Frame

SIGN_IN = f"{HOME}/dang-nhap"
WHERE_TO_GO = {
    Stage.CODE: f"{HOME}/ma-xac-thuc",
    Stage.PASSWORD: f"{HOME}/doi-mat-khau",
    Stage.ENROL: f"{HOME}/cai-ma-xac-thuc",
    Stage.INSIDE: HOME,
}
LONGEST_RETURN = 500
WORTH_KEEPING = 20
"""Characters from which on what was typed is shown again when the session has ended."""
PRIVATE = {"token", "mat_khau", "cu", "moi", "lai", "ma", "username"}
"""Fields that are never shown again."""


class Forbidden(Exception):
    """The visitor's roles do not open this page."""


class FormNotOurs(Exception):
    """A form without this session's token, or sent from another site. lost: the browser kept no cookie at all."""

    def __init__(self, *, lost: bool) -> None:
        self.lost = lost


class StaffRoute(Route):
    """The address of a page, checked before the page sees anything."""

    def __init__(self, page: Page, gate: "Gate") -> None:
        self.page = page

        async def endpoint(request: Request) -> Response:
            return await gate.pass_through(request, page)

        methods = ["GET", "HEAD"] if page.method == "GET" else [page.method]
        super().__init__(page.address, endpoint, methods=methods)


class Gate:
    """Lets a request through to its page, or shows the way to where one comes in."""

    def __init__(
        self,
        sessions: StoredStaffSessions,
        frame: Frame,
        now: Callable[[], datetime],
        menu: Callable[[frozenset[Role]], Sequence[tuple[str, str]]],
        *,
        secure_cookies: bool,
    ) -> None:
        self._sessions = sessions
        self._frame = frame
        self._now = now
        self._menu = menu
        self._secure_cookies = secure_cookies

    async def visit(self, request: Request) -> tuple[Visit, Stage]:
        """Who makes a request, and how far they have come in. Raises ConnectionError while the database is away."""
        secure = is_secure(request, always=self._secure_cookies)
        secret, now = secret_of(request, secure=secure), self._now()
        found = await self._sessions.find(secret, now) if secret else None
        if found is None:
            return Visit(request=request, frame=self._frame, now=now, secret=secret or new_secret()), Stage.OUTSIDE
        session, account = found
        stage = _stage(session, account)
        menu = self._menu(account.roles) if stage is Stage.INSIDE else ()
        visit = Visit(
            request=request,
            frame=self._frame,
            now=now,
            secret=secret,
            account=account,
            session=session,
            menu=menu,
        )
        return visit, stage

    async def pass_through(self, request: Request, page: Page) -> Response:
        """The page's answer, once everything is in order."""
        visit, stage = await self.visit(request)
        request.state.visit = visit
        if stage not in page.stages:
            lost = await _typed(request, page) if stage is Stage.OUTSIDE and request.method == "POST" else []
            return visit.page("typed.html", status=401, typed=lost) if lost else _elsewhere(request, stage)
        if stage is Stage.INSIDE and not (visit.account and visit.account.roles & page.roles):
            raise Forbidden
        if page.method != "GET":
            visit = visit.with_form(await self._own_form(visit, page))
        response = await page.answer(visit)
        # Outside too, forms carry the token of a cookie; whoever is inside has theirs already.
        if visit.account is None and "set-cookie" not in response.headers:
            give(response, visit.secret, secure=is_secure(request, always=self._secure_cookies))
        return response

    async def _own_form(self, visit: Visit, page: Page) -> Form:
        secure = is_secure(visit.request, always=self._secure_cookies)
        if not _from_our_page(visit.request):
            raise FormNotOurs(lost=False)
        form = await read_form(visit.request, page.largest)
        if not visit.owns(form.raw("token")):
            raise FormNotOurs(lost=not secret_of(visit.request, secure=secure))
        return form


def _stage(session: StaffSession, account: Account) -> Stage:
    if not session.code_given:
        return Stage.CODE
    if account.must_change_password:
        return Stage.PASSWORD
    return Stage.ENROL if account.must_enrol else Stage.INSIDE


async def _typed(request: Request, page: Page) -> list[str]:
    """What somebody typed whose session has ended meanwhile, to be copied: it must not be lost."""
    if not _from_our_page(request):
        return []
    form = await read_form(request, page.largest)
    return [
        value
        for name, values in form.fields.items()
        for value in values
        if name not in PRIVATE and len(value) >= WORTH_KEEPING
    ]


def _elsewhere(request: Request, stage: Stage) -> Response:
    if stage is not Stage.OUTSIDE:
        return RedirectResponse(WHERE_TO_GO[stage], status_code=303)
    if request.method not in ("GET", "HEAD"):
        return RedirectResponse(f"{SIGN_IN}?xong=het-phien", status_code=303)
    url = request.url
    back = f"{url.path}?{url.query}" if url.query else url.path
    query = f"?ve={quote(back[:LONGEST_RETURN], safe='')}" if back != HOME else ""
    return RedirectResponse(SIGN_IN + query, status_code=303)


def way_back(address: str) -> str:
    """Where to go after signing in: a page of the staff desk, whatever the address said."""
    inside = address == HOME or address.startswith((f"{HOME}/", f"{HOME}?"))
    plain = address.isascii() and address.isprintable() and "\\" not in address and ".." not in address
    return address if inside and plain and len(address) <= LONGEST_RETURN and "//" not in address else HOME


def _from_our_page(request: Request) -> bool:
    """False if the browser says that another site sent this form."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
