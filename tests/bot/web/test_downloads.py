"""Form files kept on this machine are handed out by this server: on the page, in the API, in the chat."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import delete, insert

from bot.api import PREFIX, make_api, mounted
from bot.channels.web import WebOptions, listen, make_web, serve
from bot.pages import PublicPages
from bot.web.downloads import details, file_name
from handlers.describe import Asked, describe
from handlers.messages import Attachment, IncomingMessage, Link, Outcome, Reply
from knowledge.base import KnowledgeBase
from knowledge.entries import Aspect, Document, DocumentCase, FormFile, Procedure
from knowledge.forms import KEPT, LocalForm
from knowledge.forms.registry import LOOKED_AGAIN, KeptForms
from knowledge.tables import form_file
from tests.bot.api.conftest import GivenKeys
from tests.bot.pages.office import PROFILE, Counts, published
from tests.fakes import NOON, TODAY, MemoryTranscripts
from tests.knowledge.databases import Sessions, a_base

CODE = "1.900009"
KEPT_URL = "https://portal.example.vn/submitting/preview-attachment?fileId=1"
ELSEWHERE_URL = "https://so.example.vn/mau-2.docx"
CONTENT = b"%PDF-1.7 a form"
HASH = hashlib.sha256(CONTENT).hexdigest()
ADDRESS = f"/bieu-mau/{HASH}.pdf"
PROCEDURE = Procedure(
    code=CODE,
    name="Cấp thẻ đọc sách",
    cases=(
        DocumentCase(
            documents=(
                Document(
                    name="Đơn theo mẫu",
                    forms=(
                        FormFile(name="Mẫu số 01: đơn “đề nghị”/2026.PDF", url=KEPT_URL),
                        FormFile(name="Mẫu số 02", url=ELSEWHERE_URL),
                    ),
                ),
            )
        ),
    ),
)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Site:
    """A running server with one kept form."""

    client: httpx.AsyncClient
    sessions: Sessions
    clock: Clock
    file: Path


def a_row(**changes: object) -> dict[str, object]:
    return {
        "code": CODE,
        "url_hash": hashlib.sha256(KEPT_URL.encode()).hexdigest(),
        "url": KEPT_URL,
        "name": "Mẫu số 01: đơn “đề nghị”/2026.PDF",
        "path": f"{HASH[:2]}/{HASH}.pdf",
        "sha256": HASH,
        "size": len(CONTENT),
        "type": "pdf",
        "outcome": KEPT,
        "reason": "",
        "fetched_at": NOON,
        **changes,
    }


async def answer(_: IncomingMessage) -> Reply:
    asked = Asked(procedure=PROCEDURE, today=TODAY, aspects=(Aspect.FORM,))
    said = describe(asked)
    return Reply(
        blocks=said.blocks,
        outcome=Outcome.ANSWERED,
        links=said.links,
        attachments=said.attachments,
        refs=(CODE,),
        aspects=said.aspects,
    )


@pytest.fixture
async def site(database_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    file = tmp_path / HASH[:2] / f"{HASH}.pdf"
    file.parent.mkdir()
    file.write_bytes(CONTENT)
    base = KnowledgeBase.build(published([PROCEDURE]), PROFILE)
    clock, transcripts = Clock(), MemoryTranscripts()
    async with a_base(database_url) as sessions:
        async with sessions() as session, session.begin():
            await session.execute(insert(form_file).values(a_row()))
        forms = KeptForms(sessions, tmp_path, clock).current
        pages = PublicPages(lambda: base, PROFILE, now=lambda: NOON, counts=Counts(), forms=forms)
        web = make_web(
            transcripts.keeping(answer),
            transcripts,
            PROFILE,
            now=lambda: NOON,
            options=WebOptions(forms=forms),
            site=pages,
        )
        api = make_api(answer, lambda: base, keys=GivenKeys(), now=lambda: NOON, forms=forms)
        async with _served(mounted(web, api, PREFIX)) as address, httpx.AsyncClient(base_url=address) as client:
            yield Site(client, sessions, clock, file)


@asynccontextmanager
async def _served(app: Callable[..., Awaitable[None]]) -> AsyncIterator[str]:
    listener, started = listen("127.0.0.1", 0), asyncio.Event()
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    serving = asyncio.create_task(serve(app, listener, started.set))
    await started.wait()
    yield address
    serving.cancel()
    with suppress(asyncio.CancelledError):
        await serving


async def test_a_kept_form_comes_with_its_name_type_and_tag(site: Site) -> None:
    whole = await site.client.get(ADDRESS)
    again = await site.client.get(ADDRESS, headers={"If-None-Match": whole.headers["etag"]})
    head = await site.client.head(ADDRESS)
    part = await site.client.get(ADDRESS, headers={"Range": "bytes=0-3"})

    assert whole.content == CONTENT
    assert whole.headers["content-type"] == "application/pdf"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["content-security-policy"].startswith("default-src 'none'")
    disposition = whole.headers["content-disposition"]
    assert disposition.startswith("attachment; ")
    assert "filename*=UTF-8''M%E1%BA%ABu%20s%E1%BB%91%2001" in disposition
    assert "%2F" not in disposition
    assert whole.headers["etag"] == f'"{HASH}"'
    assert (again.status_code, again.content) == (304, b"")
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(CONTENT)))
    assert (part.status_code, part.content) == (206, CONTENT[:4])


@pytest.mark.parametrize(
    "path",
    [
        f"/bieu-mau/{'0' * 64}.pdf",
        f"/bieu-mau/{HASH}.docx",
        f"/bieu-mau/{HASH}",
        f"/bieu-mau/..%2f{HASH[:2]}%2f{HASH}.pdf",
        "/bieu-mau/",
    ],
)
async def test_nothing_else_is_given_out(site: Site, path: str) -> None:
    assert (await site.client.get(path)).status_code == 404


async def test_a_copy_that_was_taken_away_is_gone(site: Site) -> None:
    assert (await site.client.get(ADDRESS)).status_code == 200
    async with site.sessions() as session, session.begin():
        await session.execute(delete(form_file))
    site.clock.now += LOOKED_AGAIN

    assert (await site.client.get(ADDRESS)).status_code == 404


async def test_a_file_deleted_on_the_disk_is_gone_at_once(site: Site) -> None:
    assert (await site.client.get(ADDRESS)).status_code == 200
    site.file.unlink()

    assert (await site.client.get(ADDRESS)).status_code == 404


async def test_the_page_links_our_copy_and_follows_the_registry(site: Site) -> None:
    before = (await site.client.get(f"/thu-tuc/{CODE}")).text
    async with site.sessions() as session, session.begin():
        await session.execute(delete(form_file))
    site.clock.now += LOOKED_AGAIN
    after = (await site.client.get(f"/thu-tuc/{CODE}")).text

    assert f'href="{ADDRESS}" download' in before
    assert "(PDF, 1 KB)" in before
    assert f'href="{ELSEWHERE_URL}"' in before
    assert ADDRESS not in after
    assert KEPT_URL not in after  # only programs can fetch from there


async def test_the_api_names_our_copy(site: Site) -> None:
    got = await site.client.get(f"{PREFIX}/procedures/{CODE}")
    forms = got.json()["cases"][0]["documents"][0]["forms"]
    async with site.sessions() as session, session.begin():
        await session.execute(delete(form_file))
    site.clock.now += LOOKED_AGAIN
    later = await site.client.get(f"{PREFIX}/procedures/{CODE}", headers={"If-None-Match": got.headers["etag"]})

    assert [form["file"] for form in forms] == [ADDRESS, ""]
    assert forms[0]["url"] == KEPT_URL
    assert later.status_code == 200
    assert later.json()["cases"][0]["documents"][0]["forms"][0]["file"] == ""


async def test_the_chat_hands_the_form_out(site: Site) -> None:
    asked = await site.client.post("/chat", data={"text": "mẫu đơn"}, headers={"accept": "application/json"})
    line = asked.json()["line"]
    page = (await site.client.get("/chat")).text

    for shown in (line, page):
        assert f'href="{ADDRESS}" download' in shown
        assert "Tải biểu mẫu: Mẫu số 01" in shown
        assert f'href="{ELSEWHERE_URL}" rel="noopener noreferrer"' in shown


def test_a_reply_names_its_files_for_any_channel() -> None:
    said = describe(Asked(procedure=PROCEDURE, today=TODAY, aspects=(Aspect.FORM,)))
    fee = describe(Asked(procedure=PROCEDURE, today=TODAY, aspects=(Aspect.FEE,)))

    assert [(item.code, item.url) for item in said.attachments] == [(CODE, KEPT_URL), (CODE, ELSEWHERE_URL)]
    assert Link("Mẫu số 02", ELSEWHERE_URL) in said.links
    assert all(isinstance(item, Attachment) for item in said.attachments)
    assert fee.attachments == ()


@pytest.mark.parametrize(
    ("name", "kept_as"),
    [
        ("Mẫu 1.docx", "Mẫu 1.docx"),
        ("../..\\x\r\nSet-Cookie: a", "x Set-Cookie a.docx"),
        ("", "Biểu mẫu.docx"),
        ("Đơn." * 200, "Đơn." * 29 + "Đơn.docx"),
    ],
)
def test_a_name_is_safe_to_keep(name: str, kept_as: str) -> None:
    form = LocalForm(name=name, url="", path=Path(), sha256="", size=1, type="docx")

    assert file_name(form) == kept_as
    assert details(form) == "DOCX, 1 KB"
    assert details(replace(form, size=2_621_440)) == "DOCX, 2,5 MB"
