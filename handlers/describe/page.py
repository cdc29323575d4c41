"""“Trang chính thức ở đâu?” — the procedure's own page on the national portal."""

from handlers.describe.asked import Asked
from handlers.messages import Link

LABEL = "Trang chính thức"


def paragraph(asked: Asked, room: int) -> str:
    """Says that the link below is the official page."""
    if asked.procedure.source_url:
        return "Trang chính thức của thủ tục trên Cổng Dịch vụ công quốc gia ở đường dẫn bên dưới."
    return f"Dữ liệu công bố chưa ghi địa chỉ trang. Anh/Chị tìm mã {asked.procedure.code} trên dichvucong.gov.vn."


def links(asked: Asked) -> tuple[Link, ...]:
    """The official page, if recorded."""
    return (Link(LABEL, asked.procedure.source_url),) if asked.procedure.source_url else ()
