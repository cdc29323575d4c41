"""The frame of every page."""

from bot.web.frame import STATIC, Display, Frame, assets
from knowledge.entries import OfficeProfile


def frame(profile: OfficeProfile) -> Frame:
    return Frame(profile, STATIC.parent / "templates")


def test_every_static_file_has_an_address_that_changes_with_it() -> None:
    assert {file.name for file in STATIC.iterdir()} == set(assets())
    assert all("?v=" in address for address in assets().values())


def test_an_office_without_contacts_still_names_the_national_ones() -> None:
    page = frame(OfficeProfile()).failure(Display(), "Có lỗi", "Xin thử lại.")

    assert "1800 1096" in page
    assert "Địa chỉ" not in page


def test_an_embedded_page_has_no_header_and_no_footer() -> None:
    page = frame(OfficeProfile(name="Sở")).failure(Display(embedded=True), "Có lỗi", "Xin thử lại.")

    assert "<header" not in page
    assert "<footer" not in page
