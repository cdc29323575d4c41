"""`motcua api-key`: made, listed without the secret, revoked."""

from pathlib import Path

from bot.storage.api_keys import PREFIX
from tests.bot.commands.conftest import Motcua


def test_a_key_from_its_making_to_its_end(motcua: Motcua, tmp_path: Path) -> None:
    assert motcua("db", "upgrade").returncode == 0
    assert "Chưa có khóa nào" in motcua("api-key", "list").stdout

    made = motcua("api-key", "add", "cổng [tỉnh]", "--per-minute", "600")
    secret = made.stdout.splitlines()[-1]
    listed = motcua("api-key", "list").stdout
    again = motcua("api-key", "add", "cổng [tỉnh]")
    revoked = motcua("api-key", "revoke", "cổng [tỉnh]")
    twice = motcua("api-key", "revoke", "cổng [tỉnh]")

    assert (made.returncode, again.returncode, revoked.returncode, twice.returncode) == (0, 1, 0, 1)
    assert secret.startswith(PREFIX)
    assert "cổng [tỉnh]" in listed
    assert "600" in listed
    assert "đang dùng" in listed
    assert secret not in listed + again.stdout + again.stderr + revoked.stdout
    assert "đã thu hồi" in motcua("api-key", "list").stdout
    assert secret.encode() not in (tmp_path / "var" / "motcua.db").read_bytes()


def test_a_folder_without_a_database_is_told(motcua: Motcua) -> None:
    done = motcua("api-key", "list")

    assert done.returncode == 1
    assert "Chưa có cơ sở dữ liệu" in done.stderr
