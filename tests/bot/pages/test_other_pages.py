"""The first page, the questions, the cards, and what machines read."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import httpx
import pytest

from bot.channels.web import WebOptions
from bot.pages import PublicPages, addresses
from bot.pages.desk import life_events
from knowledge.base import KnowledgeBase
from tests.bot.channels.web.browserless import a_client
from tests.bot.pages.office import (
    ELSEWHERE,
    ENDED,
    OLD_CODE,
    PROFILE,
    Counts,
    a_base,
    a_site,
    published,
    some_pages,
    text_of,
)
from tests.fakes import NOON

PAGES = (
    "/",
    "/chat",
    "/thu-tuc",
    "/thu-tuc?q=khai+sinh",
    "/thu-tuc/1.004194",
    "/hoi-dap",
    "/hoi-dap?chu-de=online",
    "/hoi-dap/ban-hoi-dap-la-gi",
    "/the/1.004194?phan=f",
    "/the/faq:ban-hoi-dap-la-gi",
    "/dulieu",
    "/khong-co",
)


async def test_the_first_page_has_the_chat_and_what_people_look_for(client: httpx.AsyncClient) -> None:
    page = (await client.get("/")).text
    text = text_of(page)

    assert page.index('id="question"') < page.index("Được hỏi nhiều")
    for part in (
        PROFILE.address,
        PROFILE.phone,
        PROFILE.hotline,
        PROFILE.email,
        PROFILE.hours,
        "1800 1096",
        "Phản ánh",
    ):
        assert part in text
    for number in ("113", "114", "115", "111", "112"):
        assert f'href="tel:{number}"' in page
    assert re.findall(r'href="/thu-tuc/([\d.]+)"', page)[0] == "1.004194"


async def test_what_is_asked_most_comes_first_once_it_is_counted() -> None:
    counts = Counts("1.000894", "9.999999", "1.000894")
    async with a_client(a_site(some_pages(counts=counts))) as client:
        page = (await client.get("/")).text

    assert re.findall(r'href="/thu-tuc/([\d.]+)"', page)[:2] == ["1.000894", "1.004194"]


async def test_life_events_lead_to_procedures_in_force_only(client: httpx.AsyncClient) -> None:
    page = (await client.get("/")).text
    listed = set(re.findall(r'href="/thu-tuc/([\d.]+)"', page))

    for name in ("Sinh con", "Kết hôn", "Xe cộ", "Kinh doanh", "qua đời", "nước ngoài"):
        assert name in page
    assert listed <= set(a_base().codes())


async def test_every_life_event_has_procedures_in_the_shipped_base() -> None:
    edition = await some_pages()._editions.current()

    assert len(life_events(edition.catalogue)) == 13


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_is_strict_about_what_it_loads(client: httpx.AsyncClient, path: str) -> None:
    page = await client.get(path)
    loaded = re.findall(r'<(?:script|img|link|iframe|form)\b[^>]*?\b(?:src|href|action)="([^"]*)"', page.text)

    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert loaded
    assert [one for one in loaded if not one.startswith("/") and 'rel="canonical"' not in page.text] == []
    assert not re.search(r"\son\w+=|\sstyle=|<style", page.text)
    assert all("src=" in tag or "ld+json" in tag for tag in re.findall(r"<script[^>]*>", page.text))


@pytest.mark.parametrize("path", PAGES)
async def test_large_type_is_kept_in_a_cookie_and_leads_back(client: httpx.AsyncClient, path: str) -> None:
    page = (await client.get(path)).text
    (switch,) = re.findall(r'class="type" href="([^"]+)"', page)

    switched = await client.get(switch.replace("&amp;", "&"))
    large = (await client.get(path)).text

    assert switched.status_code == 303
    assert switched.headers["location"].split("?")[0] == path.split("?")[0]
    assert '<html lang="vi">' in page
    assert '<html lang="vi" class="large">' in large
    assert "Chữ vừa" in large


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nb", "x" * 2000]
)
async def test_the_switch_leads_nowhere_else(client: httpx.AsyncClient, back: str) -> None:
    response = await client.get("/hien-thi", params={"chu": "lon", "ve": back})

    assert response.headers["location"] == "/"


async def test_questions_by_topic_and_audience(client: httpx.AsyncClient) -> None:
    every = (await client.get("/hoi-dap")).text
    officials = (await client.get("/hoi-dap?doi-tuong=can-bo")).text
    topic = (await client.get("/hoi-dap?chu-de=desk")).text

    assert every.count("<li id=") == len(a_base().faqs()) > officials.count("<li id=") > 50
    assert 'id="ban-hoi-dap-la-gi"' in every
    assert '<article id="ban-hoi-dap-la-gi"' in topic
    assert "Dành cho: người dân, doanh nghiệp" in topic


async def test_every_question_has_its_page(client: httpx.AsyncClient) -> None:
    for faq in a_base().faqs():
        page = await client.get(f"/hoi-dap/{faq.id}")
        assert page.status_code == 200
        assert faq.question in text_of(page.text)


async def test_a_card_says_the_part_asked_and_where_the_rest_is(client: httpx.AsyncClient) -> None:
    page = (await client.get("/the/1.004194?phan=f")).text

    assert "15.000 đồng" in page
    assert "Bước 1" not in page
    assert "http://desk.example/thu-tuc/1.004194" in page
    assert 'content="noindex"' in page
    assert page[page.index("<textarea") :].count("15.000 đồng") == 1


@pytest.mark.parametrize("query", ["phan=zzz", "phan=", "phan=ffffffff", "phan=x", "truong-hop=2&phan=d", "phan=dftps"])
async def test_any_card_is_a_page(client: httpx.AsyncClient, query: str) -> None:
    page = await client.get(f"/the/1.004194?{query}")

    assert page.status_code == 200
    assert "Nguồn: Đăng ký tạm trú" in page.text


async def test_the_site_map_names_every_page_that_is_there(client: httpx.AsyncClient) -> None:
    tree = ElementTree.fromstring((await client.get("/sitemap.xml")).text)  # noqa: S314 - our own
    paths = [
        (found.text or "").removeprefix("http://desk.example") for found in tree.iter() if found.tag.endswith("loc")
    ]

    assert {"/", "/thu-tuc", "/hoi-dap", "/thu-tuc/1.004194", "/hoi-dap/ban-hoi-dap-la-gi"} <= set(paths)
    assert len(paths) == len(set(paths)) > 400
    assert f"/thu-tuc/{OLD_CODE}" not in paths
    assert f"/thu-tuc/{ELSEWHERE.code}" not in paths


async def test_robots_are_kept_out_of_conversations(client: httpx.AsyncClient) -> None:
    text = (await client.get("/robots.txt")).text

    assert "Disallow: /chat\n" in text
    assert "Sitemap: http://desk.example/sitemap.xml" in text


async def test_the_address_set_is_used_instead_of_the_one_that_was_asked() -> None:
    pages = some_pages(address="https://motcua.example.vn")
    async with a_client(a_site(pages)) as client:
        page = (await client.get("/thu-tuc/1.004194", headers={"host": "evil.example"})).text

    assert "https://motcua.example.vn/thu-tuc/1.004194" in page
    assert "evil.example" not in page


async def test_the_qr_code_holds_the_address(client: httpx.AsyncClient) -> None:
    code = await client.get("/thu-tuc/1.004194/qr.svg")

    assert code.headers["content-type"].startswith("image/svg+xml")
    assert code.text == addresses.qr_code("http://desk.example/thu-tuc/1.004194")
    assert (await client.get("/the/faq:ban-hoi-dap-la-gi/qr.svg")).status_code == 200
    assert (await client.get("/thu-tuc/khong/qr.svg")).status_code == 404


async def test_only_named_sites_may_embed_and_only_the_chat() -> None:
    options = WebOptions(embed_sites=("https://so.example.vn",))
    async with a_client(a_site(options=options), "https://desk.example") as client:
        chat = await client.get("/chat?nhung=1")
        other = await client.get("/thu-tuc")
        script = await client.get("/nhung.js")

    assert "frame-ancestors 'self' https://so.example.vn" in chat.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in other.headers["content-security-policy"]
    assert "SameSite=none; Secure; Partitioned" in chat.headers["set-cookie"]
    assert 'class="top"' not in chat.text
    assert 'action="/chat?nhung=1"' in chat.text
    assert script.headers["content-type"].startswith("text/javascript")


async def test_without_such_sites_nothing_can_be_embedded(client: httpx.AsyncClient) -> None:
    chat = await client.get("/chat?nhung=1")

    assert "frame-ancestors 'none'" in chat.headers["content-security-policy"]
    assert "samesite=lax" in chat.headers["set-cookie"].lower()
    assert (await client.get("/nhung.js")).status_code == 404


async def test_what_nobody_has_confirmed_for_long_says_so() -> None:
    old = replace(PROFILE, confirm_days=1)
    base = KnowledgeBase.build(published([replace(ENDED, methods=())]), old)
    async with a_client(a_site(some_pages(base))) as client:
        for path in (f"/thu-tuc/{ENDED.code}", f"/the/{ENDED.code}?phan=s", f"/the/{ENDED.code}"):
            assert "xác nhận lần cuối ngày 01/07/2026" in (await client.get(path)).text, path


async def test_a_new_publication_is_seen_at_once() -> None:
    first = KnowledgeBase.build(published([ENDED], revision=1), PROFILE)
    second = KnowledgeBase.build(published([replace(ENDED, name="Tên mới")], revision=2), PROFILE)
    bases = [first]
    pages = PublicPages(lambda: bases[-1], PROFILE, now=lambda: NOON, counts=Counts())
    async with a_client(a_site(pages)) as client:
        before = [(await client.get(path)).text for path in (f"/thu-tuc/{ENDED.code}", "/thu-tuc")]
        bases.append(second)
        after = [(await client.get(path)).text for path in (f"/thu-tuc/{ENDED.code}", "/thu-tuc")]

    assert all("Tên mới" not in page for page in before)
    assert all("Tên mới" in page for page in after)
