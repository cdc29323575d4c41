"""One message to one citizen: how far it is, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class DeliveryState(StrEnum):
    """How far a delivery is. unknown: it may have arrived, and is not repeated by itself."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    SKIPPED = "skipped"


DELIVERY_NAMES: Mapping[DeliveryState, str] = MappingProxyType(
    {
        DeliveryState.PENDING: "Chờ gửi",
        DeliveryState.SENDING: "Đang gửi",
        DeliveryState.SENT: "Đã gửi",
        DeliveryState.FAILED: "Lỗi",
        DeliveryState.UNREACHABLE: "Không gửi được tới người này",
        DeliveryState.UNKNOWN: "Không rõ đã tới chưa",
        DeliveryState.EXPIRED: "Quá hạn, không gửi",
        DeliveryState.SKIPPED: "Bỏ qua",
    }
)

OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)
AGAIN = (DeliveryState.FAILED,)
"""What “send again to the failed” sends again; unknown ones only when staff say so as well."""

NO_ROUTE, NO_CONSENT, CANCELLED, NO_BUDGET, FORGOTTEN = "no_route", "no_consent", "cancelled", "no_budget", "forgotten"
"""Why a delivery was skipped."""

ERROR_NAMES: Mapping[str, str] = MappingProxyType(
    {
        NO_ROUTE: "không có cách nhắn tới người này",
        NO_CONSENT: "đã thôi nhận tin",
        CANCELLED: "chiến dịch đã hủy",
        NO_BUDGET: "hết kinh phí",
        FORGOTTEN: "đã xóa dữ liệu",
        "blocked": "đã chặn",
        "deactivated": "tài khoản đã khóa",
        "crashed": "máy dừng giữa lúc gửi",
        "timeout": "nền tảng không trả lời",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One delivery of a run. shown: the citizen's id as staff may see it ("…4821"), "" once they were forgotten;
    at: when it came to its end; error: a short word (ERROR_NAMES)."""

    id: int
    run_id: int
    channel: str
    shown: str
    route: str
    state: DeliveryState
    attempts: int
    at: datetime | None
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One occurrence of a campaign. open: something may still be sent; outcome: "" while open, then done, expired,
    cancelled or missed; article: state of the article to a demographic target, "" = none."""

    id: int
    campaign_id: int
    due_at: datetime
    expires_at: datetime
    open: bool
    outcome: str
    audience_size: int
    article: str
    article_error: str
    started_at: datetime
    ended_at: datetime | None
