"""Only a confirmed choice or a vote on the question just asked teaches anything."""

from dataclasses import replace

import pytest

from handlers.learning import LONGEST_QUESTION, SUBJECTS, Verdict, after_turn
from handlers.messages import Asking, Choice, Conversation, Outcome, Reply
from knowledge.entries import Topic
from tests.fakes import BIRTH, CITIZEN, NOON, a_message

OTHER = "2.000806"
ANSWERED = Reply(blocks=("…",), outcome=Outcome.ANSWERED, refs=(BIRTH.code, OTHER))
WHICH = Reply(
    blocks=("…",),
    outcome=Outcome.CLARIFYING,
    refs=(BIRTH.code, OTHER),
    choices=(Choice("a", f"p:{BIRTH.code}:f"), Choice("b", f"p:{OTHER}:f")),
)
NEXT = Reply(blocks=("…",), outcome=Outcome.CLARIFYING, refs=(OTHER,), choices=(Choice("b", f"p:{OTHER}:f"),))
PICKED = f"p:{BIRTH.code}:f"
ASKED_BACK = Conversation(asking=Asking("giấy của bé"), offered=WHICH.choices)
SETTLED = Conversation(asking=Asking("giấy của bé", BIRTH.code))


def test_a_typed_question_is_remembered_with_what_answered_it() -> None:
    assert after_turn(a_message("giấy của bé"), ANSWERED, Conversation(), carried=False) == (
        Asking("giấy của bé", BIRTH.code),
        None,
    )
    assert after_turn(a_message("giấy của bé"), WHICH, Conversation(), carried=False)[0] == Asking("giấy của bé")


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome not in SUBJECTS])
def test_nothing_is_remembered_of_any_other_message(outcome: Outcome) -> None:
    reply = Reply(blocks=("…",), outcome=outcome, refs=(BIRTH.code,))

    assert after_turn(a_message("tôi tố cáo ông A"), reply, SETTLED, carried=False) == (None, None)


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("đơn của tôi", Reply(blocks=("…",), outcome=Outcome.ANSWERED, refs=(BIRTH.code,), store_text=False)),
        ("đơn của tôi", Reply(blocks=("…",), outcome=Outcome.ANSWERED)),
        ("a" * (LONGEST_QUESTION + 1), ANSWERED),
        ("khai sinh và kết hôn", replace(ANSWERED, topic=Topic(ref=BIRTH.code, also=(OTHER,)))),
    ],
)
def test_neither_of_unstored_texts_nor_of_stories(text: str, reply: Reply) -> None:
    assert after_turn(a_message(text), reply, Conversation(), carried=False) == (None, None)


def test_a_follow_up_says_nothing_by_itself() -> None:
    assert after_turn(a_message("thế phí?"), ANSWERED, SETTLED, carried=True)[0] == SETTLED.asking
    assert after_turn(a_message("thế phí?"), ANSWERED, Conversation(), carried=True)[0] is None
    other = Reply(blocks=("…",), outcome=Outcome.ANSWERED, refs=(OTHER,))
    assert after_turn(a_message("thế gia hạn?"), other, SETTLED, carried=True)[0] is None


def test_a_typed_word_that_tells_the_offered_apart_waits_for_a_vote() -> None:
    asked = Conversation(topic=Topic(offered=(BIRTH.code, OTHER)), asking=Asking("giấy của bé"))

    found = after_turn(a_message("cái cho bé mới sinh"), ANSWERED, asked, carried=True)

    assert found == (Asking("giấy của bé", BIRTH.code), None)
    assert after_turn(a_message("thế phí?"), WHICH, asked, carried=True) == (None, None)


def test_a_pressed_choice_confirms_what_the_question_meant() -> None:
    asking, lesson = after_turn(a_message("a", PICKED), ANSWERED, ASKED_BACK, carried=False)

    assert asking == Asking("giấy của bé", BIRTH.code)
    assert lesson is not None
    assert (lesson.question, lesson.ref, lesson.verdict) == ("giấy của bé", BIRTH.code, Verdict.CHOSEN)
    assert (lesson.citizen, lesson.at) == (CITIZEN, NOON)


def test_a_button_that_was_not_offered_confirms_nothing() -> None:
    asked = Conversation(asking=Asking("giấy của bé"), offered=(Choice("b", f"p:{OTHER}:f"),))

    assert after_turn(a_message("a", PICKED), ANSWERED, asked, carried=False) == (None, None)


def test_another_part_of_the_same_entry_keeps_the_question() -> None:
    assert after_turn(a_message("Phí", PICKED), ANSWERED, SETTLED, carried=False) == (SETTLED.asking, None)


@pytest.mark.parametrize(("sign", "verdict"), [("+", Verdict.HELPFUL), ("-", Verdict.NOT_RIGHT)])
def test_a_vote_counts_for_the_question_just_answered(sign: str, verdict: Verdict) -> None:
    reply = Reply(blocks=("…",), outcome=Outcome.VOTED)

    asking, lesson = after_turn(a_message("x", f"v:{sign}:{BIRTH.code}"), reply, SETTLED, carried=False)

    assert asking == SETTLED.asking
    assert lesson is not None
    assert (lesson.verdict, lesson.ref) == (verdict, BIRTH.code)


def test_a_vote_on_an_older_answer_teaches_nothing() -> None:
    reply = Reply(blocks=("…",), outcome=Outcome.VOTED)

    assert after_turn(a_message("x", f"v:+:{OTHER}"), reply, SETTLED, carried=False) == (SETTLED.asking, None)


def test_what_is_chosen_after_a_denial_counts_again() -> None:
    asking, lesson = after_turn(a_message("x", f"v:-:{BIRTH.code}"), NEXT, SETTLED, carried=False)
    answer = Reply(blocks=("…",), outcome=Outcome.ANSWERED, refs=(OTHER,))

    assert lesson is not None
    then = Conversation(asking=asking, offered=NEXT.choices)
    _, second = after_turn(a_message("b", f"p:{OTHER}:f"), answer, then, carried=False)
    assert second is not None
    assert (second.question, second.ref, second.verdict) == ("giấy của bé", OTHER, Verdict.CHOSEN)
