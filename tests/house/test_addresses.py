"""No file names a package source, a folder of somebody's machine, or carries what must stay outside."""

import functools
import re

import pytest

from tests.house.tree import project_files, shown
from tests.places import ROOT, SHARED, needs_shared

# Put together from pieces, so that this file does not hold what it looks for.
SOURCES = (
    "pypi." + "org",
    "python" + "hosted.org",
    "npm" + "js.",
    "yarn" + "pkg",
    "deb." + "debian",
    "ftp." + "debian",
)
PLACES = re.compile(r"(?<![\w.:/-])/(?:" + "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me", "Use" + "rs")) + r")/")
RECORDED_SOURCE = re.compile(r"index-" + r"url|find-" + r"links|trusted-" + r"host|https?://")


@functools.cache
def _texts() -> dict[str, str]:
    return {shown(path): path.read_text(encoding="utf-8", errors="ignore") for path in project_files()}


def test_no_package_source_is_named() -> None:
    texts = _texts()
    named = [f"{name}: {source}" for name, text in texts.items() for source in SOURCES if source in text]

    assert len(texts) > 50
    assert named == []


def test_no_folder_of_a_machine_is_named() -> None:
    named = [f"{name}: {found.group()}" for name, text in _texts().items() if (found := PLACES.search(text))]

    assert named == []


@pytest.mark.parametrize("example", ["cd /wo" + "rk/main", '"/ho' + 'me/an/x"', "file=/ro" + "ot/.cache"])
def test_a_folder_of_a_machine_would_be_seen(example: str) -> None:
    assert PLACES.search(example)


def test_the_lock_files_hold_versions_and_hashes_only() -> None:
    locks = list(ROOT.glob("requirements*.lock"))

    assert {lock.name for lock in locks} == {"requirements.lock", "requirements-dev.lock"}
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        pinned = re.findall(r"^[a-z][\w.-]*==\S+ \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", text, re.MULTILINE)
        assert len(pinned) == len(re.findall(r"^[a-z]", text, re.MULTILINE)) > 40
        assert not RECORDED_SOURCE.search(text)


def test_the_tools_are_locked_to_what_the_service_runs_with() -> None:
    runtime, development = (
        set(re.findall(r"^[a-z][\w.-]*==\S+", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )

    assert runtime
    assert runtime <= development


@needs_shared
def test_nothing_of_the_data_beside_the_project_is_inside() -> None:
    outside = {path.read_bytes() for folder in ("data", "questions") for path in (SHARED / folder).rglob("*.*")}

    assert outside
    assert [shown(path) for path in project_files() if path.read_bytes() in outside] == []
