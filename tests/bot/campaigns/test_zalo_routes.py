"""The three ways of the Zalo Official Account: free text, a paid template within its budget, an article for all."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from bot.campaigns.campaign import ZaloPlan
from bot.campaigns.choosing import Reach
from bot.campaigns.writing import Outlet
from bot.channels.reception import House, Reception
from bot.channels.zalo_oa import ZaloOaChannel
from bot.channels.zalo_oa.client import TEMPLATE, OaClient
from bot.channels.zalo_oa.oauth import OAuth
from bot.channels.zalo_oa.signature import Seal
from bot.channels.zalo_oa.tokens import TokenKeeper
from bot.storage.conversations import StoredConversations
from bot.storage.subscribers import StoredSubscribers
from bot.storage.zalo_tokens import StoredZaloTokens
from handlers.messages import Citizen, Conversation, Outcome, Reply
from knowledge.entries import OfficeProfile
from tests.bot.campaigns.sending import PLAN, Desk, a_desk, preview
from tests.doubles import zalo_oa
from tests.doubles.loopback import SLOW
from tests.doubles.zalo_oa import ZaloOa, a_zalo_oa
from tests.fakes import a_message

ZALO = "zalo_oa"
TEMPLATED = replace(PLAN, zalo=ZaloPlan(template="t-1", template_data={"ten": "Anh/Chị"}, price=300, budget=700))


@pytest.fixture
async def office(sqlite_url: str) -> AsyncIterator[tuple[Desk, ZaloOa]]:
    """Five people on Zalo; "1" has written an hour ago."""
    async with (
        a_desk(sqlite_url) as desk,
        a_zalo_oa(ZaloOa(now=lambda: desk.now, templates={"t-1"}, articles={"bai-1"})) as zalo,
        httpx.AsyncClient(trust_env=False) as http,
    ):
        oauth = OAuth(http, app_id=zalo_oa.APP_ID, app_secret=zalo_oa.APP_SECRET, base_url=zalo.address)
        store = StoredZaloTokens(desk.engine, zalo_oa.APP_ID)
        tokens = TokenKeeper(store, oauth.refresh, now=lambda: desk.now, first=zalo_oa.FIRST_REFRESH)
        channel = ZaloOaChannel(
            OaClient(http, tokens, base_url=zalo.address, timeout=0.5),
            tokens,
            Seal(zalo_oa.APP_ID, zalo_oa.OA_ID, zalo_oa.OA_SECRET),
            StoredSubscribers(desk.engine),
            Reception(House(profile=OfficeProfile()), "Zalo", buttons=False),
            now=lambda: desk.now,
        )
        desk.reach = Reach(channels=(ZALO,), windows={ZALO: timedelta(hours=48)}, templated=(ZALO,))
        desk.outlets = (
            Outlet(
                name=ZALO,
                send=channel.send,
                preview=preview,
                per_second=0,
                parallel=2,
                template=channel.send_template,
                broadcast=channel.broadcast,
            ),
        )
        await desk.people(5, channel=ZALO)
        written = desk.now - timedelta(hours=1)
        wrote, reply = a_message("chào", citizen=Citizen(ZALO, "1")), Reply(blocks=("!",), outcome=Outcome.SMALLTALK)
        await StoredConversations(desk.engine).save(wrote, reply, Conversation(updated_at=written))
        zalo.last_interaction["1"] = written
        yield desk, zalo


async def test_text_to_those_who_wrote_and_templates_within_the_budget(office: tuple[Desk, ZaloOa]) -> None:
    desk, zalo = office
    zalo.gone = {"2"}
    made = await desk.scheduled(TEMPLATED)
    await desk.sender().once()

    assert [one.user_id for one in zalo.sent] == ["1"]
    assert sorted(user for user, _, _ in zalo.paid) == ["3", "4"]  # a third would be over 700
    assert zalo.paid[0][1:] == ("t-1", {"ten": "Anh/Chị"})
    assert await desk.states() == {
        "1": "sent",
        "2": "unreachable -118",
        "3": "sent",
        "4": "sent",
        "5": "skipped no_budget",
    }
    found = await desk.campaigns.get(made.id)
    assert found is not None
    assert found.spent == 600
    gone = await desk.followers.of(Citizen(ZALO, "2"))
    assert gone is not None
    assert (gone.active, gone.ended_reason) == (False, "-118")


async def test_money_for_what_may_have_arrived_stays_spent(office: tuple[Desk, ZaloOa]) -> None:
    desk, zalo = office
    zalo.faults[TEMPLATE] = [SLOW]
    made = await desk.scheduled(TEMPLATED)
    await desk.sender().once()
    found = await desk.campaigns.get(made.id)
    assert found is not None
    assert (found.spent, len(zalo.paid)) == (600, 1)
    assert sorted((await desk.states()).values()) == [
        "sent",
        "sent",
        "skipped no_budget",
        "skipped no_budget",
        "unknown timeout",
    ]


async def test_a_window_that_closed_meanwhile_ends_no_subscription(office: tuple[Desk, ZaloOa]) -> None:
    desk, zalo = office
    zalo.last_interaction["1"] = desk.now - timedelta(days=9)
    await desk.scheduled()
    await desk.sender().once()
    assert (await desk.states())["1"] == "unreachable window over"
    follower = await desk.followers.of(Citizen(ZALO, "1"))
    assert follower is not None
    assert follower.active
    assert [state for state in (await desk.states()).values() if state == "skipped no_route"] == [
        "skipped no_route"
    ] * 4


async def test_an_article_is_sent_once_for_all(office: tuple[Desk, ZaloOa]) -> None:
    desk, zalo = office
    target = {"locations": "1", "platform": "1,2,3"}
    made = await desk.scheduled(replace(PLAN, zalo=ZaloPlan(article="bai-1", target=target)))
    wrong = await desk.scheduled(replace(PLAN, zalo=ZaloPlan(article="bai-2")))
    await desk.sender().once()
    await desk.sender().once()

    assert zalo.broadcasts == [("bai-1", target)]
    (run,), (failed,) = await desk.accounts.runs(made.id), await desk.accounts.runs(wrong.id)
    assert (run.article, run.open) == ("sent", False)
    assert (failed.article, failed.article_error) == ("failed", "-201")
