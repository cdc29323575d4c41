"""A citizen on the web page asks for a person, an officer answers from the staff desk, the machine comes back."""

import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp

from bot.channels import at_once
from bot.channels.reception import HANDOVER, House, Reception, Thing
from bot.channels.web import WebChannel
from bot.commands.connecting import chat_channels
from bot.config import HandoverSettings, OfficeSettings
from bot.staff import TalkRoom, make_room, make_staff
from bot.storage.staff import Role
from handlers.messages import Citizen, Outcome, Reply
from tests.bot.staff.office import Clock, StaffDesk, quick_hasher
from tests.bot.staff.talking import AFTER_HOURS, HOURS, IN_HOURS, talk_parts
from tests.journeys.small_desk import SmallDesk, a_small_desk

OFFICE = OfficeSettings(name="UBND phường Tô Hiệu", hours=HOURS, phone="0212 000 0000")
TOKEN = re.compile(r'name="token" value="([0-9a-f]+)"')


@dataclass
class Citizens:
    """One browser at the web chat."""

    client: httpx.AsyncClient

    async def says(self, text: str) -> str:
        """What the page shows afterwards."""
        token = TOKEN.search((await self.client.get("/chat")).text)
        assert token is not None
        await self.client.post("/chat", data={"text": text, "token": token[1]})
        return await self.page()

    async def page(self) -> str:
        """What the page shows now, without its marks."""
        return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", (await self.client.get("/chat")).text)))


@pytest.fixture
async def small(sqlite_url: str, tmp_path: Path) -> AsyncIterator[SmallDesk]:
    on = HandoverSettings(enabled=True)
    async with a_small_desk(sqlite_url, tmp_path, office=OFFICE, handover=on) as desk:
        desk.moment = IN_HOURS
        yield desk


async def test_from_the_question_to_the_person_and_back(small: SmallDesk) -> None:
    app = small.app
    web = WebChannel(app.conversations, app.base.profile, now=app.now, serve=_nothing, ready=app.ready)
    app.outgoing.add(web)
    assert app.handovers is not None
    site = web.application(at_once(web.handle, app.dispatch().answer))
    room = make_room(
        app.engine,
        lambda: app.base,
        app.base.profile,
        app.now,
        hasher=quick_hasher(),
        talks=TalkRoom(app.handovers, app.post),
        watch=app.watch,
    )
    staff = StaffDesk(room, make_staff(room), Clock(IN_HOURS), talk_parts(app.engine, app.now))
    officer = await staff.signed_in(Role.OPERATOR, name="lan")

    transport = httpx.ASGITransport(app=site)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example", follow_redirects=True) as client:
        citizen = Citizens(client)
        assert "7.000" in await citizen.says("lệ phí đăng ký tạm trú trực tuyến")
        small.moment += timedelta(minutes=1)
        assert "chỉ cần nhắn: máy" in await citizen.says("cho tôi gặp cán bộ")
        assert (await citizen.says("Hồ sơ của tôi đâu?")).count("Một Cửa 09:0") == 2

        seen = (await officer.get("/can-bo/tro-chuyen/1")).text
        assert "lệ phí đăng ký tạm trú trực tuyến" in seen
        assert "Hồ sơ của tôi đâu?" in seen
        await officer.post("/can-bo/tro-chuyen/1/nhan")
        await officer.post("/can-bo/tro-chuyen/1/gui", {"loi": "Hồ sơ đã xong, mời anh đến nhận."})
        assert "Cán bộ trả lời: Hồ sơ đã xong, mời anh đến nhận." in await citizen.page()

        small.moment += timedelta(hours=1)
        assert await app.handovers.tick(small.moment) == await app.post.deliver() == 1
        assert "lâu không có tin mới" in await citizen.page()
        assert (await citizen.says("đăng ký tạm trú cần gì")).count("Tờ khai CT01") >= 1
    await staff.close()


async def _nothing(_: ASGIApp) -> None:
    return


async def test_after_hours_the_office_entry_says_when(small: SmallDesk) -> None:
    small.moment = AFTER_HOURS
    small.app.outgoing.add(_Proactive())

    reply = await small.says("gặp cán bộ")
    assert "07:30 thứ Tư 25/11/2026" in reply.blocks[0]  # the 24th is a holiday
    await small.app.purge()


class _Proactive(WebChannel):
    """A channel under the name that a small desk's citizens have."""

    name = "test"

    def __init__(self) -> None:
        return


async def test_off_as_shipped_nothing_of_it_is_shown(sqlite_url: str, tmp_path: Path) -> None:
    async with a_small_desk(sqlite_url, tmp_path, office=OFFICE) as desk:
        desk.moment = IN_HOURS
        assert desk.app.handovers is None
        assert (await desk.says("gặp cán bộ")).outcome is not Outcome.HANDED_OVER
        async with chat_channels(desk.app.settings, desk.app.engine, desk.app.now) as channels:
            assert channels == []
    house = House(profile=OFFICE.profile())
    assert "canbo" not in {command.name for command in Reception(house, "X", buttons=True).commands()}


async def test_words_beside_a_photo_go_to_the_person_with_a_note(small: SmallDesk) -> None:
    app, citizen = small.app, Citizen("test", "c1")
    app.outgoing.add(_Proactive())
    reception = Reception(
        House(profile=app.base.profile, modules=frozenset({HANDOVER}), staff=app.handovers), "X", buttons=True
    )
    assert "canbo" in {command.name for command in reception.commands()}

    before = await reception.beside(await small.says("tạm trú cần gì"), citizen, Thing.PHOTO, "f1", small.moment)
    assert "chưa xem được ảnh" in before.blocks[0]
    await small.says("", choice="h:gap")
    silent = await reception.beside(await small.says("đây ạ"), citizen, Thing.PHOTO, "f1", small.moment)
    assert silent == Reply(blocks=(), outcome=Outcome.TO_PERSON)
    assert [line.body for line in await app.talks.lines(1)] == ["đây ạ", "[Người dân gửi ảnh; máy không giữ tệp]"]
