"""The form files that this server hands out itself: their addresses, names and headers."""

import re
import unicodedata
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from knowledge.forms import LocalForm
from knowledge.forms.kinds import CONTENT_TYPES
from knowledge.forms.registry import Forms

FOLDER = "/bieu-mau/"
LONGEST_NAME = 120
_FILE = re.compile(r"([0-9a-f]{64})\.([a-z]{3,4})")
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_SPACE = re.compile(r"\s+")


def address(form: LocalForm) -> str:
    """Where this server gives the copy out; the same as long as its content is."""
    return f"{FOLDER}{form.sha256}.{form.type}"


def details(form: LocalForm) -> str:
    """Kind and size as people read them: "DOCX, 45 KB"."""
    size = f"{form.size / 1_048_576:.1f} MB".replace(".", ",") if form.size >= 1_048_576 else f"{_kb(form.size)} KB"
    return f"{form.type.upper()}, {size}"


def file_name(form: LocalForm) -> str:
    """A name to keep the file under, safe on every system, with its true ending."""
    name = _SPACE.sub(" ", _NOT_IN_NAMES.sub(" ", unicodedata.normalize("NFC", form.name)))
    name = re.sub(rf"\.{form.type}$", "", name.strip(" ."), flags=re.IGNORECASE)[:LONGEST_NAME].strip(" .")
    return f"{name or 'Biểu mẫu'}.{form.type}"


def route(forms: Forms) -> Route:
    """The address of every copy; a file that is not written down as kept is not given out."""

    async def download(request: Request) -> Response:
        asked = _FILE.fullmatch(request.path_params["name"])
        form = (await forms()).by_hash.get(asked[1]) if asked else None
        if form is None or asked is None or asked[2] != form.type or not await run_in_threadpool(form.path.is_file):
            raise HTTPException(404)
        headers = {"ETag": f'"{form.sha256}"', "Cache-Control": "public, max-age=3600"}
        if headers["ETag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        headers["Content-Disposition"] = (
            f"attachment; filename=\"bieu-mau.{form.type}\"; filename*=UTF-8''{quote(file_name(form), safe='')}"
        )
        headers["X-Content-Type-Options"] = "nosniff"
        return FileResponse(form.path, media_type=CONTENT_TYPES[form.type], headers=headers)

    return Route(FOLDER + "{name}", download)


def _kb(size: int) -> int:
    return max(1, round(size / 1024))
