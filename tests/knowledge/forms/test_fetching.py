"""Forms of procedures in force are kept on this machine, each once, checked, and found again."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from knowledge.entries import Document, DocumentCase, FormFile, Procedure
from knowledge.forms import local_form, local_forms
from knowledge.forms.fetching import FormsReport, fetch_forms
from knowledge.importing import ImportProblem
from knowledge.importing.harvest import proposal_of
from knowledge.importing.portal import PortalBlocked
from knowledge.revising import carry_out, claim, plan, raise_revision
from knowledge.tables import Kind
from tests.doubles.portal import ATTACHMENT, BUSY, DROPPED, FIREWALL, Fault, Patience, StubPortal, a_courtesy, a_portal
from tests.knowledge.databases import NOW, Sessions, a_base
from tests.knowledge.forms.files import DOCX, PDF

CODE = "1.000001"


@dataclass
class Shelf:
    """A base, a portal that serves files, and the folder in which copies are kept."""

    base: Sessions
    portal: StubPortal
    folder: Path
    now: datetime = NOW
    patience: Patience = field(default_factory=Patience)

    def address(self, file: str) -> str:
        """Where the portal says that a file is."""
        return f"{self.portal.base_url}{ATTACHMENT}?fileId={file}"

    async def publish(self, *urls: str, code: str = CODE, in_force: bool = True) -> None:
        """Puts a procedure with forms at these addresses in force."""
        forms = tuple(FormFile(name=f"Mẫu {n}", url=url) for n, url in enumerate(urls, start=1))
        paper = Document(name="Tờ khai", forms=forms)
        made = Procedure(code=code, name="Cấp lại", cases=(DocumentCase(documents=(paper,)),))
        async with self.base() as session, session.begin():
            await claim(session)
            planned = await plan(session, Kind.PROCEDURE, [proposal_of(code, made)], publish=in_force)
            await carry_out(session, planned, source="thử", by="thử", now=self.now)
            await raise_revision(session)

    async def fetch(self, **options: Any) -> FormsReport:
        """Fetches what is missing."""
        async with httpx.AsyncClient(trust_env=False) as http:
            chosen = {"base_url": self.portal.base_url, "folder": self.folder, "now": lambda: self.now, **options}
            return await fetch_forms(self.base, http, a_courtesy(self.patience, attempts=2), **chosen)

    async def copy(self, url: str, code: str = CODE) -> Path | None:
        """The copy of a form."""
        async with self.base() as session:
            return await local_form(session, self.folder, code, url)


@pytest.fixture
async def shelf(database_url: str, tmp_path: Path) -> AsyncIterator[Shelf]:
    async with a_base(database_url) as base, a_portal() as portal:
        portal.files["a"] = ("application/octet-stream", DOCX)
        yield Shelf(base, portal, tmp_path / "forms")


async def test_a_form_is_kept_and_found_again(shelf: Shelf) -> None:
    url = shelf.address("a")
    await shelf.publish(url)

    report = await shelf.fetch()

    path = await shelf.copy(url)
    assert (report.kept, report.refused) == (1, [])
    assert path is not None
    assert path.read_bytes() == DOCX
    async with shelf.base() as session:
        (form,) = (await local_forms(session, shelf.folder, CODE)).values()
    assert (form.name, form.type, form.size) == ("Mẫu 1", "docx", len(DOCX))
    assert form.sha256 == hashlib.sha256(DOCX).hexdigest()
    assert await shelf.copy(url, "1.999999") is None
    assert await shelf.copy(shelf.address("b")) is None


async def test_the_portal_is_asked_in_the_way_that_it_answers(shelf: Shelf) -> None:
    await shelf.publish(shelf.address("a"))

    await shelf.fetch()

    assert shelf.portal.asked == [("POST", f"/api/v1{ATTACHMENT}", {"fileId": "a"})]


async def test_a_form_elsewhere_is_simply_opened(shelf: Shelf) -> None:
    shelf.portal.pages["/mau/to-khai.pdf"] = Fault(200, PDF, "application/pdf")
    url = f"{shelf.portal.address}/mau/to-khai.pdf"
    await shelf.publish(url)

    await shelf.fetch()

    path = await shelf.copy(url)
    assert path is not None
    assert path.suffix == ".pdf"


async def test_a_second_fetch_asks_only_for_what_is_missing(shelf: Shelf) -> None:
    await shelf.publish(shelf.address("a"))
    await shelf.fetch()
    shelf.portal.files["b"] = ("", b"")
    shelf.portal.files["c"] = ("application/pdf", PDF)
    await shelf.publish(shelf.address("a"), shelf.address("c"))
    shelf.portal.asked.clear()

    report = await shelf.fetch()

    assert (report.kept, report.fresh) == (1, 1)
    assert [body for _, _, body in shelf.portal.asked] == [{"fileId": "c"}]
    assert (await shelf.fetch(again=True)).kept == 2


async def test_an_old_copy_is_renewed_and_a_lost_one_fetched_again(shelf: Shelf) -> None:
    url = shelf.address("a")
    await shelf.publish(url)
    await shelf.fetch()
    shelf.now = NOW + timedelta(days=31)
    shelf.portal.files["a"] = ("application/pdf", PDF)

    assert (await shelf.fetch()).kept == 1
    path = await shelf.copy(url)
    assert path is not None
    assert path.read_bytes() == PDF
    path.unlink()
    assert await shelf.copy(url) is None
    assert (await shelf.fetch()).kept == 1


async def test_a_copy_that_cannot_be_renewed_now_stays(shelf: Shelf) -> None:
    url = shelf.address("a")
    await shelf.publish(url)
    await shelf.fetch()
    shelf.portal.faults[ATTACHMENT] = [BUSY] * 2

    report = await shelf.fetch(again=True)

    assert [reason for _, _, reason in report.refused] == ["máy chủ không trả lời"]
    assert await shelf.copy(url) is not None


async def test_a_file_named_by_several_procedures_is_asked_for_once(shelf: Shelf) -> None:
    await shelf.publish(shelf.address("a"))
    await shelf.publish(shelf.address("a"), code="1.000002")

    assert (await shelf.fetch()).kept == 2
    assert len(shelf.portal.asked) == 1
    assert await shelf.copy(shelf.address("a"), "1.000002") == await shelf.copy(shelf.address("a"))


async def test_drafts_have_no_forms_and_codes_and_limits_are_kept_to(shelf: Shelf) -> None:
    await shelf.publish(shelf.address("a"), in_force=False)
    assert (await shelf.fetch()).kept == 0
    await shelf.publish(shelf.address("a"), code="1.000002")
    await shelf.publish(shelf.address("a"), code="1.000003")

    assert (await shelf.fetch(codes=["1.000003"])).kept == 1
    assert await shelf.copy(shelf.address("a"), "1.000002") is None
    assert (await shelf.fetch(limit=0)).kept == 0


@pytest.mark.parametrize(
    ("kind", "content", "why"),
    [
        ("text/html", b"<html>Xin chao</html>", "trang web"),
        ("application/msword", b"MZ\x90 program", "không phải PDF"),
        ("application/pdf", PDF + bytes(20 * 1_048_576), "dài quá 20 MiB"),
        ("application/pdf", b"", "rỗng"),
    ],
)
async def test_what_is_no_form_is_refused_whatever_it_calls_itself(
    shelf: Shelf, kind: str, content: bytes, why: str
) -> None:
    shelf.portal.files["a"] = (kind, content)
    await shelf.publish(shelf.address("a"))

    report = await shelf.fetch()

    ((code, name, reason),) = report.refused
    assert (code, name) == (CODE, "Mẫu 1")
    assert why in reason
    assert await shelf.copy(shelf.address("a")) is None
    assert (await shelf.fetch()).fresh == 1


async def test_a_file_that_is_gone_is_refused(shelf: Shelf) -> None:
    await shelf.publish(shelf.address("nowhere"))

    assert [reason for _, _, reason in (await shelf.fetch()).refused] == ["HTTP 404"]


async def test_a_host_that_is_away_is_not_asked_for_every_form(shelf: Shelf) -> None:
    await shelf.publish(shelf.address("a"), shelf.address("b"), shelf.address("c"))
    shelf.portal.faults[ATTACHMENT] = [DROPPED] * 9

    report = await shelf.fetch()

    assert {reason for _, _, reason in report.refused} == {"máy chủ không trả lời"}
    assert len(shelf.portal.asked) == 2
    shelf.portal.faults.clear()
    assert (await shelf.fetch()).kept == 1


async def test_the_firewall_ends_the_fetch(shelf: Shelf) -> None:
    await shelf.publish(shelf.address("a"))
    shelf.portal.faults[ATTACHMENT] = [FIREWALL] * 3

    with pytest.raises(PortalBlocked):
        await shelf.fetch()


async def test_the_office_s_own_network_is_never_visited(shelf: Shelf) -> None:
    await shelf.publish("http://192.168.1.1/config.pdf", "file:///etc/passwd")

    report = await shelf.fetch()

    assert [reason for _, _, reason in report.refused] == [
        "địa chỉ nằm trong mạng nội bộ",
        "địa chỉ không phải http, https",
    ]


async def test_a_redirection_is_looked_at_like_any_address(shelf: Shelf) -> None:
    inside = Fault(302, b"", headers=(("Location", "http://10.0.0.1/x.pdf"),))
    onward = Fault(302, b"", headers=(("Location", "/mau/b.pdf"),))
    around = Fault(302, b"", headers=(("Location", "/mau/d.pdf"),))
    shelf.portal.pages |= {"/mau/a.pdf": onward, "/mau/c.pdf": inside, "/mau/d.pdf": around}
    shelf.portal.pages["/mau/b.pdf"] = Fault(200, PDF, "application/pdf")
    urls = [f"{shelf.portal.address}/mau/{name}.pdf" for name in "acd"]
    await shelf.publish(*urls)

    report = await shelf.fetch()

    assert report.kept == 1
    assert [reason for _, _, reason in report.refused] == [
        "địa chỉ nằm trong mạng nội bộ",
        "chuyển hướng quá nhiều lần",
    ]


async def test_this_machine_is_not_visited_for_a_portal_elsewhere(shelf: Shelf) -> None:
    await shelf.publish(f"{shelf.portal.address}/mau/a.pdf")

    report = await shelf.fetch(base_url="https://dichvucong.gov.vn/api/v1")

    assert [reason for _, _, reason in report.refused] == ["địa chỉ nằm trong mạng nội bộ"]
    assert shelf.portal.asked == []


async def test_a_folder_that_cannot_be_written_is_told(shelf: Shelf) -> None:
    await shelf.publish(shelf.address("a"))
    shelf.folder.write_text("a file is in the way")

    with pytest.raises(ImportProblem, match="Không ghi được biểu mẫu"):
        await shelf.fetch()
