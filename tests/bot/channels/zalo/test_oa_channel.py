"""The Official Account as a channel: signed events in, numbered menus out, every refusal told in the desk's words."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import structlog

from bot.channels import IGNORED, MaybeSent, Refused, TryLater, Unreachable
from bot.channels.reception import NOT_READ, Thing
from bot.channels.rendering import MENU_HINT
from bot.channels.zalo_oa import NAME, NO_QUOTA, PAID_WINDOW, WINDOW, OaRules
from bot.channels.zalo_oa.client import ACCOUNT, QUOTA, SEND
from bot.channels.zalo_oa.refusals import CLASSES, BadMessage, NotReachable, TokenRefused
from handlers.messages import Citizen, Outcome, Reply
from tests.bot.channels.scripted import DOSSIER, LONG, WHICH
from tests.bot.channels.zalo.desk import GREETING, OaDesk, an_oa, recorded, running
from tests.doubles.loopback import DROPPED, GATEWAY, Given
from tests.doubles.zalo_oa import CITIZEN, error

NEWS = Reply(blocks=("Bộ phận Một cửa nghỉ lễ ngày 24/11/2026.",), outcome=Outcome.ANSWERED)
SOMEBODY = Citizen(NAME, CITIZEN)


@pytest.fixture
async def oa() -> AsyncIterator[OaDesk]:
    async with an_oa() as desk:
        yield desk


async def test_a_question_is_answered_after_the_first_words(oa: OaDesk) -> None:
    first = await oa.says("Làm khai sinh cần giấy tờ gì?")
    second = await oa.says("Làm khai sinh cần giấy tờ gì?")

    assert GREETING in first[0]
    assert DOSSIER.citation in first[1]
    assert [DOSSIER.citation in text for text in second] == [True]
    assert oa.zalo.statuses[0] == 200
    assert [message.citizen for message in oa.line.desk.seen] == [SOMEBODY, SOMEBODY]
    assert oa.line.outcomes == ["answered", "answered"]


async def test_a_menu_is_numbered_and_a_number_picks(oa: OaDesk) -> None:
    (_, offered) = await oa.says("đăng ký kết hôn")
    await oa.says("2")

    assert f"{MENU_HINT}\n1. {WHICH.choices[0].label}\n2. {WHICH.choices[1].label}" in offered
    assert (oa.line.desk.seen[1].text, oa.line.desk.seen[1].choice) == ("2", None)


@pytest.mark.parametrize("takes", [True, False])
async def test_where_buttons_are_tried_and_refused_the_numbers_come(takes: bool) -> None:
    async with an_oa(rules=OaRules(buttons=True)) as oa:
        oa.zalo.takes_buttons = takes
        await oa.says("đăng ký kết hôn")

    labels = tuple(choice.label for choice in WHICH.choices)
    assert oa.zalo.sent[-1].buttons == (labels if takes else ())
    assert (f"{MENU_HINT}\n1. {labels[0]}" in oa.zalo.sent[-1].text) is not takes


async def test_a_long_answer_is_split_at_paragraph_ends(oa: OaDesk) -> None:
    (_, *parts) = await oa.says("cho tôi các bước")

    assert len(parts) > 1
    assert all(len(part) <= 2000 for part in parts)
    assert "\n\n".join(parts) == "\n\n".join(block.strip() for block in LONG.blocks)


async def test_a_part_that_zalo_counts_longer_is_halved(oa: OaDesk) -> None:
    await oa.says("chào")
    before = len(oa.zalo.sent)
    oa.zalo.faults[SEND].append(error(-210))

    (*parts,) = await oa.says("cho tôi các bước")

    whole = "\n\n".join(block.strip() for block in LONG.blocks)
    assert " ".join(" ".join(parts).split()) == " ".join(whole.split())
    assert len(parts[0]) <= 1000
    assert len(oa.zalo.sent) == before + len(parts)


@pytest.mark.parametrize(
    ("form", "thing"),
    [
        ("sticker", Thing.STICKER),
        ("audio", Thing.VOICE),
        ("file", Thing.DOCUMENT),
        ("location", Thing.PLACE),
    ],
)
async def test_what_the_desk_cannot_read_is_explained(oa: OaDesk, form: str, thing: Thing) -> None:
    oa.zalo.last_interaction[CITIZEN] = oa.clock.at
    await oa.zalo.deliver(recorded(f"oa-user_send_{form}"))
    await oa.line.work(oa.channel)

    assert NOT_READ.format(thing=thing) in oa.zalo.sent[-1].text
    assert len(oa.zalo.sent) == 2
    assert oa.line.desk.seen == []


async def test_words_beside_a_photo_are_a_question(oa: OaDesk) -> None:
    oa.zalo.last_interaction[CITIZEN] = oa.clock.at
    await oa.zalo.deliver(recorded("oa-user_send_image"))
    await oa.line.work(oa.channel)

    assert [message.text for message in oa.line.desk.seen] == ["giấy khai sinh của con"]
    assert NOT_READ.format(thing=Thing.PHOTO) in oa.zalo.sent[-1].text
    assert DOSSIER.citation in oa.zalo.sent[-1].text


async def test_a_link_with_words_is_a_question(oa: OaDesk) -> None:
    oa.zalo.last_interaction[CITIZEN] = oa.clock.at
    await oa.zalo.deliver(recorded("oa-user_send_link"))
    await oa.line.work(oa.channel)

    assert [message.text for message in oa.line.desk.seen] == ["https://example.vn/khai-sinh trang này có đúng không?"]


async def test_following_greets_and_leaving_is_noted(oa: OaDesk) -> None:
    oa.zalo.last_interaction[CITIZEN] = oa.clock.at
    await oa.zalo.deliver(recorded("oa-follow"))
    await oa.line.work(oa.channel)
    assert oa.friends.standing == {SOMEBODY: ""}
    assert [GREETING in message.text for message in oa.zalo.sent] == [True]

    await oa.zalo.deliver(recorded("oa-unfollow"))
    await oa.line.work(oa.channel)
    assert oa.friends.standing == {SOMEBODY: "unfollowed"}
    assert oa.line.outcomes == ["follow", "unfollow"]
    assert len(oa.zalo.sent) == 1


async def test_what_broke_off_goes_on_where_it_was(oa: OaDesk) -> None:
    await oa.says("chào")
    oa.zalo.sent.clear()
    oa.zalo.faults[SEND] = [Given(b"busy", 503)]
    assert await oa.says("cho tôi các bước") == []
    (later,) = [outcome for outcome in oa.line.outcomes if isinstance(outcome, TryLater)]
    await oa.line.work(oa.channel)

    assert later.sent == 0
    whole = [message.text for message in oa.zalo.sent]
    oa.zalo.sent.clear()
    original = oa.zalo.on_sent
    oa.zalo.on_sent = lambda _: oa.zalo.faults[SEND].append(Given(b"busy", 503)) if len(oa.zalo.sent) == 1 else None
    await oa.says("cho tôi các bước")
    oa.zalo.on_sent = original
    await oa.line.work(oa.channel)

    assert [message.text for message in oa.zalo.sent] == whole
    assert [outcome.sent for outcome in oa.line.outcomes if isinstance(outcome, TryLater)] == [0, 1]


@pytest.mark.parametrize("code", sorted(code for code in CLASSES if code != -210))
async def test_every_refusal_is_told_in_the_words_of_the_desk(oa: OaDesk, code: int) -> None:
    await oa.says("chào")
    oa.zalo.faults[SEND] += [error(code), error(code)]
    await oa.says("chào")

    outcome = oa.line.outcomes[-1]
    if issubclass(CLASSES[code], NotReachable):
        assert isinstance(outcome, Unreachable)
    elif issubclass(CLASSES[code], BadMessage):
        assert isinstance(outcome, Refused)
    else:
        assert isinstance(outcome, TryLater)
        assert outcome.after > 0
    assert issubclass(CLASSES[code], TokenRefused) or str(code) in str(outcome)


@pytest.mark.parametrize(("code", "noted"), [(-213, "-213"), (-217, "-217"), (-230, None), (-227, None)])
async def test_only_who_left_is_noted_as_gone_for_good(oa: OaDesk, code: int, noted: str | None) -> None:
    await oa.says("chào")
    oa.zalo.faults[SEND].append(error(code))
    await oa.says("chào")

    assert oa.friends.standing.get(SOMEBODY) == noted


@pytest.mark.parametrize(
    ("code", "hour", "wait"),
    [(-234, 23, 7 * 3600 + 300), (-133, 5, 3900), (-211, 23, 3900), (-144, 1, 23 * 3600 + 300)],
)
async def test_night_and_quota_wait_for_the_clock_of_viet_nam(oa: OaDesk, code: int, hour: int, wait: int) -> None:
    oa.clock.at = datetime.fromisoformat(f"2026-11-21T{hour:02}:00:00+07:00")
    oa.zalo.last_interaction[CITIZEN] = oa.clock.at
    oa.zalo.faults[SEND].append(error(code))
    await oa.says("chào")

    (later,) = oa.line.outcomes
    assert isinstance(later, TryLater)
    assert later.after == wait


async def test_a_broken_connection_may_have_delivered_and_a_gateway_has_not(oa: OaDesk) -> None:
    await oa.says("chào")
    oa.zalo.faults[SEND] += [DROPPED, GATEWAY]
    await oa.says("chào")
    await oa.line.work(oa.channel)

    doubt, later = oa.line.outcomes[1:]
    assert isinstance(doubt, MaybeSent)
    assert isinstance(later, TryLater)


async def test_with_the_database_away_the_answer_still_goes_out(oa: OaDesk) -> None:
    oa.friends.away = True

    assert [DOSSIER.citation in text for text in await oa.says("khai sinh")] == [True]


async def test_the_desk_writes_first_within_the_window_only(oa: OaDesk) -> None:
    with pytest.raises(Unreachable) as never:
        await oa.channel.send(SOMEBODY, NEWS)
    await oa.says("chào")
    oa.zalo.sent.clear()
    oa.clock.at += timedelta(hours=48)
    await oa.channel.send(SOMEBODY, NEWS)
    oa.clock.at += timedelta(seconds=1)
    with pytest.raises(Unreachable) as paid:
        await oa.channel.send(SOMEBODY, NEWS)

    assert (never.value.reason, paid.value.reason) == (WINDOW, PAID_WINDOW)
    assert [message.text for message in oa.zalo.sent] == [NEWS.blocks[0]]
    assert oa.zalo.asked.count(QUOTA) == 3
    assert oa.friends.standing == {}


async def test_where_the_office_pays_the_window_is_a_week() -> None:
    async with an_oa(rules=OaRules(paid=True)) as oa:
        await oa.says("chào")
        oa.clock.at += timedelta(days=7)
        await oa.channel.send(SOMEBODY, NEWS)
        oa.clock.at += timedelta(seconds=1)
        with pytest.raises(Unreachable) as over:
            await oa.channel.send(SOMEBODY, NEWS)

    assert over.value.reason == WINDOW


async def test_without_a_message_left_it_is_tried_the_next_day(oa: OaDesk) -> None:
    await oa.says("chào")
    used = {"last_interaction": str(int(oa.clock.at.timestamp() * 1000)), "cs_reply": {"remain": 0, "total": 8}}
    oa.zalo.faults[QUOTA].append(Given({"error": 0, "data": used}))

    with pytest.raises(TryLater) as later:
        await oa.channel.send(SOMEBODY, NEWS)
    assert later.value.reason == NO_QUOTA


async def test_the_state_is_told_in_vietnamese(oa: OaDesk) -> None:
    well = await oa.channel.check()
    oa.zalo.faults[ACCOUNT] += [error(-209), DROPPED]
    refused, away = await oa.channel.check(), await oa.channel.check()
    oa.pair.refresh_until = oa.clock.at + timedelta(days=13)
    dying = await oa.channel.check()
    oa.pair.missing = True
    missing = await oa.channel.check()

    assert (well.well, well.detail.split(";")[0]) == (True, "UBND phường Tô Hiệu")
    assert "-209" in refused.detail
    assert "không tới được Zalo từ mạng này" in away.detail
    assert "còn 13 ngày" in dying.detail
    assert "motcua zalo connect" in missing.mend
    assert not any(health.well for health in (refused, away, dying, missing))


async def test_the_loop_raises_the_alarm_well_before_the_end(oa: OaDesk) -> None:
    oa.pair.refresh_until = oa.clock.at + timedelta(days=13)
    with structlog.testing.capture_logs() as logs:
        async with running(oa.channel, oa.line):
            await oa.clock.rested.wait()

    assert [entry["log_level"] for entry in logs] == ["error"]


async def test_nothing_of_a_citizen_is_logged(oa: OaDesk) -> None:
    with structlog.testing.capture_logs() as logs:
        await oa.says("số của tôi là 0912345678")
        oa.zalo.faults[SEND] += [error(-209), DROPPED, error(-213)]
        for _ in range(3):
            await oa.says("số của tôi là 0912345678")

    assert logs
    assert not any(word in json.dumps(logs, ensure_ascii=False) for word in ("0912345678", CITIZEN, "access-"))


async def test_an_event_that_cannot_be_read_again_is_set_aside(oa: OaDesk) -> None:
    await oa.zalo.says("chào")
    (event,) = oa.line.waiting

    assert await oa.channel.handle(replace(event, payload="?"), oa.line.desk.answer) == IGNORED
