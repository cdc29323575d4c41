"""What comes to the Official Account's webhook: signed by Zalo or refused, stored once, or wanting no answer."""

from collections.abc import AsyncIterator

import pytest
import structlog

from bot.channels.zalo_oa.signature import FORMULAS, Formula
from tests.bot.channels.zalo.desk import OaDesk, an_oa, recorded
from tests.doubles.zalo_oa import APP_ID, CITIZEN, OA_ID


@pytest.fixture
async def oa() -> AsyncIterator[OaDesk]:
    async with an_oa() as desk:
        yield desk


async def test_a_repeated_event_is_stored_once(oa: OaDesk) -> None:
    body = await oa.zalo.says("chào")
    for retry in range(1, 6):
        await oa.zalo.deliver(body, retry)
    await oa.line.work(oa.channel)

    assert oa.zalo.statuses[:6] == [200] * 6
    assert len(oa.line.desk.seen) == 1


async def test_while_nothing_can_be_stored_zalo_is_asked_to_come_again(oa: OaDesk) -> None:
    oa.line.away = True
    await oa.zalo.says("chào")
    assert oa.zalo.statuses == [503]

    oa.line.away = False
    await oa.zalo.retry_all()
    await oa.line.work(oa.channel)

    assert oa.zalo.statuses[:2] == [503, 200]
    assert len(oa.line.desk.seen) == 1


async def test_a_store_that_hangs_does_not_keep_zalo_waiting(oa: OaDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.webhooks.PATIENCE", 0.01)
    oa.line.hang = True
    await oa.zalo.says("chào")

    assert oa.zalo.statuses == [503]


@pytest.mark.parametrize("formula", FORMULAS)
async def test_each_way_to_sign_is_taken_where_it_is_set_and_named_where_it_is_not(formula: Formula) -> None:
    async with an_oa(formula=formula) as oa:
        oa.zalo.signs_with = APP_ID if formula.identity == "app_id" else OA_ID
        oa.zalo.time_in_header = formula.clock == "header"
        assert await oa.says("chào")
    other = Formula("oa_id", "body") if formula.identity == "app_id" else Formula()
    async with an_oa(formula=other) as oa:
        oa.zalo.signs_with = APP_ID if formula.identity == "app_id" else OA_ID
        with structlog.testing.capture_logs() as logs:
            await oa.zalo.says("chào")

        assert oa.zalo.statuses == [403]
        assert oa.line.events == {}
        assert (logs[0]["mac_id"], logs[0]["mac_time"]) == (formula.identity, "body")


async def test_what_is_not_signed_by_zalo_is_refused(oa: OaDesk) -> None:
    body = oa.zalo.event("user_send_text", CITIZEN, message={"text": "chào", "msg_id": "m"})
    good = oa.zalo.signed(body)["X-ZEvent-Signature"]
    for signature in ("", "mac=", good[:-1], good.replace("mac=", "mac=0"), "ế" * 64, good[:-1] + "x"):
        await oa.zalo.deliver(body, headers={"X-ZEvent-Signature": signature})
    await oa.zalo.deliver(body.replace("chào".encode(), b"xin"), headers={"X-ZEvent-Signature": good})
    await oa.zalo.deliver(body, headers={})
    refused = list(oa.zalo.statuses)
    await oa.zalo.deliver(body, headers={"X-ZEvent-Signature": good.removeprefix("mac=").upper()})

    assert refused == [403] * 8
    assert oa.zalo.statuses[-1] == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{}", 200), (b"{ }", 403), (b'{"a":1}', 403), (b"", 400), (b"[]", 400), (b"\xff", 400), (b"[" * 9999, 400)],
)
async def test_only_the_two_braces_of_the_console_need_no_signature(oa: OaDesk, body: bytes, status: int) -> None:
    assert await oa.zalo.deliver(body, headers={}) == status
    assert oa.line.events == {}


async def test_a_body_longer_than_any_event_is_not_read(oa: OaDesk) -> None:
    assert await oa.zalo.deliver(b"x" * 1_000_000, headers={}) in (413, 0)


@pytest.mark.parametrize(
    "name",
    ["oa_send_text", "user_seen_message", "user_received_message", "user_submit_info", "user_send_group_text"],
)
async def test_what_wants_no_answer_is_told_200_and_neither_stored_nor_logged(oa: OaDesk, name: str) -> None:
    body = recorded(f"oa-{name}")
    with structlog.testing.capture_logs() as logs:
        assert await oa.zalo.deliver(body) == 200

    assert oa.line.events == {}
    assert logs == []


async def test_an_event_of_the_future_is_told_200_and_its_name_logged(oa: OaDesk) -> None:
    with structlog.testing.capture_logs() as logs:
        assert await oa.zalo.deliver(oa.zalo.event("user_does_something_new", CITIZEN, info={"phone": "84900"})) == 200

    assert [(entry["event_name"], "84900" in str(entry)) for entry in logs] == [("user_does_something_new", False)]
    assert oa.line.events == {}


async def test_our_own_messages_come_back_and_are_not_answered(oa: OaDesk) -> None:
    await oa.says("chào")
    await oa.says("chào")

    assert len(oa.line.desk.seen) == 2
    assert len(oa.zalo.sent) == 3


async def test_an_event_without_an_id_gets_the_same_one_again(oa: OaDesk) -> None:
    body = oa.zalo.event("user_send_text", CITIZEN, message={"text": "chào"})
    await oa.zalo.deliver(body)
    await oa.zalo.deliver(body, retry=1)

    assert len(oa.line.events) == 1
