"""`motcua channels`."""

from tests.bot.commands.conftest import Motcua


def test_without_a_platform_it_says_how_to_switch_one_on(motcua: Motcua) -> None:
    assert motcua("db", "upgrade").returncode == 0

    told, as_json = motcua("channels"), motcua("channels", "--json")

    assert (told.returncode, as_json.returncode) == (0, 0)
    assert "telegram.enabled" in told.stdout
    assert as_json.stdout == ""
