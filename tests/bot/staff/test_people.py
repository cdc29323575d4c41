"""Accounts made, changed, reset, shut and opened by an administrator."""

import re

from bot.storage.staff import Role
from tests.bot.staff.office import OTHER_PASSWORD, StaffDesk

HERE = "/can-bo/nguoi-dung"
_SECRET = re.compile(r'class="code secret">([^<]+)<')


async def test_somebody_new_comes_in_with_the_password_shown_once(desk: StaffDesk) -> None:
    administrator = await desk.signed_in(Role.ADMINISTRATOR, name="quan-tri")
    fields = {"ten": "Binh.Tran", "ho_ten": "Trần Thị Bình", "don_vi": "Phòng 2", "vai_tro": ["editor", "operator"]}

    made = await administrator.post(HERE, fields)
    name, password = _SECRET.findall(made.text)
    listed = await administrator.get(HERE)
    again = await administrator.post(HERE, fields)

    assert (made.status_code, name, again.status_code) == (200, "binh.tran", 422)
    assert "Trần Thị Bình" in listed.text
    assert password not in listed.text
    assert 'value="Trần Thị Bình"' in again.text
    newcomer = desk.visitor()
    await newcomer.sign_in("binh.tran", password)
    await newcomer.get("/can-bo/doi-mat-khau")
    await newcomer.post("/can-bo/doi-mat-khau", {"moi": OTHER_PASSWORD, "lai": OTHER_PASSWORD})
    assert "Biên tập, Vận hành" in (await newcomer.get("/can-bo")).text


async def test_what_will_not_do_is_told(desk: StaffDesk) -> None:
    administrator = await desk.signed_in(Role.ADMINISTRATOR)
    good = {"ten": "an", "ho_ten": "An", "vai_tro": "editor"}
    for change, word in (
        ({"ten": "ông an"}, "Tên đăng nhập gồm"),
        ({"ho_ten": " "}, "Họ tên"),
        ({"ho_ten": "x" * 101}, "Họ tên"),
        ({"vai_tro": "king"}, "vai trò"),
    ):
        refused = await administrator.post(HERE, {**good, **change})
        assert refused.status_code == 422
        assert word in refused.text


async def test_other_roles_count_at_once(desk: StaffDesk) -> None:
    administrator = await desk.signed_in(Role.ADMINISTRATOR, name="quan-tri")
    editor, account = await desk.signed_in(Role.EDITOR, name="an"), await desk.account(Role.EDITOR, name="an")
    fields = {"ho_ten": "An", "don_vi": "", "vai_tro": "operator"}

    assert (await administrator.post(f"{HERE}/{account.id}", fields)).status_code == 303

    assert (await editor.get("/can-bo")).status_code == 303
    found = await desk.room.accounts.get(account.id)
    assert found is not None
    assert found.roles == {Role.OPERATOR}


async def test_a_reset_ends_sessions_password_and_authenticator(desk: StaffDesk) -> None:
    administrator = await desk.signed_in(Role.ADMINISTRATOR, name="quan-tri")
    leader, account = await desk.signed_in(Role.APPROVER, name="sep"), await desk.account(Role.APPROVER, name="sep")
    for _ in range(6):
        await desk.visitor().sign_in("sep", "sai")

    given = await administrator.post(f"{HERE}/{account.id}/cap-lai")
    _, password = _SECRET.findall(given.text)

    assert (await leader.get("/can-bo")).status_code == 303
    again = desk.visitor()
    assert (await again.sign_in("sep", password)).headers["location"] == "/can-bo"
    assert (await again.get("/can-bo")).headers["location"] == "/can-bo/doi-mat-khau"


async def test_a_shut_account_is_out_until_it_is_opened(desk: StaffDesk) -> None:
    administrator = await desk.signed_in(Role.ADMINISTRATOR, name="quan-tri")
    editor, account = await desk.signed_in(Role.EDITOR, name="an"), await desk.account(Role.EDITOR, name="an")

    await administrator.post(f"{HERE}/{account.id}/khoa")
    assert (await editor.get("/can-bo")).status_code == 303
    assert (await desk.visitor().sign_in("an")).status_code == 422
    await administrator.post(f"{HERE}/{account.id}/mo")
    assert (await desk.visitor().sign_in("an")).status_code == 303


async def test_all_devices_of_somebody_are_signed_out(desk: StaffDesk) -> None:
    administrator = await desk.signed_in(Role.ADMINISTRATOR, name="quan-tri")
    editor, account = await desk.signed_in(Role.EDITOR, name="an"), await desk.account(Role.EDITOR, name="an")

    await administrator.post(f"{HERE}/{account.id}/ra-het")

    assert (await editor.get("/can-bo")).status_code == 303
    assert (await administrator.get("/can-bo")).status_code == 200


async def test_nobody_shuts_or_resets_oneself_nor_the_last_administrator(desk: StaffDesk) -> None:
    administrator, own = await desk.signed_in(Role.ADMINISTRATOR, name="mot"), await desk.account(name="mot")

    for deed in ("/khoa", "/cap-lai"):
        assert (await administrator.post(f"{HERE}/{own.id}{deed}")).status_code == 422
    fields = {"ho_ten": "Một", "vai_tro": "editor"}
    refused = await administrator.post(f"{HERE}/{own.id}", fields)
    assert refused.status_code == 422
    assert "quản trị viên cuối cùng" in refused.text
