"""The two votes under the newest answer of the page."""

import pytest

from bot.channels.web.views import shown
from handlers.messages import IncomingMessage, Line, Outcome, Reply
from handlers.voting import HELPFUL, NOT_RIGHT, THANKS
from tests.bot.channels.scripted import ScriptedDesk
from tests.bot.channels.web.browserless import JSON, Visitor
from tests.fakes import NOON

ANSWER = Reply(blocks=("Không thu lệ phí.",), outcome=Outcome.ANSWERED, refs=("1.001193",))


class VotedDesk(ScriptedDesk):
    """Answers everything typed about one entry, and thanks for votes."""

    async def answer(self, message: IncomingMessage) -> Reply:
        self.seen.append(message)
        return ANSWER if message.choice is None else Reply(blocks=(THANKS,), outcome=Outcome.VOTED)


@pytest.fixture
def desk() -> ScriptedDesk:
    return VotedDesk()


async def test_the_newest_answer_can_be_voted_on_and_older_ones_cannot(visitor: Visitor) -> None:
    first = await visitor.ask("lệ phí khai sinh")
    second = await visitor.ask("lệ phí khai tử")

    for page in (first, second):
        assert page.count('class="votes"') == 1
        assert page.count(f">{HELPFUL}</button>") == page.count(f">{NOT_RIGHT}</button>") == 1


async def test_a_vote_is_a_choice_like_any_other(visitor: Visitor, desk: ScriptedDesk) -> None:
    await visitor.ask("lệ phí khai sinh")

    await visitor.post({"choice": f"v:+:1.001193\t{HELPFUL}"})

    assert (desk.seen[-1].choice, desk.seen[-1].text) == ("v:+:1.001193", HELPFUL)
    page = (await visitor.open()).text
    assert THANKS in page
    assert 'class="votes"' not in page


async def test_an_open_page_gets_the_votes_with_the_line(visitor: Visitor) -> None:
    line = (await visitor.post({"text": "lệ phí khai sinh"}, **JSON)).json()["line"]

    assert 'value="v:-:1.001193\tChưa đúng"' in line


async def test_what_is_kept_is_shown_without_votes(visitor: Visitor) -> None:
    await visitor.ask("lệ phí khai sinh")

    assert 'class="votes"' not in (await visitor.open("/dulieu")).text


def test_only_an_answer_about_an_entry_has_votes() -> None:
    bare = Reply(blocks=("…",), outcome=Outcome.ANSWERED)

    assert shown(Line(at=NOON, reply=ANSWER), NOON, newest=True).votes
    assert not shown(Line(at=NOON, reply=ANSWER), NOON).votes
    assert not shown(Line(at=NOON, reply=bare), NOON, newest=True).votes
