"""One thing at several levels and places: one answer, a line about the others, buttons to them."""

from dataclasses import dataclass, replace

from handlers.messages import Citizen, Conversation, Desk, IncomingMessage, Outcome, Reply
from handlers.procedure import answer
from handlers.twins import settled
from knowledge.entries import (
    Aspect,
    Fee,
    Found,
    Hit,
    Level,
    Method,
    OfficeProfile,
    Procedure,
    SubmissionChannel,
    TimeLimit,
    TimeUnit,
)
from tests.fakes import NOON, TODAY, FakeKnowledge
from tests.knowledge import catalogue

THREE_DAYS = Method(channel=SubmissionChannel.DIRECT, time=TimeLimit(amount=3, unit=TimeUnit.WORKING_DAY))
FIVE_DAYS = Method(channel=SubmissionChannel.DIRECT, time=TimeLimit(amount=5, unit=TimeUnit.WORKING_DAY))
COMMUNE = replace(catalogue.CARD_AGAIN, methods=(THREE_DAYS,))
PROVINCE = replace(
    COMMUNE,
    code="2.001194",
    name="Cấp lại thẻ căn cước (thực hiện tại cấp tỉnh)",
    level=Level.PROVINCE,
    methods=(replace(FIVE_DAYS, fees=(Fee(amount=50_000),)),),
)
LOCAL = replace(COMMUNE, code="1.115001", name="Cấp lại thẻ căn cước", province="tỉnh Lào Cai")
ELSEWHERE = replace(LOCAL, code="1.115002", province="tỉnh Sơn La")
OTHER = catalogue.CARD


def a_hit(entry: Procedure, confidence: float) -> Hit:
    province = (entry.province or "").removeprefix("tỉnh ") or None
    return Hit(ref=entry.code, title=entry.name, score=1.0, confidence=confidence, level=entry.level, province=province)


def knowing(*entries: Procedure, profile: OfficeProfile | None = None, found: Found | None = None) -> FakeKnowledge:
    return FakeKnowledge(
        found=found or Found(), procedures={entry.code: entry for entry in entries}, profile=profile or OfficeProfile()
    )


def found_of(*pairs: tuple[Procedure, float], aspects: tuple[Aspect, ...] = ()) -> Found:
    hits = tuple(a_hit(entry, confidence) for entry, confidence in pairs)
    return Found(hits=hits, confidence=hits[0].confidence, in_domain=0.9, aspects=aspects)


async def reply_to(text: str, found: Found, *entries: Procedure, profile: OfficeProfile | None = None) -> Reply:
    desk = Desk(knowledge=knowing(*entries, profile=profile, found=found), conversation=Conversation(), today=TODAY)
    message = IncomingMessage(id="1", citizen=Citizen("test", "1"), text=text, received_at=NOON)
    reply = await answer(message, desk)
    assert reply
    return reply


async def test_the_line_says_where_else_and_what_differs() -> None:
    reply = await reply_to(
        "làm lại căn cước mất bao lâu", found_of((COMMUNE, 0.8), aspects=(Aspect.TIME,)), COMMUNE, PROVINCE
    )

    assert reply.outcome is Outcome.ANSWERED
    assert reply.blocks[-1] == "Thủ tục này còn được giải quyết ở nơi khác: cấp tỉnh (khác về thời hạn)."
    assert [(choice.label, choice.value) for choice in reply.choices][-1] == ("Cấp tỉnh", "p:2.001194:t")


async def test_a_procedure_without_twins_is_answered_without_a_line() -> None:
    reply = await reply_to("làm căn cước", found_of((OTHER, 0.8)), COMMUNE, PROVINCE, OTHER)

    assert "nơi khác" not in reply.as_text()


async def test_twins_that_share_the_confidence_are_answered_when_the_level_is_named() -> None:
    found = found_of((COMMUNE, 0.4), (PROVINCE, 0.35))

    reply = await reply_to("làm lại căn cước ở tỉnh", found, COMMUNE, PROVINCE)

    assert reply.outcome is Outcome.ANSWERED
    assert reply.refs == (PROVINCE.code, COMMUNE.code)


async def test_twins_are_asked_apart_where_nothing_tells() -> None:
    reply = await reply_to("làm lại căn cước", found_of((COMMUNE, 0.4), (PROVINCE, 0.35)), COMMUNE, PROVINCE)

    assert reply.outcome is Outcome.CLARIFYING
    assert reply.blocks == ("Việc này có nhiều nơi giải quyết. Anh/Chị làm ở đâu?",)
    assert [choice.label for choice in reply.choices] == ["Cấp xã", "Cấp tỉnh"]


