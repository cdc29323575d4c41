"""The learnt vectors: they belong to the shipped phrases, and bring everyday words near official ones."""

from pathlib import Path

import numpy as np
import pytest

from knowledge import meaning, spoken
from knowledge.meaning import Meaning, Reader
from knowledge.text import fold, tokens
from knowledge.training import meaning as learning
from knowledge.training import spoken as counting


def vector(*texts: str) -> meaning.Vectors:
    learnt = meaning.load()
    syllables = [tokens(text) for text in texts]
    accented: dict[str, int] = {}
    for words in syllables:
        for word in words:
            accented.setdefault(word, len(accented))
    folded: dict[str, int] = {}
    for word in accented:
        folded.setdefault(fold(word), len(folded))
    wide = max(map(len, syllables))
    marked = np.full((len(texts), wide), -1, dtype=np.int32)
    plain = marked.copy()
    for line, words in enumerate(syllables):
        marked[line, : len(words)] = [accented[word] for word in words]
        plain[line, : len(words)] = [folded[fold(word)] for word in words]
    return learnt.vectors(Reader(learnt, folded, accented).texts(plain, marked))


def nearness(said: str, *names: str) -> list[float]:
    first, *others = vector(said, *names)
    return [float(first @ other) for other in others]


def test_the_vectors_were_learnt_from_the_phrases_that_are_shipped() -> None:
    assert meaning.made_of() == learning.material(), "make train"
    assert spoken.made_of() == counting.material(), "make train"


@pytest.mark.parametrize(
    ("said", "meant", "other"),
    [
        ("mở công ty du lịch chỉ chạy tour trong nước", "kinh doanh lữ hành nội địa", "kinh doanh lữ hành quốc tế"),
        ("nhập hai trường mẫu giáo lại", "sáp nhập trường mầm non", "thành lập trường mầm non"),
        ("ông nội vừa mất", "đăng ký khai tử", "đăng ký khai sinh"),
        ("mới sinh em bé", "đăng ký khai sinh", "đăng ký khai tử"),
        ("sang tên sổ đỏ cho con", "tặng cho quyền sử dụng đất", "thu hồi đất"),
    ],
)
def test_everyday_words_lie_nearer_to_what_they_mean(said: str, meant: str, other: str) -> None:
    near, far = nearness(said, meant, other)
    assert near > far


def test_unknown_words_lie_nowhere() -> None:
    assert not vector("xqzw", "khai sinh")[0].any()


def test_vectors_have_length_one() -> None:
    assert np.allclose(np.linalg.norm(vector("khai sinh cho con", "bán xe"), axis=1), 1.0, atol=1e-4)


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    table = np.arange(2 * (2 + meaning.BUCKETS), dtype=np.int64).reshape(-1, 2).astype(np.int8)
    worth = np.asarray([1.0, 2.0], dtype=np.float32)
    made = Meaning({"a": 0}, {"á": 1}, worth, table, np.ones(len(table), dtype=np.float32))
    meaning.save(made, "phrases", tmp_path / "meaning.npz")
    again = meaning.load(tmp_path / "meaning.npz")

    assert (again.folded, again.accented) == ({"a": 0}, {"á": 1})
    assert np.array_equal(again.table, table)
    assert again.worth.tolist() == [1.0, 2.0, 0.0]
    assert meaning.made_of(tmp_path / "meaning.npz") == "phrases"


def test_a_damaged_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "meaning.npz").write_bytes(b"nothing")
    with pytest.raises(ValueError, match=r".+"):
        meaning.load(tmp_path / "meaning.npz")


def test_nothing_learnt_is_near_nothing() -> None:
    empty = meaning.nothing()
    bags = Reader(empty, {"a": 0}, {"á": 0}).texts(np.zeros((1, 1), np.int32), np.zeros((1, 1), np.int32))
    assert not empty.vectors(bags).any()
