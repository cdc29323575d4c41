"""Coming in and going out: password, code of the authenticator, and the forced first steps of a new account."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from starlette.responses import Response

from bot.staff.codes import new_totp, qr_of, step_of
from bot.staff.cookies import give, is_secure, take
from bot.staff.gate import SIGN_IN, WHERE_TO_GO, way_back
from bot.staff.page import ANY_ROLE, HOME, Page, Section, Stage
from bot.staff.passwords import NOT_THE_SAME, THE_SAME, weakness
from bot.staff.room import Room
from bot.staff.visit import Visit
from bot.storage.staff import Account
from bot.storage.staff_attempts import FREE, FREE_NETWORK

WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."
WRONG_CODE = "Mã không đúng hoặc đã dùng. Hãy chờ mã mới trên điện thoại rồi nhập lại."
WAIT = "Đã sai nhiều lần. Hãy thử lại sau {minutes} phút."
TOO_OLD = "Mật khẩu được cấp đã quá hạn. Hãy nhờ quản trị viên cấp lại."
EVERY_STAGE = frozenset(set(Stage) - {Stage.OUTSIDE})
LONGEST_NAME = 100


def section(room: Room) -> Section:
    """The pages."""
    outside, code, password, enrol = (
        frozenset({stage}) for stage in (Stage.OUTSIDE, Stage.CODE, Stage.PASSWORD, Stage.ENROL)
    )

    def page(
        address: str, answer: Callable[[Room, Visit], Awaitable[Response]], method: str, stages: frozenset[Stage]
    ) -> Page:
        return Page(address=address, answer=partial(answer, room), roles=ANY_ROLE, method=method, stages=stages)

    return Section(
        pages=(
            page(SIGN_IN, show_sign_in, "GET", outside),
            page(SIGN_IN, sign_in, "POST", outside),
            page(WHERE_TO_GO[Stage.CODE], show_code, "GET", code),
            page(WHERE_TO_GO[Stage.CODE], give_code, "POST", code),
            page(WHERE_TO_GO[Stage.PASSWORD], show_first_password, "GET", password),
            page(WHERE_TO_GO[Stage.PASSWORD], first_password, "POST", password),
            page(WHERE_TO_GO[Stage.ENROL], show_enrol, "GET", enrol),
            page(WHERE_TO_GO[Stage.ENROL], enrol_now, "POST", enrol),
            page(f"{HOME}/dang-xuat", sign_out, "POST", EVERY_STAGE),
        )
    )


async def show_sign_in(room: Room, visit: Visit) -> Response:
    """The form of name and password."""
    return visit.page("sign_in.html", name="", back=way_back(visit.query("ve")))


async def sign_in(room: Room, visit: Visit) -> Response:
    """Checks name and password; the same words and the same time whether or not there is such an account."""
    name, back = visit.form.text("ten").lower()[:LONGEST_NAME], way_back(visit.form.text("ve"))
    password = visit.form.raw("mat_khau")

    def refused(problem: str, status: int) -> Response:
        return visit.page("sign_in.html", status=status, problem=problem, name=name, back=back)

    by_name, by_network = f"name:{name}", f"net:{visit.place}"
    for key, free in ((by_name, FREE), (by_network, FREE_NETWORK)):
        if wait := await room.attempts.take(key, visit.now, free=free):
            return refused(wait_words(wait), 429)
    account = await room.accounts.named(name)
    usable = account if account is not None and account.disabled_at is None else None
    if not await room.passwords.matches(password, usable.password_hash if usable else None) or usable is None:
        await room.audit.add(visit.deed("session.refused", f"account:{name}" if account else ""), visit.now)
        return refused(WRONG, 422)
    if usable.password_until is not None and usable.password_until <= visit.now:
        return refused(TOO_OLD, 422)
    await room.attempts.succeeded(by_name)
    await room.attempts.uncount(by_network)
    if room.passwords.outdated(usable.password_hash):
        await room.accounts.rehash(usable, await room.passwords.hash(password))
    return await _come_in(room, visit, usable, back, code_given=not usable.needs_code)


async def show_code(room: Room, visit: Visit) -> Response:
    """The form of the authenticator's code."""
    return visit.page("code.html", back=way_back(visit.query("ve")))


