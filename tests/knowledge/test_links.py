"""Links are looked at one after the other, within public networks only, and nothing is said where nothing answers."""

import httpx
import pytest

from knowledge.links import ALL_AWAY, MOST_PER_HOST, LinkLooker, LinkState, Look, NoNetwork
from tests.doubles.loopback import DROPPED, Asked, Given, serving


async def respond(asked: Asked) -> Given:
    """A site with a page that is there, one that moved, one that is gone, one in trouble, one that drops."""
    if asked.path == "/moved":
        return Given(b"", 301, (("Location", "/here"),))
    if asked.path == "/round":
        return Given(b"", 302, (("Location", "/round"),))
    if asked.path == "/inside":
        return Given(b"", 302, (("Location", "http://10.0.0.1/secret"),))
    if asked.path == "/drops":
        return DROPPED
    status = {"/gone": 404, "/trouble": 503, "/machine": 403}.get(asked.path, 200)
    return Given(b"<html></html>", status)


async def names(host: str, port: int) -> list[str]:
    """The numbers of names that only the tests know."""
    if host == "missing.example":
        raise OSError(host)
    return {"office.example": ["192.168.1.9"], "metadata.example": ["169.254.169.254"]}.get(host, [host])


async def test_what_a_look_says() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async with serving(respond) as site, httpx.AsyncClient() as http:
        looker = LinkLooker(http, rate=2, loopback=True, resolver=names, sleep=sleep)
        paths = ("/here", "/moved", "/machine", "/gone", "/round", "/trouble", "/drops", "/inside")
        urls = [f"{site}{path}" for path in paths] + ["http://office.example/", "http://metadata.example/"]
        urls += ["http://missing.example/", "file:///etc/passwd", "http://user@127.0.0.1/"]
        seen: list[Look] = []

        async def keep(look: Look) -> None:
            seen.append(look)

        assert await looker.all(urls, keep) == len(urls)

    good, dead, away, unfit = LinkState.GOOD, LinkState.DEAD, LinkState.AWAY, LinkState.UNFIT
    assert [look.state for look in seen] == [
        good, good, good, dead, dead, away, away, unfit, unfit, unfit, away, unfit, unfit,
    ]  # fmt: skip
    assert "404" in seen[3].reason
    assert "nội bộ" in seen[7].reason
    assert slept == [0.5] * (len(urls) - 1)


async def test_this_machine_is_no_public_place() -> None:
    async with serving(respond) as site, httpx.AsyncClient() as http:
        look = await LinkLooker(http, rate=1).look(f"{site}/here")

    assert look.state is LinkState.UNFIT


async def test_where_nothing_answers_nothing_is_said() -> None:
    async def nowhere(host: str, port: int) -> list[str]:
        raise OSError(host)

    async def sleep(seconds: float) -> None: ...

    async def keep(look: Look) -> None:
        raise AssertionError(look)

    async with httpx.AsyncClient() as http:
        looker = LinkLooker(http, rate=1, resolver=nowhere, sleep=sleep)
        for count in (3, ALL_AWAY + 5):
            with pytest.raises(NoNetwork):
                await looker.all([f"http://h{number}.example/" for number in range(count)], keep)


async def test_one_host_is_not_asked_too_much_in_one_night() -> None:
    async def sleep(seconds: float) -> None: ...

    seen: list[Look] = []

    async def keep(look: Look) -> None:
        seen.append(look)

    async with serving(respond) as site, httpx.AsyncClient() as http:
        looker = LinkLooker(http, rate=1, loopback=True, sleep=sleep)
        looked = await looker.all([f"{site}/{number}" for number in range(MOST_PER_HOST + 20)], keep)

    assert looked == len(seen) == MOST_PER_HOST
