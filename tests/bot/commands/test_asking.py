"""Questions from the terminal and from files, over the starter knowledge."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bot.commands.conftest import Motcua
from tests.places import QUESTIONS, needs_shared

TURNS = [
    {"id": "a1", "conversation": "a", "turn": 1, "text": "đăng ký tạm trú hết bao nhiêu tiền"},
    {"id": "a2", "conversation": "a", "turn": 2, "text": "mất mấy ngày"},
    {"id": "b1", "conversation": "b", "turn": 1, "text": "mất mấy ngày"},
    {"id": "c1", "conversation": "c", "turn": 1, "text": "\ud800\x00\u200b"},
    {"id": "d1", "conversation": "d", "turn": 1, "text": "a." * 50_000},
]


def test_a_question_is_answered_with_its_source(desk: Motcua) -> None:
    done = desk("ask", "đăng ký tạm trú hết bao nhiêu tiền")

    assert done.returncode == 0
    assert "15.000" in done.stdout
    assert "1.004194" in done.stdout


def test_json_has_the_keys_that_other_programs_read(desk: Motcua) -> None:
    done = desk("ask", "đăng ký tạm trú hết bao nhiêu tiền", "--json")

    answer = json.loads(done.stdout)
    assert list(answer) == ["kind", "codes", "aspects", "confidence", "text", "ms"]
    assert (answer["kind"], answer["codes"][0], answer["aspects"]) == ("answer", "1.004194", "f")


def test_a_batch_shares_the_context_of_a_conversation_and_leaves_no_trace(desk: Motcua, desk_folder: Path) -> None:
    (desk_folder / "in.jsonl").write_text("\n".join(json.dumps(turn) for turn in TURNS), encoding="utf-8")

    done = desk("ask", "--batch", "in.jsonl", "--out", "out.jsonl")

    assert done.returncode == 0, done.stderr
    answers = {a["id"]: a for a in _lines(desk_folder / "out.jsonl")}
    assert list(answers) == [turn["id"] for turn in TURNS]
    assert answers["a2"]["codes"][0] == "1.004194"
    assert "1.004194" not in answers["b1"]["codes"][:1]
    assert answers["c1"]["kind"] == answers["d1"]["kind"] == "refuse"
    with sqlite3.connect(desk_folder / "var" / "motcua.db") as database:
        for table in ("conversation", "conversation_line", "answer"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    database.close()


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_broken_batch_line_is_named_and_nothing_is_written(desk: Motcua, desk_folder: Path) -> None:
    (desk_folder / "broken.jsonl").write_text('{"id": "1", "text": "phí"}\n{"id": "2", "te', encoding="utf-8")

    done = desk("ask", "--batch", "broken.jsonl", "--out", "never.jsonl")

    assert done.returncode == 1
    assert "dòng 2" in done.stderr
    assert not (desk_folder / "never.jsonl").exists()


def test_contradicting_options_are_told(desk: Motcua) -> None:
    for arguments in (["ask"], ["ask", "phí", "--batch", "x"], ["ask", "--batch", "x"]):
        done = desk(*arguments)
        assert (done.returncode, "--batch" in done.stderr) == (1, True)


def test_without_a_database_the_way_out_is_named(motcua: Motcua, tmp_path: Path) -> None:
    done = motcua("ask", "đăng ký tạm trú")

    assert done.returncode == 1
    assert "motcua import starter" in done.stderr
    assert not (tmp_path / "var" / "motcua.db").exists()


def test_the_chat_answers_lines_from_a_pipe(desk: Motcua) -> None:
    done = desk("chat", stdin="đăng ký tạm trú hết bao nhiêu tiền\n")

    assert done.returncode == 0
    assert "máy" in done.stdout
    assert "15.000" in done.stdout


@needs_shared
def test_the_evaluation_is_that_of_the_scorer(desk: Motcua, desk_folder: Path) -> None:
    questions = QUESTIONS / "dev-desk.jsonl"
    ours = json.loads(desk("evaluate", str(questions), "--json").stdout)
    desk("ask", "--batch", str(questions), "--out", "desk.jsonl")

    judged = subprocess.run(
        [sys.executable, QUESTIONS / "score.py", questions, desk_folder / "desk.jsonl", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )

    theirs = json.loads(judged.stdout)
    assert {k: v for k, v in ours.items() if k != "ms"} == {k: v for k, v in theirs.items() if k != "ms"}


def test_the_evaluation_shows_errors_when_asked(desk: Motcua, desk_folder: Path) -> None:
    question = {"id": "q1", "text": "đăng ký tạm trú phí", "expect": "refuse", "turn": 1, "codes": [], "aspects": ""}
    (desk_folder / "q.jsonl").write_text(json.dumps(question), encoding="utf-8")

    done = desk("evaluate", "q.jsonl", "--errors", "3")

    assert done.returncode == 0
    assert "wrong q1" in done.stdout
    assert desk("evaluate", "in-khong-co.jsonl").returncode == 1


def test_answers_never_replace_the_questions_or_something_that_is_no_file(desk: Motcua, desk_folder: Path) -> None:
    questions = desk_folder / "keep.jsonl"
    questions.write_text(json.dumps(TURNS[0]), encoding="utf-8")
    (desk_folder / "folder").mkdir()

    for target in ("keep.jsonl", "folder"):
        done = desk("ask", "--batch", "keep.jsonl", "--out", target)
        assert done.returncode == 1
    assert json.loads(questions.read_text(encoding="utf-8")) == TURNS[0]


def test_monstrous_json_is_told_like_any_other_fault(desk: Motcua, desk_folder: Path) -> None:
    for name, line in (("deep", "[" * 100_000), ("long", '{"id": ' + "9" * 5000 + "}")):
        (desk_folder / f"{name}.jsonl").write_text(line, encoding="utf-8")
        done = desk("ask", "--batch", f"{name}.jsonl", "--out", "never.jsonl")
        assert (done.returncode, "dòng 1" in done.stderr, "Traceback" in done.stderr) == (1, True, False)
