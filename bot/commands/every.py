"""Every command of `motcua` under its name; only the one that is asked for is read from the disk."""

from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup

from bot.commands import complain


class Named(NamedTuple):
    """A command. where: module of this package, and the function or the group in it; help: in the list of commands."""

    name: str
    where: str
    help: str


COMMANDS = (
    Named("run", "running:run", "Chạy dịch vụ; in địa chỉ trang trò chuyện; Ctrl-C để dừng."),
    Named("chat", "asking:chat", "Trò chuyện ngay trong cửa sổ dòng lệnh."),
    Named("ask", "asking:ask", "Hỏi một câu, hoặc cả một tệp câu hỏi (--batch IN.jsonl --out OUT.jsonl)."),
    Named("init", "initialising:init", "Hỏi thông tin cơ quan và ghi tệp config.toml."),
    Named(
        "check",
        "checking:check",
        "Kiểm tra cấu hình, cơ sở dữ liệu, dữ liệu, kênh và gói cài đặt; mã thoát 1 nếu có điều chưa ổn.",
    ),
    Named("import", "importing:import_", "Nạp thủ tục và hỏi đáp vào cơ sở dữ liệu, trong một giao dịch."),
    Named("export", "exporting:export", "Xuất những gì đang công bố ra tệp để sửa rồi nhập lại."),
    Named("evaluate", "evaluating:evaluate", "Đo chất lượng trả lời trên một tệp câu hỏi đã gán nhãn."),
    Named(
        "channels",
        "channels:channels",
        "Từng kênh chat: tin đến cuối, trả lời cuối, lỗi, mã truy cập, "
        "số tin đang chờ; mã thoát 1 nếu có kênh chưa ổn.",
    ),
    Named(
        "pause",
        "pausing:pause",
        "Tạm dừng trả lời trên mọi kênh, mọi bản chạy; ai nhắn tin cũng nhận câu này kèm các số khẩn cấp.",
    ),
    Named("resume", "pausing:resume", "Trả lời lại như thường."),
    Named("db", "database:app", "Cơ sở dữ liệu: nâng cấp, sao lưu, khôi phục."),
    Named(
        "test-questions",
        "test_questions:ask_all",
        "Hỏi các câu kiểm tra trên bản đang công bố; mã thoát 1 nếu có câu chưa đúng.",
    ),
    Named("forms", "forms:app", "Biểu mẫu: giữ bản sao trên máy này."),
    Named("api-key", "keys:app", "Khóa của các chương trình dùng giao diện JSON."),
    Named("decision", "decisions:app", "Quyết định công bố thủ tục hành chính."),
    Named("plan", "plans:app", "Kế hoạch của cơ quan: đọc thành việc, đưa vào lịch."),
    Named("staff", "staff:app", "Người dùng của trang cán bộ (/can-bo)."),
    Named("suggestions", "suggestions:app", "Cách nói của người dân, chờ cán bộ duyệt."),
    Named("zalo", "zalo:app", "Mã truy cập của Zalo Official Account."),
)


class OnDemand(TyperGroup):
    """The list of commands needs none of them; the rooms of all together take seconds to load."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Puts the real command into the place of its line in the list."""
        named = next((one for one in COMMANDS if args and one.name == args[0]), None)
        if named:
            try:
                self.commands[named.name] = loaded(named)
            except KeyboardInterrupt:
                complain("Đã dừng.")
                raise typer.Exit(130) from None
        return super().resolve_command(ctx, args)


def loaded(named: Named) -> Any:
    """The command itself."""
    module, attribute = named.where.split(":")
    found = getattr(import_module(f"bot.commands.{module}"), attribute)
    alone = typer.Typer()
    if isinstance(found, typer.Typer):
        alone.add_typer(found, name=named.name)
    else:
        alone.command(named.name)(found)
    return typer.main.get_group(alone).commands[named.name]


def _told() -> None:
    """Stands in the list for a command that is not loaded."""


app = typer.Typer(
    cls=OnDemand,
    name="motcua",
    help="Một Cửa: bàn hỏi đáp thủ tục hành chính.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for one in COMMANDS:
    app.command(one.name, help=one.help)(_told)
