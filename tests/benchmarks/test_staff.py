"""The benchmark of the staff desk opens every page and names the slowest."""

from benchmarks.staff import run
from tests.places import needs_shared

SMALL = {"procedures": 30, "questions": 20, "lines": 10, "answers": 40}


@needs_shared
async def test_every_page_is_measured(sqlite_url: str) -> None:
    found = await run(sqlite_url, SMALL)

    assert {"/can-bo", "/can-bo/nhat-ky", "/can-bo/nguoi-dung/1"} <= found["pages"].keys()
    assert found["slowest_ms"] == max(found["pages"].values()) == found["pages"][found["slowest_page"]]
