"""What is said at the head of a page after something was done; the address carries only the key."""

NOTICES = {
    "mat-khau": "Đã đổi mật khẩu. Các phiên đăng nhập khác đã kết thúc.",
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
    "da-gui": "Đã gửi duyệt.",
    "da-duyet": "Đã duyệt.",
    "da-tra": "Đã trả lại người viết.",
    "da-xem-lai": "Đã ghi nhận: bản khẩn đã được xem lại.",
    "da-rut": "Đã rút. Nội dung đang dùng giữ nguyên.",
    "da-bo": "Đã bỏ bản này; nội dung vẫn còn trong lịch sử.",
    "da-khan": "Đã công bố ngay. Lãnh đạo cần xem lại trong 24 giờ.",
}
