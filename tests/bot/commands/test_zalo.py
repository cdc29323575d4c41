"""`motcua zalo`: the first tokens taken in, without one showing; how they are."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.commands.conftest import Motcua
from tests.doubles.zalo_oa import APP_ID, APP_SECRET, FIRST_REFRESH, ZaloOa, a_zalo_oa


@pytest.fixture
def zalo() -> Iterator[ZaloOa]:
    """The platform, in a thread of its own: the command is a program that blocks."""
    double, ready, over = ZaloOa(), threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def run() -> None:
        async with a_zalo_oa(double):
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()))
    thread.start()
    ready.wait()
    yield double
    loop.call_soon_threadsafe(over.set)
    thread.join()
    loop.close()


def variables(zalo: ZaloOa) -> dict[str, str]:
    """What the office sets."""
    return {
        "MOTCUA_ZALO_OA__APP_ID": APP_ID,
        "MOTCUA_ZALO_OA__APP_SECRET": APP_SECRET,
        "MOTCUA_ZALO_OA__BASE_URL": zalo.address,
        "MOTCUA_ZALO_OA__OAUTH_URL": zalo.address,
    }


def test_a_refresh_token_is_taken_in_and_exchanged_at_once(motcua: Motcua, zalo: ZaloOa, tmp_path: Path) -> None:
    motcua("db", "upgrade")
    before = motcua("zalo", "status", **variables(zalo))
    connected = motcua("zalo", "connect", stdin=f"{FIRST_REFRESH}\n", **variables(zalo))
    after = motcua("zalo", "status", **variables(zalo))

    assert (before.returncode, connected.returncode, after.returncode) == (1, 0, 0)
    assert "motcua zalo connect" in before.stdout
    assert "mã làm mới hạn" in connected.stdout
    assert "UBND phường Tô Hiệu" in after.stdout
    assert zalo.renewals == 1
    told = "".join(done.stdout + done.stderr for done in (before, connected, after))
    assert not any(secret in told for secret in (FIRST_REFRESH, zalo.refresh_token, zalo.access_token, APP_SECRET))


def test_a_code_is_exchanged(motcua: Motcua, zalo: ZaloOa) -> None:
    motcua("db", "upgrade")
    connected = motcua("zalo", "connect", "--code", stdin="code-1\nverifier-1\n", **variables(zalo))
    wrong = motcua("zalo", "connect", "--code", stdin="code-2\nverifier-1\n", **variables(zalo))

    assert (connected.returncode, wrong.returncode) == (0, 1)
    assert "-14014" in wrong.stderr
    assert motcua("zalo", "status", **variables(zalo)).returncode == 0


def test_a_used_refresh_token_is_told(motcua: Motcua, zalo: ZaloOa) -> None:
    motcua("db", "upgrade")
    motcua("zalo", "connect", stdin=f"{FIRST_REFRESH}\n", **variables(zalo))
    refused = motcua("zalo", "connect", stdin="used-up\n", **variables(zalo))

    assert refused.returncode == 1
    assert "cấp lại quyền" in refused.stderr
    assert motcua("zalo", "status", **variables(zalo)).returncode == 0
    assert motcua("zalo", "connect", stdin="\n", **variables(zalo)).returncode == 1


def test_without_an_app_it_is_told_what_to_set(motcua: Motcua) -> None:
    done = motcua("zalo", "status")

    assert done.returncode == 1
    assert "MOTCUA_ZALO_OA__APP_SECRET" in done.stderr
