"""What the JSON API takes and gives, with the words and examples of its document."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge.entries import Audience, Level, SubmissionChannel, TimeUnit

LONGEST_TEXT = 4000
"""Characters of one question."""
MOST_ITEMS = 100
CHOICE = r"^(?:p:[0-9A-Za-z._\-]{1,30}:[a-z]{0,13}(?::[1-9][0-9]{0,2})?|full:[0-9A-Za-z._\-]{1,30}|q:[a-z0-9\-]{1,60})$"
"""The values that choices carry (see handlers.choices)."""
CURSOR = r"^[0-9A-Za-z._\-]{1,60}$"

Day = Annotated[date | None, Field(description="Ngày (theo lịch Việt Nam), null là dữ liệu nguồn không ghi.")]


class Question(BaseModel):
    """One message of a citizen."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"text": "Đăng ký khai sinh hết bao nhiêu tiền?"},
                {"text": "Phí, lệ phí", "conversation": "9f1c2a7e4b", "choice": "p:1.001193:f"},
            ]
        },
    )

    text: str = Field(
        min_length=1,
        max_length=LONGEST_TEXT,
        description="Câu hỏi bằng lời thường ngày; khi người dân bấm một lựa chọn thì là nhãn của lựa chọn đó. "
        "Số giấy tờ, số điện thoại, số tài khoản, thư điện tử được che trước khi lưu.",
    )
    conversation: str | None = Field(
        default=None,
        pattern=r"^[!-~]{1,64}$",
        description="Mã cuộc trò chuyện do chương trình gọi tự đặt, ngẫu nhiên và khó đoán; các câu cùng mã được hiểu "
        "nối tiếp nhau trong 30 phút. Không có mã thì mỗi câu là một cuộc riêng.",
    )
    choice: str | None = Field(
        default=None, pattern=CHOICE, description="Giá trị của lựa chọn đã bấm, lấy nguyên từ câu trả lời trước."
    )


class AnswerChoice(BaseModel):
    """A button to offer."""

    label: str = Field(description="Chữ trên nút.", examples=["Giấy tờ cần có"])
    value: str = Field(description="Giá trị gửi lại trong trường choice.", examples=["p:1.001193:d"])


class AnswerLink(BaseModel):
    """An address worth opening."""

    label: str = Field(description="Chữ của đường dẫn.", examples=["Trang chính thức"])
    url: str = Field(description="Địa chỉ.", examples=["https://dichvucong.gov.vn"])


class Answer(BaseModel):
    """The answer to one question."""

    kind: Literal["answer", "clarify", "smalltalk", "feedback", "complaint", "emergency", "refuse"] = Field(
        description="answer: trả lời; clarify: hỏi lại; smalltalk: chào hỏi; feedback: chỉ nơi phản ánh, kiến nghị; "
        "complaint: chỉ nơi khiếu nại, tố cáo (nội dung không được lưu); emergency: số khẩn cấp; refuse: không trả lời "
        "được.",
        examples=["answer"],
    )
    codes: list[str] = Field(
        description="Mã thủ tục hoặc “faq:ID”, phù hợp nhất trước, nhiều nhất 10.", examples=[["1.001193"]]
    )
    aspects: str = Field(
        description="Phần được hỏi: f phí, t thời hạn, d giấy tờ, p nơi nộp, s các bước, c điều kiện, o trực tuyến, "
        "b bưu chính, l căn cứ, r kết quả, m mẫu đơn, u trang chính thức, x so sánh.",
        examples=["f"],
    )
    confidence: float = Field(ge=0, le=1, description="Độ chắc chắn từ 0 đến 1.", examples=[0.93])
    text: str = Field(
        description="Toàn bộ câu trả lời dạng chữ, kèm nguồn, đường dẫn và các lựa chọn đánh số.",
        examples=["Phí, lệ phí: Miễn phí.\n\nNguồn: Đăng ký khai sinh · mã 1.001193"],
    )
    blocks: list[str] = Field(
        description="Các đoạn của câu trả lời; dòng bắt đầu bằng “• ” là một mục.",
        examples=[["Phí, lệ phí: Miễn phí."]],
    )
    choices: list[AnswerChoice] = Field(description="Các lựa chọn tiếp theo.")
    citation: str = Field(
        description="Dòng nguồn: tên, mã, quyết định, tháng của dữ liệu; rỗng khi không dẫn nguồn.",
        examples=["Nguồn: Đăng ký khai sinh · mã 1.001193"],
    )
    links: list[AnswerLink] = Field(description="Đường dẫn nên mở.")
    ms: float = Field(ge=0, description="Thời gian trả lời, mili giây.", examples=[12.5])


