"""What a failing database, disk or network means, in Vietnamese, for the person at the keyboard."""

import errno
import os
import socket

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

_SIGNS = (
    ("database is locked", "Cơ sở dữ liệu đang bị một chương trình khác giữ; hãy đợi nó xong hoặc tắt nó rồi thử lại."),
    ("database or disk is full", "Đĩa đã đầy; hãy giải phóng chỗ trống rồi thử lại."),
    ("no space left on device", "Đĩa đã đầy; hãy giải phóng chỗ trống rồi thử lại."),
    ("could not extend file", "Đĩa của máy chủ cơ sở dữ liệu đã đầy; hãy giải phóng chỗ trống rồi thử lại."),
    (
        "disk i/o error",
        "Không đọc ghi được đĩa, hoặc tệp vượt giới hạn dung lượng; hãy kiểm tra rồi thử lại.",
    ),
    ("file is not a database", "Tệp cơ sở dữ liệu không phải SQLite hoặc đã hỏng; hãy khôi phục từ bản sao lưu."),
    ("database disk image is malformed", "Tệp cơ sở dữ liệu đã hỏng; hãy khôi phục từ bản sao lưu."),
    ("readonly database", "Không có quyền ghi vào cơ sở dữ liệu; hãy kiểm tra quyền của tệp và thư mục."),
    ("unable to open database file", "Không mở được tệp cơ sở dữ liệu; hãy kiểm tra đường dẫn và quyền của thư mục."),
    ("no such table", "Cơ sở dữ liệu chưa có các bảng; hãy chạy: motcua db upgrade"),
    ("undefinedtable", "Cơ sở dữ liệu chưa có các bảng; hãy chạy: motcua db upgrade"),
    ("password authentication failed", "Sai tên hoặc mật khẩu cơ sở dữ liệu; hãy kiểm tra MOTCUA_DATABASE_URL."),
    ("does not exist", "Máy chủ không có cơ sở dữ liệu hoặc người dùng đã ghi trong cấu hình."),
)
_MEANINGS = {
    errno.ENOSPC: "đĩa đã đầy; hãy giải phóng chỗ trống rồi thử lại",
    errno.EDQUOT: "đã hết hạn mức dung lượng; hãy giải phóng chỗ trống hoặc xin thêm hạn mức",
    errno.EFBIG: "tệp vượt giới hạn dung lượng một tệp của máy này; hãy nới giới hạn (ulimit -f) hoặc ghi ra nơi khác",
    errno.EACCES: "không có quyền; hãy kiểm tra quyền của tệp và thư mục",
    errno.EPERM: "hệ thống không cho phép; hãy kiểm tra quyền của tệp và thư mục",
    errno.EROFS: "ổ đĩa chỉ cho đọc; hãy chọn nơi khác",
    errno.ENOENT: "không có tệp hoặc thư mục này; hãy kiểm tra đường dẫn",
    errno.EISDIR: "đây là thư mục; hãy ghi tên một tệp",
    errno.ENOTDIR: "một phần của đường dẫn không phải thư mục; hãy kiểm tra đường dẫn",
    errno.EEXIST: "đã có tệp hoặc thư mục tên này; hãy chọn tên khác",
    errno.ENAMETOOLONG: "tên quá dài; hãy đặt tên ngắn hơn",
    errno.EIO: "đĩa báo lỗi đọc ghi; hãy kiểm tra đĩa",
    errno.EMFILE: "đang mở quá nhiều tệp; hãy nới giới hạn (ulimit -n)",
    errno.EADDRINUSE: "một chương trình khác đang dùng cổng này",
    errno.EADDRNOTAVAIL: "máy này không có địa chỉ đó",
    errno.ECONNREFUSED: "máy chủ không nhận kết nối",
    errno.ETIMEDOUT: "máy chủ không trả lời",
}


def why(error: OSError) -> str:
    """What the system refused and how to mend it, to stand within a sentence: no capital, no full stop."""
    if isinstance(error, socket.gaierror):
        return "không tìm thấy máy có tên này; hãy kiểm tra tên và mạng"
    number = error.errno or 0
    return _MEANINGS.get(number) or f"hệ thống báo lỗi {errno.errorcode.get(number, number)} ({os.strerror(number)})"


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
