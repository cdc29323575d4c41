"""The page's frame: one office's header, navigation and footer around what a room has to show."""

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from handlers.contacts import (
    DESK_NAME,
    EMERGENCY_NUMBERS,
    NATIONAL_HOTLINE_NUMBER,
    NATIONAL_PORTAL_ADDRESS,
    office_name,
)
from knowledge.entries import OfficeProfile

HERE = Path(__file__).parent
STATIC = HERE / "static"
SHARED_TEMPLATES = HERE / "templates"
NAVIGATION = (
    ("/", "Hỏi máy"),
    ("/thu-tuc", "Thủ tục"),
    ("/hoi-dap", "Hỏi đáp"),
    ("/tin-tuc", "Tin tức"),
    ("/dulieu", "Dữ liệu"),
)
TYPE_COOKIE = "motcua_chu"
LARGE = "lon"
TYPE_COOKIE_SECONDS = 365 * 24 * 3600
_LONGEST_RETURN = 1000


@dataclass(frozen=True, slots=True)
class Display:
    """How one visitor sees a page. large: large type; here: its path and query, to come back to.

    embedded: shown within another site, so without our header and footer.
    """

    large: bool = False
    here: str = "/"
    embedded: bool = False


def display_of(request: Request) -> Display:
    """What the request says about how pages are to be shown."""
    url = request.url
    return Display(
        large=request.cookies.get(TYPE_COOKIE) == LARGE,
        here=f"{url.path}?{url.query}" if url.query else url.path,
        embedded="nhung" in request.query_params,
    )


async def switch_type(request: Request) -> Response:
    """Keeps the size of type in a cookie and goes back to where the visitor was."""
    back = request.query_params.get("ve", "/")
    ours = back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable()
    response = RedirectResponse(back if ours and len(back) <= _LONGEST_RETURN else "/", status_code=303)
    if request.query_params.get("chu") == LARGE:
        response.set_cookie(TYPE_COOKIE, LARGE, max_age=TYPE_COOKIE_SECONDS, path="/", httponly=True, samesite="lax")
    else:
        response.delete_cookie(TYPE_COOKIE, path="/", httponly=True, samesite="lax")
    return response


class Frame:
    """Renders the templates of one room within the frame of one office."""

    def __init__(self, profile: OfficeProfile, templates: Path, values: Mapping[str, Any] | None = None) -> None:
        self._templates = Environment(
            loader=FileSystemLoader([templates, SHARED_TEMPLATES]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.globals.update(
            desk=DESK_NAME,
            office=office_name(profile),
            profile=profile,
            emergency=EMERGENCY_NUMBERS,
            hotline=NATIONAL_HOTLINE_NUMBER,
            portal=NATIONAL_PORTAL_ADDRESS,
            navigation=NAVIGATION,
            asset=assets(),
            type_switch=_type_switch,
            **(values or {}),
        )

    def render(self, template: str, display: Display, **values: Any) -> str:
        """A whole page, or a part of one."""
        return self._templates.get_template(template).render(display=display, **values)

    def warm(self) -> None:
        """Compiles every template now instead of at its first use."""
        for name in self._templates.list_templates(extensions=["html"]):
            self._templates.get_template(name)

    def failure(self, display: Display, title: str, text: str, *, missing: bool = False) -> str:
        """A page that says what went wrong; missing: with a search box."""
        return self.render("failure.html", display, title=title, text=text, missing=missing)


def _type_switch(display: Display) -> str:
    return "/hien-thi?" + urlencode({"chu": "vua" if display.large else LARGE, "ve": display.here})


@functools.cache
def assets() -> Mapping[str, str]:
    """Address of each static file; it changes with the file, so that browsers may keep it for long."""
    return {
        file.name: f"/static/web/{file.name}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"
        for file in sorted(STATIC.iterdir())
        if file.is_file()
    }
