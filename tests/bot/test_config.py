"""Settings from config.toml and the environment, with faults named in Vietnamese."""

from datetime import date
from pathlib import Path

import pytest

from bot import config
from bot.config import ConfigProblem
from knowledge.entries import Level


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("MOTCUA_CONFIG", "MOTCUA_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_file_the_defaults_are_used() -> None:
    settings = config.load()

    assert settings.database_url == "sqlite+aiosqlite:///var/motcua.db"
    assert (settings.web.host, settings.web.port) == ("127.0.0.1", 8080)
    assert not settings.office.profile().known


def test_the_environment_beats_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("config.toml").write_text('database_url = "sqlite+aiosqlite:///a.db"\n[web]\nport = 9000\n', encoding="utf-8")
    monkeypatch.setenv("MOTCUA_DATABASE_URL", "sqlite+aiosqlite:///b.db")
    monkeypatch.setenv("MOTCUA_WEB__HOST", "127.0.0.2")

    settings = config.load()

    assert settings.database_url == "sqlite+aiosqlite:///b.db"
    assert (settings.web.host, settings.web.port) == ("127.0.0.2", 9000)


def test_another_file_may_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    named = tmp_path / "so.toml"
    named.write_text('[office]\nname = "Sở Y tế"\nlevel = "province"\n', encoding="utf-8")
    monkeypatch.setenv("MOTCUA_CONFIG", str(named))

    profile = config.load().office.profile()

    assert (profile.name, profile.level) == ("Sở Y tế", Level.PROVINCE)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("port = 1\n", "port"),
        ("[web]\nprot = 1\n", "web.prot"),
        ("[web]\nport = 'x'\n", "web.port"),
        ("[office]\nlevel = 'huyện'\n", "office.level"),
        ("[web\n", "TOML"),
    ],
)
def test_a_fault_names_its_key(text: str, word: str) -> None:
    Path("config.toml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigProblem, match=word):
        config.load()


def test_a_file_that_is_not_utf8_is_told() -> None:
    Path("config.toml").write_bytes('[office]\nname = "Sở"\n'.encode("utf-16"))

    with pytest.raises(ConfigProblem, match="config"):
        config.load()


def test_a_named_file_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_CONFIG", "khong-co.toml")

    with pytest.raises(ConfigProblem, match=r"khong-co\.toml"):
        config.load()


def test_a_strange_variable_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_DATABSE_URL", "sqlite://")

    with pytest.raises(ConfigProblem, match="MOTCUA_DATABSE_URL"):
        config.load()


def test_a_section_that_is_no_section_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_OFFICE", "x")

    with pytest.raises(ConfigProblem, match="office"):
        config.load()


def test_the_calendar_is_corrected_in_the_file() -> None:
    Path("config.toml").write_text(
        '[calendar]\ndays_off = ["2027-02-03"]\nworking_days = ["2027-02-20"]\nannounced_until = 2027\n',
        encoding="utf-8",
    )

    profile = config.load().profile()

    assert profile.days_off == (date(2027, 2, 3),)
    assert profile.working_days == (date(2027, 2, 20),)
    assert profile.announced_until == 2027
    assert not profile.known


def test_a_day_that_does_not_exist_is_refused() -> None:
    Path("config.toml").write_text('[calendar]\ndays_off = ["2027-02-30"]\n', encoding="utf-8")

    with pytest.raises(ConfigProblem, match=r"calendar\.days_off"):
        config.load()
