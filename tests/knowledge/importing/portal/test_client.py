"""The portal is asked politely, and each of its faults ends well or in a clear sentence."""

from datetime import UTC, datetime

import httpx
import pytest

from knowledge.importing.portal import PortalBlocked, PortalProblem
from knowledge.importing.portal.client import DETAIL, LIST, PAGE, PortalClient
from knowledge.importing.portal.courtesy import Courtesy
from knowledge.importing.portal.problems import NotThere
from tests.doubles.portal import (
    BROKEN,
    BUSY,
    CUT_JSON,
    CUT_OFF,
    DROPPED,
    FIREWALL,
    FORBIDDEN,
    SLOW,
    Fault,
    Patience,
    StubPortal,
    a_client,
    a_portal,
    a_record,
    too_many,
)

RECORD = a_record("id-1", "1.000001")


async def _codes(client: PortalClient, agency: str = "") -> list[str]:
    return [item.code async for page in client.pages(agency) for item in page.items]


async def test_the_list_is_read_to_its_end_page_by_page() -> None:
    records = [a_record(f"id-{n:03}", f"1.{n:06}") for n in range(7)]
    async with a_portal(*records) as stub, a_client(stub) as client:
        stub.page = 3

        assert await _codes(client) == [record["code"] for record in records]
        asked = stub.bodies(LIST)
        assert [body["lastId"] for body in asked] == ["", "id-002", "id-005", "id-006"]
        assert {body["limit"] for body in asked} == {PAGE} == {200}


async def test_one_agency_is_asked_for_by_its_code() -> None:
    async with a_portal(RECORD, a_record("id-2", "1.000002")) as stub, a_client(stub) as client:
        stub.agencies["G10"] = ["id-2"]

        assert await _codes(client, "G10") == ["1.000002"]


async def test_a_record_comes_whole_with_http_201() -> None:
    async with a_portal(RECORD) as stub, a_client(stub) as client:
        assert await client.detail("id-1") == RECORD


async def test_requests_keep_the_pace() -> None:
    patience = Patience()
    async with a_portal(RECORD) as stub, a_client(stub, patience, rate=0.5) as client:
        for _ in range(3):
            await client.detail("id-1")

    assert patience.slept == [2.0, 2.0]


@pytest.mark.parametrize("fault", [BUSY, BROKEN, DROPPED, CUT_OFF, CUT_JSON, FIREWALL, FORBIDDEN])
async def test_a_fault_that_passes_is_waited_out(fault: Fault) -> None:
    patience = Patience()
    async with a_portal(RECORD) as stub, a_client(stub, patience) as client:
        stub.faults[DETAIL] = [fault]

        assert await client.detail("id-1") == RECORD
        assert len(stub.bodies(DETAIL)) == 2
    assert patience.slept


async def test_an_answer_that_does_not_come_is_given_up_and_asked_again() -> None:
    async with a_portal(RECORD) as stub, a_client(stub, timeout=0.3) as client:
        stub.faults[DETAIL] = [SLOW]

        assert await client.detail("id-1") == RECORD


async def test_pauses_grow_and_end() -> None:
    patience = Patience()
    async with a_portal(RECORD) as stub, a_client(stub, patience, rate=1000.0, attempts=4) as client:
        stub.faults[DETAIL] = [BUSY] * 4

        with pytest.raises(PortalProblem, match=r"sau 4 lần thử \(HTTP 503\)"):
            await client.detail("id-1")
    assert [pause for pause in patience.slept if pause > 1] == [2.0, 4.0, 8.0]


async def test_chance_spreads_the_pauses() -> None:
    patience = Patience()
    async with a_portal(RECORD) as stub, a_client(stub, patience, rate=1000.0, chance=lambda: 0.0) as client:
        stub.faults[DETAIL] = [BUSY]
        await client.detail("id-1")

    assert patience.slept[0] == 1.0


