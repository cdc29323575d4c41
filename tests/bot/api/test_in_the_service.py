"""`motcua run` serves the API beside the web pages, with the keys of the command line, unless it is switched off."""

from pathlib import Path

import httpx

from tests.bot.commands.conftest import program
from tests.bot.commands.test_running import served

QUESTION = {"text": "đăng ký khai sinh hết bao nhiêu tiền", "conversation": "c-1"}


def test_the_api_answers_beside_the_pages(tmp_path: Path) -> None:
    with served(tmp_path) as (_, address):
        key = program(tmp_path)("api-key", "add", "tests", "--per-minute", "7").stdout.splitlines()[-1]
        with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {key}"}) as client:
            asked = client.post("api/v1/ask", json=QUESTION)
            went_on = client.post("api/v1/ask", json={"text": "thế nộp ở đâu", "conversation": "c-1"})
            listed = client.get("api/v1/procedures", params={"limit": 1})
            head = client.head("api/v1/procedures/1.001193")
            page = client.get("api/v1")
            missing = client.get("api/v1/nowhere")
            chat = client.get("")
            elsewhere = client.get("api/v2/ask")

    assert asked.json()["codes"][0] == went_on.json()["codes"][0] == "1.001193"
    assert (asked.json()["aspects"], went_on.json()["aspects"]) == ("f", "p")
    assert asked.headers["ratelimit-limit"] == "7"
    assert listed.headers["cache-control"] == "no-cache"
    assert (head.status_code, head.content) == (200, b"")
    assert "text/html" in page.headers["content-type"]
    assert missing.headers["content-type"] == "application/problem+json"
    assert "Một Cửa" in chat.text
    assert elsewhere.status_code == 404
    assert "problem+json" not in elsewhere.headers["content-type"]

    with served(tmp_path, MOTCUA_API__ENABLED="false") as (_, address):
        assert httpx.get(f"{address}api/v1/faqs").headers["content-type"] != "application/json"
    with served(tmp_path, MOTCUA_API__REQUIRE_KEY="true") as (_, address):
        assert httpx.post(f"{address}api/v1/ask", json=QUESTION).status_code == 401
