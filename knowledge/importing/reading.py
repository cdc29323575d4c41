"""Opens a file of JSON lines, plain or compressed, and hands out its rows one by one, good or refused."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from gzip import BadGzipFile, GzipFile
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, cast

from knowledge.faults import why as meaning_of
from knowledge.problem import Problem
from knowledge.text import clean

LONGEST_LINE = 8_000_000
"""Bytes of one row at most; the longest procedure of the national base has a tenth of a megabyte."""

_UNREADABLE = (
    "Tệp {name} bị hỏng hoặc chưa tải xong: {why}. Chưa ghi gì vào cơ sở dữ liệu; hãy tải lại tệp rồi nhập lại."
)


class ImportProblem(Problem):
    """The import as a whole cannot be done; nothing was written. The message is Vietnamese."""


class Refusal(Exception):
    """One row cannot be taken. field: its name in the file, "" for the whole row; reason: Vietnamese."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file. number counts from 1, blank lines too; content: the object, or why there is none."""

    number: int
    content: dict[str, Any] | Refusal


def read_rows(path: Path) -> list[Row]:
    """All rows of a file. Raises ImportProblem if it cannot be read to its end."""
    try:
        with path.open("rb") as file:
            head = file.peek(4)[:4]
            if encoding := _wide(head):
                raise ImportProblem(
                    f"Tệp {path.name} lưu bằng mã {encoding}; hãy mở và lưu lại bằng mã UTF-8 rồi nhập lại."
                )
            compressed = head[:2] == b"\x1f\x8b"
            stream = cast(IO[bytes], GzipFile(fileobj=file)) if compressed else file
            return list(rows_of(stream))
    except FileNotFoundError:
        raise ImportProblem(f"Không tìm thấy tệp {path}.") from None
    except IsADirectoryError:
        raise ImportProblem(f"{path} là thư mục, không phải tệp dữ liệu.") from None
    except PermissionError:
        raise ImportProblem(f"Không có quyền đọc tệp {path}.") from None
    except (EOFError, BadGzipFile, zlib.error) as error:
        why = "phần nén kết thúc giữa chừng" if isinstance(error, EOFError) else "phần nén không đúng"
        raise ImportProblem(_UNREADABLE.format(name=path.name, why=why)) from error
    except OSError as error:
        raise ImportProblem(f"Không đọc được tệp {path}: {meaning_of(error)}.") from error


def _wide(head: bytes) -> str:
    """The encoding that the first four bytes tell, where it is one of those with several bytes for every letter."""
    if head in (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"):
        return "UTF-32"
    marked = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    return "UTF-16" if marked or head[:2] in (b"{\x00", b"\x00{") else ""


def rows_of(stream: IO[bytes] | BufferedReader) -> Iterator[Row]:
    """The rows of an open stream of JSON lines; blank lines are passed over."""
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            while line and not line.endswith(b"\n"):
                line = stream.readline(LONGEST_LINE)
            yield Row(number, Refusal("", f"dòng dài quá {LONGEST_LINE // 1_000_000} MB"))
            continue
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            yield Row(number, _parsed(line))


def _parsed(line: bytes) -> dict[str, Any] | Refusal:
    try:
        content = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return Refusal("", "không phải chữ mã UTF-8")
    except json.JSONDecodeError as error:
        return Refusal("", f"không phải JSON hoặc bị cắt giữa chừng (ký tự thứ {error.pos + 1})")
    except ValueError:
        return Refusal("", "có số quá dài")
    except RecursionError:
        return Refusal("", "lồng nhau quá sâu")
    return content if isinstance(content, dict) else Refusal("", "không phải một đối tượng JSON { … }")


def named(key: str) -> str:
    """A field's name as it may be shown: whatever the file calls it, cleaned and short."""
    return clean(key)[:60]
