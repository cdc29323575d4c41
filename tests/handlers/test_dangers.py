"""The net of dangers: cries for help however typed, and nothing about the papers that come after."""

from pathlib import Path

import pytest

from handlers import dangers
from handlers.training import corpus


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("Nhà tôi đang cháy rồi", "fire"),
        ("chay nha roi ba con oi", "fire"),
        ("CHÁYYYY NHÀ", "fire"),
        ("gas trong bếp nghe xì mùi nồng lắm", "fire"),
        ("má tui té xỉu gọi không dậy", "injury"),
        ("vo em vo oi roi ma chua co xe", "injury"),
        ("ổng cầm mã tấu rượt tui ngoài ngõ", "violence"),
        ("thằng bé nhà bên bị trói ngoài nắng", "child"),
        ("có đứa rớt xuống kênh chưa thấy lên", "rescue"),
        ("em ko muốn sống nữa", "self_harm"),
    ],
)
def test_danger_is_caught(text: str, sort: str) -> None:
    assert dangers.shipped().caught(text) == sort


@pytest.mark.parametrize(
    "text",
    [
        "hồ sơ nghiệm thu phòng cháy chữa cháy",
        "nhà cháy hồi tháng trước, làm lại sổ đỏ ở đâu",
        "khai tử cho người chết đuối cần giấy gì",
        "trợ cấp cho trẻ bị bỏ rơi",
        "chạy hồ sơ nhanh",
        "kinh doanh bất động sản",
        "đợi muốn chết mà chưa tới lượt",
        "hôm qua lên ủy ban người ta chỉ qua đây hỏi",
        "",
    ],
)
def test_papers_after_the_event_are_not(text: str) -> None:
    assert dangers.shipped().caught(text) == ""


def test_a_cry_is_heard_among_papers() -> None:
    assert dangers.shipped().caught("đang làm giấy tờ ở xã thì có người bất tỉnh, cứu với") == "injury"


def test_the_questions_of_the_starter_base_are_left_alone() -> None:
    questions = [e.text for e in corpus.faq_questions()]
    caught = [text for text in questions if dangers.shipped().caught(text)]

    assert len(caught) <= 0.005 * len(questions), caught


@pytest.mark.parametrize(
    "lines",
    ["no colon", "fire: cháy <absent>\npapers: a\ncry: b", "fire: cháy", "fire: ;\npapers: a\ncry: b", "a = b\na = c"],
)
def test_a_damaged_file_is_named(tmp_path: Path, lines: str) -> None:
    file = tmp_path / "net.txt"
    file.write_text(lines, encoding="utf-8")

    with pytest.raises(dangers.DangerError, match=r"net\.txt"):
        dangers.load(file)
