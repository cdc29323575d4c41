"""The one cookie of the staff desk, closed to scripts, to other sites and to plain networks."""

import ipaddress
import re
import secrets

from starlette.requests import Request
from starlette.responses import Response

PLAIN = "motcua_can_bo"
SAFE = "__Host-motcua_can_bo"
"""Browsers take a cookie of this name only over https, for this host alone."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{32,64}")


def is_secure(request: Request, *, always: bool) -> bool:
    """False only for http to this machine itself (trying it out); everything else has to be https."""
    if always or request.url.scheme == "https":
        return True
    host = request.url.hostname or ""
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


def secret_of(request: Request, *, secure: bool) -> str:
    """The cookie's value, "" where it is absent or not of our making."""
    value = request.cookies.get(SAFE if secure else PLAIN, "")
    return value if _SECRET.fullmatch(value) else ""


def new_secret() -> str:
    """A secret for a browser that is not signed in: it proves where a form comes from, and is never a session."""
    return secrets.token_urlsafe(32)


def give(response: Response, secret: str, *, secure: bool) -> None:
    """Puts the secret into the browser until it is closed."""
    response.set_cookie(SAFE if secure else PLAIN, secret, path="/", secure=secure, httponly=True, samesite="lax")


def take(response: Response, *, secure: bool) -> None:
    """Takes the cookie away."""
    response.delete_cookie(SAFE if secure else PLAIN, path="/", secure=secure, httponly=True, samesite="lax")
