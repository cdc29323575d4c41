"""A way to ask that staff have approved is answered with the entry that they chose for it."""

from dataclasses import replace

from knowledge.base import KnowledgeBase
from knowledge.entries import Aspect, OfficeProfile, Topic
from knowledge.store import StoredFaq
from knowledge.taught import SURE, TAUGHT
from tests.knowledge import catalogue
from tests.knowledge.catalogue import BIRTH, MARRIAGE, STAY

ROOF = "xin phép sửa mái nhà"


def _base(**phrases: tuple[str, ...]) -> KnowledgeBase:
    aliases = {ref.replace("_", "."): said for ref, said in phrases.items()}
    return KnowledgeBase.build(catalogue.publication(aliases=aliases), OfficeProfile())


def test_taught_words_find_their_entry() -> None:
    base = _base(**{STAY.code: (ROOF, "giấy ở nhờ", "đăng ký kết hôn bằng mồm"), "9.999999": ("gió mùa đông bắc",)})
    before = catalogue.base()

    assert before.find(ROOF).confidence < SURE
    for text in ("giấy ở nhờ", "Giay o nho?", "cho hỏi xin phép sửa mái nhà nộp ở đâu", "đăng ký kết hôn bằng mồm"):
        found = base.find(text)
        assert (found.hits[0].ref, found.confidence, found.in_domain >= TAUGHT) == (STAY.code, TAUGHT, True), text
        assert found.hits[0].title == STAY.name
    assert base.find(f"{ROOF} hết bao nhiêu tiền").aspects == (Aspect.FEE,)
    assert base.find("giấy ở nhờ", Topic(ref=BIRTH.code, question="khai sinh")).hits[0].ref == STAY.code
    sure = base.find("đăng ký kết hôn")
    assert (sure.hits[0].ref, sure.confidence != TAUGHT) == (MARRIAGE.code, True)
    assert base.find("gió mùa đông bắc").confidence < SURE


def test_words_of_two_entries_teach_nothing() -> None:
    base = _base(**{STAY.code: ("giấy ở nhờ",), BIRTH.code: ("giay o nho",)})

    assert base.find("giấy ở nhờ").confidence < TAUGHT


def test_the_very_words_of_a_question_of_the_base_find_it() -> None:
    roof = replace(catalogue.POSTAL, variants=(ROOF,))
    published = replace(catalogue.publication(), faqs={roof.id: StoredFaq(1, roof)})
    base = KnowledgeBase.build(published, OfficeProfile())

    found = base.find("Xin phep sua mai nha?")

    assert (found.hits[0].ref, found.confidence) == (f"faq:{roof.id}", TAUGHT)
    assert base.find("xin phép sửa cái mái nhà bếp").confidence < TAUGHT
