"""`motcua pause` and `motcua resume`."""

from bot.gate import LONGEST_WORDS, PAUSED
from tests.bot.commands.conftest import Motcua


def test_the_desk_is_paused_and_opened_again(motcua: Motcua) -> None:
    assert motcua("db", "upgrade").returncode == 0

    paused = motcua("pause")
    again = motcua("pause", "Đang bảo trì đến 17 giờ.")
    too_long = motcua("pause", "a" * (LONGEST_WORDS + 1))
    resumed = motcua("resume")
    twice = motcua("resume")

    assert [done.returncode for done in (paused, again, too_long, resumed, twice)] == [0, 0, 1, 0, 1]
    assert PAUSED in paused.stdout
    assert "Đang bảo trì đến 17 giờ." in again.stdout
    assert "không đang tạm dừng" in twice.stderr