async def give_code(room: Room, visit: Visit) -> Response:
    """Checks the code; the session gets a new secret."""
    account, back = visit.me, way_back(visit.form.text("ve"))
    key = f"code:{account.id}"
    if wait := await room.attempts.take(key, visit.now):
        return visit.page("code.html", status=429, problem=wait_words(wait), back=back)
    step = step_of(account.totp_secret, visit.form.text("ma"), visit.now)
    if step is None or not await room.accounts.use_step(account, step):
        await room.audit.add(visit.deed("session.code_refused", f"account:{account.name}"), visit.now)
        return visit.page("code.html", status=422, problem=WRONG_CODE, back=back)
    await room.attempts.succeeded(key)
    return await _come_in(room, visit, account, back, code_given=True)


async def show_first_password(room: Room, visit: Visit) -> Response:
    """The form in which a password given by somebody else is exchanged for one's own."""
    return visit.page("first_password.html")


async def first_password(room: Room, visit: Visit) -> Response:
    """Keeps one's own password and begins a new session."""
    account, chosen = visit.me, visit.form.raw("moi")
    problem = await password_problem(room, account, chosen, visit.form.raw("lai"))
    if problem:
        return visit.page("first_password.html", status=422, problem=problem)
    await room.accounts.own_password(
        account, await room.passwords.hash(chosen), by=visit.deed("account.password"), now=visit.now
    )
    return await _come_in(room, visit, account, HOME, code_given=True, told=False)


async def show_enrol(room: Room, visit: Visit) -> Response:
    """The QR code for the authenticator, and the form of its first code."""
    secret = new_totp(visit.secret)
    return visit.page("enrol.html", secret=secret, qr=qr_of(secret, visit.me), forced=True)


async def enrol_now(room: Room, visit: Visit) -> Response:
    """Sets the authenticator up once its first code is right, and begins a new session."""
    account, secret = visit.me, new_totp(visit.secret)
    step = step_of(secret, visit.form.text("ma"), visit.now)
    if step is None:
        values = {"secret": secret, "qr": qr_of(secret, account), "forced": True}
        return visit.page("enrol.html", status=422, problem=WRONG_CODE, **values)
    await room.accounts.enrol(account, secret, step, by=visit.deed("account.enrol"), now=visit.now)
    return await _come_in(room, visit, account, HOME, code_given=True, told=False)


async def sign_out(room: Room, visit: Visit) -> Response:
    """Ends this session and takes the cookie away."""
    if visit.session is not None:
        await room.signed_in.close(visit.session)
        await room.audit.add(visit.deed("session.close"), visit.now)
    response = visit.go(SIGN_IN, "da-ra")
    take(response, secure=is_secure(visit.request, always=room.secure_cookies))
    return response


async def password_problem(room: Room, account: Account, chosen: str, again: str) -> str:
    """Why a new password will not do, "" when it will."""
    if chosen != again:
        return NOT_THE_SAME
    weak = weakness(chosen, account.name, account.full_name, room.profile.name)
    if weak:
        return weak
    return THE_SAME if await room.passwords.matches(chosen, account.password_hash) else ""


async def new_session(room: Room, visit: Visit, account: Account, *, code_given: bool) -> str:
    """Ends the visit's session and begins one under a new secret, so that nobody can have known it before."""
    if visit.session is not None:
        await room.signed_in.close(visit.session)
    device = visit.request.headers.get("user-agent", "")
    return await room.signed_in.open(account, code_given=code_given, place=visit.place, device=device, now=visit.now)


def wait_words(wait: timedelta) -> str:
    """How long to wait, in whole minutes."""
    return WAIT.format(minutes=max(1, -(-int(wait.total_seconds()) // 60)))


async def _come_in(
    room: Room, visit: Visit, account: Account, back: str, *, code_given: bool, told: bool = True
) -> Response:
    secret = await new_session(room, visit, account, code_given=code_given)
    if told and code_given:
        deed = visit.deed("session.open", f"account:{account.name}")
        await room.audit.add(replace(deed, actor=account.name), visit.now)
    if code_given:
        response = visit.go(back)
    else:
        response = visit.go(WHERE_TO_GO[Stage.CODE], **({"ve": back} if back != HOME else {}))
    give(response, secret, secure=is_secure(visit.request, always=room.secure_cookies))
    return response
