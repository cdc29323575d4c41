"""How the templates of the staff desk write moments, days and numbers."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.storage.staff import ROLE_NAMES, Role
from knowledge.store import VIETNAM

NOTHING = "–"


def moment(at: datetime | None) -> str:
    """A moment on the clock of Viet Nam: "21/11/2026 17:05"."""
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}" if at else NOTHING


def day(on: date | None) -> str:
    """A day: "21/11/2026"."""
    return f"{on:%d/%m/%Y}" if on else NOTHING


def number(count: float) -> str:
    """A number as it is written in Viet Nam: 12.345 or 0,5."""
    return f"{count:,}".replace(",", " ").replace(".", ",").replace(" ", ".")


CHANNEL_NAMES = {
    "web": "Trang web",
    "telegram": "Telegram",
    "zalo_oa": "Zalo OA",
    "zalo_bot": "Zalo Bot",
    "api": "Giao diện JSON",
    "console": "Dòng lệnh",
}


def channel_name(name: str) -> str:
    """A channel as people know it."""
    return CHANNEL_NAMES.get(name, name)


SHOWN: Mapping[str, Any] = {
    "channel_name": channel_name,
    "moment": moment,
    "day": day,
    "number": number,
    "role_names": ROLE_NAMES,
    "Role": Role,
}
