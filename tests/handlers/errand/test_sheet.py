"""The list to keep, part by part."""

from dataclasses import replace
from datetime import date

import pytest

from handlers.choices import ErrandStep
from handlers.errand import errand_of, sheet
from handlers.messages import Desk
from knowledge.entries import (
    DocumentCase,
    Fee,
    Level,
    LocalOverlay,
    Method,
    OfficeProfile,
    Procedure,
    SubmissionChannel,
    TimeLimit,
)
from tests.handlers.errand.errands import (
    DIRECT,
    FORM,
    FRIDAY,
    HANOI,
    ONE_WAY,
    ONLINE,
    POSTAL,
    SAIGON,
    STAY,
    THREE_DAYS,
    knowing,
)


def told(procedure: Procedure, step: ErrandStep | None = None, desk: Desk | None = None, *, whole: bool = False) -> str:
    desk = desk or knowing(procedure)
    made = sheet(errand_of(procedure, step or ErrandStep(procedure.code), desk.knowledge, desk.today, whole=whole))
    return "\n\n".join((made.title, *made.blocks))


def part(text: str, heading: str) -> str:
    return next(block for block in text.split("\n\n") if block.startswith(heading))


def by(*methods: Method) -> Procedure:
    return replace(STAY, methods=methods)


def step(channel: SubmissionChannel, case: int = 1, office: int = 0) -> ErrandStep:
    return ErrandStep(STAY.code, case, channel, True, office)


class TestPapers:
    def test_only_the_papers_of_this_case(self) -> None:
        papers = part(told(STAY, step(DIRECT)), "Giấy tờ")

        assert papers == "Giấy tờ cần chuẩn bị:\n• Tờ khai CT01 (01 bản chính)\n• Hợp đồng thuê nhà (01 bản sao)"

    def test_online_tells_what_to_have_ready(self) -> None:
        assert "VNeID" in part(told(STAY, step(ONLINE)), "Giấy tờ")

    def test_a_heading_is_no_note(self) -> None:
        notes = ("Nộp kèm bản dịch.", "Đối với giấy tờ nộp trực tiếp:")
        papers = part(told(replace(STAY, cases=(DocumentCase(documents=(FORM,), notes=notes),))), "Giấy tờ")

        assert papers.endswith("Lưu ý: Nộp kèm bản dịch.")

    def test_papers_that_are_not_recorded_are_not_made_up(self) -> None:
        assert "chưa ghi thành phần hồ sơ" in told(replace(STAY, cases=()))

    def test_a_long_dossier_is_cut_in_the_chat_and_whole_on_paper(self) -> None:
        many = replace(
            STAY, cases=(DocumentCase(documents=tuple(replace(FORM, name=f"Giấy số {n:02}") for n in range(30))),)
        )

        assert "… và 16 giấy tờ khác" in told(many)
        assert "Giấy số 29" in told(many, whole=True)
        assert "giấy tờ khác" not in told(many, whole=True)


