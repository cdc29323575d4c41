"""The staff desk against forged forms, fixed sessions, others' ids, hostile text and oversized bodies."""

import ast
import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from bot.staff.cookies import PLAIN, SAFE
from bot.staff.deeds import ACTIONS
from bot.staff.forms import LONGEST_BODY
from bot.staff.page import Stage
from bot.storage.staff import Role
from tests.bot.staff.office import PASSWORD, StaffDesk
from tests.places import ROOT

STAFF = ROOT / "bot" / "staff"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> {{ 7*7 }} ${7*7} \r\nSet-Cookie: a=b"
WRITERS = {"deed", "Deed", "_note", "_change"}
"""What is given the action of a line of the record."""
SQL = ("' OR '1'='1", "'; DROP TABLE audit_entry; --", "%", "_", "\\", '"', "1 UNION SELECT 1")


async def test_a_session_known_before_is_never_taken(desk: StaffDesk) -> None:
    """Session fixation: whatever cookie the browser was given, signing in gives another."""
    await desk.account(Role.APPROVER, name="lanh-dao")
    fixed = "A" * 43
    visitor = desk.visitor()
    visitor.client.cookies.set(SAFE, fixed, domain="desk.example")
    await visitor.get("/can-bo/dang-nhap")

    await visitor.post("/can-bo/dang-nhap", {"ten": "lanh-dao", "mat_khau": PASSWORD})
    half = visitor.client.cookies[SAFE]
    await visitor.get("/can-bo/ma-xac-thuc")
    await visitor.post("/can-bo/ma-xac-thuc", {"ma": desk.code()})
    whole = visitor.client.cookies[SAFE]

    assert len({fixed, half, whole}) == 3
    for known in (fixed, half):
        assert await desk.room.signed_in.find(known, desk.clock()) is None
    assert await desk.room.signed_in.find(whole, desk.clock()) is not None


async def test_every_form_needs_the_token_of_its_own_session(desk: StaffDesk) -> None:
    other = await desk.signed_in(Role.ADMINISTRATOR, name="khac")
    for page in (route.page for route in desk.routes):
        if page.method != "POST" or Stage.INSIDE not in page.stages:
            continue
        address = re.sub(r"\{[^}]*\}", "1", page.address)
        visitor = await desk.signed_in(*Role, name="tat-ca")
        own = visitor.token
        for token in ("", "0" * 64, other.token, own[:-1], own + "0", "\u00e9"):
            visitor.token = token
            assert (await visitor.post(address)).status_code == 403, address
        visitor.token = own
        assert (await visitor.post(address, sec_fetch_site="cross-site")).status_code == 403, address
        assert (await visitor.post(address, sec_fetch_site="same-site")).status_code == 403, address
        assert (await visitor.post(address, origin="https://evil.example")).status_code == 403, address


async def test_the_door_itself_cannot_be_forged(desk: StaffDesk) -> None:
    await desk.account(Role.EDITOR, name="an")
    visitor = desk.visitor()
    fields = {"ten": "an", "mat_khau": PASSWORD}

    lost = await visitor.client.post("/can-bo/dang-nhap", data=fields)
    await visitor.get("/can-bo/dang-nhap")
    forged = await visitor.post("/can-bo/dang-nhap", fields, sec_fetch_site="cross-site")
    visitor.token = "0" * 64
    stale = await visitor.post("/can-bo/dang-nhap", fields)

    assert [one.status_code for one in (lost, forged, stale)] == [403] * 3
    assert "cookie" in lost.text


async def test_reading_never_changes_anything(desk: StaffDesk) -> None:
    visitor = await desk.signed_in(*Role, name="tat-ca")
    before = (await desk.room.audit.verify()).lines
    for page in (route.page for route in desk.routes):
        if page.method == "GET":
            await visitor.get(re.sub(r"\{[^}]*\}", "1", page.address))

    assert (await desk.room.audit.verify()).lines == before


async def test_the_cookie_is_closed_to_scripts_sites_and_plain_networks(desk: StaffDesk) -> None:
    await desk.account(Role.EDITOR, name="an")
    safe = (await desk.visitor().get("/can-bo/dang-nhap")).headers["set-cookie"].lower()
    plain = desk.visitor("http://10.0.0.5:8080")
    away = (await plain.get("/can-bo/dang-nhap")).headers["set-cookie"].lower()
    here = (await desk.visitor("http://127.0.0.1:8080").get("/can-bo/dang-nhap")).headers["set-cookie"].lower()
    entered = (await desk.visitor().sign_in("an")).headers["set-cookie"].lower()

    for cookie in (safe, away, entered):
        assert cookie.startswith(SAFE.lower() + "=")
        assert "; secure" in cookie
    assert here.startswith(PLAIN + "=")
    assert "secure" not in here
    for cookie in (safe, away, here, entered):
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert "path=/" in cookie
        assert "max-age" not in cookie
        assert "domain" not in cookie


