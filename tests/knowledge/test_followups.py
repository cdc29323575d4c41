"""What a message says beside the talk it stands in."""

import pytest

from knowledge.entries import Topic
from knowledge.followups import Subject, Turn, turn

TOPIC = Topic(ref="1.004194", question="đăng ký tạm trú")


def subject(mass: float = 0.0, *, named: bool = False, circumstance: bool = False, opening: bool = False) -> Subject:
    return Subject(mass, named, circumstance, opening)


@pytest.mark.parametrize(
    ("said", "relation"),
    [
        (subject(), Turn.SAME),
        (subject(circumstance=True), Turn.OPERATION),
        (subject(4.0), Turn.NEW),
        (subject(1.0, named=True), Turn.NEW),
        (subject(4.0, opening=True), Turn.ADDED),
    ],
)
def test_only_a_message_without_a_subject_of_its_own_is_carried(said: Subject, relation: Turn) -> None:
    assert turn(said, TOPIC, restated=False) is relation


def test_nothing_is_carried_without_a_topic_or_after_a_correction() -> None:
    assert turn(subject(), None, restated=False) is Turn.NEW
    assert turn(subject(), Topic(), restated=False) is Turn.NEW
    assert turn(subject(), TOPIC, restated=True) is Turn.NEW
