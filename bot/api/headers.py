"""The headers of every response of the API, and HEAD answered as GET without its body."""

from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFETY = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class ApiHeaders:
    """Adds the safety headers, and what is left of the caller's minute."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state: dict[str, Any] = {}
        scope = {**scope, "state": state, "method": "GET" if scope["method"] == "HEAD" else scope["method"]}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**SAFETY, "Cache-Control": "no-store"}.items():
                    headers.setdefault(name, value)
                headers.update(state.get("pace", {}))
            await send(message)

        await self.app(scope, receive, send_with_headers)
