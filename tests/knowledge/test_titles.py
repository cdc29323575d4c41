"""Titles taken apart: what is done, to what, in which circumstances."""

import pytest

from knowledge.entries import Level
from knowledge.operations import OPERATIONS
from knowledge.titles import compared, key_of, parted


def bits(*names: str) -> int:
    return sum(1 << OPERATIONS.index(name) for name in names)


@pytest.mark.parametrize(
    ("title", "doing", "operations", "thing", "circumstance"),
    [
        ("Cấp lại giấy phép lái xe", "cấp lại", ("again",), "giấy phép lái xe", ""),
        ("Thủ tục đăng ký khai sinh lưu động", "đăng ký", ("first",), "khai sinh", "lưu động"),
        (
            "Thông báo chấm dứt hoạt động hộ kinh doanh",
            "thông báo chấm dứt hoạt động",
            ("end", "notify"),
            "hộ kinh doanh",
            "",
        ),
        ("Đăng ký việc nuôi con nuôi trong nước", "đăng ký", ("first",), "nuôi con nuôi", "trong nước"),
        (
            "Cấp thẻ căn cước cho người dưới 14 tuổi (thực hiện tại cấp tỉnh)",
            "cấp",
            ("first",),
            "thẻ căn cước",
            "cho người dưới 14 tuổi",
        ),
        (
            "Cấp giấy chứng nhận đăng ký xe trong trường hợp bị mất",
            "cấp",
            ("again",),
            "giấy chứng nhận đăng ký xe",
            "trong trường hợp bị mất",
        ),
        ("THỦ TỤC QUỸ TỰ GIẢI THỂ (Cấp tỉnh)", "", (), "quỹ tự giải thể", ""),
        ("Xoá đăng ký tạm trú", "xóa đăng ký", ("remove",), "tạm trú", ""),
    ],
)
def test_parts(title: str, doing: str, operations: tuple[str, ...], thing: str, circumstance: str) -> None:
    part = parted(title)

    assert (part.doing, part.object, part.circumstance) == (doing, thing, circumstance)
    assert part.operations == bits(*operations)


@pytest.mark.parametrize("title", ["", "Cấp", "Thủ tục", "(cấp tỉnh)", "Đăng ký, cấp lại", "???", "a" * 900])
def test_any_title_comes_apart(title: str) -> None:
    part = parted(title)

    assert isinstance(part.key, str)
    assert part.object or not title.strip("? ")


def test_the_paper_before_the_object_does_not_count_where_enough_is_left() -> None:
    assert key_of("giấy chứng nhận đăng ký hộ kinh doanh") == key_of("hộ kinh doanh")
    assert key_of("giấy phép lái xe") != key_of("lái xe")


def test_only_the_own_level_is_left_out_of_comparisons() -> None:
    assert compared("cộng đồng học tập cấp tỉnh", Level.PROVINCE) == "cong dong hoc tap"
    assert compared("cộng đồng học tập cấp tỉnh", Level.MINISTRY) == "cong dong hoc tap cap tinh"
