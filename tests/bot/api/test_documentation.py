"""The API describes itself: a complete OpenAPI document, and a page that needs nothing from outside."""

import re
from typing import Any

import httpx
import pytest

from bot.api import PREFIX, Rules
from bot.api.problems import TITLES
from tests.bot.api.conftest import Scene


@pytest.fixture
async def told(client: httpx.AsyncClient) -> Any:
    return (await client.get("/openapi.json")).json()


def _operations(told: Any) -> list[Any]:
    return [operation for path in told["paths"].values() for operation in path.values()]


async def test_every_address_is_told_with_words_a_success_and_its_problems(told: Any) -> None:
    operations = _operations(told)

    assert told["openapi"] == "3.1.0"
    assert told["servers"] == [{"url": PREFIX}]
    assert set(told["paths"]) == {"/ask", "/procedures", "/procedures/{code}", "/faqs", "/faqs/{id}"}
    for operation in operations:
        assert operation["summary"]
        assert {"200", "401", "422", "429"} <= set(operation["responses"])
        for status, response in operation["responses"].items():
            kinds = list(response.get("content", {}))
            assert kinds == (
                []
                if status == "304"
                else ["application/json"]
                if status in ("200", "301")
                else ["application/problem+json"]
            )


async def test_every_field_is_explained(told: Any) -> None:
    schemas = told["components"]["schemas"]
    named = set(re.findall(r"'#/components/schemas/(\w+)'", str(told)))
    unexplained = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, kind in schema.get("properties", {}).items()
        if not kind.get("description")
    ]

    assert named <= set(schemas)
    assert {"Question", "Answer", "ProblemDetails", "ProcedureDetail"} <= set(schemas)
    assert unexplained == []
    assert all(p.get("description") for o in _operations(told) for p in o.get("parameters", []))


async def test_keys_are_told_as_the_settings_want_them(scene: Scene, told: Any) -> None:
    assert all(operation["security"] == [{}, {"bearer": []}] for operation in _operations(told))

    scene.rules = Rules(require_key=True)
    async with scene.client() as client:
        strict = (await client.get("/openapi.json")).json()
    assert all(operation["security"] == [{"bearer": []}] for operation in _operations(strict))


@pytest.mark.parametrize("path", ["/", ""])
async def test_the_page_needs_nothing_from_outside(client: httpx.AsyncClient, path: str) -> None:
    page = await client.get(f"http://desk{PREFIX}{path}")

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "style-src 'sha256-" in page.headers["content-security-policy"]
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page.text)
    assert "<script" not in page.text
    assert 'lang="vi"' in page.text


async def test_every_problem_and_kind_has_its_place_on_the_page(client: httpx.AsyncClient) -> None:
    page = (await client.get("/")).text

    anchors = set(re.findall(r'id="([^"]+)"', page))
    assert {name for name, _ in TITLES.values()} <= anchors
    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors


async def test_every_response_is_safe_to_show(client: httpx.AsyncClient) -> None:
    for path in ("/", "/openapi.json", "/faqs", "/nowhere"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/ask"), ("PUT", "/faqs"), ("DELETE", "/procedures/1.001193")])
async def test_a_wrong_method_is_told(client: httpx.AsyncClient, method: str, path: str) -> None:
    done = await client.request(method, path)

    assert (done.status_code, done.json()["status"]) == (405, 405)
    assert done.headers["allow"]
