"""Links and files of messages that the office has sent: led on, and counted in all, never by person."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Media types that a browser may show; anything else is only handed out."""

Lead = Callable[[str], Awaitable[str | None]]
"""Where a link's code leads, counting it; None for one that is not there."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A picture or a file of a message."""

    name: str
    media_type: str
    content: bytes


File = Callable[[int], Awaitable[KeptFile | None]]


def opening(lead: Lead, file: File) -> Sequence[BaseRoute]:
    """The addresses /l/... of links and /l/tep/... of files."""

    async def link(request: Request) -> Response:
        if request.method != "GET":  # programs that only look are not counted
            return Response(headers={"Cache-Control": "no-store"})
        found = await lead(request.path_params["code"])
        if found is None:
            raise HTTPException(404)
        # Never kept by a browser: each opening counts, and the next may lead elsewhere.
        return RedirectResponse(found, status_code=302, headers={"Cache-Control": "no-store"})

    async def kept(request: Request) -> Response:
        number = request.path_params["number"]
        found = await file(number) if number < 2**31 else None
        if found is None:
            raise HTTPException(404)
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=3600"}
        if found.media_type not in SHOWN:
            headers["Content-Disposition"] = "attachment"
        return Response(found.content, media_type=found.media_type, headers=headers)

    return Route("/l/tep/{number:int}", kept), Route("/l/{code}", link)
