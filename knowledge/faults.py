"""What a failing database means, in Vietnamese, for the person at the keyboard."""

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

_SIGNS = (
    ("database is locked", "Cơ sở dữ liệu đang bị một chương trình khác giữ; hãy đợi nó xong hoặc tắt nó rồi thử lại."),
    ("database or disk is full", "Đĩa đã đầy; hãy giải phóng chỗ trống rồi thử lại."),
    ("no space left on device", "Đĩa đã đầy; hãy giải phóng chỗ trống rồi thử lại."),
    ("could not extend file", "Đĩa của máy chủ cơ sở dữ liệu đã đầy; hãy giải phóng chỗ trống rồi thử lại."),
    ("disk i/o error", "Không đọc ghi được đĩa; hãy kiểm tra đĩa rồi thử lại."),
    ("file is not a database", "Tệp cơ sở dữ liệu không phải SQLite hoặc đã hỏng; hãy khôi phục từ bản sao lưu."),
    ("database disk image is malformed", "Tệp cơ sở dữ liệu đã hỏng; hãy khôi phục từ bản sao lưu."),
    ("readonly database", "Không có quyền ghi vào cơ sở dữ liệu; hãy kiểm tra quyền của tệp và thư mục."),
    ("unable to open database file", "Không mở được tệp cơ sở dữ liệu; hãy kiểm tra đường dẫn và quyền của thư mục."),
    ("no such table", "Cơ sở dữ liệu chưa có các bảng; hãy chạy: motcua db upgrade"),
    ("undefinedtable", "Cơ sở dữ liệu chưa có các bảng; hãy chạy: motcua db upgrade"),
    ("password authentication failed", "Sai tên hoặc mật khẩu cơ sở dữ liệu; hãy kiểm tra MOTCUA_DATABASE_URL."),
    ("does not exist", "Máy chủ không có cơ sở dữ liệu hoặc người dùng đã ghi trong cấu hình."),
)


def message_of(error: SQLAlchemyError) -> str:
    """One or two sentences that say what is wrong and how to mend it; never a password or an address."""
    cause = getattr(error, "orig", None) or error
    said = f"{type(cause).__name__}: {cause}".lower()
    for sign, meaning in _SIGNS:
        if sign in said:
            return meaning
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return "Mất kết nối tới cơ sở dữ liệu; hãy thử lại."
    if isinstance(error, OperationalError):
        return "Không kết nối hoặc không làm việc được với cơ sở dữ liệu; hãy kiểm tra máy chủ và cấu hình."
    return "Cơ sở dữ liệu báo lỗi ngoài dự kiến; xem nhật ký để biết chi tiết."
