"""`motcua suggestions`: listed with their evidence, accepted into the base, rejected for good."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.config import Settings
from handlers.learning import Lesson, Verdict
from handlers.messages import Citizen, Conversation, Outcome, Reply
from tests.bot.commands.conftest import Motcua
from tests.fakes import NOON, a_message

STAY, BIRTH = "1.004194", "1.001193"
QUESTION = "làm sổ cho bạn ở ghép phòng"


@pytest.fixture
def taught(motcua: Motcua, tmp_path: Path) -> Motcua:
    """A desk with the starter knowledge that three citizens have taught twice."""
    assert motcua("import", "starter", "--publish").returncode == 0
    asyncio.run(_teach(f"sqlite+aiosqlite:///{tmp_path / 'var' / 'motcua.db'}", str(tmp_path / "index.npz")))
    return motcua


async def _teach(url: str, index_file: str) -> None:
    app = await App.open(Settings(database_url=url, index_file=index_file), now=lambda: NOON)
    try:
        for who in ("a", "b", "c"):
            citizen = Citizen("web", who)
            reply = Reply(blocks=("…",), outcome=Outcome.ANSWERED)
            await app.conversations.save(a_message(QUESTION, citizen=citizen), reply, Conversation())
            for question, ref in ((QUESTION, STAY), ("đăng ký khai sinh cho con", BIRTH)):
                await app.suggestions.note(
                    Lesson(citizen=citizen, question=question, ref=ref, verdict=Verdict.CHOSEN, at=NOON)
                )
    finally:
        await app.close()


def _listed(motcua: Motcua, *options: str) -> list[dict[str, Any]]:
    done = motcua("suggestions", "list", "--json", *options)
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def test_a_suggestion_from_the_list_into_the_base(taught: Motcua) -> None:
    assert QUESTION.split()[-1] in taught("suggestions", "list").stdout
    (found,) = _listed(taught)
    assert (found["ref"], found["agreed"], found["chosen"], found["against"]) == (STAY, 3, 3, 0)
    assert found["title"] == "Đăng ký tạm trú"

    accepted = taught("suggestions", "accept", found["id"], "--as", "bạn ở ghép phòng với mình", "--by", "lan")
    twice = taught("suggestions", "accept", found["id"])

    assert (accepted.returncode, twice.returncode) == (0, 1)
    assert "bạn ở ghép phòng với mình" in accepted.stdout
    assert _listed(taught) == []
    told = json.loads(taught("ask", "bạn ở ghép phòng với mình", "--explain", "--json").stdout)
    assert told["search"]["candidates"][0]["ref"] == STAY


def test_what_the_desk_understands_already_is_listed_only_on_demand(taught: Motcua) -> None:
    assert {one["ref"] for one in _listed(taught, "--all")} == {STAY, BIRTH}


def test_a_rejected_suggestion_is_gone(taught: Motcua) -> None:
    (found,) = _listed(taught)

    assert taught("suggestions", "reject", found["id"]).returncode == 0
    assert _listed(taught) == []
    assert taught("suggestions", "reject", found["id"]).returncode == 1
    assert "Chưa có cách nói nào" in taught("suggestions", "list").stdout


def test_an_overlong_wording_is_refused(taught: Motcua) -> None:
    (found,) = _listed(taught)

    assert taught("suggestions", "accept", found["id"], "--as", "a" * 201).returncode == 1
    assert len(_listed(taught)) == 1
