"""Links of sent messages lead on and are counted in all; files are handed out once a campaign was scheduled."""

from dataclasses import replace

import httpx
from sqlalchemy import select
from starlette.applications import Starlette

from bot.commands.campaigning import opened
from bot.storage.campaign_tables import campaign_link
from handlers.messages import Link
from tests.bot.campaigns.sending import PLAN, WRITER, a_desk


async def test_links_are_counted_and_nothing_else_is_known(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        await desk.people(1)
        file = await desk.campaigns.keep_file("tờ rơi.pdf", "application/pdf", b"%PDF-", desk.now)
        plan = replace(PLAN, links=(Link("Cổng", "https://dichvucong.gov.vn/a?b=1"),), file_id=file)
        draft = await desk.campaigns.create(plan, WRITER, desk.now)
        transport = httpx.ASGITransport(app=Starlette(routes=list(opened(desk.engine))))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            assert (await http.get(f"/l/tep/{file}")).status_code == 404
            await desk.campaigns.cancel(draft.id, WRITER, desk.now)
            made = await desk.scheduled(plan)
            await desk.sender().once()
            async with desk.engine.connect() as connection:
                code = (await connection.execute(select(campaign_link.c.code))).scalar_one()
            assert f"/l/{code}" in desk.got[0][1]
            assert f"Tệp kèm theo: https://motcua.example.vn/l/tep/{file}" in desk.got[0][1]

            first, again = await http.get(f"/l/{code}"), await http.get(f"/l/{code}")
            assert (first.status_code, first.headers["location"]) == (302, "https://dichvucong.gov.vn/a?b=1")
            assert (again.status_code, again.headers["cache-control"]) == (302, "no-store")
            await http.head(f"/l/{code}")
            assert (await http.get("/l/khong-co")).status_code == 404
            (link,) = (await desk.accounts.effect(made.id, ())).clicks
            assert (link.url, link.clicks) == ("https://dichvucong.gov.vn/a?b=1", 2)

            handed = await http.get(f"/l/tep/{file}")
            assert (handed.content, handed.headers["content-disposition"]) == (b"%PDF-", "attachment")
            assert handed.headers["x-content-type-options"] == "nosniff"
            assert (await http.get("/l/tep/99999999999999")).status_code == 404
