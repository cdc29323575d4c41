"""One's own account: password, authenticator, and the devices one is signed in with."""

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.staff.codes import new_totp, qr_of, step_of
from bot.staff.cookies import give, is_secure, take
from bot.staff.forms import whole
from bot.staff.gate import SIGN_IN
from bot.staff.page import ANY_ROLE, HOME, Page, Section
from bot.staff.room import Room
from bot.staff.signing_in import WRONG_CODE, new_session, password_problem, wait_words
from bot.staff.visit import Visit
from bot.storage.staff import NEED_CODE

ADDRESS = f"{HOME}/tai-khoan"
WRONG_PASSWORD = "Mật khẩu hiện tại không đúng."  # noqa: S105 - words for people
CODE_NEEDED = "Vai trò của Anh/Chị bắt buộc có mã xác thực."


def section(room: Room) -> Section:
    """The pages."""

    def page(
        path: str, answer: Callable[[Room, Visit], Awaitable[Response]], method: str = "POST", menu: str = ""
    ) -> Page:
        return Page(address=ADDRESS + path, answer=partial(answer, room), roles=ANY_ROLE, method=method, menu=menu)

    return Section(
        pages=(
            page("", show, "GET", "Tài khoản của tôi"),
            page("/mat-khau", change_password),
            page("/ma-xac-thuc", show_enrol, "GET"),
            page("/ma-xac-thuc", enrol),
            page("/bo-ma-xac-thuc", unenrol),
            page("/phien/{number}/ket-thuc", end_session),
            page("/ra-het", sign_out_everywhere),
        )
    )


async def show(room: Room, visit: Visit) -> Response:
    """Everything about one's own account."""
    return await _shown(room, visit)


async def change_password(room: Room, visit: Visit) -> Response:
    """A new password; every other session ends."""
    account, chosen = visit.me, visit.form.raw("moi")
    if problem := await _password_wrong(room, visit):
        return await _shown(room, visit, problem)
    if problem := await password_problem(room, account, chosen, visit.form.raw("lai")):
        return await _shown(room, visit, problem)
    hashed = await room.passwords.hash(chosen)
    await room.accounts.own_password(account, hashed, by=visit.deed("account.password"), now=visit.now)
    return await _again(room, visit, "mat-khau")


async def show_enrol(room: Room, visit: Visit) -> Response:
    """The QR code for an authenticator that nobody demands, or for a new telephone."""
    return _enrolling(room, visit)


async def enrol(room: Room, visit: Visit) -> Response:
    """Sets the authenticator up; one that is there already has to be proven, or the password given."""
    account, secret = visit.me, new_totp(visit.secret)
    if problem := await _password_wrong(room, visit):
        return _enrolling(room, visit, problem)
    step = step_of(secret, visit.form.text("ma"), visit.now)
    if step is None:
        return _enrolling(room, visit, WRONG_CODE)
    await room.accounts.enrol(account, secret, step, by=visit.deed("account.enrol"), now=visit.now)
    return await _again(room, visit, "bat-ma")


async def unenrol(room: Room, visit: Visit) -> Response:
    """Takes the authenticator away where no role demands one."""
    if visit.me.roles & NEED_CODE:
        return await _shown(room, visit, CODE_NEEDED)
    if problem := await _password_wrong(room, visit):
        return await _shown(room, visit, problem)
    await room.accounts.enrol(visit.me, "", 0, by=visit.deed("account.unenrol"), now=visit.now)
    return await _again(room, visit, "bo-ma")


async def end_session(room: Room, visit: Visit) -> Response:
    """Ends one of one's own sessions; of others' nothing is said."""
    number = whole(visit.part("number"))
    if number is None or not await room.signed_in.close_one(visit.me, number):
        raise HTTPException(404)
    await room.audit.add(visit.deed("session.close"), visit.now)
    return visit.go(ADDRESS, "ket-thuc")


async def sign_out_everywhere(room: Room, visit: Visit) -> Response:
    """Ends all of one's sessions, this one too."""
    closed = await room.signed_in.close_all(visit.me)
    await room.audit.add(visit.deed("session.close_all", f"account:{visit.me.name}", {"sessions": closed}), visit.now)
    response = visit.go(SIGN_IN, "ra-het")
    take(response, secure=is_secure(visit.request, always=room.secure_cookies))
    return response


async def _shown(room: Room, visit: Visit, problem: str = "") -> Response:
    open_sessions = await room.signed_in.of(visit.me, visit.now)
    return visit.page(
        "own_account.html",
        status=422 if problem else 200,
        problem=problem,
        open_sessions=open_sessions,
        must_have_code=bool(visit.me.roles & NEED_CODE),
    )


def _enrolling(room: Room, visit: Visit, problem: str = "") -> Response:
    secret = new_totp(visit.secret)
    values = {"secret": secret, "qr": qr_of(secret, visit.me), "forced": False}
    return visit.page("enrol.html", status=422 if problem else 200, problem=problem, **values)


async def _password_wrong(room: Room, visit: Visit) -> str:
    """The present password has to be given once more: an unlocked computer must not be enough."""
    key = f"own:{visit.me.id}"
    if wait := await room.attempts.take(key, visit.now):
        return wait_words(wait)
    if not await room.passwords.matches(visit.form.raw("cu"), visit.me.password_hash):
        return WRONG_PASSWORD
    await room.attempts.succeeded(key)
    return ""


async def _again(room: Room, visit: Visit, done: str) -> Response:
    """Back to the account under a new session, all former ones having ended."""
    response = visit.go(ADDRESS, done)
    secret = await new_session(room, visit, visit.me, code_given=True)
    give(response, secret, secure=is_secure(visit.request, always=room.secure_cookies))
    return response
