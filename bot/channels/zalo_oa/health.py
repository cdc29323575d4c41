"""How long the account's tokens will last, and what is to be done about it."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.channels import Health

CONNECT = "quản trị viên OA cấp lại quyền rồi chạy: motcua zalo connect"
WAIT = "xem mạng tới oauth.zaloapp.com; dịch vụ tự thử lại, để dịch vụ chạy liên tục"
NETWORK = "xem mạng, tường lửa tới openapi.zalo.me; motcua check để thử lại"
CONSOLE = "xem ý nghĩa mã lỗi ở docs/how-to/zalo.md, sửa ở trang quản trị OA hoặc trang ứng dụng Zalo"
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class TokenState(StrEnum):
    """How the pair is doing."""

    WELL = "well"
    MISSING = "missing"
    FAILING = "failing"
    DYING = "dying"
    DEAD = "dead"


class LastingPair(Protocol):
    """What is known of a stored pair. failures: renewals that went wrong in a row, the last for this reason."""

    @property
    def refresh_until(self) -> datetime: ...

    @property
    def access_until(self) -> datetime: ...

    @property
    def failures(self) -> int: ...

    @property
    def failure(self) -> str: ...


def state_of(pair: LastingPair | None, now: datetime, warn: timedelta) -> TokenState:
    """DEAD: only a new consent helps; DYING: so it will be within `warn`; FAILING: the last renewal went wrong."""
    if pair is None:
        return TokenState.MISSING
    if now >= pair.refresh_until or pair.failure.startswith("oauth "):
        return TokenState.DEAD
    if now >= pair.refresh_until - warn:
        return TokenState.DYING
    return TokenState.FAILING if pair.failures else TokenState.WELL


def health_of(pair: LastingPair | None, now: datetime, warn: timedelta) -> Health:
    """The same in Vietnamese."""
    state = state_of(pair, now, warn)
    if pair is None:
        return Health(well=False, detail="chưa có mã truy cập", mend=CONNECT)
    until = f"mã làm mới hạn {pair.refresh_until.astimezone(_VIETNAM):%d/%m/%Y}"
    match state:
        case TokenState.DEAD:
            return Health(well=False, detail=f"Zalo không nhận mã làm mới nữa ({pair.failure or until})", mend=CONNECT)
        case TokenState.DYING:
            days = (pair.refresh_until - now).days
            return Health(well=False, detail=f"{until}, còn {days} ngày", mend=f"{WAIT}; nếu không được: {CONNECT}")
        case TokenState.FAILING:
            detail = f"làm mới mã hỏng {pair.failures} lần liền ({pair.failure}); {until}"
            return Health(well=False, detail=detail, mend=WAIT)
    return Health(well=True, detail=until)
