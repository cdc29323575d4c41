"""Builds both Zalo channels from the settings."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Acquaintances
from bot.channels.reception import House, Reception
from bot.channels.zalo_bot import PATH as BOT_PATH
from bot.channels.zalo_bot import Hook, ZaloBotChannel
from bot.channels.zalo_bot.client import BotClient, proxy_for
from bot.channels.zalo_bot.client import make_http as make_bot_http
from bot.channels.zalo_oa import OaRules, ZaloOaChannel
from bot.channels.zalo_oa.client import OaClient
from bot.channels.zalo_oa.oauth import OAuth
from bot.channels.zalo_oa.signature import Formula, Seal
from bot.channels.zalo_oa.tokens import TokenKeeper
from bot.config import ConfigProblem
from bot.config_channels import ZaloBotSettings, ZaloOaSettings
from bot.storage.zalo_tokens import StoredZaloTokens
from knowledge.forms.addresses import is_loopback

PLACE = "Zalo"
CONNECTIONS = httpx.Limits(max_connections=32)
"""As many events as the inbox answers at once; each more makes every call a little slower."""
LONGEST_HOOK_SECRET, SHORTEST_HOOK_SECRET = 256, 8


def require_app(settings: ZaloOaSettings) -> None:
    """Raises ConfigProblem unless the app is named and its secret set."""
    if not settings.app_id or not settings.app_secret.get_secret_value():
        raise ConfigProblem("Zalo OA cần zalo_oa.app_id trong config.toml và biến MOTCUA_ZALO_OA__APP_SECRET.")


def make_oa_http(settings: ZaloOaSettings) -> httpx.AsyncClient:
    """The connections to the Official Account's API and to its sign-on."""
    return httpx.AsyncClient(trust_env=not is_loopback(settings.base_url), limits=CONNECTIONS)


def make_oauth(settings: ZaloOaSettings, http: httpx.AsyncClient) -> OAuth:
    """The sign-on of the app."""
    secret = settings.app_secret.get_secret_value()
    return OAuth(http, app_id=settings.app_id, app_secret=secret, base_url=settings.oauth_url)


def make_tokens(
    settings: ZaloOaSettings, engine: AsyncEngine, http: httpx.AsyncClient, now: Callable[[], datetime]
) -> TokenKeeper:
    """The tokens of the app, kept in the database."""
    return TokenKeeper(
        StoredZaloTokens(engine, settings.app_id),
        make_oauth(settings, http).refresh,
        now=now,
        first=settings.refresh_token.get_secret_value(),
        warn=timedelta(days=settings.refresh_alarm_days),
    )


def make_oa_client(settings: ZaloOaSettings, tokens: TokenKeeper, http: httpx.AsyncClient) -> OaClient:
    """The API of the account."""
    return OaClient(
        http,
        tokens,
        base_url=settings.base_url,
        proof_key=settings.app_secret.get_secret_value() if settings.proof else "",
        per_minute=settings.per_minute,
    )


def make_zalo_oa(
    settings: ZaloOaSettings,
    engine: AsyncEngine,
    http: httpx.AsyncClient,
    *,
    acquaintances: Acquaintances,
    house: House,
    now: Callable[[], datetime],
) -> ZaloOaChannel:
    """The Official Account. http: from `make_oa_http`, closed by the caller. Raises ConfigProblem."""
    require_app(settings)
    secret = settings.secret_key.get_secret_value() or settings.app_secret.get_secret_value()
    if settings.mac_id == "oa_id" and not settings.oa_id:
        raise ConfigProblem("zalo_oa.mac_id = “oa_id” cần zalo_oa.oa_id.")
    tokens = make_tokens(settings, engine, http, now)
    return ZaloOaChannel(
        make_oa_client(settings, tokens, http),
        tokens,
        Seal(settings.app_id, settings.oa_id, secret, Formula(settings.mac_id, settings.mac_time)),
        acquaintances,
        Reception(house, PLACE, buttons=False),
        now=now,
        rules=OaRules(
            window=timedelta(days=settings.window_days),
            free=timedelta(hours=settings.free_hours),
            paid=settings.paid,
            buttons=settings.buttons,
        ),
    )


def make_zalo_bot_http(settings: ZaloBotSettings) -> httpx.AsyncClient:
    """The connections to the bot platform; they alone know the token. Raises ConfigProblem."""
    token = settings.token.get_secret_value()
    if not token:
        raise ConfigProblem("Zalo Bot cần biến MOTCUA_ZALO_BOT__TOKEN.")
    return make_bot_http(token, proxy=proxy_for(settings.base_url))


def make_zalo_bot(
    settings: ZaloBotSettings,
    http: httpx.AsyncClient,
    *,
    address: str,
    acquaintances: Acquaintances,
    house: House,
    now: Callable[[], datetime],
) -> ZaloBotChannel:
    """The bot. http: from `make_zalo_bot_http`; address: web.address of the settings. Raises ConfigProblem."""
    return ZaloBotChannel(
        BotClient(http, base_url=settings.base_url),
        acquaintances,
        Reception(house, PLACE, buttons=False),
        now=now,
        hook=_hook(settings, address) if settings.mode == "webhook" else None,
    )


def _hook(settings: ZaloBotSettings, address: str) -> Hook:
    if not address:
        raise ConfigProblem("zalo_bot.mode = “webhook” cần web.address, ví dụ https://motcua.example.vn.")
    secret = settings.webhook_secret.get_secret_value() or _made_from(settings.token.get_secret_value())
    if not SHORTEST_HOOK_SECRET <= len(secret) <= LONGEST_HOOK_SECRET or not secret.isascii():
        raise ConfigProblem("MOTCUA_ZALO_BOT__WEBHOOK_SECRET phải có từ 8 đến 256 ký tự không dấu.")
    return Hook(url=address + BOT_PATH, secret=secret)


def _made_from(token: str) -> str:
    """A secret that every replica knows and nobody can guess who does not know the token."""
    return hashlib.sha256(f"zalo bot webhook {token}".encode()).hexdigest()
