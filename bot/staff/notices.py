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
    "da-nhan": "Anh/Chị đã nhận cuộc trò chuyện; người dân được báo là có cán bộ.",
    "da-gui": "Đã gửi tin; xem tình trạng gửi ở cuối mỗi tin.",
    "tra-may": "Đã trả người dân về cho máy trả lời.",
    "tra-hang": "Đã trả về hàng chờ.",
    "da-chuyen": "Đã chuyển cho đơn vị.",
    "tam-dung": "Đã tạm dừng mọi kênh, có hiệu lực trong vài giây.",
    "mo-lai": "Đã mở lại mọi kênh, có hiệu lực trong vài giây.",
    "het-phien": "Phiên đăng nhập đã kết thúc. Mời Anh/Chị đăng nhập lại.",
    "bo-ma": "Đã tắt mã xác thực.",
    "bat-ma": "Đã bật mã xác thực. Từ nay mỗi lần đăng nhập cần thêm mã trên điện thoại.",
}
