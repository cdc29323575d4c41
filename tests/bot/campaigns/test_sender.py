"""Everybody who agreed gets the message once, whatever platforms, clocks and people do meanwhile."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.campaigns.campaign import State
from bot.campaigns.delivery import DeliveryState
from bot.campaigns.outbox import Claimed, StoredOutbox
from bot.campaigns.sender import Pace
from bot.storage.audit import SYSTEM
from bot.storage.campaign_tables import delivery
from bot.storage.subscribers import StoredSubscribers
from bot.troubles import MaybeSent, Refused, TryLater, Unreachable
from handlers.messages import Citizen, Link
from tests.bot.campaigns.sending import APPROVER, CHANNEL, PLAN, WRITER, a_desk
from tests.fakes import NOON


async def test_everybody_gets_it_once(database_url: str) -> None:
    async with a_desk(database_url) as desk:
        await desk.people(40)
        made = await desk.scheduled()

        await asyncio.gather(desk.sender().once(), desk.sender().once())
        await desk.sender().once()

        assert sorted(who for who, _ in desk.got) == sorted(str(one) for one in range(1, 41))
        assert desk.got[0][1] == f"{PLAN.texts['']}\n\nNhắn HỦY để thôi nhận thông báo."
        assert set((await desk.states()).values()) == {"sent"}
        (run,) = await desk.accounts.runs(made.id)
        assert (run.open, run.outcome, run.audience_size) == (False, "done", 40)
        found = await desk.campaigns.get(made.id)
        assert found is not None
        assert found.state is State.FINISHED


async def test_what_platforms_say_decides_how_a_delivery_ends(database_url: str) -> None:
    async with a_desk(database_url) as desk:
        await desk.people(6)
        desk.troubles = {
            "1": [Unreachable("blocked")],
            "2": [Refused("400")],
            "3": [MaybeSent("timeout")],
            "4": [RuntimeError("a fault of ours")],
            "5": [Unreachable("window over", lasting=False)],
        }
        made = await desk.scheduled()
        await desk.sender().once()

        assert await desk.states() == {
            "1": "unreachable blocked",
            "2": "failed 400",
            "3": "unknown timeout",
            "4": "failed RuntimeError",
            "5": "unreachable window over",
            "6": "sent",
        }
        blocked, closed = await desk.followers.of(Citizen(CHANNEL, "1")), await desk.followers.of(Citizen(CHANNEL, "5"))
        assert blocked is not None
        assert (blocked.active, blocked.ended_reason) == (False, "blocked")
        assert closed is not None
        assert closed.active

        assert await desk.campaigns.resend(made.id, WRITER, desk.now) == 2
        await desk.sender().once()
        assert [who for who, _ in desk.got] == ["6", "2", "4"] or sorted(who for who, _ in desk.got[1:]) == ["2", "4"]
        assert (await desk.states())["3"] == "unknown timeout"
        assert await desk.campaigns.resend(made.id, WRITER, desk.now, unknown=True) == 1


async def test_a_pause_of_the_platform_stops_everybody(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        await desk.people(30)
        desk.troubles = {"1": [TryLater(60, "429")]}
        await desk.scheduled()
        sender, other = desk.sender(), desk.sender()
        await sender.once()
        first = len(desk.got)
        await other.once()

        assert first == len(desk.got) < 29
        desk.now += timedelta(seconds=61)
        await other.once()
        assert len(desk.got) == 30
        assert set((await desk.states()).values()) == {"sent"}


async def test_one_who_has_to_wait_alone_holds_nobody_up(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        await desk.people(3)
        desk.troubles = {"1": [TryLater(3600, "no message left", alone=True)]}
        await desk.scheduled()
        await desk.sender().once()
        assert {who for who, _ in desk.got} == {"2", "3"}
        desk.now += timedelta(hours=1, seconds=1)
        await desk.sender().once()
        assert {who for who, _ in desk.got} == {"1", "2", "3"}


async def test_nobody_is_woken_unless_it_is_an_emergency(sqlite_url: str) -> None:
    night = datetime(2026, 11, 21, 16, 0, tzinfo=UTC)  # 23:00 in Viet Nam
    async with a_desk(sqlite_url, now=night) as desk:
        await desk.people(2)
        await desk.scheduled()
        await desk.sender().once()
        assert desk.got == []
        await desk.scheduled(replace(PLAN, title="Bão", emergency=True))
        await desk.sender().once()
        assert len(desk.got) == 2
        desk.now = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)  # 7:00
        await desk.sender().once()
        assert len(desk.got) == 4


async def test_own_quiet_hours_are_kept(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        await desk.people(3)
        await desk.followers.keep_quiet(Citizen(CHANNEL, "1"), (11, 14))
        await desk.followers.keep_quiet(Citizen(CHANNEL, "2"), (20, 11))
        await desk.scheduled()
        await desk.sender().once()
        assert {who for who, _ in desk.got} == {"2", "3"}
        desk.now += timedelta(hours=2)
        await desk.sender().once()
        assert {who for who, _ in desk.got} == {"1", "2", "3"}


async def test_who_stops_after_the_freeze_gets_nothing(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        await desk.people(4)
        await desk.scheduled()
        await desk.runs().begin_due(desk.now)
        await desk.followers.stop(Citizen(CHANNEL, "1"), "HỦY", "m-9", desk.now)
        await StoredSubscribers(desk.engine).lost(Citizen(CHANNEL, "2"), "blocked", desk.now)
        await StoredSubscribers(desk.engine).forget(Citizen(CHANNEL, "3"))
        await desk.sender().once()

        assert [who for who, _ in desk.got] == ["4"]
        assert await desk.states() == {
            "1": "skipped no_consent",
            "2": "skipped no_consent",
            "": "skipped no_consent",
            "4": "sent",
        }


async def test_pause_resume_and_cancel(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        await desk.people(2)
        made = await desk.scheduled()
        await desk.runs().begin_due(desk.now)
        await desk.campaigns.pause(made.id, "kiểm tra lại", APPROVER, desk.now)
        await desk.sender().once()
        assert desk.got == []
        await desk.campaigns.resume(made.id, APPROVER, desk.now)
        await desk.sender().once()
        assert len(desk.got) == 2

        other = await desk.scheduled()
        await desk.runs().begin_due(desk.now)
        await desk.campaigns.cancel(other.id, APPROVER, desk.now)
        await desk.sender().once()
        assert len(desk.got) == 2
        assert set((await desk.states()).values()) == {"skipped cancelled"}


async def test_too_late_is_not_sent(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        await desk.people(2)
        made = await desk.scheduled(starts_at=NOON + timedelta(hours=1), expires_at=NOON + timedelta(hours=3))
        await desk.sender().once()
        assert desk.got == []  # not yet

        late = await desk.scheduled(starts_at=NOON + timedelta(hours=1), expires_at=NOON + timedelta(hours=9))
        desk.now += timedelta(hours=4)  # the service was down
        await desk.sender().once()
        assert len(desk.got) == 2
        (missed,), (run,) = await desk.accounts.runs(made.id), await desk.accounts.runs(late.id)
        assert (missed.outcome, missed.audience_size, run.outcome) == ("missed", 0, "done")

        await desk.scheduled(expires_at=desk.now + timedelta(minutes=1))
        await desk.runs().begin_due(desk.now)
        desk.now += timedelta(minutes=2)
        await desk.sender().once()
        assert len(desk.got) == 2
        assert set((await desk.states()).values()) == {"expired"}


async def test_each_occurrence_is_a_run_of_its_own(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        await desk.people(1)
        made = await desk.scheduled(
            starts_at=NOON, recurrence="FREQ=DAILY", expires_at=NOON + timedelta(days=5), lasts_hours=12
        )
        await desk.sender().once()
        desk.now += timedelta(days=3)  # two days away
        await desk.sender().once()
        await desk.sender().once()
        desk.now += timedelta(days=1)
        await desk.sender().once()

        outcomes = [run.outcome for run in reversed(await desk.accounts.runs(made.id))]
        assert outcomes == ["done", "missed", "missed", "done", "done"]
        assert len(desk.got) == 3
        found = await desk.campaigns.get(made.id)
        assert found is not None
        assert found.state is State.FINISHED


async def test_a_crash_while_sending_leaves_it_unknown(database_url: str) -> None:
    async with a_desk(database_url) as desk:
        await desk.people(2)
        await desk.scheduled()
        await desk.runs().begin_due(desk.now)
        await desk.set_state(DeliveryState.SENDING, claimed_until=desk.now + timedelta(seconds=60))
        await desk.sender().once()
        assert set((await desk.states()).values()) == {"sending"}
        desk.now += timedelta(seconds=61)
        await desk.sender().once()

        assert desk.got == []
        assert set((await desk.states()).values()) == {"unknown crashed"}


async def test_too_many_errors_pause_the_campaign(sqlite_url: str) -> None:
    async with a_desk(sqlite_url, pace=Pace(least=5, error_share=0.3)) as desk:
        await desk.people(60)
        desk.troubles = {str(one): [Refused("400")] for one in range(1, 61)}
        made = await desk.scheduled()
        await desk.sender().once()

        found = await desk.campaigns.get(made.id)
        assert found is not None
        assert (found.state, found.changed_by) == (State.PAUSED, SYSTEM)
        assert "bị lỗi" in found.reason
        assert await desk.campaigns.waiting() == (0, 1)
        assert sum(state == "pending" for state in (await desk.states()).values()) > 20


async def test_links_go_through_our_own_address(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        await desk.people(1)
        await desk.scheduled(links=(Link("Cổng Dịch vụ công", "https://dichvucong.gov.vn"),))
        await desk.sender().once()
        assert "Cổng Dịch vụ công: https://motcua.example.vn/l/" in desk.got[0][1]


@pytest.mark.parametrize("per_second", [3])
async def test_the_budget_holds(sqlite_url: str, per_second: int) -> None:
    async with a_desk(sqlite_url, per_second=per_second) as desk:
        await desk.people(10)
        times: list[datetime] = []
        send = desk.send

        async def timed(citizen, reply):  # type: ignore[no-untyped-def]
            times.append(desk.now)
            await send(citizen, reply)

        desk.send = timed  # type: ignore[method-assign]
        await desk.scheduled()
        await asyncio.gather(desk.sender().once(), desk.sender().once())

        assert len(times) == 10
        for first, fourth in zip(sorted(times), sorted(times)[per_second:], strict=False):
            assert fourth - first >= timedelta(seconds=1)


async def test_one_statement_freezes_everybody(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        await desk.people(5)
        made = await desk.scheduled()
        await desk.runs().begin_due(desk.now)
        await desk.people(2, first=50)
        await desk.sender().once()
        async with desk.engine.connect() as connection:
            assert (await connection.execute(select(func.count()).select_from(delivery))).scalar_one() == 5
        (run,) = await desk.accounts.runs(made.id)
        progress = await desk.accounts.progress(run.id, desk.now)
        assert progress is not None
        assert progress.by_state[DeliveryState.SENT] == 5
        assert progress.reached == 1.0


async def test_names_go_after_the_retention_time_and_counts_stay(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        await desk.people(2)
        made = await desk.scheduled()
        await desk.sender().once()
        assert await desk.runs().purge(desk.now) == 0
        assert await desk.runs().purge(desk.now + timedelta(days=1)) == 2
        (run,) = await desk.accounts.runs(made.id)
        progress = await desk.accounts.progress(run.id, desk.now)
        assert progress is not None
        assert progress.by_state[DeliveryState.SENT] == 2
        assert await desk.accounts.of_citizen(CHANNEL, "1") == []


class SlowOutbox(StoredOutbox):
    """Takes its time between claiming and telling what it has claimed."""

    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__(engine)
        self.claimed = asyncio.Event()

    async def claim(self, run_id: int, channel: str, limit: int, now: datetime, until: datetime) -> list[Claimed]:
        found = await super().claim(run_id, channel, limit, now, until)
        self.claimed.set()
        for _ in range(20):
            await asyncio.sleep(0)
        return found


async def test_what_was_claimed_when_the_service_stops_is_given_back(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        await desk.people(5)
        await desk.scheduled()
        slow = SlowOutbox(desk.engine)
        sender = desk.sender(slow)
        running = asyncio.create_task(sender.run())
        await sender.tick()
        await slow.claimed.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert set((await desk.states()).values()) == {"pending stopped"}
        assert desk.got == []
        await desk.sender().once()
        assert len(desk.got) == 5
