"""Coming in: password, code, forced first steps; wrong ones look alike and wait."""

from datetime import timedelta

import pyotp
import pytest

from bot.staff.gate import way_back
from bot.staff.passwords import NOT_THE_SAME, THE_SAME, TOO_SHORT
from bot.staff.signing_in import TOO_OLD, WRONG, WRONG_CODE
from bot.storage.audit import AuditFilter
from bot.storage.staff import GIVEN_LASTS, Role
from bot.storage.staff_attempts import FREE
from tests.bot.staff.office import BY, OTHER_PASSWORD, PASSWORD, StaffDesk, quick_hasher

CODE, FIRST, ENROL = "/can-bo/ma-xac-thuc", "/can-bo/doi-mat-khau", "/can-bo/cai-ma-xac-thuc"


async def test_an_editor_comes_in_by_password_and_goes_out(desk: StaffDesk) -> None:
    await desk.account(Role.EDITOR, name="an")
    visitor = desk.visitor()

    came = await visitor.sign_in("AN ")
    inside = await visitor.get("/can-bo")
    out = await visitor.post("/can-bo/dang-xuat")

    assert (came.status_code, came.headers["location"]) == (303, "/can-bo")
    assert "Việc hôm nay" in inside.text
    assert (out.status_code, out.headers["location"]) == (303, "/can-bo/dang-nhap?xong=da-ra")
    assert (await visitor.get("/can-bo")).status_code == 303


async def test_an_approver_needs_the_code_as_well_and_it_works_once(desk: StaffDesk) -> None:
    await desk.account(Role.APPROVER, name="lanh-dao")
    visitor, other = desk.visitor(), desk.visitor()

    assert (await visitor.sign_in("lanh-dao")).headers["location"] == CODE
    assert (await visitor.get("/can-bo/tai-khoan")).headers["location"] == CODE
    await visitor.get(CODE)
    wrong = await visitor.post(CODE, {"ma": "000000"})
    came = await visitor.post(CODE, {"ma": f"{desk.code()[:3]} {desk.code()[3:]}"})
    await other.sign_in("lanh-dao")
    await other.get(CODE)
    again = await other.post(CODE, {"ma": desk.code()})
    desk.clock.moment += timedelta(seconds=30)
    later = await other.post(CODE, {"ma": desk.code()})

    assert (wrong.status_code, came.headers["location"]) == (422, "/can-bo")
    assert WRONG_CODE in wrong.text
    assert (again.status_code, later.status_code) == (422, 303)


async def test_codes_cannot_be_tried_without_end(desk: StaffDesk) -> None:
    await desk.account(Role.APPROVER, name="lanh-dao")
    statuses = []
    for _ in range(FREE + 2):
        visitor = desk.visitor()
        await visitor.sign_in("lanh-dao")
        await visitor.get(CODE)
        statuses.append((await visitor.post(CODE, {"ma": "123456"})).status_code)

    assert statuses == [422] * FREE + [429] * 2
    assert (await visitor.post(CODE, {"ma": desk.code()})).status_code == 429


async def test_a_new_account_sets_its_password_and_its_authenticator_first(desk: StaffDesk) -> None:
    await desk.account(Role.ADMINISTRATOR, name="quan-tri", ready=False)
    visitor = desk.visitor()

    assert (await visitor.sign_in("quan-tri")).headers["location"] == "/can-bo"
    assert (await visitor.get("/can-bo")).headers["location"] == FIRST
    await visitor.get(FIRST)
    problems = [
        (await visitor.post(FIRST, {"moi": chosen, "lai": again})).text
        for chosen, again in ((OTHER_PASSWORD, "khác"), ("ngắn", "ngắn"), (PASSWORD, PASSWORD))
    ]
    assert all(words in page for words, page in zip((NOT_THE_SAME, TOO_SHORT, THE_SAME), problems, strict=True))
    assert (await visitor.post(FIRST, {"moi": OTHER_PASSWORD, "lai": OTHER_PASSWORD})).status_code == 303
    assert (await visitor.get("/can-bo")).headers["location"] == ENROL
    page = await visitor.get(ENROL)
    secret = page.text.split('class="code secret">')[1].split("<")[0]
    assert "<svg" in page.text
    assert (await visitor.post(ENROL, {"ma": "000000"})).status_code == 422
    assert (await visitor.post(ENROL, {"ma": pyotp.TOTP(secret).at(desk.clock())})).status_code == 303
    assert (await visitor.get("/can-bo")).status_code == 200

    account = await desk.room.accounts.named("quan-tri")
    assert account is not None
    assert (account.totp_secret, account.must_change_password) == (secret, False)


async def test_names_that_exist_and_others_look_alike(desk: StaffDesk) -> None:
    await desk.account(Role.EDITOR, name="an")
    shut = await desk.account(Role.EDITOR, name="da-khoa")
    await desk.room.accounts.disable(shut, by=BY, now=desk.clock())

    told = []
    for name, password in (("an", "sai"), ("khong-co", "sai"), ("da-khoa", PASSWORD), ("or 1=1 --", "x")):
        visitor = desk.visitor()
        response = await visitor.sign_in(name, password)
        told.append((response.status_code, response.text.replace(visitor.token, "").replace(_shown(name), "")))

    assert told[0][0] == 422
    assert WRONG in told[0][1]
    assert all(one == told[0] for one in told)


