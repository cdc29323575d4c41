"""A staff desk over SQLite; what differs between databases is tested with the storage."""

from collections.abc import AsyncIterator

import pytest

from tests.bot.staff.office import StaffDesk, a_staff_desk


@pytest.fixture
async def desk(sqlite_url: str) -> AsyncIterator[StaffDesk]:
    """The staff desk."""
    async with a_staff_desk(sqlite_url) as desk:
        yield desk
