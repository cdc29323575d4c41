"""What the words of the record mean, in Vietnamese."""

from collections.abc import Mapping

from bot.storage.audit import AuditEntry
from bot.storage.staff import ROLE_NAMES

ACTIONS: Mapping[str, str] = {
    "account.add": "Thêm tài khoản",
    "account.describe": "Sửa họ tên, đơn vị, vai trò",
    "account.disable": "Khóa tài khoản",
    "account.enable": "Mở lại tài khoản",
    "account.enrol": "Cài mã xác thực",
    "account.password": "Tự đổi mật khẩu",
    "account.reset": "Cấp lại mật khẩu",
    "account.unenrol": "Tắt mã xác thực",
    "audit.export": "Xuất nhật ký",
    "audit.verify": "Kiểm tra nhật ký nguyên vẹn",
    "campaign.approve": "Duyệt chiến dịch",
    "campaign.cancel": "Hủy chiến dịch",
    "campaign.create": "Soạn chiến dịch",
    "campaign.edit": "Sửa chiến dịch",
    "campaign.export": "Xuất danh sách người nhận",
    "campaign.pause": "Tạm dừng chiến dịch",
    "campaign.resend": "Gửi lại tin lỗi",
    "campaign.resume": "Tiếp tục chiến dịch",
    "campaign.schedule": "Hẹn gửi chiến dịch",
    "campaign.send_back": "Trả lại chiến dịch",
    "campaign.submit": "Gửi duyệt chiến dịch",
    "session.close": "Đăng xuất",
    "session.close_all": "Đăng xuất khỏi mọi thiết bị",
    "session.code_refused": "Sai mã xác thực",
    "session.open": "Đăng nhập",
    "session.refused": "Đăng nhập không thành",
    "unit.close": "Đóng lời mời của đơn vị",
    "unit.invite": "Mời cán bộ của đơn vị",
}
"""Every action that any page writes; a test looks for them in the code."""
DETAILS: Mapping[str, str] = {
    "roles": "vai trò",
    "unit": "đơn vị",
    "sessions": "số phiên",
    "lines": "số dòng",
    "form": "định dạng",
}


SUBJECTS: Mapping[str, str] = {"account": "tài khoản", "faq": "câu hỏi", "campaign": "chiến dịch", "unit": "đơn vị"}


def action_name(action: str) -> str:
    """The action as people read it; a word of a newer program is shown as it is."""
    return ACTIONS.get(action, action)


def detail_text(entry: AuditEntry) -> str:
    """The details on one line: "vai trò: editor; số phiên: 2"."""
    return "; ".join(
        f"{DETAILS.get(name, name)}: {_roles(value) if name == 'roles' else value}"
        for name, value in entry.detail.items()
        if value != ""
    )


def subject_text(subject: str) -> str:
    """What it was done to: "tài khoản an"; codes stay as they are."""
    kind, _, rest = subject.partition(":")
    return f"{SUBJECTS[kind]} {rest}" if kind in SUBJECTS else subject


def _roles(value: object) -> str:
    return ", ".join(name for role, name in ROLE_NAMES.items() if role.value in str(value).split())