async def test_names_that_exist_and_others_wait_alike(desk: StaffDesk) -> None:
    await desk.account(Role.EDITOR, name="an")
    told: dict[str, list[str]] = {}
    for name in ("an", "khong-co"):
        visitor = desk.visitor()
        for _ in range(FREE + 1):
            response = await visitor.sign_in(name, "sai")
        told[name] = [str(response.status_code), response.text.replace(visitor.token, "").replace(_shown(name), "")]

    assert told["an"][0] == "429"
    assert "1 phút" in told["an"][1]
    assert told["an"] == told["khong-co"]


async def test_while_waiting_even_the_right_password_is_refused(desk: StaffDesk) -> None:
    await desk.account(Role.EDITOR, name="an")
    for _ in range(FREE):
        await desk.visitor().sign_in("an", "sai")

    assert (await desk.visitor().sign_in("an")).status_code == 429
    desk.clock.moment += timedelta(minutes=1)
    assert (await desk.visitor().sign_in("an")).status_code == 303
    assert (await desk.visitor().sign_in("an", "sai")).status_code == 422


async def test_one_network_cannot_try_every_name(desk: StaffDesk) -> None:
    statuses = [(await desk.visitor().sign_in(f"ten-{number}", "sai")).status_code for number in range(52)]

    assert statuses == [422] * 50 + [429] * 2


async def test_a_given_password_ends_by_itself(desk: StaffDesk) -> None:
    await desk.account(Role.EDITOR, name="an", ready=False)
    desk.clock.moment += GIVEN_LASTS

    response = await desk.visitor().sign_in("an")

    assert response.status_code == 422
    assert TOO_OLD in response.text


async def test_a_password_typed_by_another_keyboard_is_the_same(desk: StaffDesk) -> None:
    await desk.account(Role.EDITOR, name="an")

    decomposed = "con tra\u0302u \u0111i tru\u031bo\u031b\u0301c ca\u0301i ca\u0300y"
    assert (await desk.visitor().sign_in("an", decomposed)).status_code == 303


async def test_a_hash_by_old_rules_is_made_anew(desk: StaffDesk) -> None:
    account = await desk.account(Role.EDITOR, name="an")
    older = type(quick_hasher())(time_cost=1, memory_cost=16, parallelism=1).hash(PASSWORD)
    await desk.room.accounts.rehash(account, older)

    assert (await desk.visitor().sign_in("an")).status_code == 303
    found = await desk.room.accounts.named("an")
    assert found is not None
    assert found.password_hash != older


async def test_one_comes_back_to_where_one_wanted_to_go(desk: StaffDesk) -> None:
    await desk.account(Role.EDITOR, name="an")
    visitor = desk.visitor()
    sent = await visitor.get("/can-bo/da-noi?muc=1.004194")

    assert sent.headers["location"] == "/can-bo/dang-nhap?ve=%2Fcan-bo%2Fda-noi%3Fmuc%3D1.004194"
    await visitor.get(sent.headers["location"])
    came = await visitor.post(
        "/can-bo/dang-nhap", {"ten": "an", "mat_khau": PASSWORD, "ve": "/can-bo/da-noi?muc=1.004194"}
    )
    assert came.headers["location"] == "/can-bo/da-noi?muc=1.004194"


@pytest.mark.parametrize(
    "address",
    [
        *(
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/can-bo//evil.example",
            "/can-bo/../x",
            "can-bo",
        ),
        *(
            "/can-bo\r\nSet-Cookie: a=b",
            "/can-bo/\u2028",
            "javascript:alert(1)",
            "/can-bo-khac",
            "",
            "/can-bo/" + "x" * 600,
        ),
    ],
)
def test_one_is_never_sent_anywhere_else(address: str) -> None:
    assert way_back(address) == "/can-bo"


async def test_what_happens_at_the_door_is_recorded(desk: StaffDesk) -> None:
    await desk.account(Role.EDITOR, name="an")
    visitor = desk.visitor()
    await visitor.sign_in("an", "sai")
    await visitor.sign_in("mat-khau-go-nham-o-ten", "sai")
    await visitor.sign_in("an")
    await visitor.get("/can-bo")
    await visitor.post("/can-bo/dang-xuat")

    entries, _ = await desk.room.audit.page(AuditFilter(action="session."), limit=9)
    assert [(one.action, one.actor, one.subject, one.place) for one in entries] == [
        ("session.close", "an", "", "192.0.2.7"),
        ("session.open", "an", "account:an", "192.0.2.7"),
        ("session.refused", "", "", "192.0.2.7"),
        ("session.refused", "", "account:an", "192.0.2.7"),
    ]


def _shown(name: str) -> str:
    return f'value="{name}"'


async def test_what_was_typed_is_not_lost_with_the_session(desk: StaffDesk) -> None:
    visitor = await desk.signed_in(Role.EDITOR, name="an")
    desk.clock.moment += timedelta(hours=2)
    fields = {"tra_loi": "Một câu trả lời dài mà cán bộ đã gõ cả buổi. <b>", "moi": OTHER_PASSWORD, "ngan": "ngắn"}

    kept = await visitor.post("/can-bo/tai-khoan/mat-khau", fields)
    short = await visitor.post("/can-bo/tai-khoan/mat-khau", {"ngan": "ngắn"})
    foreign = await visitor.post("/can-bo/tai-khoan/mat-khau", fields, sec_fetch_site="cross-site")

    assert (kept.status_code, short.status_code, foreign.status_code) == (401, 303, 303)
    assert "cả buổi. &lt;b&gt;</textarea>" in kept.text
    assert OTHER_PASSWORD not in kept.text
    assert visitor.token not in kept.text
