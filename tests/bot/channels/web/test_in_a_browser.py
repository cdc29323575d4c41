"""The chat in a real browser: by phone, by keyboard, with and without JavaScript."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from bot.channels.web.forms import LONGEST_TEXT
from bot.channels.web.pages import FAILED, FORGOTTEN
from tests.bot.channels.scripted import DOSSIER, FEE, WHICH
from tests.bot.channels.web.browser import CHROMIUM, a_browser, a_visit

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install -y chromium fonts-noto-core"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


async def wider_than_the_screen(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


async def test_a_question_is_answered_without_leaving_the_page(browser: Browser) -> None:
    async with a_visit(browser) as visit:
        await visit.page.evaluate("window.stayed = true")
        await visit.ask("làm khai sinh cần gì")

        await expect(visit.page.locator(".line.mine .bubble")).to_have_text("làm khai sinh cần gì")
        await expect(visit.page.locator(".line.desk li").first).to_have_text("Tờ khai đăng ký khai sinh theo mẫu")
        await expect(visit.page.locator(".citation")).to_have_text(DOSSIER.citation)
        await expect(visit.page.locator("#question")).to_be_focused()
        await expect(visit.page.locator("#question")).to_have_value("")
        assert await visit.page.evaluate("window.stayed")
        assert visit.complaints == []


async def test_choices_are_pressed_and_answered(browser: Browser) -> None:
    async with a_visit(browser) as visit:
        await visit.ask("đăng ký kết hôn")
        await visit.page.get_by_role("button", name=WHICH.choices[2].label, exact=True).click()

        await expect(visit.page.locator(".line.desk").last).to_contain_text(FEE.blocks[0])
        await expect(visit.page.locator(".line.mine .bubble").last).to_have_text(WHICH.choices[2].label)
        assert visit.desk.seen[-1].choice == WHICH.choices[2].value


async def test_a_typical_question_starts_the_talk(browser: Browser) -> None:
    async with a_visit(browser) as visit:
        await visit.page.get_by_role("button", name="Đăng ký khai sinh cần gì?").click()

        await expect(visit.page.locator(".citation")).to_have_text(DOSSIER.citation)
        assert visit.desk.seen[0].text == "Đăng ký khai sinh cần gì?"
        assert visit.desk.seen[0].choice is None


async def test_the_talk_is_there_again_after_a_reload(browser: Browser) -> None:
    async with a_visit(browser) as visit:
        await visit.ask("làm khai sinh cần gì")
        await visit.page.reload()

        await expect(visit.page.locator(".line.mine .bubble")).to_have_text("làm khai sinh cần gì")
        await expect(visit.page.locator(".line.mine")).to_be_in_viewport()
        await visit.ask("đăng ký kết hôn")
        assert len({message.citizen for message in visit.desk.seen}) == 1


async def test_everything_works_by_keyboard(browser: Browser) -> None:
    async with a_visit(browser) as visit:
        await visit.page.keyboard.press("Tab")
        await expect(visit.page.get_by_role("link", name="Đến ô nhập câu hỏi")).to_be_focused()
        await visit.page.keyboard.press("Enter")
        await visit.page.keyboard.type("đăng ký")
        await visit.page.keyboard.press("Shift+Enter")
        await visit.page.keyboard.type("kết hôn")
        await visit.page.keyboard.press("Enter")
        await visit.page.locator(".line.desk").nth(1).wait_for()
        await visit.page.keyboard.press("Shift+Tab")
        await expect(visit.page.get_by_role("button", name=WHICH.choices[-1].label)).to_be_focused()
        await visit.page.keyboard.press("Enter")

        await expect(visit.page.locator(".line.desk").last).to_contain_text(FEE.blocks[0])
        assert visit.desk.seen[0].text == "đăng ký\nkết hôn"
        assert visit.desk.seen[1].choice == WHICH.choices[-1].value


async def test_an_enter_that_ends_a_syllable_does_not_send(browser: Browser) -> None:
    async with a_visit(browser) as visit:
        await visit.page.fill("#question", "khai sinh")
        await visit.page.locator("#question").dispatch_event("keydown", {"key": "Enter", "isComposing": True})

        await expect(visit.page.locator("#question")).to_have_value("khai sinh")
        await expect(visit.page.locator(".line.mine")).to_have_count(0)


async def test_typing_is_shown_and_a_second_question_waits(browser: Browser) -> None:
    async with a_visit(browser) as visit:
        await visit.page.fill("#question", "câu này chậm")
        await visit.page.press("#question", "Enter")
        await expect(visit.page.locator("[role=status]")).to_have_text("Đang tra cứu")
        await visit.page.fill("#question", "câu tiếp theo")
        await visit.page.press("#question", "Enter")
        await expect(visit.page.locator("#question")).to_have_value("câu tiếp theo")
        visit.desk.hold.set()

        await expect(visit.page.locator(".line.desk")).to_have_count(2)
        await expect(visit.page.locator("[role=status]")).to_have_text("")
        assert [message.text for message in visit.desk.seen] == ["câu này chậm"]


async def test_a_fault_is_told_and_the_text_is_kept(browser: Browser) -> None:
    async with a_visit(browser) as visit:
        await visit.page.fill("#question", "câu này hỏng")
        await visit.page.press("#question", "Enter")

        await expect(visit.page.get_by_role("alert")).to_contain_text(FAILED[1])
        await expect(visit.page.locator("#question")).to_have_value("câu này hỏng")
        await expect(visit.page.locator(".line.mine")).to_have_count(0)


async def test_without_network_the_text_is_kept_and_sent_again_under_the_same_id(browser: Browser) -> None:
    async with a_visit(browser) as visit:
        ids: list[str] = []

        async def lose(route: Route) -> None:
            ids.append((route.request.post_data or "")[-32:])
            await route.abort("connectionreset")

        await visit.page.route("**/chat", lose)
        await visit.page.fill("#question", "làm khai sinh cần gì")
        await visit.page.press("#question", "Enter")
        await expect(visit.page.get_by_role("alert")).to_contain_text("Chưa gửi được")
        await expect(visit.page.locator("#question")).to_have_value("làm khai sinh cần gì")
        await visit.page.unroute("**/chat", lose)
        await visit.page.press("#question", "Enter")

        await expect(visit.page.locator(".citation")).to_have_text(DOSSIER.citation)
        assert ids == [visit.desk.seen[0].id]


async def test_hints_for_empty_and_overlong_texts(browser: Browser) -> None:
    async with a_visit(browser) as visit:
        await visit.page.get_by_role("button", name="Gửi").click()
        await expect(visit.page.get_by_role("alert")).to_contain_text("chưa nhập câu hỏi")
        await visit.page.fill("#question", "a" * (LONGEST_TEXT + 5))
        await expect(visit.page.get_by_role("alert")).to_have_text("")
        await expect(visit.page.locator("#count")).to_have_text("Quá 5 ký tự")
        await visit.page.press("#question", "Enter")

        await expect(visit.page.get_by_role("alert")).to_contain_text("dài 4.005 ký tự")
        assert visit.desk.seen == []


async def test_a_page_from_before_forgetting_still_works(browser: Browser) -> None:
    async with a_visit(browser) as visit:
        await visit.ask("làm khai sinh cần gì")
        old = await visit.page.context.new_page()
        await old.goto(visit.address)
        await visit.page.get_by_text("Xóa cuộc trò chuyện", exact=True).click()
        await visit.page.get_by_role("button", name="Xóa ngay").click()
        await expect(visit.page.get_by_text(FORGOTTEN)).to_be_visible()
        await expect(visit.page.locator(".line.mine")).to_have_count(0)
        assert visit.transcripts.lines == {}

        await old.fill("#question", "kết hôn")
        await old.press("#question", "Enter")
        await expect(old.get_by_role("alert")).to_contain_text("Xin bấm Gửi lần nữa")
        await old.press("#question", "Enter")
        await expect(old.locator(".line.desk").last).to_contain_text(WHICH.blocks[0])


async def test_without_javascript_every_step_is_a_page(browser: Browser) -> None:
    async with a_visit(browser, javascript=False) as visit:
        page = visit.page
        await page.fill("#question", "đăng ký kết hôn")
        await page.get_by_role("button", name="Gửi").click()
        await page.get_by_role("button", name=WHICH.choices[1].label, exact=True).click()
        await expect(page.locator(".line.desk").last).to_contain_text(FEE.blocks[0])
        await page.reload()
        await expect(page.locator(".line.mine")).to_have_count(2)
        await page.fill("#question", "a" * (LONGEST_TEXT + 1))
        await page.get_by_role("button", name="Gửi").click()
        await expect(page.get_by_role("alert")).to_contain_text("4.001 ký tự")
        await expect(page.locator("#question")).to_have_value("a" * (LONGEST_TEXT + 1))
        await expect(page.locator(".line.mine")).to_have_count(2)
        await page.get_by_text("Xóa cuộc trò chuyện", exact=True).click()
        await page.get_by_role("button", name="Xóa ngay").click()
        await expect(page.locator(".line.mine")).to_have_count(0)


@pytest.mark.parametrize(("width", "height"), [(320, 568), (360, 740), (1280, 800)])
async def test_nothing_is_wider_than_the_screen(browser: Browser, width: int, height: int) -> None:
    async with a_visit(browser, width=width, height=height) as visit:
        await visit.ask("đăng ký kết hôn")
        await visit.ask("dài" * 200)

        assert not await wider_than_the_screen(visit.page)
        await expect(visit.page.locator("#question")).to_be_in_viewport()


async def test_every_button_is_large_enough_for_a_finger(browser: Browser) -> None:
    async with a_visit(browser) as visit:
        await visit.ask("làm khai sinh cần gì")
        sizes = await visit.page.evaluate(
            "[...document.querySelectorAll('button, summary, textarea')].filter(e => e.checkVisibility())"
            ".map(e => e.getBoundingClientRect()).map(r => [r.width, r.height])"
        )

        assert len(sizes) >= 6
        assert all(width >= 44 and height >= 40 for width, height in sizes), sizes


async def test_a_screen_reader_finds_its_way(browser: Browser) -> None:
    async with a_visit(browser) as visit:
        await visit.ask("đăng ký kết hôn")
        page = visit.page

        await expect(page.get_by_role("main")).to_have_count(1)
        await expect(page.get_by_role("banner")).to_have_count(1)
        await expect(page.get_by_role("contentinfo")).to_have_count(1)
        await expect(page.get_by_role("heading", level=1)).to_have_text("Hỏi đáp thủ tục hành chính")
        await expect(page.get_by_role("log", name="Cuộc trò chuyện")).to_have_attribute("aria-live", "polite")
        await expect(page.get_by_role("textbox", name="Câu hỏi của Anh/Chị")).to_be_visible()
        await expect(page.get_by_role("group", name="Chọn tiếp").get_by_role("button")).to_have_count(5)
        assert await page.locator("html").get_attribute("lang") == "vi"
