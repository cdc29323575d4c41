"""“Có người xưng công an bảo cài ứng dụng” — a warning first, whatever papers the caller speaks of."""

from dataclasses import replace

from handlers import faq, kinds, recognising
from handlers.messages import Desk, IncomingMessage, Outcome, Reply
from knowledge.entries import FAQ_PREFIX, Faq, Found

SORT = "question.swindle"
SURE, SURE_OF_A_STORY = 0.5, 0.1
"""Probability of being about a swindle, from which the warning goes before any other entry: of a short question, and
of a story, where a warning too many costs a line and one too few money."""
STORY = 12
"""Words of a message that tells what happened."""
TOPIC = "safety"
"""Topic of the entries of the base that tell what to do."""
SIGNS = "an-toan-dau-hieu"
"""The entry that fits any swindle."""
BEWARE = (
    "Rất giống lừa đảo. Anh/Chị cúp máy, đừng chuyển tiền, đừng đọc mã OTP, đừng cài ứng dụng "
    "hay bấm đường dẫn người lạ gửi. Cán bộ thật không đòi những việc này qua điện thoại."
)
WHOM_TO_ASK = (
    "Cần kiểm tra thì tự gọi công an xã, phường hoặc cơ quan đó theo số đã công bố. "
    "Lỡ chuyển tiền hoặc lộ mã: gọi ngay ngân hàng để khóa, rồi báo công an hoặc gọi 113."
)


async def answer(message: IncomingMessage, desk: Desk) -> Reply | None:
    """What the base says about this swindle; None for a message about something else."""
    bar = SURE_OF_A_STORY if len(message.text.split()) >= STORY else SURE
    if message.choice is not None or kinds.judge(message.text).details.get(SORT, 0.0) < bar:
        return None
    if recognising.recognised(message, desk) is not None:
        return None
    found = desk.knowledge.find(message.text, desk.conversation.topic)
    entry = _fitting(found, desk)
    if entry is None:
        return Reply(blocks=(BEWARE, WHOM_TO_ASK), outcome=Outcome.ANSWERED)
    said = faq.described(entry, found, desk)
    return replace(said, blocks=(BEWARE, *said.blocks))


def _fitting(found: Found, desk: Desk) -> Faq | None:
    """The first entry found that warns of swindles, or the one that fits any; None in a base without them."""
    refs = [hit.ref.removeprefix(FAQ_PREFIX) for hit in found.hits if hit.is_faq]
    entries = (desk.knowledge.faq(ref) for ref in (*refs, SIGNS))
    return next((entry for entry in entries if entry and entry.topic == TOPIC), None)
