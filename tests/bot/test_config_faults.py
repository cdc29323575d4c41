"""Faults of config.toml are named in Vietnamese, with place and mend."""

import re
from pathlib import Path

import pytest

from bot import config
from bot.config import ConfigProblem

ENGLISH = re.compile(r"\b(expected|invalid|should|input|value error|line|column|unclosed|must)\b", re.IGNORECASE)


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[web]\nport 80\n", "dòng 2, cột 6: thiếu dấu ="),
        ("[web]\nhost = localhost\n", "dòng 2, cột 8: giá trị không hợp lệ; chữ phải nằm trong dấu ngoặc kép"),
        ("[web\n", "tên mục thiếu dấu ]"),
        ("[web]\nport = 1\nport = 2\n", "ghi hai lần"),
        ("[web]\n[web]\n", "mục này ghi hai lần"),
        ("[web]\nembed_sites = [\n", "thiếu dấu ]"),
        ('[web]\nhost = "a\n', "thiếu dấu ngoặc kép"),
        ('[knowledge]\nforms_folder = "C:\\mau"\n', "phải viết là"),
        ("[web]\nport = 80 81\n", "chữ thừa"),
        ("[web]\nport = 99999\n", "web.port: nhiều nhất là 65535"),
        ('[web]\nport = "tám mươi"\n', "web.port: phải là số nguyên"),
        ("web = 3\n", "web: phải là một mục"),
        ('[api]\nenabled = "có"\n', "api.enabled: phải là true hoặc false"),
        ('[office]\nlevel = "huyện"\n', "office.level: phải là một trong"),
        ("[web]\ncong = 3\n", "web.cong: không có khóa này"),
        ('[calendar]\ndays_off = ["2027-02-31"]\n', "phải là ngày có thật"),
    ],
)
def test_every_fault_is_said_in_vietnamese(text: str, words: str) -> None:
    Path("config.toml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigProblem) as told:
        config.load()

    assert words in str(told.value)
    assert not ENGLISH.search(str(told.value).replace("config.toml", ""))


def test_a_folder_is_no_configuration() -> None:
    Path("config.toml").mkdir()

    with pytest.raises(ConfigProblem, match="là thư mục"):
        config.load()


def test_a_list_in_the_environment_that_is_no_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_WEB__EMBED_SITES", "a,b")

    with pytest.raises(ConfigProblem) as told:
        config.load()

    assert not ENGLISH.search(str(told.value))
