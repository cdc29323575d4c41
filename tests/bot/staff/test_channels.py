"""The channels' page: how each is, when it last wrote first, and the switch that pauses all."""

import pytest

from bot.channels import Health
from bot.gate import LONGEST_WORDS
from bot.storage.audit import AuditFilter
from bot.storage.service_state import StoredPause
from bot.storage.staff import Role
from handlers.messages import Outcome, Reply
from tests.bot.pages.office import text_of
from tests.bot.staff.office import StaffDesk
from tests.bot.staff.talking import AN

ADDRESS = "/can-bo/kenh"


async def test_how_a_channel_is_and_when_it_last_wrote_first(desk: StaffDesk) -> None:
    operator = await desk.signed_in(Role.OPERATOR)
    assert "chưa hỏi nền tảng" in (await operator.get(ADDRESS)).text

    await desk.talking.outgoing.send(AN, Reply(blocks=("tin",), outcome=Outcome.SMALLTALK))
    desk.talking.mailbox.health = Health(well=False, detail="mã sắp hết hạn", mend="xin mã mới")
    await desk.talking.watch.look()

    page = text_of((await operator.get(ADDRESS)).text)
    assert "21/11/2026 12:00" in page
    assert "mã sắp hết hạn" in page
    assert "Cách sửa: xin mã mới" in page
    assert "kênh trò chuyện chưa ổn" in (await operator.get("/can-bo")).text


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMINISTRATOR])
async def test_pausing_and_opening_again_is_recorded(desk: StaffDesk, role: Role) -> None:
    visitor, switch = await desk.signed_in(role), StoredPause(desk.room.engine)

    assert (await visitor.post(ADDRESS + "/tam-dung", {"cau": "a" * (LONGEST_WORDS + 1)})).status_code == 422
    assert (await visitor.post(ADDRESS + "/tam-dung", {"cau": "Bảo trì <đến> 17 giờ."})).status_code == 303
    assert await switch.message() == "Bảo trì <đến> 17 giờ."
    page = (await visitor.get(ADDRESS)).text
    assert "Bảo trì &lt;đến&gt; 17 giờ." in page
    assert "tạm dừng mọi kênh" in (await visitor.get("/can-bo")).text

    await visitor.post(ADDRESS + "/mo-lai")
    assert await switch.message() is None
    assert (await visitor.post(ADDRESS + "/mo-lai")).status_code == 422
    actions = [entry.action async for entry in desk.room.audit.all(AuditFilter(action="channel."))]
    assert sorted(actions) == ["channel.pause", "channel.resume"]
