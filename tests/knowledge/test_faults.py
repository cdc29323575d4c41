"""What the system refuses is said in Vietnamese with the mend."""

import errno
import socket

import pytest

from knowledge.faults import why


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "đĩa đã đầy"),
        (errno.EFBIG, "giới hạn dung lượng"),
        (errno.EACCES, "kiểm tra quyền"),
        (errno.EADDRINUSE, "cổng này"),
        (errno.ENOENT, "kiểm tra đường dẫn"),
    ],
)
def test_a_common_fault_says_what_to_do(number: int, words: str) -> None:
    said = why(OSError(number, "English"))

    assert words in said
    assert "English" not in said


def test_a_rare_fault_keeps_its_name() -> None:
    assert why(OSError(errno.EXDEV, "cross-device")).startswith("hệ thống báo lỗi EXDEV")


def test_a_name_that_nobody_knows() -> None:
    assert "tên này" in why(socket.gaierror(socket.EAI_NONAME, "Name or service not known"))


def test_an_error_without_a_number_is_told_all_the_same() -> None:
    assert why(OSError("odd")).startswith("hệ thống báo lỗi 0")
