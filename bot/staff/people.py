"""The accounts of staff: who there is, with which roles; passwords given anew, accounts shut and opened."""

from collections.abc import Sequence
from functools import partial

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.staff.forms import whole
from bot.staff.page import ADMINISTRATORS, HOME, Page, Section
from bot.staff.room import Room
from bot.staff.visit import Visit
from bot.storage.staff import GIVEN_LASTS, ROLE_NAMES, Account, AccountProblem, Role, made_up_password

ADDRESS = f"{HOME}/nguoi-dung"
NOT_ONESELF = "Không tự cấp lại mật khẩu hay tự khóa tài khoản của mình ở đây; hãy dùng trang “Tài khoản của tôi”."


def section(room: Room) -> Section:
    """The pages."""
    one = ADDRESS + "/{number}"
    return Section(
        pages=(
            Page(address=ADDRESS, answer=partial(show_all, room), roles=ADMINISTRATORS, menu="Người dùng"),
            Page(address=ADDRESS, answer=partial(add, room), roles=ADMINISTRATORS, method="POST"),
            Page(address=one, answer=partial(show, room), roles=ADMINISTRATORS),
            Page(address=one, answer=partial(describe, room), roles=ADMINISTRATORS, method="POST"),
            Page(address=one + "/cap-lai", answer=partial(reset, room), roles=ADMINISTRATORS, method="POST"),
            Page(address=one + "/khoa", answer=partial(disable, room), roles=ADMINISTRATORS, method="POST"),
            Page(address=one + "/mo", answer=partial(enable, room), roles=ADMINISTRATORS, method="POST"),
            Page(address=one + "/ra-het", answer=partial(sign_out, room), roles=ADMINISTRATORS, method="POST"),
        )
    )


async def show_all(room: Room, visit: Visit) -> Response:
    """Every account, and the form of a new one."""
    return await _list(room, visit)


async def add(room: Room, visit: Visit) -> Response:
    """Makes an account and shows its first password, once."""
    form, password = visit.form, made_up_password()
    try:
        account = await room.accounts.add(
            name=form.text("ten").lower(),
            full_name=form.text("ho_ten"),
            unit=form.text("don_vi"),
            roles=chosen_roles(form.all("vai_tro")),
            password_hash=await room.passwords.hash(password),
            by=visit.deed("account.add"),
            now=visit.now,
        )
    except AccountProblem as problem:
        return await _list(room, visit, str(problem))
    return _given(visit, account, password)


async def show(room: Room, visit: Visit) -> Response:
    """One account."""
    return await _one(room, visit, await _account(room, visit))


async def describe(room: Room, visit: Visit) -> Response:
    """Name, unit and roles."""
    account, form = await _account(room, visit), visit.form
    try:
        await room.accounts.describe(
            account,
            full_name=form.text("ho_ten"),
            unit=form.text("don_vi"),
            roles=chosen_roles(form.all("vai_tro")),
            by=visit.deed("account.describe"),
            now=visit.now,
        )
    except AccountProblem as problem:
        return await _one(room, visit, account, str(problem))
    return visit.go(f"{ADDRESS}/{account.id}", "da-luu")


async def reset(room: Room, visit: Visit) -> Response:
    """A new password, shown once; the authenticator has to be set up again."""
    account = await _account(room, visit)
    if account.id == visit.me.id:
        return await _one(room, visit, account, NOT_ONESELF)
    password = made_up_password()
    hashed = await room.passwords.hash(password)
    await room.accounts.give_password(account, hashed, by=visit.deed("account.reset"), now=visit.now)
    await room.attempts.succeeded(f"name:{account.name}")
    return _given(visit, account, password)


async def disable(room: Room, visit: Visit) -> Response:
    """Shuts an account."""
    account = await _account(room, visit)
    if account.id == visit.me.id:
        return await _one(room, visit, account, NOT_ONESELF)
    try:
        await room.accounts.disable(account, by=visit.deed("account.disable"), now=visit.now)
    except AccountProblem as problem:
        return await _one(room, visit, account, str(problem))
    return visit.go(f"{ADDRESS}/{account.id}", "da-khoa")


async def enable(room: Room, visit: Visit) -> Response:
    """Opens an account again."""
    account = await _account(room, visit)
    await room.accounts.enable(account, by=visit.deed("account.enable"), now=visit.now)
    return visit.go(f"{ADDRESS}/{account.id}", "da-mo")


async def sign_out(room: Room, visit: Visit) -> Response:
    """Ends all sessions of an account."""
    account = await _account(room, visit)
    closed = await room.signed_in.close_all(account)
    deed = visit.deed("session.close_all", f"account:{account.name}", {"sessions": closed})
    await room.audit.add(deed, visit.now)
    return visit.go(f"{ADDRESS}/{account.id}", "ket-thuc")


def chosen_roles(values: Sequence[str]) -> frozenset[Role]:
    """The roles that were ticked; words that are none are left out."""
    return frozenset(role for role in Role if role.value in values)


async def _account(room: Room, visit: Visit) -> Account:
    number = whole(visit.part("number"))
    account = await room.accounts.get(number) if number is not None else None
    if account is None:
        raise HTTPException(404)
    return account


async def _list(room: Room, visit: Visit, problem: str = "") -> Response:
    return visit.page(
        "people.html",
        status=422 if problem else 200,
        problem=problem,
        accounts=await room.accounts.all(),
        typed=visit.form,
        roles=list(ROLE_NAMES.items()),
    )


async def _one(room: Room, visit: Visit, account: Account, problem: str = "") -> Response:
    return visit.page(
        "person.html",
        status=422 if problem else 200,
        problem=problem,
        person=account,
        roles=list(ROLE_NAMES.items()),
        open_sessions=await room.signed_in.of(account, visit.now),
    )


def _given(visit: Visit, account: Account, password: str) -> Response:
    return visit.page("given_password.html", person=account, password=password, until=visit.now + GIVEN_LASTS)
