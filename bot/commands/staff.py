"""`motcua staff`: who may come in at the staff desk, and whether the record of deeds is whole."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

import typer
from argon2 import PasswordHasher
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import config
from bot.commands import command, complain, say
from bot.commands.opening import require_newest
from bot.moment import VIETNAM, utc_now
from bot.storage.audit import TERMINAL, Deed, StoredAudit
from bot.storage.engine import make_engine, plain_words
from bot.storage.staff import Account, AccountProblem, Role, StoredAccounts, made_up_password
from bot.storage.staff_attempts import StoredAttempts

app = typer.Typer(help="Người dùng của trang cán bộ (/can-bo).", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help="Tên đăng nhập: chữ thường không dấu, ví dụ an.nguyen.")]
BY = Deed(actor=TERMINAL, action="", place=TERMINAL)
NO_ACCOUNT = "Không có tài khoản “{name}”. Xem: motcua staff list."


@dataclass(frozen=True, slots=True)
class _Opened:
    engine: AsyncEngine
    accounts: StoredAccounts

    async def one(self, name: str) -> Account:
        """The account of this name. Raises AccountProblem."""
        account = await self.accounts.named(name.lower())
        if account is None:
            raise AccountProblem(NO_ACCOUNT.format(name=name))
        return account


@asynccontextmanager
async def _opened() -> AsyncIterator[_Opened]:
    settings = config.load()
    await require_newest(settings.database_url)
    engine = make_engine(settings.database_url)
    try:
        with plain_words():
            yield _Opened(engine, StoredAccounts(engine))
    finally:
        await engine.dispose()


@app.command()
@command
async def add(
    name: Name,
    role: Annotated[list[Role], typer.Option("--role", help="Vai trò; ghi nhiều lần để giao nhiều vai trò.")],
    full_name: Annotated[str, typer.Option("--full-name", help="Họ tên; bỏ trống là như tên đăng nhập.")] = "",
    unit: Annotated[str, typer.Option("--unit", help="Phòng, bộ phận.")] = "",
) -> None:
    """Thêm tài khoản và in mật khẩu một lần duy nhất."""
    password = made_up_password()
    async with _opened() as opened:
        account = await opened.accounts.add(
            name=name.lower(),
            full_name=full_name or name,
            roles=frozenset(role),
            unit=unit,
            password_hash=PasswordHasher().hash(password),
            by=BY,
            now=utc_now(),
        )
    _tell(account, password)


@app.command("list")
@command
async def list_() -> None:
    """Liệt kê tài khoản, vai trò và trạng thái."""
    async with _opened() as opened:
        found = await opened.accounts.all()
    if not found:
        say("Chưa có tài khoản nào. Tạo bằng: motcua staff add NAME --role administrator.")
        return
    table = Table("tên đăng nhập", "họ tên", "đơn vị", "vai trò", "mã xác thực", "trạng thái")
    for one in found:
        code = "đã cài" if one.needs_code else "chưa cài"
        table.add_row(
            escape(one.name), escape(one.full_name), escape(one.unit), one.role_names(), code, escape(_state(one))
        )
    Console(highlight=False).print(table)


@app.command()
@command
async def reset(name: Name) -> None:
    """Cấp lại mật khẩu, bỏ mã xác thực cũ, kết thúc mọi phiên đăng nhập."""
    password = made_up_password()
    async with _opened() as opened:
        account = await opened.one(name)
        await opened.accounts.give_password(account, PasswordHasher().hash(password), by=BY, now=utc_now())
        await StoredAttempts(opened.engine).succeeded(f"name:{account.name}")
    _tell(account, password)
    if account.disabled_at:
        say(f"Tài khoản này đang bị khóa; mở lại bằng: motcua staff enable {account.name}.")


@app.command()
@command
async def disable(name: Name) -> None:
    """Khóa tài khoản và kết thúc mọi phiên đăng nhập."""
    async with _opened() as opened:
        account = await opened.one(name)
        await opened.accounts.disable(account, by=BY, now=utc_now())
    say(f"Đã khóa tài khoản “{account.name}”.")


@app.command()
@command
async def enable(name: Name) -> None:
    """Mở lại tài khoản đã khóa."""
    async with _opened() as opened:
        account = await opened.one(name)
        await opened.accounts.enable(account, by=BY, now=utc_now())
    say(f"Đã mở lại tài khoản “{account.name}”.")


@app.command()
@command
async def audit() -> None:
    """Kiểm tra nhật ký việc làm còn nguyên vẹn; in dấu niêm phong của dòng cuối."""
    async with _opened() as opened:
        verdict = await StoredAudit(opened.engine).verify()
    if not verdict.whole:
        complain(f"Nhật ký không còn nguyên vẹn từ dòng {verdict.broken}.")
        raise typer.Exit(1)
    say(f"Nhật ký nguyên vẹn: {verdict.lines} dòng. Dấu niêm phong: {verdict.seal or '–'}")


def _tell(account: Account, password: str) -> None:
    say(f"Mật khẩu của “{account.name}” chỉ hiện một lần này, dùng được 3 ngày và phải đổi khi đăng nhập lần đầu:")
    say(password)


def _state(account: Account) -> str:
    if account.disabled_at:
        return f"đã khóa {account.disabled_at.astimezone(VIETNAM):%d/%m/%Y}"
    return "chờ đổi mật khẩu" if account.must_change_password else "đang dùng"