class TestCosts:
    def test_one_figure_is_the_cost(self) -> None:
        costs = part(told(STAY, step(DIRECT)), "Chi phí")

        assert "• 15.000 đồng\n" in costs
        assert "tiền đi lại" in costs
        assert "chứng thực" in costs  # the lease is handed in as a copy

    def test_the_rate_of_this_case_is_the_cost(self) -> None:
        rates = (
            Fee(amount=10_000, text="đồng (đăng ký theo danh sách)"),
            Fee(amount=15_000, text="đồng (đăng ký cá nhân)"),
        )
        costs = part(told(by(Method(channel=DIRECT, fees=rates)), step(DIRECT, case=2)), "Chi phí")

        assert "• mức ghi cho trường hợp này: 10.000 đồng" in costs
        assert "15.000 đồng" in costs  # still told

    def test_a_charge_and_a_duty_may_both_be_due(self) -> None:
        both = Method(channel=DIRECT, fees=(Fee(text="Phí thẩm định 50.000 đồng"), Fee(text="Lệ phí: 20.000 đồng")))

        assert "• cộng: 70.000 đồng nếu phải nộp cả phí và lệ phí" in told(by(both))

    def test_without_any_channel_nothing_is_known(self) -> None:
        assert "phí, lệ phí chưa biết" in part(told(by()), "Chi phí")

    def test_several_rates_are_no_sum(self) -> None:
        rates = Method(channel=DIRECT, fees=(Fee(amount=10_000, text="theo danh sách"), Fee(amount=15_000)))

        assert "từ 10.000 đồng đến 15.000 đồng, tùy mức áp dụng" in told(by(rates))

    def test_a_rate_for_each_page_is_no_sum(self) -> None:
        assert "tổng tùy số lượng" in told(by(Method(channel=DIRECT, fees=(Fee(amount=2_000, text="đồng/trang"),))))

    def test_what_is_not_recorded_is_named(self) -> None:
        costs = part(told(by(Method(channel=DIRECT, time=THREE_DAYS))), "Chi phí")

        assert "chưa biết (dữ liệu công bố chưa ghi)" in costs
        assert "Công an cấp xã" in costs

    def test_a_fee_that_has_ended_is_not_told(self) -> None:
        ended = Fee(amount=15_000, text="15.000 đồng (áp dụng đến hết ngày 31/12/2023)")

        costs = part(told(by(Method(channel=DIRECT, fees=(ended,)))), "Chi phí")
        assert "15.000" not in costs
        assert "hết thời gian áp dụng" in costs

    def test_free_is_free(self) -> None:
        free = told(by(Method(channel=DIRECT, fees=(Fee(amount=0),))))

        assert "• Miễn phí" in part(free, "Chi phí")

    def test_postage_is_named_for_the_post(self) -> None:
        assert "cước bưu chính" in part(told(by(Method(channel=POSTAL, fees=(Fee(amount=1_000),)))), "Chi phí")


class TestPlace:
    def test_the_own_counter_with_its_hours(self) -> None:
        profile = OfficeProfile(
            name="UBND phường Tô Hiệu", level=Level.COMMUNE, address="12 Tô Hiệu", hours="7h30 đến 17h"
        )
        where = part(told(ONE_WAY, desk=knowing(ONE_WAY, profile=profile)), "Nộp ở đâu")

        assert "12 Tô Hiệu" in where
        assert "7h30 đến 17h" in where
        assert "chưa ghi giờ" not in where

    def test_hours_that_are_not_known_are_said_to_be(self) -> None:
        assert "chưa ghi giờ làm việc" in part(told(ONE_WAY), "Nộp ở đâu")

    def test_the_office_chosen(self) -> None:
        desk = knowing(STAY, offices=(HANOI, SAIGON))
        where = part(told(STAY, step(DIRECT, office=2), desk), "Nộp ở đâu")

        assert "333 Nguyễn Trãi" in where
        assert "44 Trần Phú" not in where

    def test_the_next_day_to_go_is_named_on_a_day_off(self) -> None:
        saturday = knowing(STAY, today=date(2026, 11, 21))

        assert "Ngày làm việc gần nhất: thứ Hai 23/11/2026" in told(STAY, step(DIRECT), saturday)
        assert "Ngày làm việc gần nhất" not in told(STAY, step(DIRECT))

    def test_offices_for_something_else_are_none_of_ours(self) -> None:
        other = replace(HANOI, receives=("Tin báo cháy", "Đăng ký tạm trú cho người nước ngoài"))

        assert "Trần Phú" not in told(STAY, step(DIRECT), knowing(STAY, offices=(other,)))


