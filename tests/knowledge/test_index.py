"""The index: built, stored, loaded; and its postings."""

from pathlib import Path

import numpy as np
import pytest

from knowledge import postings
from knowledge.documents import bare_title, head_of, of_faq, of_procedure
from knowledge.index import HEAD, NAME, Index
from knowledge.indexing import build_index
from tests.knowledge.catalogue import ALL, POSTAL


@pytest.fixture(scope="module")
def index() -> Index:
    return build_index([*(of_procedure(entry) for entry in ALL), of_faq(POSTAL)], {"bhyt": ("bảo", "hiểm", "y", "tế")})


def test_a_term_finds_its_documents() -> None:
    view = postings.build(
        np.array([7, 3, 7]), np.array([0, 1, 2]), np.array([1.0, 1.0, 2.0], dtype=np.float32), total=3
    )
    scores = np.zeros(3)

    view.add(scores, np.array([7, 99]), np.array([1.0, 1.0], dtype=np.float32))

    assert scores[1] == 0
    assert scores[2] > scores[0] > 0


def test_an_empty_view_adds_nothing() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    view = postings.build(nothing, nothing, np.zeros(0, dtype=np.float32), total=0)
    scores = np.zeros(2)

    view.add(scores, np.array([1]), np.array([1.0], dtype=np.float32))

    assert not scores.any()


def test_rare_words_weigh_more(index: Index) -> None:
    keys = np.array([index.folded["dang"], index.folded["sinh"]])

    common, rare = index.views["names"].rarities(keys, unknown=0.0)

    assert rare > common


def test_what_is_stored_is_what_is_loaded(index: Index, tmp_path: Path) -> None:
    path = tmp_path / "folder" / "index.npz"
    index.save(path, "print")

    again = Index.load(path, "print")

    assert again is not None
    assert again.facts.ref == index.facts.ref
    assert again.folded == index.folded
    assert again.titles.text == index.titles.text
    assert again.phrases.text == index.phrases.text
    np.testing.assert_array_equal(again.titles.kind, index.titles.kind)
    np.testing.assert_array_equal(again.views["texts"].impacts, index.views["texts"].impacts)
    assert [file.name for file in path.parent.iterdir()] == ["index.npz"]


def test_a_stored_index_for_something_else_is_not_used(index: Index, tmp_path: Path) -> None:
    path = tmp_path / "index.npz"
    assert Index.load(path, "print") is None
    index.save(path, "print")
    assert Index.load(path, "other") is None


def test_a_damaged_index_is_not_used(index: Index, tmp_path: Path) -> None:
    path = tmp_path / "index.npz"
    index.save(path, "print")
    path.write_bytes(path.read_bytes()[:5000])
    assert Index.load(path, "print") is None
    path.write_bytes(b"nonsense")
    assert Index.load(path, "print") is None


def test_a_folder_that_cannot_be_written_to_is_no_error(index: Index, tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("x")

    assert not index.save_if_possible(occupied / "index.npz", "print")


def test_an_empty_base_has_an_index() -> None:
    empty = build_index([])

    assert len(empty) == 0
    assert not empty.views["names"].rows(np.array([1])).max() >= 0


def test_titles_lose_what_nobody_says() -> None:
    assert bare_title("Thủ tục đăng ký khai sinh") == "đăng ký khai sinh"
    assert bare_title("Cấp lại thẻ căn cước (thực hiện tại cấp tỉnh)") == "Cấp lại thẻ căn cước"
    assert bare_title("Thủ tục") == "Thủ tục"


def test_a_long_title_has_a_head(index: Index) -> None:
    assert head_of("Cấp phép nhận chìm ở biển đối với dự án lớn") == "Cấp phép nhận chìm ở biển"
    assert head_of("Đăng ký khai tử") == ""
    assert {NAME} <= set(index.titles.kind.tolist()) <= {NAME, HEAD}


def test_phrases_have_rows_of_their_own() -> None:
    index = build_index([of_procedure(ALL[0], ("mới sinh em bé", "mới sinh em bé")), of_faq(POSTAL)])

    assert index.phrases.text == ("mới sinh em bé", *(text.lower() for text in (POSTAL.question, *POSTAL.variants)))
    assert index.phrases.first_row.tolist() == [0, 1, 3]
    assert index.titles.document.tolist() == [0]


def test_an_abbreviation_is_read_as_its_words() -> None:
    index = build_index([of_procedure(ALL[0], ("thẻ BHYT cho bé",))], {"bhyt": ("bảo", "hiểm", "y", "tế")})

    syllables = list(index.folded)
    assert [syllables[n] for n in index.phrases.folded[0].tolist() if n >= 0] == [
        "the",
        "bao",
        "hiem",
        "y",
        "te",
        "cho",
        "be",
    ]


def test_an_entry_holds_the_words_of_its_texts(index: Index) -> None:
    birth = index.facts.ref.index("1.001193")

    assert index.holds(birth, index.folded["khai"])
    assert not index.holds(birth, index.folded["tru"])
    assert not index.holds(birth, 10**6)
