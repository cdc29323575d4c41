"""The list of an errand as a page to print."""

import httpx
import pytest

from tests.bot.pages.office import text_of


async def test_the_list_is_shown_whole_on_its_day(client: httpx.AsyncClient) -> None:
    page = await client.get("/the/1.004194", params={"viec": "e:1.004194:1:o:0"})

    text = text_of(page.text)
    assert page.status_code == 200
    assert "Phiếu chuẩn bị: Đăng ký tạm trú" in text
    assert "hạn trả là thứ Sáu 27/11/2026" in text
    assert "Cách nộp: nộp trực tuyến" in text
    assert "/the/1.004194/qr.svg" in page.text


@pytest.mark.parametrize("value", ["e:1.001193:1:o:0", "e:", "p:1.004194:f", "<script>", "e:1.004194:1:z"])
async def test_anything_else_is_no_page(client: httpx.AsyncClient, value: str) -> None:
    assert (await client.get("/the/1.004194", params={"viec": value})).status_code == 404


async def test_a_procedure_that_is_gone_is_no_page(client: httpx.AsyncClient) -> None:
    assert (await client.get("/the/9.999999", params={"viec": "e:9.999999"})).status_code == 404


async def test_numbers_that_are_gone_do_no_harm(client: httpx.AsyncClient) -> None:
    page = await client.get("/the/1.004194", params={"viec": "e:1.004194:99:p:99"})

    assert page.status_code == 200
