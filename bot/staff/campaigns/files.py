"""The picture or file of a campaign: which kinds are taken, and how staff open it."""

from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.staff.campaigns.reading import wanted
from bot.staff.room import Room
from bot.staff.visit import Visit
from bot.storage.campaign_tables import campaign_file

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
)


def media_type(content: bytes) -> str:
    """What a file is by its own bytes, whatever its name says; "" for a kind that is not taken."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for beginning, kind in _BEGINNINGS if content.startswith(beginning)), "")


async def show(room: Room, visit: Visit) -> Response:
    """The file of a campaign."""
    campaign = await wanted(room, visit)
    query = select(campaign_file).where(campaign_file.c.id == campaign.plan.file_id)
    async with room.engine.connect() as connection:
        row = (await connection.execute(query)).mappings().one_or_none()
    if row is None:
        raise HTTPException(404)
    shown = "inline" if row["media_type"].startswith("image/") else "attachment; filename=tep.pdf"
    return Response(row["content"], media_type=row["media_type"], headers={"Content-Disposition": shown})
