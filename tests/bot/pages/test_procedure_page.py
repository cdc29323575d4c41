"""The page of one procedure."""

import json
import re

import httpx
import pytest

from tests.bot.pages.office import ENDED, NEW_CODE, OLD_CODE, OVERLAY, text_of


async def test_it_shows_every_part_with_its_source(client: httpx.AsyncClient) -> None:
    page = await client.get("/thu-tuc/1.004194")
    text = text_of(page.text)

    assert page.status_code == 200
    for part in (
        "Đăng ký tạm trú",
        "Mã 1.004194",
        "Trực tiếp",
        "Trực tuyến",
        "15.000 đồng",
        "7.000 đồng",
        "03 ngày làm",
    ):
        assert part in text
    for heading in ("Giấy tờ cần có", "Các bước thực hiện", "Nơi nộp", "Kết quả", "Căn cứ pháp lý", "Nguồn"):
        assert f">{heading}</h2>" in page.text
    assert "Ngày dữ liệu" in text
    assert 'src="/thu-tuc/1.004194/qr.svg"' in page.text


async def test_what_the_office_adds_stands_apart_with_its_own_source(client: httpx.AsyncClient) -> None:
    page = (await client.get(f"/thu-tuc/{NEW_CODE}")).text
    own = page[page.index('class="card own"') : page.index('id="cach-nop"')]

    assert OVERLAY.fee in own
    assert OVERLAY.counter in own
    assert OVERLAY.source in own
    assert OVERLAY.fee not in page[page.index('id="cach-nop"') :]


async def test_ones_own_case_is_chosen_without_javascript(client: httpx.AsyncClient) -> None:
    every = (await client.get("/thu-tuc/1.004194")).text
    chosen = (await client.get("/thu-tuc/1.004194?truong-hop=2")).text

    assert every.count('name="truong-hop"') == chosen.count('name="truong-hop"') > 1
    assert "<details" in every
    assert "<details" not in chosen
    assert len(re.findall('type="checkbox"', chosen)) < len(re.findall('type="checkbox"', every))
    assert 'value="2" checked' in chosen


@pytest.mark.parametrize("number", ["99", "0", "x", "-1", "²", "9" * 50])
async def test_a_case_that_is_none_shows_them_all(client: httpx.AsyncClient, number: str) -> None:
    page = await client.get("/thu-tuc/1.004194", params={"truong-hop": number})

    assert page.status_code == 200
    assert " checked" not in page.text


async def test_an_ended_fee_is_not_shown_and_hostile_text_stays_text(client: httpx.AsyncClient) -> None:
    page = (await client.get(f"/thu-tuc/{ENDED.code}")).text

    assert "20.000" not in text_of(page)
    assert "đã hết thời gian áp dụng" in page
    assert "50.000 đồng/lần" in page
    assert "<script>alert" not in page
    assert 'href="javascript:' not in page
    assert "Thủ tục &lt;thử&gt; &amp; đo" in page


async def test_search_engines_are_told_what_it_is(client: httpx.AsyncClient) -> None:
    page = (await client.get(f"/thu-tuc/{ENDED.code}")).text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    described = json.loads(block)

    assert described["@type"] == "GovernmentService"
    assert described["name"] == ENDED.name
    assert described["identifier"] == ENDED.code
    assert described["url"] == f"http://desk.example/thu-tuc/{ENDED.code}"
    direct, online = described["availableChannel"]
    assert direct == {"@type": "ServiceChannel", "name": "Nộp trực tiếp", "processingTime": "P5D"}
    assert [offer["price"] for offer in online["offers"]] == [50_000]


async def test_an_old_code_leads_to_the_new_one_for_good(client: httpx.AsyncClient) -> None:
    response = await client.get(f"/thu-tuc/{OLD_CODE}")

    assert response.status_code == 301
    assert response.headers["location"] == f"/thu-tuc/{NEW_CODE}"


@pytest.mark.parametrize(
    "path", ["/thu-tuc/1.000000", "/thu-tuc/khong", "/thu-tuc/%2e%2e%2fx", "/hoi-dap/khong", "/the/x"]
)
async def test_what_is_not_there_is_told_with_a_search_box(client: httpx.AsyncClient, path: str) -> None:
    page = await client.get(path)

    assert page.status_code == 404
    assert "Không có trang này" in page.text
    assert 'action="/thu-tuc"' in page.text


async def test_a_page_the_browser_has_is_not_sent_again(client: httpx.AsyncClient) -> None:
    first = await client.get("/thu-tuc/1.004194")
    again = await client.get("/thu-tuc/1.004194", headers={"if-none-match": first.headers["etag"]})
    plain = await client.get("/thu-tuc/1.004194", headers={"accept-encoding": "identity"})

    assert first.headers["content-encoding"] == "gzip"
    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")
    assert plain.text == first.text
    assert "content-encoding" not in plain.headers
