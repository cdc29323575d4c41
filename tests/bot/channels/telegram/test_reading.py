"""What each kind of update tells, by updates as Telegram sends them (invented people)."""

import json
from pathlib import Path
from typing import Any

import pytest
from telegram import Update

from bot.channels.telegram.reading import Own, citizen_id, event_of, in_a_group, told
from tests.doubles.telegram import BOT

RECORDED = [
    json.loads(line)
    for line in (Path(__file__).parent / "recorded" / "updates.jsonl").read_text(encoding="utf-8").splitlines()
]
OWN = Own(BOT["id"], BOT["username"])  # type: ignore[arg-type]


def test_there_are_updates_of_many_kinds() -> None:
    assert len(RECORDED) >= 30
    assert {one["told"]["kind"] for one in RECORDED if one["told"]} == {
        "said", "sent", "pressed", "reacted", "reached", "lost", "joined",
    }  # fmt: skip


@pytest.mark.parametrize("one", RECORDED, ids=lambda one: one["name"])
def test_an_update_is_understood(one: dict[str, Any]) -> None:
    assert event_of(one["update"]) == tuple(one["event"])
    found = told(Update.de_json(one["update"], None), OWN)

    if one["told"] is None:
        assert found is None
    else:
        assert found is not None
        shown = {name: getattr(found, name) for name in one["told"]}
        shown["kind"] = found.kind.value
        assert {**shown, **({"thing": found.thing.value} if "thing" in shown else {})} == one["told"]


def test_names_are_asked_for_only_in_groups() -> None:
    groups = {one["name"] for one in RECORDED if in_a_group(json.dumps(one["update"]))}

    assert {"mentioned in a group", "talk of a group"} <= groups
    assert groups.isdisjoint({"text", "pressed button", "blocked"})


def test_without_a_name_nothing_in_a_group_is_ours() -> None:
    (mentioned,) = [one["update"] for one in RECORDED if one["name"] == "mentioned in a group"]

    assert told(Update.de_json(mentioned, None), None) is None


@pytest.mark.parametrize("update", [{}, {"update_id": "1"}, {"message": {}}])
def test_what_is_no_update_is_none(update: dict[str, Any]) -> None:
    assert event_of(update) is None


def test_ids_of_citizens_do_not_clash() -> None:
    assert len({citizen_id(1), citizen_id(1, 2), citizen_id(-1, 2), citizen_id(-12)}) == 4
