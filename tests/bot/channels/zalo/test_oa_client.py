"""The Official Account's API: errors under HTTP 200, each number in its class, tokens out of sight."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from bot.channels.calling import PlatformDown
from bot.channels.zalo_oa.client import SEND, OaClient
from bot.channels.zalo_oa.refusals import (
    CLASSES,
    AssetGone,
    BadMessage,
    Busy,
    NeedsAPerson,
    NightRest,
    NotReachable,
    QuotaSpent,
    TokenRefused,
    TooLong,
    refusal,
)
from tests.doubles.loopback import CUT_OFF, DROPPED, GATEWAY, SLOW, Given
from tests.doubles.zalo_oa import APP_SECRET, CITIZEN, ZaloOa, a_zalo_oa, error
from tests.fakes import NOON


class Tokens:
    """The token that the double takes, after `stale` others."""

    def __init__(self, zalo: ZaloOa, stale: int = 0) -> None:
        self._zalo = zalo
        self._stale = stale
        self.renewals = 0

    async def current(self) -> str:
        return "stale-0" if self._stale else self._zalo.access_token

    async def renewed(self, rejected: str) -> str:
        self.renewals += 1
        return f"stale-{self.renewals}" if self.renewals < self._stale else self._zalo.access_token


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloOa]:
    async with a_zalo_oa(ZaloOa(now=lambda: NOON, last_interaction={CITIZEN: NOON})) as double:
        yield double


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


def a_client(zalo: ZaloOa, http: httpx.AsyncClient, stale: int = 0, *, timeout: float = 10.0) -> OaClient:
    return OaClient(http, Tokens(zalo, stale), base_url=zalo.address, timeout=timeout)


async def test_a_message_is_sent_and_counted_in_composed_letters(zalo: ZaloOa, http: httpx.AsyncClient) -> None:
    sent = await a_client(zalo, http).send_text(CITIZEN, " e\u0302\u0301" * 1000)

    (delivered,) = zalo.sent
    assert delivered.id == sent.id
    assert delivered.text.endswith(" \u1ebf")
    assert len(delivered.text) == 2000


async def test_one_character_too_many_is_refused_as_such(zalo: ZaloOa, http: httpx.AsyncClient) -> None:
    client = a_client(zalo, http)
    await client.send_text(CITIZEN, "ế" * 2000)

    with pytest.raises(TooLong) as refused:
        await client.send_text(CITIZEN, "ế" * 2001)
    assert refused.value.code == -210


async def test_an_ended_token_is_renewed_once_and_the_call_made_again(zalo: ZaloOa, http: httpx.AsyncClient) -> None:
    await a_client(zalo, http, stale=1).send_text(CITIZEN, "chào")

    assert [message.text for message in zalo.sent] == ["chào"]
    assert zalo.asked == [SEND, SEND]


async def test_a_second_rejection_is_not_tried_again(zalo: ZaloOa, http: httpx.AsyncClient) -> None:
    with pytest.raises(TokenRefused):
        await a_client(zalo, http, stale=2).send_text(CITIZEN, "chào")

    assert zalo.asked == [SEND, SEND]


EVERY_NUMBER = {
    TokenRefused: (-216, -220, -124),
    Busy: (-32, -200),
    QuotaSpent: (-211, -144, -147, -1441),
    NightRest: (-234, -133),
    NotReachable: (-213, -217, -244, -218, -227, -230, -232, -114, -118, -119, -141),
    NeedsAPerson: (-209, -212, -219, -221, -223, -224, -240, -242, -320, -321),
    BadMessage: (-201, -233, -1121, -1122),
    TooLong: (-210,),
    AssetGone: (-100,),
}


def test_every_number_of_the_platform_notes_has_its_class() -> None:
    wanted = {code: its_class for its_class, codes in EVERY_NUMBER.items() for code in codes}

    assert dict(CLASSES) == wanted


@pytest.mark.parametrize("code", [-999999, -1, 1, 12345])
def test_an_unknown_number_needs_a_person(code: int) -> None:
    assert type(refusal(code)) is NeedsAPerson


@pytest.mark.parametrize("code", sorted(code for code in CLASSES if not issubclass(CLASSES[code], TokenRefused)))
async def test_an_error_under_http_200_is_an_error(zalo: ZaloOa, http: httpx.AsyncClient, code: int) -> None:
    zalo.faults[SEND].append(error(code))

    with pytest.raises(CLASSES[code]) as refused:
        await a_client(zalo, http).send_text(CITIZEN, "chào")
    assert (refused.value.code, zalo.sent) == (code, [])


@pytest.mark.parametrize("fault", [DROPPED, CUT_OFF])
async def test_a_connection_that_breaks_may_have_delivered(zalo: ZaloOa, http: httpx.AsyncClient, fault: Given) -> None:
    zalo.faults[SEND].append(fault)

    with pytest.raises(PlatformDown) as down:
        await a_client(zalo, http).send_text(CITIZEN, "chào")
    assert down.value.sent


async def test_no_answer_within_the_time_may_have_delivered(zalo: ZaloOa, http: httpx.AsyncClient) -> None:
    zalo.faults[SEND].append(SLOW)

    with pytest.raises(PlatformDown) as down:
        await a_client(zalo, http, timeout=0.05).send_text(CITIZEN, "chào")
    assert down.value.sent


async def test_nobody_there_means_not_delivered(http: httpx.AsyncClient) -> None:
    zalo = ZaloOa(address="http://127.0.0.1:1")

    with pytest.raises(PlatformDown) as down:
        await a_client(zalo, http).send_text(CITIZEN, "chào")
    assert not down.value.sent


@pytest.mark.parametrize(
    ("answer", "sent"),
    [
        (GATEWAY, False),
        (Given(b"busy", 503), False),
        (Given(b"slow down", 429), False),
        (Given(b"[1]", 200), True),
        (Given(b'{"data":{}}', 200), True),
        (Given(b"x" * 2_000_000, 200), True),
    ],
)
async def test_what_is_no_answer_of_zalo(zalo: ZaloOa, http: httpx.AsyncClient, answer: Given, sent: bool) -> None:
    zalo.faults[SEND].append(answer)

    with pytest.raises(PlatformDown) as down:
        await a_client(zalo, http).send_text(CITIZEN, "chào")
    assert down.value.sent is sent


async def test_the_quota_with_and_without_a_count(zalo: ZaloOa, http: httpx.AsyncClient) -> None:
    client = a_client(zalo, http)

    assert (await client.quota(CITIZEN)).remaining is None
    zalo.counts_replies = True
    quota = await client.quota(CITIZEN)
    stranger = await client.quota("1")

    assert (quota.remaining, quota.last_interaction) == (8, NOON)
    assert stranger.last_interaction is None


async def test_who_follows_and_which_account_this_is(zalo: ZaloOa, http: httpx.AsyncClient) -> None:
    client = a_client(zalo, http)

    account = await client.account()
    assert (account.kind, account.verified, account.name) == ("4", True, "UBND phường Tô Hiệu")
    assert await client.follows(CITIZEN) is True
    assert await client.follows("1") is False


async def test_the_window_and_the_rate_of_the_platform(zalo: ZaloOa, http: httpx.AsyncClient) -> None:
    client = a_client(zalo, http)
    zalo.last_interaction[CITIZEN] = NOON - timedelta(days=7, seconds=1)
    with pytest.raises(NotReachable):
        await client.send_text(CITIZEN, "chào")
    zalo.per_minute = 1
    with pytest.raises(Busy):
        await client.send_text(CITIZEN, "chào")


async def test_more_calls_than_zalo_takes_are_refused_here_already(zalo: ZaloOa, http: httpx.AsyncClient) -> None:
    seconds = [59.0]
    client = OaClient(http, Tokens(zalo), base_url=zalo.address, per_minute=2, tick=lambda: seconds[0])
    for _ in range(2):
        await client.account()
    with pytest.raises(Busy):
        await client.account()
    seconds[0] = 60.0
    await client.account()

    assert len(zalo.asked) == 3


async def test_no_token_and_no_secret_is_logged_or_raised(
    zalo: ZaloOa, http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = OaClient(http, Tokens(zalo), base_url=zalo.address, proof_key=APP_SECRET)
    await client.send_text(CITIZEN, "một câu riêng")
    zalo.faults[SEND] += [DROPPED, GATEWAY, error(-209)]
    raised = []
    for _ in range(3):
        with pytest.raises((PlatformDown, NeedsAPerson)) as failure:
            await client.send_text(CITIZEN, "một câu riêng")
        raised.append(f"{failure.value!r} {failure.value.__cause__!r}")

    told = caplog.text + " ".join(raised)
    assert "HTTP Request" in caplog.text
    assert not any(secret in told for secret in (zalo.access_token, APP_SECRET, "riêng", CITIZEN))
