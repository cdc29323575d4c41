"""The anonymous session of a browser."""

import pytest
from fastapi import Request

from bot.channels.web.sessions import COOKIE, Session, from_our_page, new_session, session_of


def a_request(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/chat", "headers": raw, "query_string": b""})


def test_ids_are_never_the_same_and_hide_the_cookie() -> None:
    first, second = new_session(), new_session()

    assert first.citizen != second.citizen
    assert first.citizen.channel == "web"
    assert first.secret not in first.citizen.id
    assert first.fresh


def test_a_browser_comes_back_as_the_same_citizen() -> None:
    session = new_session()

    again = session_of(a_request(cookie=f"{COOKIE}={session.secret}"))

    assert again.citizen == session.citizen
    assert not again.fresh
    assert again.owns(session.token)


def test_a_token_of_another_browser_is_refused() -> None:
    assert not new_session().owns(new_session().token)
    assert not new_session().owns("")
    assert not new_session().owns("ế\ud800")


@pytest.mark.parametrize("cookie", ["", "short", "x" * 65, "a b" * 12, "<script>" * 5])
def test_a_cookie_that_is_not_ours_gets_a_new_session(cookie: str) -> None:
    assert session_of(a_request(cookie=f"{COOKIE}={cookie}")).fresh


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "none"}, True),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"sec_fetch_site": "same-site"}, False),
        ({"origin": "https://desk.example", "host": "desk.example"}, True),
        ({"origin": "https://evil.example", "host": "desk.example"}, False),
        ({"origin": "null", "host": "desk.example"}, False),
        ({"host": "desk.example"}, True),
    ],
)
def test_forms_of_other_sites_are_told_apart(headers: dict[str, str], ours: bool) -> None:
    assert from_our_page(a_request(**headers)) is ours


def test_a_session_does_not_show_its_secret_by_accident() -> None:
    session = Session("s" * 32)

    assert "s" * 32 not in repr(session)
