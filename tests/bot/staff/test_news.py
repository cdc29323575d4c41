"""A news item from its writing to the public page and the feed, and its end."""

import html
import io
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime, timedelta

import httpx
from openpyxl import load_workbook

from bot.pages import PublicPages
from bot.storage.audit import AuditFilter, Deed
from bot.storage.news import NewsText, Passage, StoredNews
from bot.storage.staff import Role
from tests.bot.channels.web.browserless import a_client
from tests.bot.pages.office import PROFILE, Counts, a_base, a_site
from tests.bot.staff.office import BY, StaffDesk, a_staff_desk
from tests.bot.staff.test_pictures import PLACE, a_jpeg, a_png
from tests.fakes import TODAY

HERE = "/can-bo/tin-tuc"
ATOM = "{http://www.w3.org/2005/Atom}"
ITEM = {
    "loai": "directive",
    "tieu_de": "Kế hoạch <b>cải cách</b> hành chính năm 2027",
    "noi_dung": "Toàn văn kế hoạch.\nXem https://example.vn/ke-hoach.",
    "lien_ket": "https://sokhcn.example.vn/tin/1?a=1&b=2",
    "so_van_ban": "12/KH-SKHCN",
    "doi_tuong": "officials",
    "don_vi": "Văn phòng",
    "mo_ta_hinh": "Cán bộ tiếp dân",
}


def the_public(desk: StaffDesk) -> PublicPages:
    """The public pages over the same database."""
    news = StoredNews(desk.room.engine)
    return PublicPages(a_base, PROFILE, now=desk.clock, counts=Counts(), address="https://motcua.example", news=news)


async def test_an_item_is_read_once_somebody_else_has_published_it(database_url: str) -> None:
    async with a_staff_desk(database_url) as desk, a_client(a_site(the_public(desk))) as citizen:
        editor, approver = await desk.signed_in(Role.EDITOR), await desk.signed_in(Role.APPROVER)
        await editor.get(HERE + "/moi")
        made = await editor.post(HERE, ITEM, files={"hinh": ("../../x.php", a_jpeg(), "text/html")})
        item = made.headers["location"].split("?")[0]
        number = item.rpartition("/")[2]
        early = await approver.post(item + "/cong-bo")
        await editor.post(item + "/gui")
        hidden = await citizen.get(f"/tin-tuc/{number}")
        own = await editor.post(item + "/cong-bo")
        shown_to_staff = (await approver.get(item)).text
        published = await approver.post(item + "/cong-bo")
        page, listed, feed = [await citizen.get(f"/tin-tuc{path}") for path in (f"/{number}", "", "/atom.xml")]
        again = await citizen.get("/tin-tuc/atom.xml", headers={"if-none-match": feed.headers["etag"]})
        address = page.text.split('<img class="news-picture" src="')[1].split('"')[0]
        picture = await citizen.get(address)
        strange = (address.replace(".jpeg", ".png"), "/tin-tuc/hinh/x", "/tin-tuc/x")
        others = [await citizen.get(path) for path in strange]
        said = await StoredNews(desk.room.engine).passage(int(number), TODAY)
        down = await approver.post(item + "/go")
        after = await citizen.get(f"/tin-tuc/{number}")
        actions = [entry.action for entry in (await desk.room.audit.page(AuditFilter(), limit=20))[0]]

    assert (early.status_code, hidden.status_code, own.status_code) == (422, 404, 403)
    assert published.headers["location"].endswith("xong=tin-da-dang")
    assert "Duyệt và đăng" in html.unescape(shown_to_staff)
    assert "&lt;b&gt;cải cách&lt;/b&gt;" in page.text
    assert "<b>cải cách" not in page.text + listed.text
    assert 'href="https://example.vn/ke-hoach"' in page.text
    assert "12/KH-SKHCN" in page.text
    assert "Cán bộ tiếp dân" in page.text
    assert f'href="/tin-tuc/{number}"' in listed.text
    entry = ElementTree.fromstring(feed.content).findall(f"{ATOM}entry")  # noqa: S314 - our own
    assert [one.findtext(f"{ATOM}title") for one in entry] == [ITEM["tieu_de"]]
    assert entry[0].findtext(f"{ATOM}id") == f"https://motcua.example/tin-tuc/{number}"
    assert feed.headers["content-type"].startswith("application/atom+xml")
    assert again.status_code == 304
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in picture.headers["cache-control"]
    assert PLACE not in picture.content
    assert [one.status_code for one in others] == [404, 404, 404]
    text = "Toàn văn kế hoạch. Xem https://example.vn/ke-hoach."
    assert said == Passage(ITEM["tieu_de"], text, ITEM["lien_ket"])
    assert (down.status_code, after.status_code) == (303, 404)
    assert [action for action in actions if action.startswith("news.")] == [
        "news.withdraw", "news.publish", "news.send", "news.add",
    ]  # fmt: skip


