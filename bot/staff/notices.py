"""What is said at the head of a page after something was done; the address carries only the key."""

NOTICES = {
    "mat-khau": "Đã đổi mật khẩu. Các phiên đăng nhập khác đã kết thúc.",
    "da-them": "Đã thêm tài khoản.",
    "da-luu": "Đã lưu.",
    "da-xoa": "Đã xóa.",
    "da-khoa": "Đã khóa tài khoản và kết thúc mọi phiên đăng nhập.",
    "da-mo": "Đã mở lại tài khoản.",
    "thoi-nhac": "Đã thôi nhắc.",
    "dem-nay": "Đêm nay đường dẫn này được mở thử lại.",
    "da-doc": "Đã đọc tệp. Xem từng dòng dưới đây rồi nhận hoặc bỏ.",
    "da-trinh": "Đã trình. Người duyệt khác sẽ công bố.",
    "da-tra": "Đã trả lại.",
    "da-cong-bo": "Đã công bố.",
    "thieu-ten": "Cần tên hoặc mã thủ tục.",
    "da-ra": "Đã đăng xuất.",
    "ra-het": "Đã đăng xuất khỏi mọi thiết bị.",
    "ket-thuc": "Đã kết thúc phiên đăng nhập ấy.",
    "het-phien": "Phiên đăng nhập đã kết thúc. Mời Anh/Chị đăng nhập lại.",
    "bo-ma": "Đã tắt mã xác thực.",
    "bat-ma": "Đã bật mã xác thực. Từ nay mỗi lần đăng nhập cần thêm mã trên điện thoại.",
}