class _Page(BaseModel):
    total: int = Field(ge=0, description="Số mục phù hợp ở mọi trang.", examples=[1])
    next_cursor: str | None = Field(
        description="Gửi lại trong tham số cursor để lấy trang sau; null là hết.", examples=["1.001193"]
    )


class ProcedureItem(BaseModel):
    """A procedure in a list."""

    code: str = Field(description="Mã thủ tục.", examples=["1.001193"])
    name: str = Field(description="Tên thủ tục.", examples=["Đăng ký khai sinh"])
    field: str = Field(description="Lĩnh vực; rỗng là chưa ghi.", examples=["Hộ tịch"])
    level: Level = Field(description="Cấp giải quyết: commune xã, province tỉnh, ministry bộ, unknown chưa ghi.")
    province: str | None = Field(description="Tỉnh, thành phố ban hành thủ tục riêng; null là cả nước.")
    agency: str = Field(description="Cơ quan thực hiện; rỗng là chưa ghi.", examples=["Ủy ban nhân dân cấp xã"])


class Procedures(_Page):
    """One page of procedures."""

    items: list[ProcedureItem] = Field(description="Các thủ tục đang có hiệu lực.")


class TimeAllowed(BaseModel):
    """A time limit."""

    amount: float | None = Field(description="Con số; null khi chỉ có lời văn.", examples=[3])
    unit: TimeUnit = Field(description="Đơn vị; other khi chỉ có lời văn.")
    text: str = Field(description="Thời hạn bằng lời.", examples=["03 ngày làm việc"])


class FeeLine(BaseModel):
    """A fee in force today."""

    amount: int | None = Field(description="Số tiền (đồng) khi dữ liệu nguồn ghi chắc chắn; 0 là miễn phí.")
    text: str = Field(description="Mức phí bằng lời, đã bỏ phần hết thời gian áp dụng.", examples=["8.000 đồng/bản"])


class MethodOfSubmission(BaseModel):
    """One way to submit."""

    channel: SubmissionChannel = Field(description="direct trực tiếp, online trực tuyến, postal bưu chính.")
    time: TimeAllowed | None = Field(description="Thời hạn giải quyết; null là chưa ghi.")
    fees: list[FeeLine] = Field(description="Phí, lệ phí; danh sách rỗng là chưa ghi (không phải miễn phí).")
    fees_ended: bool = Field(description="true khi có mức phí đã công bố nhưng hết thời gian áp dụng.")
    note: str = Field(description="Ghi chú của nguồn.")


class Form(BaseModel):
    """A form file."""

    name: str = Field(description="Tên mẫu.")
    url: str = Field(description="Địa chỉ tệp nơi công bố; rỗng là chưa ghi.")
    file: str = Field(description="Đường dẫn tải bản sao giữ tại máy chủ này; rỗng là chưa có bản sao.")


class Paper(BaseModel):
    """One paper of a dossier."""

    name: str = Field(description="Tên giấy tờ.")
    originals: int | None = Field(description="Số bản chính; null là chưa ghi.")
    copies: int | None = Field(description="Số bản sao; null là chưa ghi.")
    forms: list[Form] = Field(description="Mẫu đơn, tờ khai.")


class PaperCase(BaseModel):
    """The papers of one case."""

    title: str = Field(description="Trường hợp; rỗng khi chỉ có một.")
    documents: list[Paper] = Field(description="Giấy tờ cần có.")
    notes: list[str] = Field(description="Lưu ý.")


class Basis(BaseModel):
    """A legal document."""

    number: str = Field(description="Số, ký hiệu.", examples=["60/2014/QH13"])
    title: str = Field(description="Tên văn bản.", examples=["Luật Hộ tịch"])
    notice: str = Field(description="Cảnh báo khi biết văn bản đã hết hiệu lực; rỗng là không có.")


