"""What is wrong with a campaign is told before anybody can approve it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import httpx
import pytest

from bot.campaigns.audience import Estimate, Route
from bot.campaigns.campaign import Plan, ZaloPlan
from bot.campaigns.checks import findings, stopping
from bot.campaigns.links import LinkChecker
from bot.campaigns.writing import Outlet, previews
from handlers.messages import Citizen, Reply
from tests.bot.campaigns.sending import CHANNEL, PLAN, preview
from tests.doubles.loopback import Asked, Given, serving

SOME = Estimate(total=3, by_channel={CHANNEL: 3}, by_route={Route.TEXT: 3})


async def unused(_: Citizen, __: Reply) -> None:
    """Nothing is sent here."""
    raise AssertionError


OUTLETS = (
    Outlet(name=CHANNEL, send=unused, preview=preview),
    Outlet(name="web", send=unused, preview=preview, proactive=False),
)


async def fine(_: str) -> str:
    """Every link answers."""
    return ""


async def wrong(plan: Plan, estimate: Estimate = SOME) -> list[str]:
    """What stands in the way."""
    found = await findings(plan, estimate, OUTLETS, answers=fine, in_force=lambda code: code == "1.001193")
    return stopping(found)


async def test_a_good_campaign_passes() -> None:
    assert await wrong(replace(PLAN, procedures=("1.001193",))) == []
    assert previews(PLAN, OUTLETS)[CHANNEL] == [f"{PLAN.texts['']}\n\nNhắn HỦY để thôi nhận thông báo."]


async def test_what_is_wrong_is_named() -> None:
    assert "1.999999" in (await wrong(replace(PLAN, procedures=("1.999999",))))[0]
    assert "quá một tin" in (await wrong(replace(PLAN, texts={"": "Nội dung. " * 300})))[0]
    assert "Không có ai" in (await wrong(PLAN, Estimate(total=0)))[0]
    assert "không nhắn trước" in (await wrong(replace(PLAN, audience=replace(PLAN.audience, channels=("web",)))))[0]
    assert "Chưa có nội dung" in (await wrong(replace(PLAN, texts={"web": "Chào"})))[0]
    assert "đơn giá" in (await wrong(replace(PLAN, zalo=ZaloPlan(template="t"))))[0]


@pytest.fixture
async def site() -> AsyncIterator[str]:
    """A site with a good page, a missing one, and ways that lead elsewhere."""

    async def respond(asked: Asked) -> Given:
        ways = {"/vong": "/vong", "/di": "/tot", "/noi-bo": "http://192.168.1.1/", "/tep": "file:///etc/passwd"}
        if asked.path in ways:
            return Given(status=302, headers=(("Location", ways[asked.path]),))
        return Given(status=200 if asked.path == "/tot" else 404)

    async with serving(respond) as address:
        yield address


async def test_links_are_asked_but_never_inside_the_office(site: str) -> None:
    looked: list[str] = []

    async def look(host: str, port: int) -> Sequence[str]:
        looked.append(host)
        names = {"trong.example.vn": ["10.0.0.8"], "hai.example.vn": ["203.162.0.1", "127.0.0.1"]}
        if host == "khong-co.example.vn":
            raise OSError("unknown")
        return names.get(host, [host])

    async with httpx.AsyncClient(trust_env=False) as http:
        checker = LinkChecker(http, look, allowed=frozenset({site.removeprefix("http://")}))
        assert await checker.answers(f"{site}/tot") == ""
        assert await checker.answers(f"{site}/di") == ""
        assert "404" in await checker.answers(f"{site}/khong")
        assert "chuyển hướng" in await checker.answers(f"{site}/vong")
        assert "nội bộ" in await checker.answers(f"{site}/noi-bo")
        assert "https://" in await checker.answers(f"{site}/tep")
        assert looked == ["192.168.1.1"]
        for inside in (
            "http://127.0.0.1/",
            "http://trong.example.vn/",
            "http://hai.example.vn",
            "http://169.254.169.254/latest/meta-data",
            "http://[::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://0.0.0.0:8080/",
        ):
            assert "nội bộ" in await checker.answers(inside), inside
        assert "https://" in await checker.answers("javascript:alert(1)")
        assert "không mở được" in await checker.answers("https://khong-co.example.vn/")
        assert "không mở được" in await checker.answers("http://[::1")
