"""A campaign goes from its author to another person's approval, and only along legal moves."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.campaigns.campaign import MOVES, STATE_NAMES, CampaignProblem, Move, State, after, moves
from bot.campaigns.delivery import DELIVERY_NAMES, DeliveryState
from bot.storage.audit import AuditFilter, StoredAudit
from handlers.messages import Link
from tests.bot.campaigns.sending import APPROVER, PLAN, WRITER, a_desk
from tests.fakes import NOON


def test_only_legal_moves_are_made() -> None:
    assert set(STATE_NAMES) == set(State)
    assert set(DELIVERY_NAMES) == set(DeliveryState)
    for state, move in itertools.product(State, Move):
        if (state, move) in MOVES:
            assert after(state, move) is MOVES[state, move]
        else:
            with pytest.raises(CampaignProblem, match=STATE_NAMES[state]):
                after(state, move)
    assert Move.APPROVE not in moves(State.DRAFT)
    assert moves(State.CANCELLED) == ()


async def test_two_people_are_needed(database_url: str) -> None:
    async with a_desk(database_url) as desk:
        whole = replace(
            PLAN,
            links=(Link("Cổng", "https://dichvucong.gov.vn"),),
            procedures=("1.001193",),
            task_id=7,
            audience=replace(PLAN.audience, topics=("online",), communes=("Sơn La/phường Tô Hiệu",)),
            starts_at=NOON + timedelta(days=1),
            zalo=replace(PLAN.zalo, template="t-1", template_data={"ten": "Anh/Chị"}, price=200, budget=10_000),
        )
        made = await desk.campaigns.create(whole, WRITER, NOON)
        assert made.plan == whole
        assert made.state is State.DRAFT
        with pytest.raises(CampaignProblem):
            await desk.campaigns.approve(made.id, APPROVER, NOON)
        await desk.campaigns.submit(made.id, WRITER, NOON)
        with pytest.raises(CampaignProblem, match="người khác"):
            await desk.campaigns.approve(made.id, WRITER, NOON)
        back = await desk.campaigns.send_back(made.id, "sai lệ phí", APPROVER, NOON)
        assert (back.state, back.reason) == (State.DRAFT, "sai lệ phí")

        changed = await desk.campaigns.edit(made.id, replace(whole, title="Tên khác"), WRITER, NOON + timedelta(1))
        with pytest.raises(CampaignProblem, match="người khác thay đổi"):
            await desk.campaigns.edit(made.id, whole, WRITER, NOON, seen=NOON)
        await desk.campaigns.submit(made.id, WRITER, NOON)
        approved = await desk.campaigns.approve(made.id, APPROVER, NOON)
        assert (approved.approver, approved.plan.title) == ("duyet", "Tên khác")
        assert (await desk.campaigns.schedule(made.id, WRITER, NOON)).next_at == changed.plan.starts_at
        with pytest.raises(CampaignProblem):
            await desk.campaigns.edit(made.id, whole, WRITER, NOON)

        lines, _ = await StoredAudit(desk.engine).page(AuditFilter(subject=f"campaign:{made.id}"), limit=20)
        verbs = [line.action.removeprefix("campaign.") for line in reversed(lines)]
        assert verbs == ["create", "submit", "send_back", "edit", "submit", "approve", "schedule"]
        found, total = await desk.campaigns.page(states=[State.SCHEDULED], search="tên")
        assert (len(found), total) == (1, 1)
        assert await desk.campaigns.page(search="không có") == ([], 0)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": "  "}, "Tiêu đề"),
        ({"texts": {"": " "}}, "nội dung"),
        ({"expires_at": NOON - timedelta(hours=1)}, "kết thúc"),
        ({"lasts_hours": 0}, "720"),
        ({"recurrence": "FREQ=MONTHLY;BYMONTHDAY=5", "starts_at": NOON}, "điểm dừng"),
        ({"recurrence": "FREQ=MONTHLY", "expires_at": NOON + timedelta(days=90)}, "bắt đầu"),
        ({"recurrence": "hằng tháng", "starts_at": NOON}, "Không hiểu"),
        ({"recurrence": "FREQ=MINUTELY;COUNT=3", "starts_at": NOON}, "mỗi giờ"),
        ({"recurrence": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", "starts_at": NOON}, "không có lần nào"),
        ({"links": tuple(Link(str(n), "https://a.vn") for n in range(6))}, "đường dẫn"),
    ],
)
async def test_what_cannot_be_is_told_and_not_kept(sqlite_desk, changed, words) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(CampaignProblem, match=words):
        await sqlite_desk.campaigns.create(replace(PLAN, **changed), WRITER, NOON)
    assert await sqlite_desk.campaigns.page() == ([], 0)


async def test_a_time_that_is_over_cannot_be_scheduled(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        made = await desk.campaigns.create(replace(PLAN, expires_at=NOON + timedelta(hours=1)), WRITER, NOON)
        await desk.campaigns.submit(made.id, WRITER, NOON)
        await desk.campaigns.approve(made.id, APPROVER, NOON)
        with pytest.raises(CampaignProblem, match="kết thúc"):
            await desk.campaigns.schedule(made.id, WRITER, NOON + timedelta(hours=2))
        for missing in (desk.campaigns.submit, desk.campaigns.schedule, desk.campaigns.cancel):
            with pytest.raises(CampaignProblem, match="Không có"):
                await missing(999, WRITER, NOON)
        with pytest.raises(CampaignProblem, match="5 MB"):
            await desk.campaigns.keep_file("a.pdf", "application/pdf", b"x" * 5_000_001, NOON)
