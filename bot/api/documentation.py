"""The API's own description: an OpenAPI 3.1 document, and a plain page made from it."""

import base64
import functools
import hashlib
import json
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel

from bot.api.headers import SAFETY
from bot.api.models import Moved, Question
from bot.api.problems import MEDIA_TYPE, TITLES, FieldProblem, ProblemDetails

VERSION = "1.0.0"
TITLE = "Một Cửa: giao diện JSON"
DESCRIPTION = (
    "Hỏi đáp và tra cứu thủ tục hành chính từ dữ liệu đã công bố của cơ quan, cho chương trình khác dùng. "
    "Câu trả lời do máy soạn từ dữ liệu công bố; khi hiện cho người dân hãy hiện kèm dòng nguồn (citation). "
    "Số yêu cầu mỗi phút có hạn, xem các tiêu đề RateLimit-*. Các yêu cầu GET có ETag."
)
TEMPLATES = Path(__file__).parent / "templates"
_REF = "#/components/schemas/"
_SCHEME = "bearer"
_KEY = "Khóa do cơ quan cấp (motcua api-key add): “Authorization: Bearer motcua_…”."
_PACE = {
    "RateLimit-Limit": "Số yêu cầu mỗi phút.",
    "RateLimit-Remaining": "Số yêu cầu còn lại trong phút này.",
    "RateLimit-Reset": "Số giây đến khi có thêm lượt.",
}


def responses(success: type[BaseModel], *others: int) -> dict[int | str, dict[str, Any]]:
    """The responses of one address: its success, then every other status that it may give."""
    found: dict[int | str, dict[str, Any]] = {200: {"model": success, "description": "Thành công."}}
    for status in others:
        if status == 301:
            found[301] = {"model": Moved, "description": "Mã đã được thay; Location là địa chỉ của mã đang dùng."}
        elif status == 304:
            found[304] = {"description": "Chưa thay đổi so với ETag đã gửi."}
        else:
            content = {MEDIA_TYPE: {"schema": {"$ref": _REF + ProblemDetails.__name__}}}
            found[status] = {"description": f"{TITLES[status][1]}.", "content": content}
    return found


def body_of(model: type[BaseModel]) -> dict[str, Any]:
    """The body of an address that reads it by itself."""
    content = {"application/json": {"schema": {"$ref": _REF + model.__name__}}}
    return {"requestBody": {"required": True, "content": content}}


def document(api: FastAPI, prefix: str, *, require_key: bool) -> None:
    """Adds the document and the page to `api`; each is made when first asked for."""

    @functools.cache
    def described() -> dict[str, Any]:
        return _described(api, prefix, require_key)

    @functools.cache
    def page() -> tuple[str, dict[str, str]]:
        return _page(described(), prefix)

    async def openapi(_: Request) -> Response:
        return Response(json.dumps(described(), ensure_ascii=False), media_type="application/json")

    async def home(_: Request) -> Response:
        html, headers = page()
        return Response(html, media_type="text/html", headers=headers)

    api.add_route("/openapi.json", openapi, include_in_schema=False)
    api.add_route("/", home, include_in_schema=False)


def _described(api: FastAPI, prefix: str, require_key: bool) -> dict[str, Any]:
    told = get_openapi(
        title=TITLE,
        version=VERSION,
        openapi_version="3.1.0",
        description=DESCRIPTION,
        routes=api.routes,
        servers=[{"url": prefix}],
    )
    schemas = told["components"]["schemas"]
    for model in (Question, ProblemDetails, FieldProblem):
        schemas[model.__name__] = model.model_json_schema(ref_template=_REF + "{model}")
        schemas[model.__name__].pop("$defs", None)
    told["components"]["securitySchemes"] = {_SCHEME: {"type": "http", "scheme": "bearer", "description": _KEY}}
    for operations in told["paths"].values():
        for operation in operations.values():
            operation["security"] = [{_SCHEME: []}] if require_key else [{}, {_SCHEME: []}]
            for status, response in operation["responses"].items():
                response["headers"] = _headers(status)
    return told


def _headers(status: str) -> dict[str, Any]:
    told = {name: {"description": words, "schema": {"type": "integer"}} for name, words in _PACE.items()}
    if status == "429":
        told["Retry-After"] = {"description": "Số giây cần chờ.", "schema": {"type": "integer"}}
    if status == "301":
        told["Location"] = {"description": "Địa chỉ của mã đang dùng.", "schema": {"type": "string"}}
    return told


def _page(told: dict[str, Any], prefix: str) -> tuple[str, dict[str, str]]:
    """The page, and the headers that let its own style be used."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    style = (TEMPLATES / "api.css").read_text(encoding="utf-8")
    template = environment.get_template("api.html")
    problems = [(status, name, title) for status, (name, title) in TITLES.items()]
    html = template.render(told=told, prefix=prefix, style=style, problems=problems, name_of=_name_of)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = SAFETY["Content-Security-Policy"].replace("none'; base", f"none'; style-src 'sha256-{digest}'; base", 1)
    return html, {"Content-Security-Policy": policy, "Cache-Control": "no-cache"}


def _name_of(schema: dict[str, Any]) -> str:
    """The type of a field in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_REF)
    if "anyOf" in schema:
        return " | ".join(_name_of(option) for option in schema["anyOf"])
    if schema.get("type") == "array":
        return f"{_name_of(schema['items'])}[]"
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    return str(schema.get("format") or schema.get("type", ""))