def test_the_office_decides_between_twins() -> None:
    found = found_of((COMMUNE, 0.4), (PROVINCE, 0.35), (OTHER, 0.1))
    provincial = knowing(COMMUNE, PROVINCE, OTHER, profile=OfficeProfile(level=Level.PROVINCE))

    meant = settled(found, "làm lại căn cước", provincial)

    assert [hit.ref for hit in meant.hits] == [PROVINCE.code, COMMUNE.code, OTHER.code]
    assert meant.confidence == 0.75


def test_the_place_named_comes_before_the_office() -> None:
    found = found_of((COMMUNE, 0.3), (LOCAL, 0.3), (ELSEWHERE, 0.2))
    office = knowing(COMMUNE, LOCAL, ELSEWHERE, profile=OfficeProfile(province="Sơn La"))

    assert settled(found, "làm lại căn cước ở lao cai", office).hits[0].ref == LOCAL.code
    assert settled(found, "làm lại căn cước", office).hits[0].ref == ELSEWHERE.code


def test_nothing_changes_where_nothing_tells_or_nothing_is_found() -> None:
    found = found_of((COMMUNE, 0.4), (PROVINCE, 0.35))

    assert settled(found, "làm lại căn cước", knowing(COMMUNE, PROVINCE)) is found
    assert settled(Found(), "cấp tỉnh", knowing(COMMUNE)) == Found()
    alone = found_of((COMMUNE, 0.4), (OTHER, 0.35))
    assert settled(alone, "ở xã", knowing(COMMUNE, OTHER)) is alone


async def test_provinces_with_their_own_version_are_named() -> None:
    reply = await reply_to("làm lại căn cước", found_of((COMMUNE, 0.8)), COMMUNE, LOCAL, ELSEWHERE)

    assert reply.blocks[-1] == "Có bản riêng của tỉnh Lào Cai, tỉnh Sơn La: Anh/Chị viết thêm tên tỉnh để xem."
    assert [choice.label for choice in reply.choices][-2:] == ["Tỉnh Lào Cai", "Tỉnh Sơn La"]


async def test_other_provinces_do_not_matter_to_an_office_that_knows_its_own() -> None:
    office = OfficeProfile(province="Sơn La")

    reply = await reply_to("làm lại căn cước", found_of((COMMUNE, 0.8)), COMMUNE, LOCAL, ELSEWHERE, profile=office)

    assert "Sơn La" in reply.blocks[-1]
    assert "Lào Cai" not in reply.as_text()


async def test_the_version_of_a_province_says_so() -> None:
    higher = replace(LOCAL, code="1.115003", level=Level.PROVINCE)

    reply = await reply_to("làm lại căn cước Lào Cai", found_of((LOCAL, 0.8)), COMMUNE, LOCAL, higher, ELSEWHERE)

    assert reply.blocks[-1] == (
        "Thủ tục này còn được giải quyết ở nơi khác: cấp tỉnh."
        " Đây là bản riêng của tỉnh Lào Cai, bên cạnh quy định chung cả nước."
    )
    assert [choice.value.split(":")[1] for choice in reply.choices][-2:] == [higher.code, COMMUNE.code]


async def test_missions_abroad_are_called_by_what_they_are() -> None:
    abroad = replace(COMMUNE, code="1.9", level=Level.MINISTRY, executing_agency="Cơ quan đại diện ở nước ngoài")

    reply = await reply_to("làm lại căn cước", found_of((COMMUNE, 0.8)), COMMUNE, abroad)

    assert "nơi khác: cơ quan đại diện Việt Nam ở nước ngoài." in reply.as_text()


@dataclass
class Gone(FakeKnowledge):
    """A base whose procedures have just been taken back."""

    def procedure(self, code: str) -> Procedure | None:
        return COMMUNE if code == COMMUNE.code else None


async def test_a_twin_that_is_no_longer_in_force_is_not_named() -> None:
    known = {entry.code: entry for entry in (COMMUNE, PROVINCE)}
    desk = Desk(
        knowledge=Gone(found=found_of((COMMUNE, 0.8)), procedures=known), conversation=Conversation(), today=TODAY
    )

    reply = await answer(IncomingMessage(id="1", citizen=Citizen("t", "1"), text="x", received_at=NOON), desk)

    assert reply
    assert "nơi khác" not in reply.as_text()
