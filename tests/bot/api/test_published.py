"""Procedures and questions: lists, pages, one entry, what has moved, what is held already."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.api.catalogue import Catalogue
from bot.api.models import ProcedureQuery
from knowledge.base import KnowledgeBase
from knowledge.entries import OfficeProfile
from tests.bot.api.conftest import BIRTH, FREQUENCY, LOCAL, Scene, publication


async def _codes(client: httpx.AsyncClient, **query: Any) -> list[str]:
    return [item["code"] for item in (await client.get("/procedures", params=query)).json()["items"]]


async def test_all_procedures_in_the_order_of_their_codes(client: httpx.AsyncClient) -> None:
    assert await _codes(client) == ["1.001193", "1.010902", "2.000815"]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"field": "hộ tịch"}, ["1.001193"]),
        ({"field": "ho tich"}, ["1.001193"]),
        ({"level": "commune"}, ["1.001193", "2.000815"]),
        ({"province": "Bắc Ninh"}, ["2.000815"]),
        ({"province": "tinh bac ninh"}, ["2.000815"]),
        ({"province": "Sơn La"}, []),
        ({"q": "khai sinh"}, ["1.001193"]),
        ({"q": "giay phep su"}, ["1.010902"]),
        ({"q": " \u200b "}, ["1.001193", "1.010902", "2.000815"]),
        ({"cursor": "1.001193"}, ["1.010902", "2.000815"]),
        ({"cursor": "9.9"}, []),
    ],
)
async def test_a_list_holds_what_is_asked_for(
    client: httpx.AsyncClient, query: dict[str, str], codes: list[str]
) -> None:
    assert await _codes(client, **query) == codes


async def test_pages_follow_each_other(client: httpx.AsyncClient) -> None:
    first = (await client.get("/procedures", params={"limit": 2})).json()
    second = (await client.get("/procedures", params={"limit": 2, "cursor": first["next_cursor"]})).json()

    assert (first["total"], second["total"]) == (3, 3)
    assert [item["code"] for item in first["items"] + second["items"]] == ["1.001193", "1.010902", "2.000815"]
    assert second["next_cursor"] is None


@settings(max_examples=50, deadline=None)
@given(count=st.integers(0, 40), limit=st.integers(1, 100))
def test_pages_hold_every_entry_once(count: int, limit: int) -> None:
    catalogue = Catalogue(_named(count))

    assert list(_walked(catalogue, limit)) == [f"1.{number:06}" for number in range(count)]


def _walked(catalogue: Catalogue, limit: int) -> Iterator[str]:
    cursor = None
    while True:
        page = catalogue.procedures(ProcedureQuery(limit=limit, cursor=cursor))
        yield from (item.code for item in page.items)
        if (cursor := page.next_cursor) is None:
            return


def _named(count: int) -> KnowledgeBase:
    entries = (replace(BIRTH, code=f"1.{number:06}", name=f"Việc số {number}") for number in range(count))
    return KnowledgeBase.build(publication(*entries), OfficeProfile())


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 101},
        {"limit": "x"},
        {"level": "district"},
        {"more": "1"},
        {"cursor": "a b"},
        {"q": "a" * 301},
    ],
)
async def test_a_bad_query_is_refused(client: httpx.AsyncClient, query: dict[str, str]) -> None:
    done = await client.get("/procedures", params=query)

    assert done.status_code == 422
    assert done.headers["content-type"] == "application/problem+json"
    assert done.json()["errors"]


async def test_a_procedure_holds_what_is_in_force_today(client: httpx.AsyncClient) -> None:
    body = (await client.get("/procedures/1.001193")).json()

    direct, online = body["methods"]
    assert direct["fees"] == [{"amount": 8000, "text": "8.000 đồng/bản"}]
    assert direct["time"] == {"amount": 1, "unit": "working_day", "text": "01 ngày làm việc"}
    assert (online["fees"], online["fees_ended"]) == ([], True)
    assert [item["number"] for item in body["legal_basis"]] == ["60/2014/QH13"]
    assert body["local"]["fee"] == "5.000 đồng/bản"
    assert body["citation"].startswith("Nguồn: Đăng ký khai sinh · mã 1.001193")


async def test_an_old_code_leads_to_the_new_one(client: httpx.AsyncClient) -> None:
    done = await client.get("/procedures/1.000001")

    assert (done.status_code, done.json()) == (301, {"replaced_by": "1.001193"})
    assert (await client.get(done.headers["location"].removeprefix("/api/v1"))).json()["code"] == "1.001193"


@pytest.mark.parametrize(
    "path", ["/procedures/9.999999", "/procedures/%00", "/procedures/%ff", "/faqs/khong-co", "/faqs/faq:x", "/nowhere"]
)
async def test_what_is_not_there_is_said_so(client: httpx.AsyncClient, path: str) -> None:
    done = await client.get(path)

    assert (done.status_code, done.json()["status"]) == (404, 404)


async def test_questions_and_their_answers(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/faqs", params={"topic": "online", "audience": "citizens"})).json()
    found = (await client.get("/faqs", params={"q": "nop ho so"})).json()
    one = (await client.get(f"/faqs/{listed['items'][0]['id']}")).json()

    assert listed["items"] == found["items"]
    assert (await client.get("/faqs", params={"audience": "officials"})).json()["total"] == 0
    assert (await client.get("/faqs", params={"cursor": "nop-truc-tuyen"})).json()["items"] == []
    assert one["answer"].startswith("Anh/Chị đăng nhập")
    assert [item["code"] for item in one["related"]] == ["1.001193"]


@pytest.mark.parametrize("path", ["/procedures", "/procedures/1.001193", "/faqs", "/faqs/nop-truc-tuyen"])
async def test_what_the_caller_holds_is_not_sent_again(scene: Scene, path: str) -> None:
    async with scene.client() as client:
        tag = (await client.get(path)).headers["etag"]
        held = await client.get(path, headers={"If-None-Match": f'"x", {tag}'})
        scene.base = KnowledgeBase.build(publication(BIRTH, FREQUENCY, LOCAL, revision=8), OfficeProfile())
        changed = await client.get(path, headers={"If-None-Match": tag})

    assert (held.status_code, held.content, held.headers["etag"]) == (304, b"", tag)
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
    assert changed.headers["cache-control"] == "no-cache"


async def test_a_held_tag_does_not_hide_that_an_entry_is_gone(client: httpx.AsyncClient) -> None:
    assert (await client.get("/procedures/9.999999", headers={"If-None-Match": "*"})).status_code == 404
