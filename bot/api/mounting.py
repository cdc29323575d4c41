"""Puts the API beside the web pages on one address: neither sees the other's requests."""

from starlette.types import ASGIApp, Receive, Scope, Send


def mounted(web: ASGIApp, api: ASGIApp, prefix: str) -> ASGIApp:
    """An application that gives what lies under `prefix` to `api`, everything else to `web`."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] == "http" and (path == prefix or path.startswith(f"{prefix}/")):
            root = scope.get("root_path", "") + prefix
            path = path if path != prefix else f"{prefix}/"
            await api({**scope, "path": path, "root_path": root}, receive, send)
        else:
            await web(scope, receive, send)

    return serve
