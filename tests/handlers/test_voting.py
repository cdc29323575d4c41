"""Two small buttons under an answer: thanks, or the next nearest entries."""

import pytest

from handlers import choices, voting
from handlers.messages import Asking, Conversation, Outcome, Reply
from knowledge.entries import Aspect, Topic
from tests.fakes import BIRTH, HOW_TO_SUBMIT, FakeKnowledge, a_desk, a_message, finding

ANSWER = Reply(blocks=("15.000 đồng",), outcome=Outcome.ANSWERED, refs=(BIRTH.code, "2.000806"))


@pytest.mark.parametrize("ref", [BIRTH.code, f"faq:{HOW_TO_SUBMIT.id}"])
def test_an_answer_has_two_votes_that_every_platform_can_carry(ref: str) -> None:
    reply = Reply(blocks=("…",), outcome=Outcome.ANSWERED, refs=(ref,))

    votes = voting.buttons(reply)

    assert [vote.label for vote in votes] == [voting.HELPFUL, voting.NOT_RIGHT]
    assert [voting.decode(vote.value) for vote in votes] == [voting.Vote(ref, True), voting.Vote(ref, False)]
    assert all(len(vote.value) <= choices.LONGEST_VALUE and vote.value.isascii() for vote in votes)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(blocks=("…",), outcome=Outcome.CLARIFYING, refs=(BIRTH.code,)),
        Reply(blocks=("…",), outcome=Outcome.EMERGENCY),
        Reply(blocks=("…",), outcome=Outcome.COMPLAINT, store_text=False),
        Reply(blocks=("…",), outcome=Outcome.ANSWERED),
        Reply(blocks=("…",), outcome=Outcome.ANSWERED, refs=(BIRTH.code,), aspects=(Aspect.COMPARE,)),
        Reply(blocks=("…",), outcome=Outcome.ANSWERED, refs=("faq:" + "a" * 60,)),
        Reply(blocks=("…",), outcome=Outcome.ANSWERED, refs=(BIRTH.code,), topic=Topic(ref=BIRTH.code, also=("2",))),
    ],
)
def test_other_replies_have_none(reply: Reply) -> None:
    assert voting.buttons(reply) == ()


@pytest.mark.parametrize("value", [None, "", "v:", "v:?:1.001193", "v:+:", "v:+:có dấu", "p:1.001193:f", "v:+:a b"])
async def test_other_values_are_not_ours(value: str | None) -> None:
    assert voting.decode(value) is None
    assert await voting.answer(a_message("Hữu ích", value), a_desk()) is None


async def test_a_helpful_vote_is_thanked_in_a_line() -> None:
    reply = await voting.answer(a_message("Hữu ích", f"v:+:{BIRTH.code}"), a_desk())

    assert reply is not None
    assert (reply.outcome, reply.blocks, reply.choices) == (Outcome.VOTED, (voting.THANKS,), ())


async def test_what_was_not_right_brings_the_next_nearest_with_the_part_asked() -> None:
    knowledge = FakeKnowledge(finding(BIRTH.code, "2.000806", f"faq:{HOW_TO_SUBMIT.id}"))
    talk = Conversation(asking=Asking("giấy của bé", BIRTH.code))

    reply = await voting.answer(a_message("Chưa đúng", f"v:-:{BIRTH.code}"), a_desk(knowledge, talk))

    assert reply is not None
    assert reply.outcome is Outcome.CLARIFYING
    assert [choice.value for choice in reply.choices] == ["p:2.000806:", f"q:{HOW_TO_SUBMIT.id}"]
    assert reply.refs == ("2.000806", f"faq:{HOW_TO_SUBMIT.id}")
    assert knowledge.asked == ["giấy của bé"]


@pytest.mark.parametrize("asking", [None, Asking("giấy của bé", "9.999999"), Asking("giấy của bé", BIRTH.code)])
async def test_where_nothing_else_is_near_the_citizen_is_asked_to_say_more(asking: Asking | None) -> None:
    desk = a_desk(FakeKnowledge(finding(BIRTH.code)), Conversation(asking=asking))

    reply = await voting.answer(a_message("Chưa đúng", f"v:-:{BIRTH.code}"), desk)

    assert reply is not None
    assert (reply.outcome, reply.blocks) == (Outcome.VOTED, (voting.SAY_MORE,))
