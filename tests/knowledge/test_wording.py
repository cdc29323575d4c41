"""What differs word by word, and one text out of two."""

from dataclasses import replace

from knowledge.wording import Fate, merged, runs, word_changes
from tests.knowledge.writers import FEES


def test_words_are_kept_gone_or_come() -> None:
    found = [(run.fate, run.text) for run in runs("Phí là 20.000 đồng/lần.", "Phí là 30.000 đồng/lần.")]

    assert found == [
        (Fate.KEPT, "Phí là "),
        (Fate.GONE, "20"),
        (Fate.CAME, "30"),
        (Fate.KEPT, ".000 đồng/lần."),
    ]


def test_both_texts_can_be_read_from_the_runs() -> None:
    old, new = "Bước 1: Nộp.\nBước 2: Chờ.", "Bước 1: Nộp hồ sơ, ký nhận.\nBước 3: Chờ!"
    found = list(runs(old, new))

    assert "".join(run.text for run in found if run.fate is not Fate.CAME) == old
    assert "".join(run.text for run in found if run.fate is not Fate.GONE) == new


def test_a_text_too_long_to_compare_is_shown_whole() -> None:
    assert [run.fate for run in runs("a " * 4000, "b " * 4000)] == [Fate.GONE, Fate.CAME]


def test_parts_that_differ_have_their_names() -> None:
    (change,) = word_changes(FEES, replace(FEES, answer="Miễn phí."))

    assert change.change.label == "câu trả lời"


def test_two_who_changed_other_parts_are_one_text() -> None:
    mine, theirs = replace(FEES, answer="Miễn phí."), replace(FEES, topic="le-phi")

    assert merged(FEES, mine, theirs) == (replace(FEES, answer="Miễn phí.", topic="le-phi"), [])


def test_the_same_part_changed_twice_is_shown_with_both() -> None:
    mine, theirs = replace(FEES, answer="Miễn phí."), replace(FEES, answer="Phí 30.000 đồng.")
    whole, (clash,) = merged(FEES, mine, theirs)

    assert whole == mine
    assert (clash.field, clash.mine, clash.theirs) == ("answer", "Miễn phí.", "Phí 30.000 đồng.")
    assert len(merged(None, mine, replace(theirs, topic="x"))[1]) == 2
