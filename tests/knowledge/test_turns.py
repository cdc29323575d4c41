"""Three readings of a later message, weighed."""

import pytest

from knowledge.turns import ALONE, READINGS, SAME, TURN_SIGNS, Belief, likelihood, weighed
from knowledge.weights import load

NEW, OLD = "1.000001", "1.000002"
BELIEFS = (Belief({NEW: 0.8, OLD: 0.1}, 0.9), Belief({OLD: 0.6}, 0.8), Belief({OLD: 1.0}, 1.0))


def signs(**said: float) -> dict[str, float]:
    return {**dict.fromkeys(TURN_SIGNS, 0.0), "constant": 1.0, **said}


def test_the_readings_share_one_probability() -> None:
    shares = likelihood(signs(mass=1.0), {"constant": [0.0, 0.0, 0.0], "mass": [2.0, 0.0, 0.0]})

    assert sum(shares) == pytest.approx(1.0)
    assert shares[0] > shares[1] == shares[2]


def test_an_entry_is_as_likely_as_all_readings_together_make_it() -> None:
    made = weighed((0.5, 0.25, 0.25), BELIEFS)

    assert dict(made.entries) == pytest.approx({OLD: 0.05 + 0.15 + 0.25, NEW: 0.4})
    assert made.entries[0][0] == OLD
    assert made.in_domain == pytest.approx(0.45 + 0.2 + 0.25)
    assert made.reading == ALONE


def test_the_likeliest_reading_is_told() -> None:
    assert weighed((0.1, 0.2, 0.7), BELIEFS).reading == SAME


def test_the_shipped_constants_know_every_sign_and_reading() -> None:
    constants = load().turn

    assert constants.keys() == set(TURN_SIGNS)
    assert {len(row) for row in constants.values()} == {len(READINGS)}


def test_a_part_alone_goes_on_and_a_subject_of_its_own_does_not() -> None:
    constants = load().turn
    a_part = signs(part_asked=1.0, words=0.1, topic_holds=1.0, together_is_topic=1.0, together_sure=0.8)
    a_subject = signs(
        mass=1.0, named=1.0, words=0.3, alone_sure=0.95, alone_domain=1.0, alone_holds=1.0, near_alone=0.9
    )

    assert max(READINGS, key=lambda name: likelihood(a_part, constants)[READINGS.index(name)]) == SAME
    assert max(READINGS, key=lambda name: likelihood(a_subject, constants)[READINGS.index(name)]) == ALONE
