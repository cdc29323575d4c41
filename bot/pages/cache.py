"""Rendered pages kept in memory for one revision and day, sent packed, and not at all where the browser has them."""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

MOST_BYTES = 48 * 1024 * 1024
"""Packed bytes kept; a page of a procedure packs to about 6 KB, so the whole national catalogue fits."""
PACKING = 5


@dataclass(frozen=True, slots=True)
class Rendered:
    """One page as it is sent. packed: gzip."""

    packed: bytes
    etag: str
    media_type: str

    def text(self) -> str:
        """The page as it was rendered."""
        return gzip.decompress(self.packed).decode()


def rendered(text: str, media_type: str = "text/html; charset=utf-8") -> Rendered:
    """A page made ready for sending."""
    body = text.encode()
    etag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    return Rendered(gzip.compress(body, PACKING, mtime=0), etag, media_type)


class PageCache:
    """The pages of one edition, the least recently used leaving first; a new edition starts empty."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._edition: Hashable = None
        self._pages: OrderedDict[Hashable, Rendered] = OrderedDict()
        self.size = 0

    def get(self, edition: Hashable, key: Hashable) -> Rendered | None:
        """The page, if this edition has it."""
        if edition != self._edition:
            return None
        page = self._pages.get(key)
        if page is not None:
            self._pages.move_to_end(key)
        return page

    def keep(self, edition: Hashable, key: Hashable, page: Rendered) -> None:
        """Keeps a page of this edition."""
        if edition != self._edition:
            self._edition, self.size = edition, 0
            self._pages.clear()
        if old := self._pages.pop(key, None):
            self.size -= len(old.packed)
        self._pages[key] = page
        self.size += len(page.packed)
        while self.size > self._most:
            _, gone = self._pages.popitem(last=False)
            self.size -= len(gone.packed)


def respond(request: Request, page: Rendered) -> Response:
    """The page for this browser: not modified, packed or plain. It is asked for again each time, which is cheap."""
    headers = {"ETag": page.etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding, Cookie"}
    if page.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(page.packed, media_type=page.media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(gzip.decompress(page.packed), media_type=page.media_type, headers=headers)
