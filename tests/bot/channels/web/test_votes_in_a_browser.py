"""The two votes in a real browser: said in passing, large enough for a finger."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from handlers.messages import Choice, IncomingMessage, Outcome, Reply
from handlers.voting import HELPFUL, NOT_RIGHT, PERHAPS, THANKS
from tests.bot.channels.scripted import ScriptedDesk
from tests.bot.channels.web.browser import CHROMIUM, a_browser, a_visit

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install -y chromium fonts-noto-core"),
]
ANSWER = Reply(
    blocks=("Không thu lệ phí.",),
    outcome=Outcome.ANSWERED,
    refs=("1.001193",),
    choices=(Choice("Thời hạn", "p:1.001193:t"),),
)
OTHERS = Reply(blocks=(PERHAPS,), outcome=Outcome.CLARIFYING, choices=(Choice("Đăng ký lại khai sinh", "p:1.004884:"),))


class VotedDesk(ScriptedDesk):
    """Answers about one entry; offers another when that was not right."""

    async def answer(self, message: IncomingMessage) -> Reply:
        self.seen.append(message)
        if message.choice == "v:-:1.001193":
            return OTHERS
        return Reply(blocks=(THANKS,), outcome=Outcome.VOTED) if message.choice == "v:+:1.001193" else ANSWER


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


async def test_a_helpful_vote_adds_no_line(browser: Browser) -> None:
    async with a_visit(browser, desk=VotedDesk()) as visit:
        await visit.ask("lệ phí khai sinh")
        lines = await visit.page.locator(".line").count()

        await visit.page.get_by_role("button", name=HELPFUL).click()

        await expect(visit.page.get_by_text(THANKS)).to_be_visible()
        await expect(visit.page.get_by_role("button", name=NOT_RIGHT)).to_have_count(0)
        await expect(visit.page.locator(".line")).to_have_count(lines)
        assert visit.desk.seen[-1].choice == "v:+:1.001193"
        assert visit.complaints == []


async def test_what_was_not_right_brings_other_entries(browser: Browser) -> None:
    async with a_visit(browser, desk=VotedDesk()) as visit:
        await visit.ask("lệ phí khai sinh")

        await visit.page.get_by_role("button", name=NOT_RIGHT).click()

        await expect(visit.page.get_by_role("button", name="Đăng ký lại khai sinh")).to_be_visible()
        await visit.page.get_by_role("button", name="Đăng ký lại khai sinh").click()
        await expect(visit.page.locator(".line.desk").last).to_contain_text("Không thu lệ phí.")
        assert [message.choice for message in visit.desk.seen] == [None, "v:-:1.001193", "p:1.004884:"]


async def test_only_the_newest_answer_has_votes_and_they_fit_a_finger(browser: Browser) -> None:
    async with a_visit(browser, width=320, desk=VotedDesk()) as visit:
        await visit.ask("lệ phí khai sinh")
        await visit.ask("lệ phí khai tử")

        votes = visit.page.locator("form.votes button")
        await expect(votes).to_have_count(2)
        boxes = [await votes.nth(n).bounding_box() for n in range(2)]
        assert all(box is not None and box["width"] >= 44 and box["height"] >= 44 for box in boxes)
