"""The API over a small real base, spoken to in memory; a clock that stands still; keys in a dict."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date

import httpx
import pytest

from bot.api import PREFIX, Rules, make_api, mounted
from handlers.messages import Choice, IncomingMessage, Link, Outcome, Reply
from knowledge.base import KnowledgeBase
from knowledge.entries import (
    Aspect,
    Document,
    DocumentCase,
    Faq,
    Fee,
    LegalReference,
    Level,
    LocalOverlay,
    Method,
    OfficeProfile,
    Procedure,
    Source,
    SubmissionChannel,
    TimeLimit,
    TimeUnit,
)
from knowledge.serialising import to_json
from knowledge.store import Publication, StoredBody, StoredFaq
from tests.fakes import NOON, TODAY

BIRTH = Procedure(
    code="1.001193",
    name="Đăng ký khai sinh",
    field="Hộ tịch",
    level=Level.COMMUNE,
    executing_agency="Ủy ban nhân dân cấp xã",
    steps="Bước 1: Nộp hồ sơ.\nBước 2: Nhận kết quả.",
    methods=(
        Method(
            channel=SubmissionChannel.DIRECT,
            time=TimeLimit(amount=1, unit=TimeUnit.WORKING_DAY),
            fees=(Fee(amount=8000, text="8.000 đồng/bản"),),
        ),
        Method(
            channel=SubmissionChannel.ONLINE,
            fees=(Fee(amount=4000, text="4.000 đồng (áp dụng đến hết ngày 31/12/2025)"),),
        ),
    ),
    cases=(DocumentCase(documents=(Document(name="Giấy chứng sinh", originals=1),)),),
    legal_basis=(
        LegalReference(number="60/2014/QH13", title="Luật Hộ tịch"),
        LegalReference(number="43/2024/TT-BTC", title="Quy định mức thu"),
    ),
    data_date=date(2026, 7, 1),
)
FREQUENCY = Procedure(code="1.010902", name="Cấp giấy phép sử dụng tần số", field="Viễn thông", level=Level.PROVINCE)
LOCAL = Procedure(code="2.000815", name="Hỗ trợ nhà ở", field="Xây dựng", level=Level.COMMUNE, province="tỉnh Bắc Ninh")
ONLINE = Faq(
    id="nop-truc-tuyen",
    question="Nộp hồ sơ trực tuyến như thế nào?",
    answer="Anh/Chị đăng nhập Cổng bằng VNeID rồi chọn thủ tục.",
    topic="online",
    sources=(Source(title="QĐ 29/2026/QĐ-TTg", as_of=date(2026, 7, 20)),),
    related=("1.001193", "9.999999"),
)
REPLY = Reply(
    blocks=("Phí, lệ phí: 8.000 đồng/bản.",),
    outcome=Outcome.ANSWERED,
    choices=(Choice("Giấy tờ cần có", "p:1.001193:d"),),
    links=(Link("Trang chính thức", "https://dichvucong.gov.vn"),),
    citation="Nguồn: Đăng ký khai sinh · mã 1.001193",
    refs=("1.001193",),
    aspects=(Aspect.FEE,),
    confidence=0.912345,
)


@dataclass(frozen=True, slots=True)
class GivenKey:
    """A key as the API sees it."""

    id: int
    per_minute: int | None = None


@dataclass
class GivenKeys:
    """Keys in a dict; `away` makes it behave like a database that does not answer."""

    keys: dict[str, GivenKey] = field(default_factory=dict)
    away: bool = False

    async def find(self, secret: str, today: date) -> GivenKey | None:
        if self.away:
            raise ConnectionError("the store does not answer")
        return self.keys.get(secret)


@dataclass
class Scene:
    """Everything that a test may change. seconds: the clock of the rate limits."""

    base: KnowledgeBase
    rules: Rules = field(default_factory=Rules)
    keys: GivenKeys = field(default_factory=GivenKeys)
    seconds: float = 0.0
    asked: list[IncomingMessage] = field(default_factory=list)

    async def answer(self, message: IncomingMessage) -> Reply:
        self.asked.append(message)
        return REPLY

    def client(self, address: str = "192.0.2.1") -> httpx.AsyncClient:
        """A caller at a network address; its addresses are below the API's."""
        api = make_api(
            self.answer,
            lambda: self.base,
            keys=self.keys,
            now=lambda: NOON,
            rules=self.rules,
            clock=lambda: self.seconds,
        )
        transport = httpx.ASGITransport(mounted(nowhere, api, PREFIX), client=(address, 1))
        return httpx.AsyncClient(transport=transport, base_url=f"http://desk{PREFIX}")


async def nowhere(scope: object, receive: object, send: object) -> None:
    """The web pages, which no test of the API may reach."""
    raise AssertionError("not the API's address")


def publication(*entries: Procedure, revision: int = 7) -> Publication:
    """What is published in these tests."""
    return Publication(
        revision=revision,
        on=TODAY,
        procedures={entry.code: StoredBody(version=1, body=to_json(entry)) for entry in entries},
        faqs={ONLINE.id: StoredFaq(version=1, faq=ONLINE)},
        offices=(),
        legal_documents=(),
        overlays={
            BIRTH.code: LocalOverlay(code=BIRTH.code, fee="5.000 đồng/bản", source="NQ 12/2025/NQ-HĐND", as_of=TODAY)
        },
        code_aliases={"1.000001": "1.001193"},
        aliases={},
    )


@pytest.fixture(scope="session")
def small_base() -> KnowledgeBase:
    profile = OfficeProfile(name="UBND xã Mai Sơn", level=Level.COMMUNE)
    return KnowledgeBase.build(publication(BIRTH, FREQUENCY, LOCAL), profile)


@pytest.fixture
def scene(small_base: KnowledgeBase) -> Scene:
    return Scene(small_base)


@pytest.fixture
async def client(scene: Scene) -> AsyncIterator[httpx.AsyncClient]:
    async with scene.client() as caller:
        yield caller
