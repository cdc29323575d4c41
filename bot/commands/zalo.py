"""`motcua zalo`: the Official Account's tokens: the first consent, and how they are."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from getpass import getpass
from typing import Annotated

import httpx
import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import config, logs
from bot.channels.calling import PlatformDown
from bot.channels.zalo_oa.oauth import ConsentNeeded, NewPair
from bot.channels.zalo_oa.refusals import Refusal
from bot.channels.zalo_oa.tokens import TokenKeeper, TokensAway
from bot.commands import command, complain, say
from bot.commands.opening import require_newest
from bot.commands.zalo_making import make_oa_client, make_oa_http, make_oauth, make_tokens, require_app
from bot.config_channels import ZaloOaSettings
from bot.moment import utc_now
from bot.storage.engine import make_engine
from bot.storage.zalo_tokens import StoredZaloTokens

app = typer.Typer(help="Mã truy cập của Zalo Official Account.", no_args_is_help=True)
ASK_REFRESH = "Refresh token (không hiện khi gõ): "
ASK_CODE = "Authorization code (không hiện khi gõ): "
ASK_VERIFIER = "Code verifier (không hiện khi gõ): "
CONSENT = (
    "Zalo không nhận (mã {code}). Quản trị viên OA cấp lại quyền, rồi chạy lại lệnh này; mỗi mã chỉ dùng được một lần."
)
DOWN = "Không tới được Zalo ({reason}). Xem mạng, rồi chạy lại; nếu Zalo báo mã không hợp lệ thì xin cấp lại quyền."


@dataclass(frozen=True, slots=True)
class _Sign:
    settings: ZaloOaSettings
    engine: AsyncEngine
    http: httpx.AsyncClient

    @property
    def store(self) -> StoredZaloTokens:
        return StoredZaloTokens(self.engine, self.settings.app_id)

    @property
    def tokens(self) -> TokenKeeper:
        return make_tokens(self.settings, self.engine, self.http, utc_now)


@asynccontextmanager
async def _opened() -> AsyncIterator[_Sign]:
    settings = config.load()
    logs.set_up("error")
    require_app(settings.zalo_oa)
    await require_newest(settings.database_url)
    engine = make_engine(settings.database_url)
    try:
        async with make_oa_http(settings.zalo_oa) as http:
            yield _Sign(settings.zalo_oa, engine, http)
    finally:
        await engine.dispose()


@app.command()
@command
async def connect(
    code: Annotated[bool, typer.Option("--code", help="Nhập mã của trang cấp quyền, thay cho refresh token.")] = False,
) -> None:
    """Nhận mã đầu tiên sau khi quản trị viên OA cấp quyền; mã được đổi ngay và cất vào cơ sở dữ liệu."""
    async with _opened() as sign:
        # Nothing is spent at Zalo's unless the database can be written.
        await sign.store.release("motcua zalo connect")
        try:
            await (_with_code(sign) if code else _with_refresh_token(sign))
        except ConsentNeeded as refusal:
            complain(CONSENT.format(code=refusal.code))
            raise typer.Exit(1) from None
        except PlatformDown as down:
            complain(DOWN.format(reason=down.reason))
            raise typer.Exit(1) from None
        say(f"Đã kết nối. {(await sign.tokens.health()).detail}.")


async def _with_refresh_token(sign: _Sign) -> None:
    await _keep(sign, await make_oauth(sign.settings, sign.http).refresh(_secret(ASK_REFRESH), utc_now()))


async def _with_code(sign: _Sign) -> None:
    code, verifier = _secret(ASK_CODE), _secret(ASK_VERIFIER)
    await _keep(sign, await make_oauth(sign.settings, sign.http).exchange(code, verifier, utc_now()))


async def _keep(sign: _Sign, pair: NewPair) -> None:
    """Puts the new pair in the place of the old one, which has been of use until now."""
    await sign.store.store(pair, utc_now())


def _secret(prompt: str) -> str:
    """A line that neither the screen nor the history of the shell shows."""
    line = getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()
    if not line.strip():
        complain("Chưa nhập mã.")
        raise typer.Exit(1)
    return line.strip()


@app.command()
@command
async def status() -> None:
    """Hạn của mã truy cập và OA mà mã thuộc về; mã thoát 1 nếu có điều chưa ổn."""
    async with _opened() as sign:
        tokens = sign.tokens
        health = await tokens.health()
        say(f"{'✓' if health.well else '✗'} Mã truy cập: {health.detail}")
        if not health.well:
            say(f"    Cách sửa: {health.mend}")
            raise typer.Exit(1)
        try:
            account = await make_oa_client(sign.settings, tokens, sign.http).account()
        except (PlatformDown, TokensAway) as away:
            complain(DOWN.format(reason=away.reason))
            raise typer.Exit(1) from None
        except Refusal as refusal:
            complain(f"Zalo từ chối, mã {refusal.code}: xem docs/how-to/zalo.md.")
            raise typer.Exit(1) from None
    verified = "đã xác thực" if account.verified else "chưa xác thực"
    package = account.package or "không rõ"
    say(f"✓ Official Account: {account.name} ({account.id}), {verified}, gói dịch vụ: {package}")
