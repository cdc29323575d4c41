"""One's own account: password, authenticator, devices."""

import pyotp

from bot.staff.own_account import CODE_NEEDED, WRONG_PASSWORD
from bot.storage.staff import Role
from bot.storage.staff_attempts import FREE
from tests.bot.staff.office import OTHER_PASSWORD, PASSWORD, StaffDesk

HERE = "/can-bo/tai-khoan"


async def test_a_new_password_ends_every_other_session(desk: StaffDesk) -> None:
    here, there = await desk.signed_in(Role.EDITOR, name="an"), await desk.signed_in(Role.EDITOR, name="an")
    fields = {"moi": OTHER_PASSWORD, "lai": OTHER_PASSWORD}

    wrong = await here.post(HERE + "/mat-khau", {"cu": "sai", **fields})
    done = await here.post(HERE + "/mat-khau", {"cu": PASSWORD, **fields})

    assert (wrong.status_code, done.status_code) == (422, 303)
    assert WRONG_PASSWORD in wrong.text
    assert "Đã đổi mật khẩu" in (await here.get(done.headers["location"])).text
    assert (await there.get("/can-bo")).status_code == 303
    assert (await desk.visitor().sign_in("an", PASSWORD)).status_code == 422
    assert (await desk.visitor().sign_in("an", OTHER_PASSWORD)).status_code == 303


async def test_the_present_password_cannot_be_guessed_at_an_unlocked_computer(desk: StaffDesk) -> None:
    visitor = await desk.signed_in(Role.EDITOR, name="an")
    for _ in range(FREE):
        await visitor.post(HERE + "/mat-khau", {"cu": "sai"})

    assert "phút" in (await visitor.post(HERE + "/mat-khau", {"cu": PASSWORD})).text


async def test_an_authenticator_is_put_on_and_taken_off(desk: StaffDesk) -> None:
    visitor = await desk.signed_in(Role.EDITOR, name="an")
    page = await visitor.get(HERE + "/ma-xac-thuc")
    secret = page.text.split('class="code secret">')[1].split("<")[0]
    code = pyotp.TOTP(secret).at(desk.clock())

    assert (await visitor.post(HERE + "/ma-xac-thuc", {"ma": code, "cu": "sai"})).status_code == 422
    assert (await visitor.post(HERE + "/ma-xac-thuc", {"ma": "000000", "cu": PASSWORD})).status_code == 422
    assert (await visitor.post(HERE + "/ma-xac-thuc", {"ma": code, "cu": PASSWORD})).status_code == 303
    assert (await desk.visitor().sign_in("an")).headers["location"] == "/can-bo/ma-xac-thuc"
    await visitor.get(HERE)
    assert (await visitor.post(HERE + "/bo-ma-xac-thuc", {"cu": "sai"})).status_code == 422
    assert (await visitor.post(HERE + "/bo-ma-xac-thuc", {"cu": PASSWORD})).status_code == 303
    assert (await desk.visitor().sign_in("an")).headers["location"] == "/can-bo"


async def test_an_approver_keeps_the_authenticator(desk: StaffDesk) -> None:
    visitor = await desk.signed_in(Role.APPROVER, name="lanh-dao")
    refused = await visitor.post(HERE + "/bo-ma-xac-thuc", {"cu": PASSWORD})

    assert refused.status_code == 422
    assert CODE_NEEDED in refused.text
    account = await desk.room.accounts.named("lanh-dao")
    assert account is not None
    assert account.totp_secret


async def test_the_secret_of_the_authenticator_is_the_sessions_own(desk: StaffDesk) -> None:
    pages = [(await (await desk.signed_in(Role.EDITOR, name="an")).get(HERE + "/ma-xac-thuc")).text for _ in range(2)]
    secrets = [page.split('class="code secret">')[1].split("<")[0] for page in pages]

    assert len(set(secrets)) == 2
    assert all(len(one) == 32 for one in secrets)


async def test_one_device_is_signed_out_or_all_of_them(desk: StaffDesk) -> None:
    here, there = await desk.signed_in(Role.EDITOR, name="an"), await desk.signed_in(Role.EDITOR, name="an")
    third, account = await desk.signed_in(Role.EDITOR, name="an"), await desk.account(Role.EDITOR, name="an")
    assert "Phiên này" in (await here.get(HERE)).text
    sessions = await desk.room.signed_in.of(account, desk.clock())
    assert len(sessions) == 3

    await here.post(f"{HERE}/phien/{sorted(one.id for one in sessions)[1]}/ket-thuc")
    assert [(await one.get("/can-bo")).status_code for one in (here, there, third)] == [200, 303, 200]
    await here.post(HERE + "/ra-het")
    assert [(await one.get("/can-bo")).status_code for one in (here, there, third)] == [303, 303, 303]
