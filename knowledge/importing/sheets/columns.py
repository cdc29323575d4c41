"""The columns of each kind of sheet: Vietnamese heading, other ways to write it, what may stand below."""

import functools
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from knowledge.entries import Audience, Level, SubmissionChannel
from knowledge.importing.sheets.methods import CHANNELS


class Shape(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    CODE = "code"
    ID = "id"
    CODES = "codes"
    LIST = "list"
    DATE = "date"
    PHONE = "phone"
    LEVEL = "level"
    STATUS = "status"
    AUDIENCES = "audiences"
    CHANNELS = "channels"
    METHOD = "method"
    CASES = "cases"
    SOURCES = "sources"
    LEGAL = "legal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. name: the field of the entry ("time:direct" for a part of one channel); help: for the template;
    imported_only: never written by an export, because other columns say the same."""

    name: str
    heading: str
    shape: Shape = Shape.TEXT
    also: tuple[str, ...] = ()
    required: bool = False
    help: str = ""
    example: str = ""
    imported_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One kind of sheet. form: what the importer calls it; key: the field that names a row."""

    form: str
    title: str
    key: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """The column of a field. Raises KeyError."""
        return next(column for column in self.columns if column.name == name)

    @property
    def required(self) -> tuple[Column, ...]:
        """Columns without which the sheet is not taken."""
        return tuple(column for column in self.columns if column.required)


LEVELS = {Level.COMMUNE: "Cấp xã", Level.PROVINCE: "Cấp tỉnh", Level.MINISTRY: "Cấp bộ"}
STATUSES = {"in_force": "Còn hiệu lực", "repealed": "Hết hiệu lực", "not_yet": "Chưa có hiệu lực"}
AUDIENCES = {Audience.CITIZENS: "Công dân", Audience.OFFICIALS: "Cán bộ"}

_PART_WORDS = {
    "time": ("Thời hạn", ("thời hạn giải quyết", "thời gian", "thời gian giải quyết")),
    "fees": ("Phí", ("phí, lệ phí", "lệ phí", "mức phí", "mức thu", "phí và lệ phí")),
    "note": ("Ghi chú", ("lưu ý", "mô tả", "ghi chú cách nộp")),
}
_CHANNEL_WORDS = {
    SubmissionChannel.DIRECT: ("trực tiếp", "tại quầy", "nộp trực tiếp"),
    SubmissionChannel.ONLINE: ("trực tuyến", "online", "qua mạng", "nộp trực tuyến"),
    SubmissionChannel.POSTAL: ("bưu chính", "bưu điện", "qua bưu chính", "qua bưu điện", "bưu chính công ích"),
}
_PART_HELP = {
    "time": ("Ví dụ: 5 ngày làm việc; 3 tháng; hoặc lời văn như “Trong ngày”.", "5 ngày làm việc"),
    "fees": ("Mỗi mức một dòng: số tiền | nội dung. Không thu thì ghi “Miễn phí”; chưa rõ thì để trống.", ""),
    "note": ("Điều cần biết thêm khi nộp theo cách này.", ""),
}


def _method_columns() -> tuple[Column, ...]:
    found = []
    for channel, label in CHANNELS.items():
        for part, (word, others) in _PART_WORDS.items():
            words = [(w, c) for w in (word, *others) for c in _CHANNEL_WORDS[channel]]
            help_, example = _PART_HELP[part]
            found.append(
                Column(
                    name=f"{part}:{channel.value}",
                    heading=f"{word} – {label.lower()}",
                    shape=Shape.METHOD,
                    also=tuple(f"{w} {c}" for w, c in words) + tuple(f"{c} {w}" for w, c in words),
                    help=help_,
                    example=example if channel is not SubmissionChannel.POSTAL else "",
                )
            )
    for part, (word, others) in _PART_WORDS.items():
        if part != "note":
            column = Column(
                name=f"{part}:", heading=word, shape=Shape.METHOD, also=others, imported_only=True,
                help="Dùng chung cho mọi cách nộp.",
            )  # fmt: skip
            found.append(column)
    return tuple(found)


TITLES = {
    "procedures": "Thủ tục",
    "faq": "Hỏi đáp",
    "offices": "Cơ quan",
    "legal-documents": "Văn bản pháp luật",
    "overlay": "Bổ sung của cơ quan",
    "code-aliases": "Mã thay đổi",
    "phrases": "Cách gọi của người dân",
}
"""Name of the sheet of each form, in the order of an export."""


@functools.cache
def sheets() -> dict[str, Sheet]:
    """Every kind of sheet by its form, from columns.tsv beside this file; the first column is the row's key."""
    found: dict[str, list[Column]] = {form: [] for form in TITLES}
    text = files("knowledge.importing.sheets").joinpath("columns.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        form, name, shape, required, heading, also, help_, example = line.split("\t")
        if name == "*":
            found[form] += _method_columns()
            continue
        column = Column(
            name=name,
            heading=heading,
            shape=Shape(shape),
            also=tuple(word.strip() for word in also.split(";") if word.strip()),
            required=bool(required),
            help=help_,
            example=example.replace("\\n", "\n"),
        )
        found[form].append(column)
    return {
        form: Sheet(form=form, title=TITLES[form], key=columns[0].name, columns=tuple(columns))
        for form, columns in found.items()
    }
