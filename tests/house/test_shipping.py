"""What is installed holds everything the service needs: templates, migrations, word lists, starter knowledge."""

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.house.tree import PACKAGES, project_files, shown
from tests.places import ROOT


def test_the_wheel_ships_every_file_of_the_three_packages(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info/" not in name}
    wanted = {shown(path) for path in project_files() if path.relative_to(ROOT).parts[0] in PACKAGES}

    assert {Path(name).suffix for name in wanted} >= {".py", ".html", ".jsonl", ".tsv"}
    assert shipped == wanted
