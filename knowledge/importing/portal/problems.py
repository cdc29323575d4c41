"""What can go wrong with the portal, in Vietnamese for the person who reads the report."""

from knowledge.importing.reading import ImportProblem


class PortalProblem(ImportProblem):
    """The portal cannot be read now; nothing was written. The message is Vietnamese and says what to do."""


class PortalBlocked(PortalProblem):
    """The firewall in front of the portal turns us away."""


class NotThere(PortalProblem):
    """The address has no such thing, or sends what is no answer; others may do. what: in a few Vietnamese words."""

    def __init__(self, what: str) -> None:
        super().__init__(STRANGE.format(what=what))
        self.what = what


DROP_FOLDER = "hoặc xuất tệp bằng tay rồi đặt vào thư mục nhận tệp (portal.drop_folder)"
BLOCKED = (
    f"Tường lửa của Cổng từ chối máy này (Request Rejected). Hãy chờ vài giờ, giảm portal.rate, {DROP_FOLDER}. "
    "Chưa ghi gì vào cơ sở dữ liệu."
)
UNREACHABLE = (
    f"Không đọc được Cổng sau {{attempts}} lần thử ({{why}}). Hãy kiểm tra mạng và portal.base_url, {DROP_FOLDER}. "
    "Chưa ghi gì vào cơ sở dữ liệu."
)
TOO_LONG_A_WAIT = "Cổng yêu cầu chờ {minutes} phút rồi mới đọc tiếp; hãy chạy lại sau. Chưa ghi gì vào cơ sở dữ liệu."
OUT_OF_TIME = "Đã đọc Cổng quá {hours} giờ mà chưa xong nên dừng lại. Chưa ghi gì vào cơ sở dữ liệu."
STRANGE = "Cổng trả lời khác với mô tả ({what}); có thể Cổng đã đổi. Chưa ghi gì vào cơ sở dữ liệu."
EMPTY = "Cổng không có thủ tục nào{agency}; hãy kiểm tra lại mã. Chưa ghi gì vào cơ sở dữ liệu."
