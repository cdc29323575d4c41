"""Questions about procedures are not taken for anything else, however people put them."""

import random

from handlers import recognising
from knowledge import aliases
from tests.fakes import FakeKnowledge, a_desk, a_message, finding

SAMPLE = 600
MOST_STOLEN = 0.02
"""Over the real base less than one in a hundred is lost; here the base is less sure than it would be."""
SAID = (
    "{}",
    "nhà tôi {} giờ phải làm gì",
    "bác ơi {} có khó không bác",
    "{}, tôi phải nộp ở đâu",
    "hôm qua lên ủy ban người ta chỉ qua đây hỏi, {}",
)


def test_everyday_words_for_procedures_stay_questions() -> None:
    chance = random.Random(1)  # noqa: S311
    spoken = sorted({phrase for phrases in aliases.load().values() for phrase in phrases})
    desk = a_desk(FakeKnowledge(found=finding("1.001193", confidence=0.4, in_domain=0.9)))
    texts = [chance.choice(SAID).format(phrase) for phrase in chance.sample(spoken, SAMPLE)]

    stolen = [text for text in texts if recognising.recognised(a_message(text), desk)]

    assert len(stolen) <= SAMPLE * MOST_STOLEN, stolen


def test_a_text_without_letters_has_no_kind() -> None:
    assert recognising.recognised(a_message("\x1b[31m [0m 113 ?!"), a_desk()) is None


def test_the_talk_asks_for_a_surer_model() -> None:
    bar = recognising.BARS["feedback"]
    found = finding("1.001193", in_domain=0.5)

    assert bar.height("chậm quá", found) == bar.start
    assert bar.height("chậm quá", finding("1.001193", in_domain=0.99)) > bar.start


def test_a_base_that_knows_nothing_makes_no_danger_of_a_wish() -> None:
    nothing = a_desk(FakeKnowledge(found=finding("1.001193", confidence=0.0, in_domain=0.0)))

    found = recognising.recognised(a_message("gặp cán bộ"), nothing)
    danger = recognising.recognised(a_message("cháy nhà rồi cứu với"), nothing)

    assert found is None or found.kind != recognising.EMERGENCY
    assert danger is not None
    assert danger.kind == recognising.EMERGENCY
