"""What is said at the head of a page after something was done; the address carries only the key."""

NOTICES = {
    "mat-khau": "Đã đổi mật khẩu. Các phiên đăng nhập khác đã kết thúc.",
    "gui-duyet": "Đã gửi duyệt. Người khác xem và duyệt.",
    "da-duyet": "Đã duyệt và hẹn gửi.",
    "da-hen": "Đã hẹn gửi.",
    "tra-lai": "Đã trả lại cho người soạn.",
    "tam-dung": "Đã tạm dừng; không gửi thêm tin nào.",
    "tiep-tuc": "Đã tiếp tục.",
    "huy-chien-dich": "Đã hủy chiến dịch.",
    "gui-lai": "Sẽ gửi lại cho những người chưa nhận được.",
    "da-them": "Đã thêm tài khoản.",
    "da-luu": "Đã lưu.",
    "da-xoa": "Đã xóa.",
    "da-khoa": "Đã khóa tài khoản và kết thúc mọi phiên đăng nhập.",
    "da-mo": "Đã mở lại tài khoản.",
    "da-ra": "Đã đăng xuất.",
    "ra-het": "Đã đăng xuất khỏi mọi thiết bị.",
    "ket-thuc": "Đã kết thúc phiên đăng nhập ấy.",
    "het-phien": "Phiên đăng nhập đã kết thúc. Mời Anh/Chị đăng nhập lại.",
    "bo-ma": "Đã tắt mã xác thực.",
    "bat-ma": "Đã bật mã xác thực. Từ nay mỗi lần đăng nhập cần thêm mã trên điện thoại.",
}
