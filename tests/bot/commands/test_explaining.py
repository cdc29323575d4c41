"""`motcua ask --explain`: every step of an answer, for people and for programs."""

import json

from tests.bot.commands.conftest import Motcua

QUESTION = "dk tạm trú hết bao nhiêu tiền"


def test_a_person_reads_every_step(desk: Motcua) -> None:
    done = desk("ask", "--explain", QUESTION)

    assert done.returncode == 0, done.stderr
    for shown in ("dk → đăng ký", "underthesea", "Loại tin nhắn", "1.004194", "procedure.SURE", "15.000"):
        assert shown in done.stdout
    assert "Đã thử" in done.stdout


def test_a_program_gets_the_same_as_one_line(desk: Motcua) -> None:
    told = json.loads(desk("ask", "--explain", "--json", QUESTION).stdout)

    search = told["search"]
    assert search["repairs"] == [{"typed": "dk", "meant": "đăng ký", "why": "teencode"}]
    assert (search["turn"], told["recognised"]) == ("alone", "")
    first = search["candidates"][0]
    assert first["ref"] == told["reply"]["codes"][0] == "1.004194"
    points = sum(points for _, _, points in first["shares"].values())
    assert abs(points + first["profile"] + first["rest"] - first["score"]) < 0.05
    assert {one["name"] for one in search["certainties"]} == {"top", "question", "in_domain"}
    assert told["kinds"][0]["name"] == "question"


def test_a_follow_up_is_explained_after_what_was_asked_before(desk: Motcua) -> None:
    told = json.loads(desk("ask", "--explain", "--json", "--after", QUESTION, "mất mấy ngày?").stdout)

    assert told["search"]["turn"] != "alone"
    assert told["search"]["found"]["carried"]
    assert told["reply"]["aspects"] == "t"


def test_a_typed_choice_is_told(desk: Motcua) -> None:
    told = json.loads(desk("ask", "--explain", "--json", "--after", QUESTION, "2").stdout)

    assert told["picked"].startswith("p:1.004194:")
    assert told["reply"]["codes"][0] == "1.004194"


def test_an_earlier_question_also_helps_a_plain_answer(desk: Motcua) -> None:
    told = json.loads(desk("ask", "--json", "--after", QUESTION, "mất mấy ngày?").stdout)

    assert told["codes"][0] == "1.004194"


def test_a_file_of_questions_cannot_be_explained(desk: Motcua) -> None:
    done = desk("ask", "--explain", "--batch", "x.jsonl", "--out", "y.jsonl")

    assert (done.returncode, "--explain" in done.stderr) == (1, True)


def test_strange_text_is_explained_too(desk: Motcua) -> None:
    for text in ("", "\u200b", "[bold]1.004194[/]", "?" * 700):
        done = desk("ask", "--explain", text)
        assert done.returncode == 0, done.stderr
