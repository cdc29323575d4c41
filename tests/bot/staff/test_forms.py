"""Forms are read with a limit, as clean text; a file's name never becomes a path."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.staff.forms import Form, FormTooLarge, clean_text, read_form, whole

LARGEST = 10_000


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async def echo(request: Request) -> Response:
        form = await read_form(request, LARGEST)
        files = {name: [(one.name, len(one.content)) for one in some] for name, some in form.files.items()}
        return JSONResponse({"fields": dict(form.fields), "files": files})

    async def too_large(_: Request, __: Exception) -> Response:
        return Response(status_code=413)

    async def refused(_: Request, error: Exception) -> Response:
        return Response(status_code=error.status_code if isinstance(error, HTTPException) else 500)

    handlers = {FormTooLarge: too_large, HTTPException: refused}
    app = Starlette(routes=[Route("/", echo, methods=["POST"])], exception_handlers=handlers)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://desk.example") as client:
        yield client


async def test_text_is_clean(client: httpx.AsyncClient) -> None:
    fields = {"a": "  Hoa\u0300 \r\nhai\x00  ", "b": ["1", "2"]}

    told = (await client.post("/", data=fields)).json()["fields"]

    assert told == {"a": ["  Hoà \nhai  "], "b": ["1", "2"]}


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("/var/x.xlsx", "x.xlsx"),
        ("C:\\a\\b.docx", "b.docx"),
        ("a\x00.xlsx", "a.xlsx"),
        ("..", ""),
        ("x" * 500, "x" * 200),
    ],
)
async def test_a_files_name_is_its_last_part(client: httpx.AsyncClient, sent: str, shown: str) -> None:
    head = f'Content-Disposition: form-data; name="tep"; filename="{sent}"'
    body = f"--b\r\n{head}\r\n\r\nxyz\r\n--b--\r\n".encode()
    told = await client.post("/", content=body, headers={"content-type": "multipart/form-data; boundary=b"})

    assert told.json()["files"] == {"tep": [[shown, 3]]}


async def test_too_much_is_refused_whatever_its_length_says(client: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"a=" + b"x" * 1000 + b"&"

    kind = {"content-type": "application/x-www-form-urlencoded"}
    statuses = [
        (await client.post("/", files={"tep": b"x" * LARGEST})).status_code,
        (await client.post("/", data={"a": "x" * LARGEST})).status_code,
        (await client.post("/", content=pieces(), headers=kind)).status_code,
        (await client.post("/", files={f"tep{n}": b"x" for n in range(25)})).status_code,
        (await client.post("/", data={"a": "x" * 100}, headers=kind)).status_code,
    ]

    assert statuses == [413, 413, 413, 400, 200]


def test_fields_are_read_by_name() -> None:
    form = Form({"a": [" x ", "y"], "n": ["12"], "big": ["9" * 12], "neg": ["-1"], "half": ["1.5"], "thai": ["๑"]})

    assert (form.text("a"), form.raw("a"), form.all("a"), form.text("none"), form.all("none")) == (
        "x",
        " x ",
        [" x ", "y"],
        "",
        [],
    )
    assert form.number("n") == 12
    assert [form.number(name) for name in ("big", "neg", "half", "thai", "none")] == [None] * 5
    assert form.file("none") is None
    assert whole("007") == 7
    assert clean_text("\ud800a") == "a"
