"""“Được cấp cái gì?” — what comes out of the procedure."""

from handlers.describe.asked import Asked
from handlers.describe.office import ask_there
from handlers.describe.wording import one_line, sentence, shorten
from knowledge.clauses import in_force


def paragraph(asked: Asked, room: int) -> str:
    """The result as published."""
    text = in_force(asked.procedure.results, asked.today, prose=True)
    if not text:
        return f"Dữ liệu công bố chưa ghi kết quả của thủ tục này. {ask_there(asked)}"
    return f"Kết quả: {sentence(shorten(_joined(text) if asked.whole else one_line(_joined(text)), room))}"


def _joined(text: str) -> str:
    """The portal joins several results by a comma, whatever sign the first ends with."""
    return text.replace(".,", ";").replace(";,", ";")