@pytest.mark.parametrize("asked", ["90", "Sat, 21 Nov 2026 03:01:30 GMT"])
async def test_retry_after_is_honoured(asked: str) -> None:
    patience = Patience()
    now = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    async with a_portal(RECORD) as stub, a_client(stub, patience, now=lambda: now) as client:
        stub.faults[DETAIL] = [too_many(asked)]
        await client.detail("id-1")

    assert patience.slept[0] == 90.0


@pytest.mark.parametrize("asked", ["soon", "-5", ""])
async def test_a_retry_after_that_says_nothing_is_passed_over(asked: str) -> None:
    patience = Patience()
    async with a_portal(RECORD) as stub, a_client(stub, patience) as client:
        stub.faults[DETAIL] = [too_many(asked)]
        await client.detail("id-1")

    assert patience.slept[0] == 2.0


async def test_a_wait_of_hours_is_left_to_another_day() -> None:
    async with a_portal(RECORD) as stub, a_client(stub) as client:
        stub.faults[DETAIL] = [too_many("7200")]

        with pytest.raises(PortalProblem, match="chờ 120 phút"):
            await client.detail("id-1")


async def test_the_firewall_is_recognised_and_given_more_time() -> None:
    patience = Patience()
    async with a_portal(RECORD) as stub, a_client(stub, patience, rate=1000.0) as client:
        stub.faults[LIST] = [FIREWALL, FORBIDDEN, FIREWALL]

        with pytest.raises(PortalBlocked, match=r"Tường lửa.*drop_folder"):
            await _codes(client)
    assert [pause for pause in patience.slept if pause > 1] == [60.0, 120.0]


async def test_json_that_never_becomes_whole_is_told() -> None:
    async with a_portal(RECORD) as stub, a_client(stub, attempts=3) as client:
        stub.faults[LIST] = [CUT_JSON] * 3

        with pytest.raises(PortalProblem, match="không phải JSON"):
            await _codes(client)


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b'{"code":"OK"}',
        b'{"code":"OK","data":[]}',
        b'{"code":"ERROR","data":{"items":[]},"message":"x"}',
        b'{"code":"OK","data":{"rows":[]}}',
        b'{"code":"OK","data":{"items":{}}}',
        b'{"code":"OK","data":{"items":["x"]}}',
        b'{"code":"OK","data":{"items":[{"code":"1.000001"}]}}',
        b"[" * 100_000,
        b"\xff\xfe{}",
    ],
)
async def test_an_answer_of_another_shape_is_told(body: bytes) -> None:
    async with a_portal(RECORD) as stub, a_client(stub, attempts=1) as client:
        stub.faults[LIST] = [Fault(201, body)]

        with pytest.raises(PortalProblem, match="Cổng trả lời khác"):
            await _codes(client)


async def test_a_record_that_is_not_there_is_no_reason_to_ask_again() -> None:
    async with a_portal(RECORD) as stub, a_client(stub) as client:
        with pytest.raises(NotThere, match="Formality not found"):
            await client.detail("id-9")
        assert len(stub.bodies(DETAIL)) == 1


async def test_a_cursor_that_stands_still_ends_the_list() -> None:
    async with a_portal(RECORD) as stub, a_client(stub) as client:
        page = b'{"code":"OK","data":{"items":[{"id":"id-1","code":"1.000001"}],"lastId":"same","total":9}}'
        stub.faults[LIST] = [Fault(201, page)] * 9

        assert await _codes(client) == ["1.000001"] * 2


async def test_a_portal_that_is_away_is_told() -> None:
    async with a_portal(RECORD) as stub:
        gone = StubPortal(address=stub.address)
    async with a_client(gone, attempts=2) as client:
        with pytest.raises(PortalProblem, match=r"ConnectError.*portal.base_url"):
            await client.detail("id-1")


async def test_we_say_who_asks() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json={"code": "OK", "data": {"id": "x"}})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        await PortalClient(http, "https://portal.example/api/v1/", Courtesy()).detail("x")

    assert str(seen[0].url) == f"https://portal.example/api/v1{DETAIL}"
    assert seen[0].headers["User-Agent"].startswith("MotCua/")
    assert seen[0].headers["Origin"] == "https://portal.example"
