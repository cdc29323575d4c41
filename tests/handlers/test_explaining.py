"""The whole way of one message, told: kind, thresholds, handlers tried, reply."""

from datetime import date

import pytest

from handlers.explaining import Why, why
from handlers.messages import Conversation, Desk, Outcome
from knowledge.base import KnowledgeBase
from tests.fakes import TODAY, a_message
from tests.knowledge import catalogue


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return catalogue.base()


async def told(base: KnowledgeBase, text: str, today: date = TODAY) -> Why:
    desk = Desk(knowledge=base, conversation=Conversation(), today=today)
    return await why(a_message(text), desk, base.explain(text))


async def test_a_question_is_told_with_the_handler_that_answered(base: KnowledgeBase) -> None:
    explained = await told(base, "đăng ký tạm trú hết bao nhiêu tiền")

    assert explained.recognised == ""
    assert explained.kinds[0].name == "question"
    assert explained.kinds[0].bar is None
    assert sum(kind.probability for kind in explained.kinds) == pytest.approx(1)
    assert explained.tried[-1].outcome == explained.reply.outcome.value
    assert all(not tried.outcome for tried in explained.tried[:-1])
    assert {threshold.name for threshold in explained.thresholds} >= {"procedure.SURE", "faq.SURE"}


async def test_the_threshold_that_decided_is_reached_or_not(base: KnowledgeBase) -> None:
    explained = await told(base, "đăng ký tạm trú hết bao nhiêu tiền")

    sure = next(threshold for threshold in explained.thresholds if threshold.name == "procedure.SURE")
    assert sure.value == explained.search.found.confidence
    assert sure.reached == (sure.value >= sure.least)


async def test_danger_is_told_with_its_sort(base: KnowledgeBase) -> None:
    explained = await told(base, "cháy nhà rồi cứu với")

    assert explained.recognised == "emergency"
    assert explained.danger == "fire"
    assert explained.reply.outcome is Outcome.EMERGENCY
    assert explained.tried[-1].handler == "emergency.answer"


async def test_a_kind_shows_what_it_has_to_reach(base: KnowledgeBase) -> None:
    explained = await told(base, "tôi muốn tố cáo cán bộ nhận hối lộ")

    complaint = next(kind for kind in explained.kinds if kind.name == "complaint")
    assert complaint.odds is not None
    assert complaint.bar is not None
    assert complaint.odds >= complaint.bar
    assert not explained.reply.store_text
