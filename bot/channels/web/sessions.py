"""Who is writing on the web page: an anonymous random id in a cookie, and proof that the form is ours."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from fastapi import Request, Response

from handlers.messages import Citizen

CHANNEL = "web"
COOKIE = "motcua"
COOKIE_SECONDS = 30 * 24 * 3600

_SECRET = re.compile(r"[A-Za-z0-9_-]{32,64}")


@dataclass(frozen=True, slots=True)
class Session:
    """One browser. secret: the cookie's value, never stored or logged; fresh: the browser does not have it yet."""

    secret: str = field(repr=False)
    fresh: bool = False

    @property
    def citizen(self) -> Citizen:
        """The citizen under an id from which the cookie cannot be found again."""
        return Citizen(CHANNEL, hashlib.sha256(f"citizen:{self.secret}".encode()).hexdigest()[:32])

    @property
    def token(self) -> str:
        """The form's proof that it comes from a page of this browser."""
        return hmac.new(self.secret.encode(), b"form", hashlib.sha256).hexdigest()

    def owns(self, token: str) -> bool:
        """True if the form's token is of this browser."""
        return hmac.compare_digest(self.token.encode(), token.encode("utf-8", "replace"))


def new_session() -> Session:
    """A session for a browser that has none."""
    return Session(secrets.token_urlsafe(24), fresh=True)


def session_of(request: Request) -> Session:
    """The browser's session, or a new one where its cookie is absent or not of our making."""
    secret = request.cookies.get(COOKIE, "")
    return Session(secret) if _SECRET.fullmatch(secret) else new_session()


def remember(response: Response, session: Session, *, secure: bool, embedded: bool = False) -> None:
    """Gives the browser its cookie; also renews the 30 days of an older one.

    embedded: other sites may show the chat within theirs; their visitors' browsers then send the cookie only when it
    says SameSite=None, which they accept from https alone, and keep it apart for each of those sites (Partitioned).
    """
    elsewhere = embedded and secure
    response.set_cookie(
        COOKIE,
        session.secret,
        max_age=COOKIE_SECONDS,
        path="/",
        secure=secure,
        httponly=True,
        samesite="none" if elsewhere else "lax",
    )
    if elsewhere:
        cookie = response.headers.getlist("set-cookie")[-1]
        response.raw_headers[-1] = (b"set-cookie", f"{cookie}; Partitioned".encode("latin-1"))


def from_our_page(request: Request) -> bool:
    """False if the browser says that another site sent this form.

    Schemes are not compared: behind a proxy that ends TLS the service itself is spoken to by http.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