async def test_days_and_ownership_are_kept(desk: StaffDesk) -> None:
    both, approver = (
        await desk.signed_in(Role.EDITOR, Role.APPROVER, name="ca-hai"),
        await desk.signed_in(Role.APPROVER),
    )
    tomorrow, last = TODAY + timedelta(days=1), TODAY + timedelta(days=2)
    await both.get(HERE + "/moi")
    fields = {**ITEM, "noi_dung": "", "tu_ngay": tomorrow.isoformat(), "den_ngay": last.isoformat()}
    item = (await both.post(HERE, fields)).headers["location"].split("?")[0]
    await both.post(item + "/gui")
    own = await both.post(item + "/cong-bo")
    late = await both.post(item, fields)
    await approver.get(item)
    back = await approver.post(item + "/tra-lai")
    await approver.post(item, {**fields, "tieu_de": "Tiêu đề người duyệt sửa"})
    await both.post(item + "/gui")
    changed = await approver.post(item + "/cong-bo")
    third = await desk.signed_in(Role.APPROVER, name="nguoi-ba")
    await third.get(item)
    published = await third.post(item + "/cong-bo")
    stored = StoredNews(desk.room.engine)
    days = [(await stored.public(TODAY + timedelta(days=n), limit=9))[1] for n in range(4)]
    missing = await third.post(HERE + "/999/cong-bo")

    assert (own.status_code, late.status_code, back.status_code) == (422, 422, 303)
    assert "người duyệt khác" in html.unescape(own.text)
    assert changed.status_code == 422  # the approver has changed it meanwhile
    assert published.status_code == 303
    assert days == [0, 1, 1, 0]
    assert missing.status_code == 404


async def test_what_will_not_do_is_told_and_what_was_typed_comes_back(desk: StaffDesk) -> None:
    editor = await desk.signed_in(Role.EDITOR)
    await editor.get(HERE + "/moi")
    for change, words in (
        ({"tieu_de": "x"}, "Tiêu đề"),
        ({"noi_dung": "", "lien_ket": ""}, "Cần nội dung"),
        ({"lien_ket": "javascript:alert(1)"}, "https://"),
        ({"lien_ket": "https://u:p@example.vn/"}, "https://"),
        ({"tu_ngay": "2026-12-02", "den_ngay": "2026-12-01"}, "sau ngày bắt đầu"),
        ({"tu_ngay": "mai"}, "Ngày ghi dạng"),
    ):
        answer = await editor.post(HERE, {**ITEM, **change})
        assert (answer.status_code, words in html.unescape(answer.text)) == (422, True), change
        assert "12/KH-SKHCN" in answer.text
    disguised = await editor.post(HERE, ITEM, files={"hinh": ("x.png", b"<svg onload=alert(1)>", "image/png")})
    undescribed = await editor.post(HERE, {**ITEM, "mo_ta_hinh": ""}, files={"hinh": ("x.png", a_png(), "image/png")})
    huge = await editor.post(HERE, ITEM, files={"hinh": ("x.png", b"0" * 4_000_000, "image/png")})

    assert "không phải hình" in html.unescape(disguised.text)
    assert "mô tả hình" in html.unescape(undescribed.text)
    assert huge.status_code == 413


async def test_items_are_counted_by_month_and_unit(desk: StaffDesk) -> None:
    stored = StoredNews(desk.room.engine)
    # Eight in the evening of 31 October UTC is already November in Viet Nam.
    for at, unit in (
        (datetime(2026, 10, 31, 20, tzinfo=UTC), "Văn phòng"),
        (datetime(2026, 11, 3, tzinfo=UTC), "Văn phòng"),
        (datetime(2026, 11, 4, tzinfo=UTC), "Phòng Quản lý công nghệ"),
        (datetime(2025, 12, 31, 16, tzinfo=UTC), "Văn phòng"),
    ):
        made = await stored.add(NewsText(title="Một tin ngắn", text="x", unit=unit), by=BY, now=at)
        known = await stored.get(made)
        assert known is not None
        await stored.send(known, by=BY, now=at)
        other = Deed(actor="khac", action="news.publish")
        await stored.publish(known, by=other, now=at)
    editor = await desk.signed_in(Role.EDITOR)
    page = html.unescape((await editor.get(HERE + "/dem?nam=2026")).text)
    sheet = await editor.post(HERE + "/dem", {"nam": "2026"})
    front = html.unescape((await editor.get(HERE)).text)

    rows = list(load_workbook(io.BytesIO(sheet.content)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows[0] == ("Tháng", "Phòng Quản lý công nghệ", "Văn phòng", "Tổng")
    assert rows[11] == ("Tháng 11/2026", 1, 2, 3)
    assert sum(row[3] for row in rows[1:]) == 3
    assert "thiếu 1" in page
    assert "còn thiếu 1" in front
    assert sheet.status_code == httpx.codes.OK
