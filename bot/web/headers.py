"""The safety headers of every web response."""

from collections.abc import MutableMapping, Sequence
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors {ancestors}",
    )
)
STATIC = "/static/"
EMBEDDED = ("/chat", "/chat/forget")
"""The only pages that another site may show within its own."""
A_YEAR = "public, max-age=31536000, immutable"


class SafetyHeaders:
    """Adds the headers; embed_sites: origins that may embed the chat ("https://sokhcn.example.vn")."""

    def __init__(self, app: ASGIApp, embed_sites: Sequence[str] = ()) -> None:
        self.app = app
        self.policy = POLICY.format(ancestors="'none'")
        self.embedded_policy = POLICY.format(
            ancestors=" ".join(("'self'", *embed_sites) if embed_sites else ("'none'",))
        )
        self.headers = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(scope, message)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _add(self, scope: Scope, message: MutableMapping[str, Any]) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in self.headers.items():
            headers[name] = value
        headers["Content-Security-Policy"] = self.embedded_policy if scope["path"] in EMBEDDED else self.policy
        # Pages hold a conversation unless they say otherwise; files carry a version in their address.
        if scope["path"].startswith(STATIC) and scope["query_string"] and message["status"] == 200:
            headers["Cache-Control"] = A_YEAR
        else:
            headers.setdefault("Cache-Control", "no-store")
