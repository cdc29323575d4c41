"""Procedures to prepare for, and a desk that knows them."""

from dataclasses import dataclass, field, replace
from datetime import date

from handlers.messages import Conversation, Desk
from knowledge.entries import (
    Document,
    DocumentCase,
    Fee,
    Level,
    Method,
    Office,
    OfficeProfile,
    Procedure,
    SubmissionChannel,
    TimeLimit,
    TimeUnit,
)
from tests.fakes import FakeKnowledge

DIRECT, ONLINE, POSTAL = SubmissionChannel.DIRECT, SubmissionChannel.ONLINE, SubmissionChannel.POSTAL
FRIDAY = date(2026, 11, 20)
THREE_DAYS = TimeLimit(amount=3, unit=TimeUnit.WORKING_DAY)
FORM = Document(name="Tờ khai CT01", originals=1)
LEASE = Document(name="Hợp đồng thuê nhà", copies=1)
LIST = Document(name="Danh sách người tạm trú", originals=1)
STAY = Procedure(
    code="1.004194",
    name="Đăng ký tạm trú",
    field="Cư trú",
    level=Level.COMMUNE,
    executing_agency="Công an cấp xã",
    methods=(
        Method(channel=DIRECT, time=THREE_DAYS, fees=(Fee(amount=15_000),)),
        Method(channel=ONLINE, time=THREE_DAYS, fees=(Fee(amount=7_000),)),
    ),
    cases=(
        DocumentCase(title="Trường hợp đăng ký cá nhân", documents=(FORM, LEASE)),
        DocumentCase(title="Trường hợp đăng ký theo danh sách", documents=(FORM, LIST)),
    ),
    source_url="https://dichvucong.gov.vn/thu-tuc-hanh-chinh/x",
)
ONE_WAY = replace(
    STAY,
    code="1.000001",
    name="Cấp bản sao",
    methods=(Method(channel=DIRECT, time=THREE_DAYS, fees=(Fee(amount=8_000),)),),
    cases=(DocumentCase(documents=(FORM,)),),
)
HANOI = Office(
    id="hn", name="Trụ sở Hà Nội", address="44 Trần Phú", hours="thứ Hai đến thứ Sáu", receives=("1.004194",)
)
SAIGON = Office(id="sg", name="Trụ sở TP. Hồ Chí Minh", address="333 Nguyễn Trãi", receives=("Đăng ký tạm trú",))


@dataclass
class KnowingOffices(FakeKnowledge):
    """The fake base with offices."""

    known_offices: tuple[Office, ...] = field(default=())

    def offices(self) -> tuple[Office, ...]:
        return self.known_offices


def knowing(
    *procedures: Procedure,
    offices: tuple[Office, ...] = (),
    profile: OfficeProfile | None = None,
    conversation: Conversation | None = None,
    today: date = FRIDAY,
) -> Desk:
    """A desk on a Friday before a weekend and a holiday on Tuesday."""
    knowledge = KnowingOffices(
        procedures={entry.code: entry for entry in procedures or (STAY, ONE_WAY)},
        known_offices=offices,
        profile=profile or OfficeProfile(),
    )
    return Desk(knowledge=knowledge, conversation=conversation or Conversation(), today=today)