class Local(BaseModel):
    """What the office itself adds."""

    office: str = Field(description="Cơ quan bổ sung.")
    fee: str = Field(description="Phí, lệ phí tại cơ quan.")
    counter: str = Field(description="Nơi tiếp nhận.")
    hours: str = Field(description="Giờ nhận hồ sơ.")
    online_level: str = Field(description="Mức dịch vụ công trực tuyến.")
    postal: str = Field(description="Bưu chính.")
    note: str = Field(description="Ghi chú.")
    source: str = Field(description="Văn bản của cơ quan.")
    as_of: Day


class ProcedureDetail(ProcedureItem):
    """Everything of one procedure that is in force today. Empty = not recorded in the source."""

    subjects: list[str] = Field(description="Đối tượng thực hiện.")
    receiver: str = Field(description="Nơi nhận hồ sơ, viết để hướng dẫn người dân.")
    competent_agency: str = Field(description="Cơ quan có thẩm quyền.")
    issuing_agency: str = Field(description="Cơ quan ban hành.")
    coordinating_agency: str = Field(description="Cơ quan phối hợp.")
    receiving_address: str = Field(description="Địa chỉ tiếp nhận.")
    steps: str = Field(description="Trình tự thực hiện.")
    methods: list[MethodOfSubmission] = Field(description="Cách thức nộp, kèm thời hạn và phí.")
    cases: list[PaperCase] = Field(description="Thành phần hồ sơ theo trường hợp.")
    results: str = Field(description="Kết quả.")
    conditions: str = Field(description="Yêu cầu, điều kiện.")
    legal_basis: list[Basis] = Field(description="Căn cứ pháp lý.")
    decision_number: str = Field(description="Quyết định công bố.")
    effective_from: Day
    effective_to: Day
    source_url: str = Field(description="Trang chính thức.")
    data_date: Day
    caution: str = Field(description="Lưu ý cần cho người dân biết khi nội dung đáng ngờ; rỗng là không có.")
    citation: str = Field(description="Dòng nguồn nên hiện kèm.")
    local: Local | None = Field(description="Phần bổ sung của cơ quan này; null là không có.")


class Moved(BaseModel):
    """The code was replaced."""

    replaced_by: str = Field(description="Mã thủ tục đang dùng.", examples=["1.001193"])


class FaqItem(BaseModel):
    """A question in a list."""

    id: str = Field(description="Mã câu hỏi.", examples=["nop-ho-so-truc-tuyen"])
    question: str = Field(description="Câu hỏi.", examples=["Nộp hồ sơ trực tuyến như thế nào?"])
    topic: str = Field(description="Chủ đề.")
    audience: list[Audience] = Field(description="Dành cho: citizens người dân, officials cán bộ.")


class Faqs(_Page):
    """One page of questions."""

    items: list[FaqItem] = Field(description="Các câu hỏi đáp đang có hiệu lực.")


class FaqSource(BaseModel):
    """Where an answer comes from."""

    title: str = Field(description="Văn bản hoặc trang.")
    url: str = Field(description="Địa chỉ; rỗng là chưa ghi.")
    as_of: Day


class FaqDetail(FaqItem):
    """One question with its answer."""

    answer: str = Field(description="Câu trả lời.")
    sources: list[FaqSource] = Field(description="Nguồn.")
    related: list[ProcedureItem] = Field(description="Thủ tục liên quan.")
    effective_from: Day
    effective_to: Day
    caution: str = Field(description="Lưu ý của cơ quan, hiện sau câu trả lời; rỗng là không có.")


class _PageQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    q: str | None = Field(default=None, max_length=300, description="Tìm theo lời thường ngày, có hoặc không dấu.")
    cursor: str | None = Field(default=None, pattern=CURSOR, description="next_cursor của trang trước.")
    limit: int = Field(default=20, ge=1, le=MOST_ITEMS, description="Số mục mỗi trang.")


class ProcedureQuery(_PageQuery):
    """Which procedures."""

    field: str | None = Field(default=None, max_length=200, description="Lĩnh vực, ví dụ “Hộ tịch”.")
    level: Level | None = Field(default=None, description="Cấp giải quyết.")
    province: str | None = Field(
        default=None, max_length=60, description="Chỉ thủ tục riêng của tỉnh, thành phố này, ví dụ “Bắc Ninh”."
    )


class FaqQuery(_PageQuery):
    """Which questions."""

    topic: str | None = Field(default=None, max_length=100, description="Chủ đề.")
    audience: Audience | None = Field(default=None, description="Dành cho người dân hay cán bộ.")
