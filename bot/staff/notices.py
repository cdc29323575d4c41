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
    "da-gui-duyet": "Đã gửi người duyệt, và thêm một câu kiểm tra. Máy trả lời theo cách mới sau khi được công bố.",
    "da-tach": "Đã tách thành nhóm riêng.",
    "da-tra-loi": "Đã gửi câu trả lời cho người dân.",
    "co-the-da-toi": "Kết nối đứt giữa chừng: tin có thể đã tới. Đừng gửi lại nếu chưa hỏi người dân.",
    "da-bo": "Đã bỏ; máy không hỏi lại nữa.",
    "het-phien": "Phiên đăng nhập đã kết thúc. Mời Anh/Chị đăng nhập lại.",
    "bo-ma": "Đã tắt mã xác thực.",
    "bat-ma": "Đã bật mã xác thực. Từ nay mỗi lần đăng nhập cần thêm mã trên điện thoại.",
}
