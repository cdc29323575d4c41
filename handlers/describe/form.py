"""“Mẫu đơn tải ở đâu?” — the forms to fill in, and where they are."""

import re
from collections.abc import Iterator

from handlers.describe.asked import Asked
from handlers.describe.wording import UNLIMITED, bulleted, one_line, shorten
from handlers.messages import Attachment, Link
from knowledge.attachments import opens_by_link
from knowledge.entries import Document

MANY_FORMS = 5
_FORM = re.compile(
    r"(?:\(?[\da-zđ]{1,3}[.)]\s*)?(?:bản chính\s+)?"
    r"(?:(?:tờ khai|bản khai|đơn|mẫu|phiếu|giấy đề nghị|thông báo|biểu mẫu)\b|[^.;]{0,90}\((?:theo )?mẫu)"
    r"|(?:văn bản|công văn|báo cáo|bản kê khai|danh sách|lý lịch)[^.;]{0,120}(?:theo mẫu|mẫu số)",
    re.IGNORECASE,
)


def paragraph(asked: Asked, room: int) -> str:
    """Names of the forms; the page from which they can be had comes as a link."""
    names = list(dict.fromkeys(one_line(document.name) for document in _documents(asked)))
    where = "Mẫu tải tại trang chính thức của thủ tục." if asked.procedure.source_url else ""
    if not names:
        page = " Nếu có mẫu, mẫu nằm ở trang chính thức bên dưới." if where else ""
        return f"Dữ liệu công bố chưa ghi mẫu đơn, tờ khai của thủ tục này.{page}"
    shown = names if asked.whole else names[:MANY_FORMS]
    each = UNLIMITED if asked.whole else max(80, (room - 120) // len(shown))
    more = f"\n… và {len(names) - len(shown)} mẫu khác (bấm “Xem đầy đủ”)." if len(names) > len(shown) else ""
    return "\n".join(
        filter(None, (f"Mẫu đơn, tờ khai:\n{bulleted(shorten(name, each) for name in shown)}{more}", where))
    )


def links(asked: Asked) -> tuple[Link, ...]:
    """Addresses of the published form files."""
    files = (form for document in _documents(asked) for form in document.forms if opens_by_link(form.url))
    return tuple(dict.fromkeys(Link(shorten(form.name, 60), form.url) for form in files))[:MANY_FORMS]


def attachments(asked: Asked) -> tuple[Attachment, ...]:
    """The published form files, those too that only a program can fetch."""
    code = asked.procedure.code
    files = (form for document in _documents(asked) for form in document.forms if form.url)
    return tuple(dict.fromkeys(Attachment(shorten(form.name, 60), code, form.url) for form in files))[:MANY_FORMS]


def exists(asked: Asked) -> bool:
    """True if any paper looks like a form."""
    return any(True for _ in _documents(asked))


def _documents(asked: Asked) -> Iterator[Document]:
    for case in asked.procedure.cases:
        for document in case.documents:
            if document.forms or _FORM.match(one_line(document.name)):
                yield document
