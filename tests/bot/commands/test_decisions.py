"""`motcua decision`: the annexes of a file become rows for staff to accept."""

import sqlite3
from pathlib import Path

from tests.bot.commands.conftest import Motcua
from tests.knowledge.catalogue import BIRTH, STAY
from tests.knowledge.importing.decisions.annexes import NUMBER, a_word_decision


def test_a_file_becomes_rows_to_accept(motcua: Motcua, tmp_path: Path) -> None:
    file = a_word_decision(tmp_path / "qd.docx", [BIRTH], [], [STAY])
    assert motcua("db", "upgrade").returncode == 0

    done = motcua("decision", "import", str(file), "--effective", "2027-01-05")
    strange = motcua("decision", "import", str(file), "--by", "khong.co")

    assert done.returncode == 0, done.stderr
    assert NUMBER in done.stdout
    assert "05/01/2027" in done.stdout
    assert "1 Mới ban hành; 1 Bị bãi bỏ" in done.stdout
    assert "/can-bo/quyet-dinh/1" in done.stdout
    assert STAY.name in done.stderr
    assert strange.returncode == 1
    with sqlite3.connect(tmp_path / "var" / "motcua.db") as connection:
        rows = connection.execute("SELECT change, code, state FROM decision_row ORDER BY place").fetchall()
    assert rows == [("added", BIRTH.code, "waiting"), ("abolished", "", "waiting")]