class TestDeadline:
    def test_submitted_today_due_on(self) -> None:
        due = part(told(STAY, step(DIRECT)), "Nộp đủ hồ sơ hôm nay")

        assert "(thứ Sáu 20/11/2026) thì hạn trả là thứ Năm 26/11/2026 (03 ngày làm việc)" in due
        assert "24/11 (Ngày Văn hóa Việt Nam)" in due
        assert "giấy hẹn" in due

    def test_on_a_day_off_it_counts_from_the_next_working_day(self) -> None:
        due = part(told(STAY, step(DIRECT), knowing(STAY, today=date(2026, 11, 21))), "Nộp đủ hồ sơ hôm nay")

        assert "cơ quan tiếp nhận từ thứ Hai 23/11/2026" in due
        assert "thứ Sáu 27/11/2026" in due

    def test_a_day_that_may_move_is_called_provisional(self) -> None:
        before_tet = knowing(STAY, today=date(2027, 2, 2))

        assert "tạm tính: lịch nghỉ Tết Nguyên Đán 2027" in told(STAY, step(DIRECT), before_tet)
        announced = knowing(STAY, today=date(2027, 2, 2), profile=OfficeProfile(announced_until=2027))
        assert "tạm tính" not in told(STAY, step(DIRECT), announced)

    def test_the_office_corrects_the_calendar(self) -> None:
        closed = OfficeProfile(days_off=(date(2026, 11, 25),), working_days=(date(2026, 11, 24),))

        assert "thứ Năm 26/11/2026" in told(STAY, step(DIRECT), knowing(STAY, profile=closed))
        assert "25/11 (ngày nghỉ của cơ quan)" in told(STAY, step(DIRECT), knowing(STAY, profile=closed))

    def test_channels_that_differ_are_told_apart(self) -> None:
        slow = by(Method(channel=DIRECT, time=THREE_DAYS), Method(channel=ONLINE, time=replace(THREE_DAYS, amount=1)))
        due = part(told(slow, ErrandStep(STAY.code, 1, None, True)), "Nộp đủ hồ sơ hôm nay")

        assert "• Trực tuyến: thứ Hai 23/11/2026" in due
        assert "• Trực tiếp: thứ Năm 26/11/2026" in due

    @pytest.mark.parametrize("limit", [None, TimeLimit(text="theo thỏa thuận")])
    def test_no_number_of_days_no_day(self, limit: TimeLimit | None) -> None:
        text = told(by(Method(channel=DIRECT, time=limit)))

        assert "Ngày trả: chưa tính được" in text
        assert "hạn trả là" not in text


class TestWays:
    def test_what_differs_is_compared(self) -> None:
        ways = part(told(STAY, step(DIRECT)), "So sánh")

        assert ways.startswith("So sánh các cách nộp (hạn trả như nhau):")
        assert "• Trực tuyến: 7.000 đồng; không phải đi nộp" in ways
        assert "• Trực tiếp: 15.000 đồng; đi nộp một lần" in ways

    def test_one_way_is_not_compared(self) -> None:
        assert "So sánh" not in told(ONE_WAY)


def test_what_to_do_when_it_is_late() -> None:
    late = part(told(STAY, step(DIRECT)), "Quá ngày hẹn")

    assert "1800 1096" in late
    assert "Phản ánh kiến nghị" in late


def test_a_local_fee_is_told_with_its_source() -> None:
    desk = knowing(ONE_WAY)
    errand = errand_of(ONE_WAY, ErrandStep(ONE_WAY.code), desk.knowledge, FRIDAY)
    local = LocalOverlay(code=ONE_WAY.code, fee="miễn thu đến hết năm", source="NQ 01/2026/NQ-HĐND")
    made = sheet(replace(errand, asked=replace(errand.asked, overlay=local)))

    assert "miễn thu đến hết năm (theo NQ 01/2026/NQ-HĐND)" in "\n".join(made.blocks)


def test_the_title_names_the_procedure_without_set_words() -> None:
    assert told(replace(STAY, name="Thủ tục đăng ký kết hôn")).startswith("Phiếu chuẩn bị: Đăng ký kết hôn\n")
