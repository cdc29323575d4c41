"""The pages for machines: the site map, the rules for robots, the QR code of an address."""

import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from xml.sax.saxutils import escape

import segno
from starlette.requests import Request

from bot.pages.catalogue import Catalogue
from knowledge.entries import Faq

_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(?::\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](?::\d{1,5})?")
SHUT = ("/chat", "/dulieu", "/hien-thi", "/the/", "/l/")
"""What search engines are to leave alone: conversations, switches, and answers that the pages hold already."""


def origin(request: Request, address: str) -> str:
    """The site's own address without a slash at its end: the one set, else the one by which it was reached."""
    if address:
        return address.rstrip("/")
    host = request.headers.get("host", "")
    return f"{request.url.scheme}://{host}" if _HOST.fullmatch(host) else "http://localhost"


def robots(site: str) -> str:
    """robots.txt."""
    return "\n".join(("User-agent: *", *(f"Disallow: {path}" for path in SHUT), f"Sitemap: {site}/sitemap.xml", ""))


def sitemap(site: str, catalogue: Catalogue, faqs: Iterable[Faq]) -> str:
    """sitemap.xml with every public page; the day of a procedure's data is its last change."""
    return "".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>\n',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n',
            *_entries(site, _paths(catalogue, faqs)),
            "</urlset>\n",
        )
    )


def _paths(catalogue: Catalogue, faqs: Iterable[Faq]) -> Iterator[tuple[str, date | None]]:
    yield from (("/", None), ("/thu-tuc", None), ("/hoi-dap", None))
    for item in catalogue.items:
        yield f"/thu-tuc/{item.code}", item.data_date
    for faq in faqs:
        yield f"/hoi-dap/{faq.id}", max((s.as_of for s in faq.sources if s.as_of), default=None)


def _entries(site: str, paths: Iterable[tuple[str, date | None]]) -> Iterator[str]:
    for path, day in paths:
        changed = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
        yield f"<url><loc>{escape(site + path)}</loc>{changed}</url>\n"


def qr_code(address: str) -> str:
    """The address as a QR code, an SVG with its own white ground."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=3, light="#fff", xmldecl=False, scale=4)
    return out.getvalue().decode()
