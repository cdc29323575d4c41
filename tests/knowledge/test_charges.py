"""Fee lines on a given day."""

import gzip
import json
from datetime import date

import pytest

from knowledge.charges import fee_in_force, figures
from knowledge.entries import Fee, Procedure, SubmissionChannel
from knowledge.importing.snapshot import procedure_of
from tests.places import SNAPSHOT, needs_shared

TODAY = date(2026, 11, 21)
NEW_YEAR = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("150.000 đồng", {150_000}),
        ("17,5 triệu đồng", {17_500_000}),
        ("05 triệu đồng hoặc 40.000đ", {5_000_000, 40_000}),
        ("bằng 50% theo Thông tư số 64/2025/TT-BTC ngày 30/6/2025", set()),
        ("20 nghìn đồng", {20_000}),
    ],
)
def test_amounts_are_read(text: str, amounts: set[int]) -> None:
    assert figures(text) == amounts


@pytest.mark.parametrize(
    ("fee", "today", "left"),
    [
        # the figure belongs to the ended text
        (Fee(amount=40_000, text="40.000đ/giấy (áp dụng đến hết ngày 31/12/2024)"), TODAY, None),
        (Fee(amount=90_000, text="Mức giảm áp dụng theo Thông tư X đến hết ngày 31/12/2026"), NEW_YEAR, None),
        (Fee(amount=90_000, text="Áp dụng đến hết ngày 31/12/2026 đối với cấp mới"), NEW_YEAR, None),
        # the figure is the general one
        (Fee(amount=90_000, text="(Miễn phí từ ngày 07/4/2026 đến 30/6/2026)"), TODAY, Fee(amount=90_000)),
        (
            Fee(amount=90_000, text="áp dụng mức phí 45.000 đồng kể từ 01/7/2025 đến hết 31/12/2026"),
            NEW_YEAR,
            Fee(amount=90_000),
        ),
        (
            Fee(amount=90_000, text="Từ ngày 01/07/2025 đến hết ngày 31/12/2026, mức lệ phí bằng 50% mức nêu trên"),
            NEW_YEAR,
            Fee(amount=90_000),
        ),
        # the figure is the reduced one, the text keeps the general one
        (
            Fee(
                amount=45_000,
                text="Theo A: 90.000 đồng. (Từ ngày 01/7/2025 đến hết ngày 31/12/2026 áp dụng mức phí theo B.)",
            ),
            NEW_YEAR,
            Fee(text="Theo A: 90.000 đồng."),
        ),
        # only a label would remain
        (Fee(text="Cấp lại (Mức phí kể từ ngày 01/7/2025 đến hết ngày 31/12/2026 theo Thông tư B)"), NEW_YEAR, None),
        # a new amount has begun
        (
            Fee(amount=60_000, text="Lệ phí: 60.000 đ (Kể từ ngày 01 tháng 01 năm 2027 trở đi, mức thu: 120.000 đồng)"),
            NEW_YEAR,
            Fee(text="Kể từ ngày 01 tháng 01 năm 2027 trở đi, mức thu: 120.000 đồng"),
        ),
        (Fee(amount=0, text="Không thu"), TODAY, Fee(amount=0, text="Không thu")),
    ],
)
def test_a_fee_line_on_a_day(fee: Fee, today: date, left: Fee | None) -> None:
    assert fee_in_force(fee, today) == left


def test_until_the_last_day_the_line_stays_as_it_is() -> None:
    fee = Fee(amount=40_000, text="40.000đ/giấy (áp dụng đến hết ngày 31/12/2026)")

    assert fee_in_force(fee, date(2026, 12, 31)) == fee


@pytest.fixture(scope="module")
def real() -> dict[str, Procedure]:
    wanted = ("1.001456", "1.009550", "2.001195", "1.013875")
    with gzip.open(SNAPSHOT, "rt", encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines)
        return {row["code"]: procedure_of(row, None) for row in rows if row["code"] in wanted}


def charged(procedure: Procedure, channel: SubmissionChannel, today: date) -> list[Fee]:
    fees = (
        fee_in_force(fee, today) for method in procedure.methods if method.channel is channel for fee in method.fees
    )
    return [fee for fee in fees if fee is not None]


@needs_shared
def test_the_passport_fee_online_has_ended_and_that_at_the_counter_has_not(real: dict[str, Procedure]) -> None:
    assert charged(real["1.001456"], SubmissionChannel.ONLINE, TODAY) == []
    assert [fee.amount for fee in charged(real["1.001456"], SubmissionChannel.DIRECT, TODAY)] == [200_000]


@needs_shared
def test_of_two_lines_the_temporary_one_goes_on_its_day(real: dict[str, Procedure]) -> None:
    assert [f.amount for f in charged(real["1.009550"], SubmissionChannel.DIRECT, TODAY)] == [2_000_000, 1_000_000]
    assert [f.amount for f in charged(real["1.009550"], SubmissionChannel.DIRECT, NEW_YEAR)] == [2_000_000]


@needs_shared
def test_of_two_half_price_clauses_only_the_one_in_force_is_kept(real: dict[str, Procedure]) -> None:
    (today,) = charged(real["2.001195"], SubmissionChannel.DIRECT, TODAY)
    (later,) = charged(real["2.001195"], SubmissionChannel.DIRECT, NEW_YEAR)

    assert "31/12/2026" in today.text
    assert "31/12/2025" not in today.text
    assert "50%" not in later.text
    assert later.amount == 50_000


@needs_shared
def test_the_reduced_figure_goes_with_its_period(real: dict[str, Procedure]) -> None:
    assert charged(real["1.013875"], SubmissionChannel.DIRECT, TODAY)[0].amount == 1_000_000
    assert charged(real["1.013875"], SubmissionChannel.DIRECT, NEW_YEAR)[0].amount is None
