"""config.example.toml names every setting, with its default and a line that explains it."""

import re
import tomllib
from typing import Any

from pydantic import BaseModel

from bot.config import Settings
from tests.places import ROOT

EXAMPLE = (ROOT / "config.example.toml").read_text(encoding="utf-8")
KEY = re.compile(r"^#? ?([a-z][a-z0-9_]*) = ")


def _defaults() -> dict[str, Any]:
    values = {name: field.get_default(call_default_factory=True) for name, field in Settings.model_fields.items()}
    return {
        name: value.model_dump(mode="json") if isinstance(value, BaseModel) else value for name, value in values.items()
    }


def test_the_example_holds_exactly_the_settings_with_their_defaults() -> None:
    assert tomllib.loads(EXAMPLE) == _defaults()


def test_every_key_is_explained_in_the_line_above() -> None:
    lines = EXAMPLE.splitlines()
    keys = [number for number, line in enumerate(lines) if KEY.match(line)]
    unexplained = [lines[number] for number in keys if not re.match(r"# \S", lines[number - 1])]

    assert len(keys) > 10
    assert unexplained == []


def test_no_secret_has_a_place_in_the_file() -> None:
    assert not re.search(r"^[^#]*(password|secret|token)[a-z_]* *=", EXAMPLE, re.MULTILINE)
