"""The list of procedures: filters, search, pages."""

import re

import httpx
import pytest

from bot.pages.browsing import PAGE
from tests.bot.pages.office import ELSEWHERE, ENDED, a_base, text_of

CODES = re.compile(r'<li>\s*<a href="/thu-tuc/([\d.]+)">')


async def codes(client: httpx.AsyncClient, **query: str) -> list[str]:
    page = await client.get("/thu-tuc", params=query)
    assert page.status_code == 200
    return CODES.findall(page.text)


async def test_pages_hold_every_procedure_once(client: httpx.AsyncClient) -> None:
    found: list[str] = []
    for number in range(1, 20):
        shown = await codes(client, trang=str(number))
        if number > 1 and shown[0] in found:
            break
        found += shown

    assert len(found) == len(set(found))
    assert set(found) == set(a_base().codes()) - {ELSEWHERE.code}


async def test_filters_go_together(client: httpx.AsyncClient) -> None:
    assert await codes(client, **{"linh-vuc": "do-luong"}) == [ENDED.code]
    assert await codes(client, **{"linh-vuc": "do-luong", "cap": "tinh", "doi-tuong": "doanh-nghiep"}) == [ENDED.code]
    assert await codes(client, **{"linh-vuc": "do-luong", "cap": "xa"}) == []
    assert await codes(client, **{"linh-vuc": "do-luong", "doi-tuong": "ca-nhan"}) == []


@pytest.mark.parametrize(
    ("text", "first"),
    [("đăng ký khai sinh", "1.001193"), ("dang ky khai sinh", "1.001193"), ("1.004194", "1.004194")],
)
async def test_search_finds_first_what_is_meant(client: httpx.AsyncClient, text: str, first: str) -> None:
    assert (await codes(client, q=text))[0] == first


async def test_a_word_begun_is_enough(client: httpx.AsyncClient) -> None:
    assert "1.004194" in await codes(client, q="đăng ký tạm tr")


async def test_related_questions_come_with_the_procedures(client: httpx.AsyncClient) -> None:
    question = next(faq for faq in a_base().faqs() if faq.id == "ban-hoi-dap-la-gi").question
    page = (await client.get("/thu-tuc", params={"q": question})).text

    assert "Câu hỏi liên quan" in page
    assert 'href="/hoi-dap/ban-hoi-dap-la-gi"' in page


async def test_the_part_that_changes_comes_alone(client: httpx.AsyncClient) -> None:
    part = (await client.get("/thu-tuc", params={"q": "khai sinh", "manh": "1"})).text

    assert "<html" not in part
    assert CODES.findall(part)[0] == "1.001193"
    assert "manh" not in part


async def test_the_way_on_keeps_what_was_asked(client: httpx.AsyncClient) -> None:
    page = (await client.get("/thu-tuc", params={"cap": "xa", "trang": "1"})).text

    assert 'href="/thu-tuc?cap=xa&amp;trang=2" rel="next"' in page
    assert "trang 1 trên" in text_of(page)
    assert len(CODES.findall(page)) == PAGE


@pytest.mark.parametrize(
    "query",
    [
        {"trang": "0"},
        {"trang": "-3"},
        {"trang": "abc"},
        {"trang": "99999"},
        {"trang": "9" * 5000},
        {"cap": "huyen", "linh-vuc": "<script>", "doi-tuong": "x"},
        {"q": "<script>alert(1)</script>"},
        {"q": "a" * 10_000},
        {"q": "%00\u200b\u202e"},
        {"q": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")},
        {"q": "a." * 5000},
    ],
)
async def test_any_query_is_answered(client: httpx.AsyncClient, query: dict[str, str]) -> None:
    page = await client.get("/thu-tuc", params=query)

    assert page.status_code == 200
    assert "<script>alert" not in page.text
