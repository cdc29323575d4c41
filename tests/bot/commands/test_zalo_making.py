"""Both Zalo channels from the settings: what has to be set is asked for, what may differ reaches its place."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.reception import House
from bot.channels.zalo_bot import PATH
from bot.commands.zalo_making import make_oa_http, make_zalo_bot, make_zalo_bot_http, make_zalo_oa
from bot.config import ConfigProblem
from bot.config_channels import ZaloBotSettings, ZaloOaSettings
from bot.storage.engine import make_engine
from knowledge.entries import OfficeProfile
from tests.bot.channels.zalo.desk import Friends, Line
from tests.fakes import NOON

HOUSE = House(profile=OfficeProfile())
SECRET = SecretStr("a secret")


@pytest.fixture
async def engine(sqlite_url: str) -> AsyncIterator[AsyncEngine]:
    made = make_engine(sqlite_url)
    yield made
    await made.dispose()


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (ZaloOaSettings(), "zalo_oa.app_id"),
        (ZaloOaSettings(app_id="1"), "MOTCUA_ZALO_OA__APP_SECRET"),
        (ZaloOaSettings(app_id="1", app_secret=SECRET, mac_id="oa_id"), "zalo_oa.oa_id"),
    ],
)
async def test_an_account_without_what_it_needs_is_told(
    engine: AsyncEngine, settings: ZaloOaSettings, named: str
) -> None:
    async with make_oa_http(settings) as http:
        with pytest.raises(ConfigProblem, match=named):
            make_zalo_oa(settings, engine, http, acquaintances=Friends(), house=HOUSE, now=lambda: NOON)


async def test_an_account_that_is_set_has_a_webhook(engine: AsyncEngine) -> None:
    settings = ZaloOaSettings(app_id="1", app_secret=SECRET)
    async with make_oa_http(settings) as http:
        channel = make_zalo_oa(settings, engine, http, acquaintances=Friends(), house=HOUSE, now=lambda: NOON)

    assert len(channel.routes(Line().receive)) == 1


@pytest.mark.parametrize(
    ("settings", "address", "named"),
    [
        (ZaloBotSettings(), "https://x.example.vn", "MOTCUA_ZALO_BOT__TOKEN"),
        (ZaloBotSettings(token=SECRET, mode="webhook"), "", "web.address"),
        (
            ZaloBotSettings(token=SECRET, mode="webhook", webhook_secret=SecretStr("short")),
            "https://x.example.vn",
            "WEBHOOK_SECRET",
        ),
    ],
)
async def test_a_bot_without_what_it_needs_is_told(settings: ZaloBotSettings, address: str, named: str) -> None:
    with pytest.raises(ConfigProblem, match=named):
        async with make_zalo_bot_http(settings) as http:
            make_zalo_bot(settings, http, address=address, acquaintances=Friends(), house=HOUSE, now=lambda: NOON)


@pytest.mark.parametrize(("mode", "hooks"), [("polling", []), ("webhook", [PATH])])
async def test_a_bot_polls_or_is_called(mode: str, hooks: list[str]) -> None:
    settings = ZaloBotSettings.model_validate({"token": SECRET, "mode": mode})
    async with make_zalo_bot_http(settings) as http:
        channel = make_zalo_bot(
            settings, http, address="https://x.example.vn", acquaintances=Friends(), house=HOUSE, now=lambda: NOON
        )

    assert [getattr(route, "path", "") for route in channel.routes(Line().receive)] == hooks
