"""What nobody has confirmed for long carries a caution."""

from datetime import date, timedelta

import pytest

from knowledge.entries import Faq, Procedure, Source
from knowledge.staleness import confirmed_on, stale_caution

DAY = date(2026, 7, 31)
PROCEDURE = Procedure(code="1.000001", name="Cấp lại thẻ", data_date=DAY)


@pytest.mark.parametrize(("days", "said"), [(0, False), (180, False), (181, True), (1000, True)])
def test_a_procedure_is_fresh_for_the_days_that_the_office_says(days: int, said: bool) -> None:
    assert bool(stale_caution(PROCEDURE, DAY + timedelta(days=days), 180)) is said


def test_the_caution_names_the_day() -> None:
    assert "31/7/2026" in stale_caution(PROCEDURE, date(2027, 7, 31), 180).replace("31/07", "31/7")


def test_nothing_is_said_when_switched_off_or_undated() -> None:
    assert stale_caution(PROCEDURE, date(2036, 7, 31), 0) == ""
    assert stale_caution(Procedure(code="1", name="a"), date(2036, 7, 31), 180) == ""


def test_a_question_is_as_old_as_its_newest_source() -> None:
    sources = (Source(title="a", as_of=DAY), Source(title="b", as_of=DAY + timedelta(days=9)), Source(title="c"))
    faq = Faq(id="a", question="", answer="", topic="", sources=sources)

    assert confirmed_on(faq) == DAY + timedelta(days=9)
    assert confirmed_on(Faq(id="a", question="", answer="", topic="")) is None
