"""What is said when a request cannot be served: problem details as of RFC 9457, in Vietnamese."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: ("bad-json", "Nội dung gửi lên không đọc được"),
    401: ("no-key", "Cần có khóa hợp lệ"),
    404: ("not-found", "Không tìm thấy"),
    405: ("wrong-method", "Cách gọi không được hỗ trợ"),
    413: ("too-large", "Nội dung gửi lên quá lớn"),
    415: ("wrong-type", "Loại nội dung không được hỗ trợ"),
    422: ("not-valid", "Yêu cầu chưa hợp lệ"),
    429: ("too-many", "Gửi quá nhiều yêu cầu"),
    500: ("failed", "Máy đang gặp lỗi"),
    503: ("away", "Dịch vụ tạm thời không trả lời được"),
}
"""Name and title of each problem; the name is also the anchor on the page of the API."""
DETAILS = {
    404: "Không có gì ở địa chỉ này.",
    405: "Xem cách gọi của địa chỉ này trong tài liệu.",
    500: "Máy chưa trả lời được. Xin thử lại sau ít phút.",
    503: "Cơ sở dữ liệu chưa trả lời. Xin thử lại sau ít phút.",
}
_REASONS = {
    "missing": "thiếu trường này",
    "extra_forbidden": "không có trường này",
    "string_type": "phải là chuỗi ký tự",
    "string_too_short": "ngắn hơn {min_length} ký tự",
    "string_too_long": "dài hơn {max_length} ký tự",
    "string_pattern_mismatch": "không đúng dạng quy định",
    "int_parsing": "phải là số nguyên",
    "greater_than_equal": "phải từ {ge} trở lên",
    "less_than_equal": "không được quá {le}",
    "enum": "phải là một trong: {expected}",
    "literal_error": "phải là một trong: {expected}",
    "model_type": "phải là một đối tượng JSON",
    "dict_type": "phải là một đối tượng JSON",
}
_OTHER_REASON = "giá trị không hợp lệ"

log = logging.getLogger(__name__)


class FieldProblem(BaseModel):
    """One field that is wrong."""

    where: str = Field(description="Trường có lỗi.", examples=["body.text"])
    reason: str = Field(description="Lý do.", examples=["thiếu trường này"])


class ProblemDetails(BaseModel):
    """The body of every answer that is not a success."""

    type: str = Field(description="Địa chỉ giải thích loại lỗi.", examples=["/api/v1/#not-valid"])
    title: str = Field(description="Tên lỗi.", examples=["Yêu cầu chưa hợp lệ"])
    status: int = Field(description="Mã trạng thái HTTP.", examples=[422])
    detail: str = Field(description="Điều cần biết để sửa.", examples=["Xem danh sách trường có lỗi."])
    errors: list[FieldProblem] = Field(default_factory=list, description="Các trường có lỗi, nếu có.")


class Problem(Exception):
    """A request that cannot be served. detail: Vietnamese, without any of the caller's own text."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status)
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = headers


def field_problems(errors: Sequence[Any], prefix: str = "") -> list[FieldProblem]:
    """pydantic's errors in Vietnamese; what was sent is not repeated."""
    return [FieldProblem(where=_where(error, prefix), reason=_reason(error)) for error in errors]


def _where(error: Any, prefix: str) -> str:
    # The name of a field that nobody asked for is the caller's own text.
    parts = error["loc"][:-1] if error["type"] == "extra_forbidden" else error["loc"]
    return ".".join(filter(None, (prefix, *(str(part) for part in parts)))) or "body"


def _reason(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "có trường lạ"
    return _REASONS.get(error["type"], _OTHER_REASON).format_map(error.get("ctx") or {})


def told(request: Request, problem: Problem) -> Response:
    """The response that says what is wrong."""
    name, title = TITLES[problem.status]
    body = ProblemDetails(
        type=f"{request.scope.get('root_path', '')}/#{name}",
        title=title,
        status=problem.status,
        detail=problem.detail,
        errors=list(problem.errors),
    )
    return Response(
        body.model_dump_json(), problem.status, dict(problem.headers) if problem.headers else None, MEDIA_TYPE
    )


def handle(api: FastAPI) -> None:
    """Makes every refusal and fault of `api` a problem document."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)  # noqa: S101 - the type that this is registered for
        return told(request, error)

    async def invalid(request: Request, error: Exception) -> Response:
        errors = error.errors() if isinstance(error, RequestValidationError) else ()
        return told(request, Problem(422, "Xem danh sách trường có lỗi.", errors=field_problems(errors)))

    async def elsewhere(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        status = status if status in TITLES else 404
        headers = error.headers if isinstance(error, HTTPException) else None
        return told(request, Problem(status, DETAILS.get(status, TITLES[status][1]), headers=headers))

    async def away(request: Request, _: Exception) -> Response:
        log.warning("store away")
        return told(request, Problem(503, DETAILS[503], headers={"Retry-After": "30"}))

    async def failed(request: Request, _: Exception) -> Response:
        return told(request, Problem(500, DETAILS[500]))

    api.add_exception_handler(Problem, refused)
    api.add_exception_handler(RequestValidationError, invalid)
    api.add_exception_handler(HTTPException, elsewhere)
    api.add_exception_handler(ConnectionError, away)
    api.add_exception_handler(Exception, failed)
