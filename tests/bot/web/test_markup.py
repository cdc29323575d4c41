"""Plain text as paragraphs, lists and links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.markup import Piece, is_web_address, parts, pieces, safe_links
from handlers.messages import Link


def test_bullet_lines_become_a_list_between_paragraphs() -> None:
    found = parts(["Cần có:\n• một\n• hai\nXin lưu ý."])

    assert [part.is_list for part in found] == [False, True, False]
    assert [line[0].text for line in found[1].lines] == ["một", "hai"]


def test_an_address_is_told_from_the_stop_after_it() -> None:
    assert list(pieces("Xem https://dichvucong.gov.vn/a?b=1. Cảm ơn.")) == [
        Piece("Xem "),
        Piece("https://dichvucong.gov.vn/a?b=1", "https://dichvucong.gov.vn/a?b=1"),
        Piece(". Cảm ơn."),
    ]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "ftp://a.vn", "https://", "http://[", ""]
)
def test_other_addresses_are_never_links(url: str) -> None:
    assert not is_web_address(url)
    assert safe_links([Link("Bấm vào đây", url)]) == []
    assert all(piece.url == "" for piece in pieces(url))


@given(st.text(max_size=200))
def test_no_letter_is_lost(text: str) -> None:
    assert "".join(piece.text for piece in pieces(text)) == text
