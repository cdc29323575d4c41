"""Life events and their procedures."""

import gzip
import json

from knowledge.lifeevents import life_events
from tests.places import SNAPSHOT, needs_shared

LONGEST_LABEL = 72


def test_every_event_has_an_id_a_name_and_procedures() -> None:
    events = life_events()

    assert len(events) >= 11
    assert len({event.id for event in events}) == len({event.name for event in events}) == len(events)
    assert all(event.procedures for event in events)


def test_labels_fit_a_button_and_are_told_apart() -> None:
    for event in life_events():
        labels = list(event.procedures.values())
        assert len(set(labels)) == len(labels)
        assert max(map(len, labels)) <= LONGEST_LABEL


def test_no_label_speaks_of_the_district_level() -> None:
    assert not [label for event in life_events() for label in event.procedures.values() if "huyện" in label.lower()]


@needs_shared
def test_every_code_is_in_the_national_base() -> None:
    with gzip.open(SNAPSHOT, "rt", encoding="utf-8") as rows:
        known = {json.loads(row)["code"] for row in rows}

    assert known
    assert {code for event in life_events() for code in event.procedures} - known == set()
