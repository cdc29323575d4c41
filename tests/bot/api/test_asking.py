"""`POST /ask`: one question in, the desk's answer out, nothing odd let through."""

import json
import logging
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.api import PREFIX, Rules
from bot.api.reading import LONGEST_BODY
from bot.batch import described
from tests.bot.api.conftest import REPLY, GivenKey, Scene

JSON = {"Content-Type": "application/json"}


async def test_the_answer_has_the_shape_of_the_command_line_and_more(client: httpx.AsyncClient) -> None:
    done = await client.post("/ask", json={"text": "phí khai sinh"})

    body = done.json()
    assert done.status_code == 200
    assert body.pop("ms") >= 0
    assert {key: body[key] for key in described(REPLY, 0) if key != "ms"} == {
        key: value for key, value in described(REPLY, 0).items() if key != "ms"
    }
    assert body["blocks"] == ["Phí, lệ phí: 8.000 đồng/bản."]
    assert body["choices"] == [{"label": "Giấy tờ cần có", "value": "p:1.001193:d"}]
    assert body["citation"] == "Nguồn: Đăng ký khai sinh · mã 1.001193"
    assert body["links"] == [{"label": "Trang chính thức", "url": "https://dichvucong.gov.vn"}]
    assert done.headers["cache-control"] == "no-store"


async def test_a_conversation_is_the_callers_own(scene: Scene) -> None:
    scene.keys.keys = {"k1": GivenKey(1), "k2": GivenKey(2)}
    async with scene.client() as client:
        for headers in ({}, {"Authorization": "Bearer k1"}, {"Authorization": "Bearer k2"}):
            for conversation in ("c1", "c1", "c2", None):
                await client.post("/ask", json={"text": "a", "conversation": conversation}, headers=headers)

    citizens = [message.citizen for message in scene.asked]
    assert {citizen.channel for citizen in citizens} == {"api"}
    assert citizens[0] == citizens[1]
    assert len(set(citizens)) == 9
    assert len({message.id for message in scene.asked}) == 12


async def test_what_the_caller_calls_a_conversation_is_not_kept(scene: Scene) -> None:
    async with scene.client() as client:
        await client.post("/ask", json={"text": "a", "conversation": "0912345678"})

    assert "0912345678" not in scene.asked[0].citizen.id


async def test_a_pressed_choice_reaches_the_desk(scene: Scene) -> None:
    async with scene.client() as client:
        await client.post("/ask", json={"text": "Giấy tờ cần có", "choice": "p:1.001193:d"})

    assert scene.asked[0].choice == "p:1.001193:d"


async def test_half_an_emoji_is_replaced(scene: Scene) -> None:
    async with scene.client() as client:
        done = await client.post("/ask", content=b'{"text": "khai sinh \\ud83d"}', headers=JSON)

    assert done.status_code == 200
    assert scene.asked[0].text == "khai sinh ?"


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"{", JSON, 400),
        (b"", JSON, 400),
        (b'\xff{"text": "a"}', JSON, 400),
        (b'{"text": "a", "text": "b"}', JSON, 400),
        (b'{"text": NaN}', JSON, 400),
        (b"[" * 60_000, JSON, 400),
        (b'{"text": ' + b"9" * 5000 + b"}", JSON, 400),
        (b"[]", JSON, 422),
        (b"null", JSON, 422),
        (b'"a"', JSON, 422),
        (b"{}", JSON, 422),
        (b'{"text": ""}', JSON, 422),
        (b'{"text": 1}', JSON, 422),
        (b'{"text": "a", "more": 1}', JSON, 422),
        (b'{"text": "a", "choice": "x"}', JSON, 422),
        (b'{"text": "a", "conversation": "c\\n"}', JSON, 422),
        (json.dumps({"text": "a" * 4001}).encode(), JSON, 422),
        (b'{"text": "' + b"a" * LONGEST_BODY + b'"}', JSON, 413),
        (b'{"text": "a"}', {}, 415),
        (b'{"text": "a"}', {"Content-Type": "text/plain"}, 415),
        (b'{"text": "a"}', {"Content-Type": "application/json; charset=latin-1"}, 415),
    ],
)
async def test_a_bad_body_is_refused_with_a_problem(
    scene: Scene, content: bytes, headers: dict[str, str], status: int
) -> None:
    async with scene.client() as client:
        done = await client.post("/ask", content=content, headers=headers)

    assert (done.status_code, done.json()["status"]) == (status, status)
    assert done.headers["content-type"] == "application/problem+json"
    assert done.json()["type"].startswith(f"{PREFIX}/#")
    assert scene.asked == []


async def test_a_problem_does_not_repeat_what_was_sent(client: httpx.AsyncClient) -> None:
    done = await client.post("/ask", json={"text": 912345678, "0987654321": "1", "conversation": "số 0911111111"})

    assert done.json()["errors"] == [
        {"where": "body.text", "reason": "phải là chuỗi ký tự"},
        {"where": "body.conversation", "reason": "không đúng dạng quy định"},
        {"where": "body", "reason": "có trường lạ"},
    ]


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", '; charset="UTF-8"'])
async def test_the_longest_text_fits_however_it_is_written(client: httpx.AsyncClient, charset: str) -> None:
    body = json.dumps({"text": "𝕒" * 4000}).encode()

    done = await client.post("/ask", content=body, headers={"Content-Type": f"application/json{charset}"})

    assert done.status_code == 200


async def test_nothing_that_is_written_goes_to_the_log(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with scene.client() as client:
            await client.post("/ask", json={"text": "câu bí mật"})
            await client.post("/ask", json={"text": "câu bí mật", "more": "câu bí mật"})
            await client.get("/procedures/xyzzy")

    assert scene.asked[0].text == "câu bí mật"
    logged = [record for record in caplog.records if not record.name.startswith("httpx")]
    assert [record for record in logged if "bí mật" in record.getMessage() or "xyzzy" in record.getMessage()] == []


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=VALUES
    | st.fixed_dictionaries({"text": VALUES}, optional={"conversation": VALUES, "choice": VALUES, "more": VALUES})
)
async def test_any_json_is_answered_or_refused(small_scene: Scene, value: Any) -> None:
    async with small_scene.client() as client:
        done = await client.post("/ask", content=json.dumps(value).encode(), headers=JSON)

    assert done.status_code in (200, 400, 422)
    done.json()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200))
async def test_any_bytes_are_answered_or_refused(small_scene: Scene, body: bytes) -> None:
    async with small_scene.client() as client:
        done = await client.post("/ask", content=body, headers=JSON)

    assert done.status_code in (200, 400, 422)


@pytest.fixture
def small_scene(scene: Scene) -> Scene:
    """One for all examples, whose pace none of them reaches."""
    scene.rules = Rules(per_minute=100_000)
    return scene