async def test_every_response_carries_the_safety_headers(desk: StaffDesk) -> None:
    visitor = await desk.signed_in(Role.ADMINISTRATOR)
    stranger = desk.visitor()
    responses = [
        await stranger.get("/can-bo/dang-nhap"),
        await stranger.get("/can-bo"),
        await visitor.get("/can-bo"),
        await visitor.get("/can-bo/khong-co"),
        await visitor.get("/can-bo/nguoi-dung/999"),
        await visitor.client.post("/can-bo/dang-xuat"),
        await visitor.client.delete("/can-bo"),
    ]
    await desk.room.engine.dispose()
    _break_the_database(desk)
    responses.append(await visitor.get("/can-bo"))

    assert responses[-1].status_code == 503
    for response in responses:
        headers = response.headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"


async def test_a_fault_of_ours_is_told_without_a_trace(desk: StaffDesk, capsys: pytest.CaptureFixture[str]) -> None:
    visitor = await desk.signed_in(Role.ADMINISTRATOR)
    async with desk.room.engine.begin() as connection:
        await connection.execute(text("DROP TABLE audit_head"))
    response = await visitor.post("/can-bo/nguoi-dung/1/ra-het")

    assert response.status_code == 500
    assert "Traceback" not in response.text
    assert "audit_head" not in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "staff page failed" in capsys.readouterr().out


async def test_anothers_session_cannot_be_ended(desk: StaffDesk) -> None:
    mine, theirs = await desk.signed_in(Role.EDITOR, name="an"), await desk.signed_in(Role.EDITOR, name="binh")
    account = await desk.room.accounts.named("binh")
    assert account is not None
    (session,) = await desk.room.signed_in.of(account, desk.clock())

    for number in (str(session.id), "0", "-1", "1e9", "99999999999999999999", "x", "%00", "١"):
        response = await mine.post(f"/can-bo/tai-khoan/phien/{number}/ket-thuc")
        assert response.status_code == 404, number
    assert (await theirs.get("/can-bo")).status_code == 200
    assert (await theirs.post(f"/can-bo/tai-khoan/phien/{session.id}/ket-thuc")).status_code == 303


@pytest.mark.parametrize("number", ["0", "-1", "999999", "99999999999999999999", "1 OR 1=1", "x", "..%2f1", "1.0"])
async def test_ids_that_are_none_are_not_found(desk: StaffDesk, number: str) -> None:
    visitor = await desk.signed_in(Role.ADMINISTRATOR)

    assert (await visitor.get(f"/can-bo/nguoi-dung/{number}")).status_code == 404
    for deed in ("", "/khoa", "/mo", "/cap-lai", "/ra-het"):
        assert (await visitor.post(f"/can-bo/nguoi-dung/{number}{deed}")).status_code == 404


async def test_hostile_text_is_shown_as_text(desk: StaffDesk) -> None:
    visitor = await desk.signed_in(Role.ADMINISTRATOR)
    fields = {"ten": "xau", "ho_ten": HOSTILE[:90], "don_vi": HOSTILE[:90], "vai_tro": "editor"}
    pages = [
        await visitor.post("/can-bo/nguoi-dung", fields),
        await visitor.post("/can-bo/nguoi-dung", {**fields, "ten": HOSTILE}),
        await visitor.get("/can-bo/nguoi-dung"),
        await visitor.get("/can-bo/nguoi-dung/2"),
        await visitor.get(_asked("/can-bo/nhat-ky", doi_tuong=HOSTILE, nguoi=HOSTILE)),
        await visitor.get(_asked("/can-bo/da-noi", muc=HOSTILE, ngay="2026-11-21", gio="09:00")),
        await visitor.get(_asked("/can-bo/tai-khoan", xong=HOSTILE)),
    ]

    assert [page.status_code for page in pages] == [200, 422, 200, 200, 200, 200, 200]
    for page in pages:
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "a" not in page.cookies
    assert "&lt;script&gt;" in pages[3].text
    assert "49" not in re.sub(r"\d{2,}", "", pages[3].text)


