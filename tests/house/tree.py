"""The project's own files, as a newcomer receives them."""

import ast
import functools
import shutil
import subprocess
from pathlib import Path

from tests.places import ROOT

PACKAGES = ("bot", "handlers", "knowledge")
NOT_OURS = {".git", ".venv", "__pycache__", "var", "dist"}


@functools.cache
def project_files() -> tuple[Path, ...]:
    """Every file that is in the project or would come in with the next commit."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        files = [ROOT / name for name in listed.split("\0") if name]
    else:
        files = [path for path in ROOT.rglob("*") if not _is_left_behind(path.relative_to(ROOT))]
    return tuple(sorted(path for path in files if path.is_file()))


def _is_left_behind(path: Path) -> bool:
    """True for what running the project leaves: caches, the environment, the database."""
    return any(
        part in NOT_OURS or part.endswith(("_cache", ".egg-info")) or part == ".hypothesis" for part in path.parts
    )


def python_files() -> list[Path]:
    """Our Python files."""
    return [path for path in project_files() if path.suffix == ".py"]


def syntax(path: Path) -> ast.Module:
    """A Python file as a tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def shown(path: Path) -> str:
    """A path as people name it."""
    return path.relative_to(ROOT).as_posix()
