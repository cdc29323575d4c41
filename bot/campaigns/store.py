"""Campaigns in the database: written, reviewed by somebody else, scheduled, paused, resumed and cancelled."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.campaigns.campaign import (
    LONGEST_TITLE,
    MOST_LINKS,
    Campaign,
    CampaignProblem,
    Move,
    Plan,
    State,
    after,
)
from bot.campaigns.delivery import CANCELLED, DeliveryState
from bot.campaigns.recurrence import first_after, understood
from bot.campaigns.serialising import campaign_of, values_of
from bot.storage.audit import SYSTEM, Deed, note
from bot.storage.campaign_tables import campaign, campaign_file, campaign_run, delivery

LARGEST_FILE = 5_000_000
NO_TITLE = f"Tiêu đề có từ 1 đến {LONGEST_TITLE} ký tự."
NO_TEXT = "Chưa có nội dung tin nhắn."
TOO_MANY_LINKS = f"Một chiến dịch có nhiều nhất {MOST_LINKS} đường dẫn."
NOT_FOUND = "Không có chiến dịch này."
OWN = "Người duyệt phải là người khác, không phải người soạn."
CHANGED = "Chiến dịch vừa được người khác thay đổi; hãy xem lại rồi làm lại."
PAST = "Thời điểm kết thúc phải sau thời điểm gửi và sau lúc này."
LONG_LIFE = "Thời gian gửi mỗi lần phải từ 1 đến 720 giờ."
BIG_FILE = "Tệp kèm theo lớn quá 5 MB."


class StoredCampaigns:
    """The campaigns. Every change is recorded in the same transaction; `by` is whose deed it is (actor, place).

    Every change raises CampaignProblem (Vietnamese) for what cannot be done.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    # Looking

    async def get(self, number: int) -> Campaign | None:
        """One campaign."""
        async with self._engine.connect() as connection:
            return await _found(connection, number)

    async def page(
        self, *, states: Sequence[State] = (), search: str = "", limit: int = 50, offset: int = 0
    ) -> tuple[list[Campaign], int]:
        """The newest campaigns (in these states, with these letters in the title), and how many there are in all."""
        where: list[ColumnElement[bool]] = []
        if states:
            where.append(campaign.c.state.in_([state.value for state in states]))
        if search:
            where.append(campaign.c.title.icontains(search, autoescape=True))
        query = select(campaign).where(*where).order_by(campaign.c.id.desc()).limit(limit).offset(offset)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
            total = (await connection.execute(select(func.count()).select_from(campaign).where(*where))).scalar_one()
        return [campaign_of(row) for row in rows], int(total)

    async def waiting(self) -> tuple[int, int]:
        """How many campaigns wait for approval, and how many have been paused by the sender itself."""
        query = select(campaign.c.state, campaign.c.changed_by).where(
            campaign.c.state.in_([State.IN_REVIEW.value, State.PAUSED.value])
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        in_review = sum(row.state == State.IN_REVIEW.value for row in rows)
        return in_review, sum(row.state == State.PAUSED.value and row.changed_by == SYSTEM for row in rows)

    # Writing

    async def create(self, plan: Plan, by: Deed, now: datetime) -> Campaign:
        """A new draft of whose deed it is."""
        values = {
            **values_of(_checked(plan, now)),
            "author": by.actor,
            "approver": "",
            "state": State.DRAFT.value,
            "reason": "",
            "spent": 0,
            "created_at": now,
            "changed_at": now,
            "changed_by": by.actor,
        }
        async with self._engine.begin() as connection:
            made = (await connection.execute(insert(campaign).values(values).returning(campaign.c.id))).scalar_one()
            await _note(connection, by, "create", made, {}, now)
            return await _of(connection, made)

    async def edit(self, number: int, plan: Plan, by: Deed, now: datetime, *, seen: datetime | None = None) -> Campaign:
        """Changes a draft; whoever edits it becomes its author. seen: the `changed_at` that the editor saw."""
        values = values_of(_checked(plan, now)) | {"author": by.actor}
        return await self._move(number, Move.EDIT, by, now, values, seen=seen)

    async def submit(self, number: int, by: Deed, now: datetime) -> Campaign:
        """Gives a draft to somebody else for approval. Its checks (bot.campaigns.checks) come before."""
        return await self._move(number, Move.SUBMIT, by, now, {"reason": ""})

    async def send_back(self, number: int, why: str, by: Deed, now: datetime) -> Campaign:
        """Makes it a draft again. why: told to its author."""
        return await self._move(number, Move.SEND_BACK, by, now, {"reason": why[:200], "approver": ""})

    async def approve(self, number: int, by: Deed, now: datetime, *, seen: datetime | None = None) -> Campaign:
        """Approves it, by another person than its author. seen: the `changed_at` that the approver saw."""
        return await self._move(number, Move.APPROVE, by, now, {"approver": by.actor}, seen=seen)

    async def schedule(self, number: int, by: Deed, now: datetime) -> Campaign:
        """Lets it begin at its time, or now where it has none. Raises for a time that is over."""
        found = await self.get(number)
        if found is None:
            raise CampaignProblem(NOT_FOUND)
        due = first_after(found.plan, now)
        if due is None:
            raise CampaignProblem(PAST)
        return await self._move(number, Move.SCHEDULE, by, now, {"next_at": due})

    async def pause(self, number: int, why: str, by: Deed, now: datetime) -> Campaign:
        """Sends nothing more until resumed; what is on its way arrives. why: shown to staff."""
        return await self._move(number, Move.PAUSE, by, now, {"reason": why[:200]})

    async def resume(self, number: int, by: Deed, now: datetime) -> Campaign:
        """Goes on where it stood."""
        return await self._move(number, Move.RESUME, by, now, {"reason": ""})

    async def cancel(self, number: int, by: Deed, now: datetime) -> Campaign:
        """Ends it for good: what was not sent yet is skipped."""
        async with self._engine.begin() as connection:
            runs = select(campaign_run.c.id).where(campaign_run.c.campaign_id == number)
            found = await self._moved(connection, number, Move.CANCEL, by, now, {"next_at": None})
            pending = delivery.c.run_id.in_(runs), delivery.c.state == DeliveryState.PENDING.value
            skipped = {"state": DeliveryState.SKIPPED.value, "error": CANCELLED, "at": now}
            await connection.execute(update(delivery).where(*pending).values(skipped))
            closed = {"open": False, "outcome": "cancelled", "ended_at": now}
            mine = campaign_run.c.campaign_id == number, campaign_run.c.open
            await connection.execute(update(campaign_run).where(*mine).values(closed))
            return found

    async def resend(self, number: int, by: Deed, now: datetime, *, unknown: bool = False) -> int:
        """Sends the last run again to those whom it failed to reach, within its expiry; how many they are.

        unknown: also to those who may have got it already (they may then have it twice).
        """
        states = [DeliveryState.FAILED.value, *([DeliveryState.UNKNOWN.value] if unknown else [])]
        async with self._engine.begin() as connection:
            await self._moved(connection, number, Move.RESEND, by, now, {}, detail={"unknown": unknown})
            last = select(func.max(campaign_run.c.id)).where(campaign_run.c.campaign_id == number).scalar_subquery()
            again = update(delivery).where(delivery.c.run_id == last, delivery.c.state.in_(states))
            values = {"state": DeliveryState.PENDING.value, "error": "", "at": None, "not_before": None}
            reopened = update(campaign_run).where(campaign_run.c.id == last, campaign_run.c.expires_at > now)
            if not (await connection.execute(reopened.values(open=True, outcome="", ended_at=None))).rowcount:
                raise CampaignProblem("Đã quá hạn gửi của lần này; hãy tạo chiến dịch mới.")
            count = (await connection.execute(again.values(values))).rowcount
            if not count:
                raise CampaignProblem("Không có ai cần gửi lại.")
            return count

    async def keep_file(self, name: str, media_type: str, content: bytes, now: datetime) -> int:
        """Keeps a picture or a file for a campaign; its number."""
        if len(content) > LARGEST_FILE:
            raise CampaignProblem(BIG_FILE)
        values = {"name": name[:200], "media_type": media_type[:100], "content": content, "at": now}
        async with self._engine.begin() as connection:
            kept = insert(campaign_file).values(values).returning(campaign_file.c.id)
            return int((await connection.execute(kept)).scalar_one())

    async def _move(
        self,
        number: int,
        move: Move,
        by: Deed,
        now: datetime,
        values: Mapping[str, Any],
        *,
        seen: datetime | None = None,
    ) -> Campaign:
        async with self._engine.begin() as connection:
            return await self._moved(connection, number, move, by, now, values, seen=seen)

    async def _moved(
        self,
        connection: AsyncConnection,
        number: int,
        move: Move,
        by: Deed,
        now: datetime,
        values: Mapping[str, Any],
        *,
        seen: datetime | None = None,
        detail: Mapping[str, str | int | bool] | None = None,
    ) -> Campaign:
        found = await _found(connection, number)
        if found is None:
            raise CampaignProblem(NOT_FOUND)
        state = after(found.state, move)
        if seen is not None and found.changed_at != seen:
            raise CampaignProblem(CHANGED)
        if move is Move.APPROVE and found.author == by.actor:
            raise CampaignProblem(OWN)
        changed = {"changed_at": now, "changed_by": by.actor, **values, "state": state.value}
        as_seen = campaign.c.id == number, campaign.c.state == found.state.value
        done = await connection.execute(update(campaign).where(*as_seen).values(changed))
        if not done.rowcount:
            raise CampaignProblem(CHANGED)
        await _note(connection, by, move.value, number, detail or {}, now)
        return await _of(connection, number)


def _checked(plan: Plan, now: datetime) -> Plan:
    if not 0 < len(plan.title.strip()) <= LONGEST_TITLE:
        raise CampaignProblem(NO_TITLE)
    if not any(text.strip() for text in plan.texts.values()):
        raise CampaignProblem(NO_TEXT)
    if len(plan.links) > MOST_LINKS:
        raise CampaignProblem(TOO_MANY_LINKS)
    if not 1 <= plan.lasts_hours <= 720:
        raise CampaignProblem(LONG_LIFE)
    if plan.expires_at is not None and plan.expires_at <= max(now, plan.starts_at or now):
        raise CampaignProblem(PAST)
    understood(plan)
    return plan


async def _found(connection: AsyncConnection, number: int) -> Campaign | None:
    row = (await connection.execute(select(campaign).where(campaign.c.id == number))).mappings().one_or_none()
    return campaign_of(row) if row else None


async def _of(connection: AsyncConnection, number: int) -> Campaign:
    return campaign_of((await connection.execute(select(campaign).where(campaign.c.id == number))).mappings().one())


async def _note(
    connection: AsyncConnection, by: Deed, verb: str, number: int, detail: Mapping[str, str | int | bool], now: datetime
) -> None:
    action = {
        "create": "campaign.create",
        Move.EDIT: "campaign.edit",
        Move.SUBMIT: "campaign.submit",
        Move.SEND_BACK: "campaign.send_back",
        Move.APPROVE: "campaign.approve",
        Move.SCHEDULE: "campaign.schedule",
        Move.PAUSE: "campaign.pause",
        Move.RESUME: "campaign.resume",
        Move.CANCEL: "campaign.cancel",
        Move.RESEND: "campaign.resend",
    }[verb]
    deed = Deed(actor=by.actor, place=by.place, action=action, subject=f"campaign:{number}", detail=detail)
    await note(connection, deed, now)
