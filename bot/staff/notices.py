"""What is said at the head of a page after something was done; the address carries only the key."""

NOTICES = {
    "mat-khau": "Đã đổi mật khẩu. Các phiên đăng nhập khác đã kết thúc.",
    "da-them": "Đã thêm tài khoản.",
    "da-luu": "Đã lưu.",
    "da-xoa": "Đã xóa.",
    "da-doc": "Đã đọc kế hoạch. Hãy xem các chỗ chưa chắc rồi đưa vào lịch.",
    "vao-lich": "Đã đưa kế hoạch vào lịch.",
    "bo-viec": "Đã bỏ ra khỏi các việc; dòng ấy nằm ở phần không dùng.",
    "co-ket-qua": "Đã ghi kết quả.",
    "da-dang": "Đã ghi nơi đăng.",
    "da-khoa": "Đã khóa tài khoản và kết thúc mọi phiên đăng nhập.",
    "da-mo": "Đã mở lại tài khoản.",
    "da-ra": "Đã đăng xuất.",
    "ra-het": "Đã đăng xuất khỏi mọi thiết bị.",
    "ket-thuc": "Đã kết thúc phiên đăng nhập ấy.",
    "het-phien": "Phiên đăng nhập đã kết thúc. Mời Anh/Chị đăng nhập lại.",
    "bo-ma": "Đã tắt mã xác thực.",
    "bat-ma": "Đã bật mã xác thực. Từ nay mỗi lần đăng nhập cần thêm mã trên điện thoại.",
}
