"""`motcua evaluate` on files that are typed badly, over the starter knowledge."""

import json
from pathlib import Path

import pytest

from bot.evaluation import losses, score, typed_badly
from knowledge.training.retyping import Noise
from tests.bot.commands.conftest import Motcua

QUESTIONS = [
    {"id": "q1", "turn": 1, "text": "đăng ký tạm trú hết bao nhiêu tiền", "expect": "answer", "codes": ["1.004194"]},
    {"id": "q2", "turn": 1, "text": "xin chào", "expect": "smalltalk", "codes": []},
]
ANSWER = {"kind": "answer", "codes": ["1.004194"], "aspects": "", "text": "", "ms": 1.0}


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps({**q, "aspects": ""}) for q in QUESTIONS), encoding="utf-8")
    return path


def test_the_losses_stand_beside_the_clean_file(desk: Motcua, questions: Path) -> None:
    arguments = ("evaluate", str(questions), "--noise", "accents", "--noise", "dropped", "--seed", "3", "--json")
    first, again = (json.loads(desk(*arguments).stdout) for _ in range(2))

    assert list(first) == ["seed", "clean", "accents", "dropped", "loss"]
    assert first["clean"]["all"]["n"] == first["dropped"]["all"]["n"] == 2
    for name, lost in first["loss"].items():
        expected = first["clean"]["answer"]["right"] - first[name]["answer"]["right"]
        assert lost["answer"] == pytest.approx(expected)
    assert first["loss"] == again["loss"]


def test_people_read_a_table(desk: Motcua, questions: Path) -> None:
    done = desk("evaluate", str(questions), "--noise", "accents")

    assert done.returncode == 0, done.stderr
    assert "clean" in done.stdout
    assert "accents" in done.stdout
    assert "mất đi" in done.stdout


def test_an_unknown_way_is_refused(desk: Motcua, questions: Path) -> None:
    assert desk("evaluate", str(questions), "--noise", "upside-down").returncode == 2


def test_a_question_is_typed_by_its_id_and_the_seed() -> None:
    question = {**QUESTIONS[0], "must": ["15"]}

    made = typed_badly(question, Noise.SWAPPED, 1)

    assert made == typed_badly(question, Noise.SWAPPED, 1)
    assert {**made, "text": question["text"]} == question
    others = [typed_badly(question, Noise.SWAPPED, 2), typed_badly({**question, "id": "q9"}, Noise.SWAPPED, 1)]
    assert all(other["text"] != made["text"] for other in others)


def test_a_loss_is_what_right_falls_by() -> None:
    clean = score([({**QUESTIONS[0], "aspects": ""}, ANSWER)]).report()
    noisy = score([({**QUESTIONS[0], "aspects": ""}, {**ANSWER, "codes": ["1.1"]})]).report()

    assert losses(clean, noisy) == {"all": 1.0, "answer": 1.0, "answer/first": 1.0}
    assert losses(noisy, clean)["all"] == -1.0
