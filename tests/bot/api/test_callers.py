"""Who may call and how often: keys, addresses, a clock that we hold, other sites."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.api import Rules
from bot.api.pacing import MANY_CALLERS, Moments, Pace
from tests.bot.api.conftest import GivenKey, Scene

KEY = {"Authorization": "Bearer k1"}


async def _status(client: httpx.AsyncClient, **headers: str) -> int:
    return (await client.get("/faqs", headers=headers)).status_code


async def test_the_minute_of_an_address(scene: Scene) -> None:
    scene.rules = Rules(per_minute=2)
    async with scene.client() as client:
        first = await client.get("/faqs")
        scene.seconds = 10
        second = await client.get("/faqs")
        refused = await client.get("/faqs")
        scene.seconds = 59.9
        still_refused = await client.get("/faqs")
        scene.seconds = 60
        again = await client.get("/faqs")

    told = [
        tuple(r.headers.get(f"ratelimit-{name}") for name in ("limit", "remaining", "reset"))
        for r in (first, second, refused)
    ]
    assert told == [("2", "1", "60"), ("2", "0", "50"), ("2", "0", "50")]
    assert [r.status_code for r in (first, second, refused, still_refused, again)] == [200, 200, 429, 429, 200]
    assert (refused.headers["retry-after"], still_refused.headers["retry-after"]) == ("50", "1")
    assert refused.json()["detail"] == "Mỗi phút chỉ nhận 2 yêu cầu. Xin thử lại sau 50 giây."
    assert "retry-after" not in again.headers


async def test_addresses_do_not_share_their_minute_but_one_network_does(scene: Scene) -> None:
    pace = Pace(lambda: 0.0)
    assert [pace.take(caller, 1).allowed for caller in ("a", "b", "a")] == [True, True, False]

    scene.rules = Rules(per_minute=1)
    async with scene.client("2001:db8::1") as client:
        assert [await _status(client), await _status(client)] == [200, 429]


async def test_a_key_has_its_own_minute_and_may_have_its_own_rate(scene: Scene) -> None:
    scene.rules = Rules(per_minute=1)
    scene.keys.keys = {"k1": GivenKey(1, per_minute=3), "k2": GivenKey(2)}
    async with scene.client() as client:
        own = [await _status(client, **KEY) for _ in range(4)]
        usual = [await _status(client, Authorization="bearer k2") for _ in range(2)]
        keyless = await _status(client)

    assert own == [200, 200, 200, 429]
    assert usual == [200, 429]
    assert keyless == 200


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer", "Basic a2V5", "k1", ""])
async def test_a_wrong_key_is_refused_and_counted(scene: Scene, header: str) -> None:
    scene.rules = Rules(per_minute=1)
    scene.keys.keys = {"k1": GivenKey(1)}
    async with scene.client() as client:
        wrong = await client.get("/faqs", headers={"Authorization": header})
        assert await _status(client, Authorization=header) == 429

    assert wrong.status_code == 401
    assert wrong.headers["www-authenticate"].startswith("Bearer ")
    assert wrong.json()["title"] == "Cần có khóa hợp lệ"


async def test_where_a_key_is_needed_nothing_is_read_without_one(scene: Scene) -> None:
    scene.rules = Rules(require_key=True)
    scene.keys.keys = {"k1": GivenKey(1)}
    async with scene.client() as client:
        assert (await client.post("/ask", content=b"{")).status_code == 401
        assert await _status(client) == 401
        assert await _status(client, **KEY) == 200
        assert (await client.get("/")).status_code == 200


async def test_keys_that_cannot_be_looked_up_are_a_problem(scene: Scene) -> None:
    scene.keys.away = True
    async with scene.client() as client:
        done = await client.get("/faqs", headers=KEY)

        assert (done.status_code, done.headers["retry-after"]) == (503, "30")
        assert await _status(client) == 200


async def test_other_sites_may_call_when_the_settings_say_so(scene: Scene) -> None:
    site = "https://so.example.vn"
    asking = {"Origin": site, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    async with scene.client() as client:
        assert "access-control-allow-origin" not in (await client.get("/faqs", headers={"Origin": site})).headers

    scene.rules = Rules(cors_origins=(site,))
    async with scene.client() as client:
        asked = await client.options("/ask", headers=asking)
        done = await client.get("/faqs", headers={"Origin": site})
        refused = await client.get("/faqs/x", headers={"Origin": site})
        stranger = await client.get("/faqs", headers={"Origin": "https://khac.example"})

    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (200, site)
    assert done.headers["access-control-allow-origin"] == refused.headers["access-control-allow-origin"] == site
    assert "RateLimit-Remaining" in done.headers["access-control-expose-headers"]
    assert "access-control-allow-origin" not in stranger.headers


@given(gaps=st.lists(st.floats(0, 90), max_size=60), limit=st.integers(1, 8))
def test_no_minute_ever_holds_more_than_the_limit(gaps: list[float], limit: int) -> None:
    seconds = 0.0
    pace = Pace(lambda: seconds)
    allowed: list[float] = []
    for gap in gaps:
        seconds += gap
        taken = pace.take("a", limit)
        recent = [moment for moment in allowed if moment > seconds - 60]
        assert taken.allowed is (len(recent) < limit)
        assert 1 <= taken.reset <= 60
        if taken.allowed:
            allowed.append(seconds)


def test_callers_whose_minute_is_over_are_forgotten() -> None:
    seconds = 0.0
    moments = Moments(lambda: seconds)
    for number in range(MANY_CALLERS):
        moments.acquire_entry(str(number), 5, 60)
    seconds = 61.0
    moments.acquire_entry("new", 5, 60)

    assert moments.get("0") == 0
    assert moments.reset() == 1
