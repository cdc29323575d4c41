"""`motcua init`: asks for the office's profile and writes config.toml."""

import json
from typing import Annotated

import typer

from bot import config
from bot.commands import command, say
from bot.config import ConfigProblem

LEVELS = {"xã": "commune", "tỉnh": "province", "bộ": "ministry"}

TEMPLATE = """\
# Cấu hình của bàn hỏi đáp. Các khóa khác: xem config.example.toml.

[office]
name = {name}
level = {level}
province = {province}
agencies = {agencies}
fields = {fields}
address = {address}
hours = {hours}
phone = {phone}
hotline = {hotline}
email = {email}
"""


@command
async def init(force: Annotated[bool, typer.Option("--force", help="Ghi đè tệp đang có.")] = False) -> None:
    """Hỏi thông tin cơ quan và ghi tệp config.toml."""
    path = config.config_file()
    if path.exists() and not force:
        raise ConfigProblem(f"Đã có tệp {path}. Thêm --force để ghi đè (bản cũ được giữ thành {path}.bak).")
    text = TEMPLATE.format(**_asked())
    try:
        if path.exists():
            path.replace(path.with_name(path.name + ".bak"))
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigProblem(f"Không ghi được {path}: {error}") from error
    config.load()
    say(f"Đã ghi {path}. Tiếp theo: motcua check")


def _asked() -> dict[str, str]:
    """The answers as TOML values; JSON strings and arrays of strings are TOML too."""
    name = _line("Tên cơ quan (ví dụ: Sở Khoa học và Công nghệ tỉnh Sơn La)")
    level = _level()
    return {
        "name": _toml(name),
        "level": _toml(level),
        "province": _toml(_line("Tỉnh, thành phố (ví dụ: Sơn La)")),
        "agencies": _toml(_list("Các cơ quan được phục vụ, cách nhau bằng dấu ; (ví dụ: Sở Khoa học và Công nghệ)")),
        "fields": _toml(_list("Các lĩnh vực phụ trách, cách nhau bằng dấu ; (ví dụ: Viễn thông và Internet)")),
        "address": _toml(_line("Địa chỉ")),
        "hours": _toml(_line("Giờ làm việc")),
        "phone": _toml(_line("Điện thoại")),
        "hotline": _toml(_line("Đường dây nóng nhận phản ánh")),
        "email": _toml(_line("Thư điện tử")),
    }


def _level() -> str:
    while True:
        given = _line("Cấp của cơ quan: xã, tỉnh hay bộ (để trống nếu không rõ)").lower()
        if not given or given in LEVELS:
            return LEVELS.get(given, "")
        say("Xin nhập một trong: xã, tỉnh, bộ (hoặc để trống).")


def _line(question: str) -> str:
    return str(typer.prompt(question, default="", show_default=False)).strip()


def _list(question: str) -> list[str]:
    return [part.strip() for part in _line(question).split(";") if part.strip()]


def _toml(value: str | list[str]) -> str:
    return json.dumps(value, ensure_ascii=False)
