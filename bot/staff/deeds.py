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
    "entry.approve": "Duyệt, công bố",
    "entry.bulk": "Sửa một mục ở nhiều bài",
    "entry.discard": "Bỏ một bản",
    "entry.draft": "Lưu bản nháp",
    "entry.export": "Xuất bảng tính kiến thức",
    "entry.look": "Xem lại bản khẩn",
    "entry.retire": "Gửi duyệt việc bãi bỏ",
    "entry.return": "Trả lại bản chờ duyệt",
    "entry.send": "Gửi duyệt",
    "entry.urgent": "Công bố khẩn",
    "entry.withdraw": "Rút bản đã duyệt",
    "office.set": "Đổi cách làm việc",
    "sheet.decide": "Nhận, không nhận dòng của bảng tính",
    "sheet.upload": "Gửi bảng tính lên",
    "queue.answer": "Trả lời riêng một người dân",
    "queue.dismiss": "Bỏ qua nhóm câu hỏi",
    "queue.out_of_scope": "Đánh dấu ngoài phạm vi",
    "queue.point": "Thêm cách hỏi từ câu hỏi của dân",
    "queue.reopen": "Mở lại nhóm câu hỏi",
    "queue.split": "Tách một câu khỏi nhóm",
    "queue.write": "Soạn câu hỏi – đáp từ câu hỏi của dân",
    "plan.accept": "Đưa kế hoạch vào lịch",
    "plan.describe": "Sửa phần đầu kế hoạch",
    "plan.done": "Ghi kết quả công việc",
    "plan.due_add": "Thêm hạn cho công việc",
    "plan.read": "Đọc kế hoạch để rà soát",
    "plan.remove": "Xóa kế hoạch",
    "plan.task": "Sửa công việc của kế hoạch",
    "plan.task_add": "Thêm công việc vào kế hoạch",
    "plan.task_leave": "Bỏ công việc khỏi kế hoạch",
    "plan.unit": "Đặt địa chỉ nhắc việc của đơn vị",
    "decision.add": "Nhập quyết định công bố",
    "decision.describe": "Sửa số, ngày của quyết định",
    "decision.give_back": "Trả lại quyết định",
    "decision.publish": "Công bố quyết định",
    "decision.remove": "Xóa quyết định đang nhập",
    "decision.row": "Xem một dòng của quyết định",
    "decision.send": "Trình quyết định",
    "news.add": "Viết tin",
    "news.change": "Sửa tin",
    "news.give_back": "Trả lại tin",
    "news.publish": "Đăng tin",
    "news.send": "Trình tin",
    "news.withdraw": "Gỡ tin",
    "process.save": "Ghi quy trình nội bộ",
    "warning.look": "Cho kiểm lại đường dẫn",
    "warning.silence": "Thôi nhắc một cảnh báo",
    "channel.pause": "Tạm dừng mọi kênh",
    "channel.resume": "Mở lại mọi kênh",
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
    "consent.look": "Xem chứng cứ đồng ý nhận tin",
    "session.close": "Đăng xuất",
    "session.close_all": "Đăng xuất khỏi mọi thiết bị",
    "session.code_refused": "Sai mã xác thực",
    "session.open": "Đăng nhập",
    "session.refused": "Đăng nhập không thành",
    "suggestion.accept": "Nhận cách nói của người dân",
    "suggestion.reject": "Bỏ cách nói của người dân",
    "test.add": "Thêm câu kiểm tra",
    "test.retire": "Bỏ câu kiểm tra",
    "trial.publish": "Công bố thay đổi đã thử",
    "trial.run": "Thử thay đổi trước khi công bố",
    "talk.again": "Gửi lại tin cho người dân",
    "talk.assign": "Chuyển cuộc trò chuyện cho đơn vị",
    "talk.end": "Trả người dân về cho máy",
    "talk.release": "Trả cuộc trò chuyện về hàng chờ",
    "talk.say": "Trả lời người dân",
    "talk.take": "Nhận trò chuyện với người dân",
    "template.add": "Thêm mẫu trả lời",
    "template.change": "Sửa mẫu trả lời",
    "template.remove": "Xóa mẫu trả lời",
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
    "kind": "loại",
    "version": "bản số",
    "from": "từ ngày",
    "value": "giá trị",
    "field": "ô",
    "taken": "đã nhận",
    "refused": "không nhận",
    "entry": "mục",
    "group": "nhóm mới",
    "broken": "câu hỏng",
    "reason": "lý do",
    "channel": "kênh",
    "outcome": "kết quả",
    "tasks": "số việc",
    "task": "việc",
    "on": "ngày",
    "set": "có địa chỉ",
    "number": "số",
    "rows": "số thủ tục",
    "row": "dòng",
    "state": "ý kiến",
    "code": "mã",
    "steps": "số bước",
    "other": "mục kia",
    "over": "thay người khác",
}


SUBJECTS: Mapping[str, str] = {
    "account": "tài khoản",
    "faq": "câu hỏi",
    "question": "nhóm câu hỏi",
    "test": "câu kiểm tra",
    "trial": "lần thử",
    "plan": "kế hoạch",
    "task": "việc",
    "unit": "đơn vị",
    "decision": "quyết định",
    "link": "đường dẫn",
    "news": "tin",
    "talk": "cuộc trò chuyện",
    "template": "mẫu",
    "campaign": "chiến dịch",
}


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
