"""One office with the shipped knowledge, its own additions, and the web application over them."""

import functools
import html
import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from fastapi import FastAPI

from bot.channels.web import WebOptions, make_web
from bot.pages import PublicPages
from knowledge.base import KnowledgeBase
from knowledge.entries import (
    Fee,
    Level,
    LocalOverlay,
    Method,
    OfficeProfile,
    Procedure,
    SubmissionChannel,
    TimeLimit,
    TimeUnit,
)
from knowledge.importing.entries import faq_of, procedure_of
from knowledge.serialising import to_json
from knowledge.store import Publication, StoredBody, StoredFaq
from tests.bot.channels.scripted import ScriptedDesk
from tests.fakes import NOON, TODAY, MemoryTranscripts
from tests.places import ROOT

STARTER = ROOT / "knowledge" / "starter"
PROFILE = OfficeProfile(
    name="Trung tâm Phục vụ hành chính công tỉnh Sơn La",
    level=Level.PROVINCE,
    province="Sơn La",
    address="Phường Tô Hiệu, tỉnh Sơn La",
    hours="7 giờ 30 đến 17 giờ",
    phone="0212 000 0000",
    hotline="0212 000 0001",
    email="motcua@example.vn",
)
OLD_CODE, NEW_CODE = "1.999999", "1.004194"
ENDED = Procedure(
    code="1.900001",
    name="Thủ tục <thử> & đo",
    field="Đo lường",
    level=Level.PROVINCE,
    executing_agency="Sở Thử nghiệm",
    subjects=("Doanh nghiệp",),
    methods=(
        Method(
            channel=SubmissionChannel.DIRECT,
            time=TimeLimit(amount=5, unit=TimeUnit.DAY),
            fees=(Fee(amount=20_000, text="20.000 đồng (áp dụng đến hết ngày 31/12/2023)"),),
        ),
        Method(channel=SubmissionChannel.ONLINE, fees=(Fee(amount=50_000, text="50.000 đồng/lần"),)),
    ),
    steps="Bước 1: Nộp hồ sơ </script><script>alert(1)</script>.",
    source_url="javascript:alert(1)",
    data_date=date(2026, 7, 1),
)
ELSEWHERE = Procedure(code="1.900002", name="Thủ tục riêng", province="tỉnh Bắc Ninh", field="Đo lường")
OVERLAY = LocalOverlay(
    code=NEW_CODE, fee="miễn thu đến hết năm", counter="quầy số 5", source="NQ 01/2026/NQ-HĐND", as_of=TODAY
)
_TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.DOTALL)


def shipped_procedures() -> list[Procedure]:
    """The procedures of the starter."""
    return [procedure_of(json.loads(line)) for line in _lines(STARTER / "procedures.jsonl")]


def published(procedures: Sequence[Procedure], revision: int = 1) -> Publication:
    """These procedures with the starter's questions, one overlay and one old code."""
    faqs = [faq_of(json.loads(line)) for file in sorted(STARTER.glob("faq-*.jsonl")) for line in _lines(file)]
    return Publication(
        revision=revision,
        on=TODAY,
        procedures={entry.code: StoredBody(1, to_json(entry)) for entry in procedures},
        faqs={faq.id: StoredFaq(1, faq) for faq in faqs},
        offices=(),
        legal_documents=(),
        overlays={NEW_CODE: OVERLAY},
        code_aliases={OLD_CODE: NEW_CODE},
        aliases={},
    )


@functools.cache
def a_base() -> KnowledgeBase:
    """The base of the tests' office; built once."""
    return KnowledgeBase.build(published([*shipped_procedures(), ENDED, ELSEWHERE]), PROFILE)


class Counts:
    """What people asked most, as told."""

    def __init__(self, *codes: str) -> None:
        self.codes = list(codes)

    async def most_asked(self, limit: int) -> list[str]:
        return self.codes[:limit]


def some_pages(base: KnowledgeBase | None = None, counts: Counts | None = None, address: str = "") -> PublicPages:
    """The public pages at noon of the tests' day."""
    known = base or a_base()
    return PublicPages(lambda: known, PROFILE, now=lambda: NOON, counts=counts or Counts(), address=address)


def a_site(
    pages: PublicPages | None = None,
    *,
    desk: ScriptedDesk | None = None,
    transcripts: MemoryTranscripts | None = None,
    options: WebOptions | None = None,
) -> FastAPI:
    """The whole web application: the chat of a scripted desk, and the public pages."""
    kept = transcripts or MemoryTranscripts()
    return make_web(
        kept.keeping((desk or ScriptedDesk()).answer),
        kept,
        PROFILE,
        now=lambda: NOON,
        options=options or WebOptions(kept_days=30, record_days=365, entry=a_base().faq),
        site=pages or some_pages(),
    )


def text_of(page: str) -> str:
    """What a page says, without its markup."""
    return html.unescape(_TAG.sub("\n", page))


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
