"""A visitor of the public pages without a browser."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.bot.channels.web.browserless import a_client
from tests.bot.pages.office import a_site


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with a_client(a_site()) as client:
        yield client
