"""Counter, online and post side by side: money, days, trips."""

from handlers.errand.costs import cost
from handlers.errand.deadline import dues
from handlers.errand.told import SHORT_WAYS, WAYS, Errand
from knowledge.entries import SubmissionChannel

TRIPS = {
    SubmissionChannel.ONLINE: "không phải đi nộp; có thể phải đến một lần để đối chiếu bản chính, nhận bản giấy",
    SubmissionChannel.DIRECT: "đi nộp một lần, nhận kết quả một lần (bớt được nếu nhận qua bưu chính)",
    SubmissionChannel.POSTAL: "không phải đi; thêm cước bưu chính và ngày chuyển hồ sơ",
}


def block(errand: Errand) -> str:
    """The comparison, what is the same everywhere said once; "" where the source names one way only."""
    named = [way for way in WAYS if way in errand.asked.channels]
    if len(named) < 2:
        return ""
    money = {way: _money(errand, way) for way in named}
    days = {way: _days(errand, way) for way in named}
    same = [words for words, said in (("phí", money), ("hạn trả", days)) if len(set(said.values())) == 1]
    heading = "So sánh các cách nộp" + (f" ({' và '.join(same)} như nhau)" if same else "")
    lines = []
    for way in named:
        told = [said[way] for said in (money, days) if len(set(said.values())) > 1]
        lines.append(f"• {SHORT_WAYS[way]}: {'; '.join((*told, TRIPS[way]))}")
    return "\n".join((f"{heading}:", *lines))


def _money(errand: Errand, way: SubmissionChannel) -> str:
    found = cost(errand, way)
    return found.total or ("phí tùy trường hợp" if found.lines else "phí chưa ghi")


def _days(errand: Errand, way: SubmissionChannel) -> str:
    due = " hoặc ".join(dict.fromkeys(f"{due.on:%d/%m/%Y}" for _, due in dues(errand.asked, way)))
    return f"hạn trả {due}" if due else "chưa ghi số ngày"