@pytest.mark.parametrize("typed", SQL)
async def test_hostile_filters_find_nothing_and_break_nothing(desk: StaffDesk, typed: str) -> None:
    visitor = await desk.signed_in(Role.ADMINISTRATOR)
    for name in ("nguoi", "viec", "doi_tuong", "tu", "den", "trang"):
        page = await visitor.get(_asked("/can-bo/nhat-ky", **{name: typed}))
        assert page.status_code == 200
        if name in ("nguoi", "viec"):
            assert "Không có dòng nào" in page.text
    for name in ("ngay", "gio", "muc", "quanh"):
        params = {"ngay": "2026-11-21", "gio": "09:00", "muc": "1.004194", name: typed}
        assert (await visitor.get(_asked("/can-bo/da-noi", **params))).status_code in (200, 422)
    assert (await desk.room.audit.verify()).whole


async def test_what_is_too_large_is_refused_before_it_is_kept(desk: StaffDesk) -> None:
    visitor = await desk.signed_in(Role.EDITOR)
    large = await visitor.post("/can-bo/tai-khoan/mat-khau", {"moi": "x" * (LONGEST_BODY + 1)})

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(200):
            yield b"x" * 8192

    streamed = await visitor.client.post(
        "/can-bo/tai-khoan/mat-khau",
        content=endless(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    many = "&".join(f"f{number}=1" for number in range(5000))
    crowded = await visitor.client.post(
        "/can-bo/tai-khoan/mat-khau", content=many, headers={"content-type": "application/x-www-form-urlencoded"}
    )

    assert [large.status_code, streamed.status_code] == [413, 413]
    assert crowded.status_code in (400, 403)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--'),
        ("multipart/form-data; boundary=x; charset=none", b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1"),
        ("application/x-www-form-urlencoded", b"token=%ED%A0%80&%FF=%00"),
        ("application/json", b"{}"),
        ("", b"\x00\xff"),
    ],
)
async def test_broken_bodies_are_no_fault_of_ours(desk: StaffDesk, kind: str, body: bytes) -> None:
    visitor = await desk.signed_in(Role.EDITOR)
    response = await visitor.client.post("/can-bo/tai-khoan/ra-het", content=body, headers={"content-type": kind})

    assert response.status_code in (400, 403)


async def test_a_forged_host_leads_nowhere(desk: StaffDesk) -> None:
    for path in ("/can-bo", "/can-bo/", "/can-bo/dang-nhap/"):
        response = await desk.visitor().client.get(path, headers={"host": "evil.example"})
        assert "evil.example" not in response.headers.get("location", "") + response.text


async def test_no_log_line_holds_a_secret(desk: StaffDesk, caplog: pytest.LogCaptureFixture) -> None:
    await desk.account(Role.EDITOR, name="an")
    visitor = desk.visitor()
    with caplog.at_level(logging.DEBUG):
        await visitor.sign_in("an", "sai mật khẩu rồi")
        await visitor.sign_in("an")
        await visitor.get("/can-bo")

    for secret in ("sai mật khẩu rồi", PASSWORD, visitor.client.cookies[SAFE]):
        assert secret not in caplog.text


def test_every_form_that_is_posted_holds_the_token_and_no_page_holds_code() -> None:
    templates = sorted((STAFF / "templates").glob("*.html"))
    assert len(templates) >= 10

    for file in templates:
        text = file.read_text(encoding="utf-8")
        for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL):
            assert "token(visit)" in form, file.name
        assert not re.search(r"<style|<script(?! src=)|\son\w+=|\sstyle=|\|\s*safe|https?://", text), file.name


def test_every_action_that_is_written_has_its_words() -> None:
    written = set()
    for file in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            written |= {text for text in _texts(node) if re.fullmatch(r"[a-z_]+\.[a-z_]+", text)}

    assert len(written) > 10
    assert written == set(ACTIONS)


def _texts(node: ast.AST) -> set[str]:
    """Texts given to what writes the record, or kept under the name `action`."""
    parts: list[ast.expr] = []
    if isinstance(node, ast.Call):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        parts = [*node.args, *(one.value for one in node.keywords)] if called in WRITERS else []
        parts += [one.value for one in node.keywords if one.arg == "action"]
    elif isinstance(node, ast.Assign) and any(getattr(one, "id", "") == "action" for one in node.targets):
        parts = [node.value]
    found = (one.value for part in parts for one in ast.walk(part) if isinstance(one, ast.Constant))
    return {value for value in found if isinstance(value, str)}


def _asked(path: str, **query: str) -> str:
    return str(httpx.URL(path, params=query))


def _break_the_database(desk: StaffDesk) -> None:
    file = Path(str(desk.room.engine.url.database))
    for path in file.parent.glob(file.name + "*"):
        path.unlink()
    file.mkdir()
