"""What is said about a procedure, part by part."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from handlers.describe import Asked, describe, describe_full
from knowledge.entries import (
    Aspect,
    Document,
    DocumentCase,
    Fee,
    FormFile,
    LegalReference,
    Level,
    LocalOverlay,
    Method,
    OfficeProfile,
    Procedure,
    SubmissionChannel,
    TimeLimit,
    TimeUnit,
)

TODAY = date(2026, 11, 21)
DIRECT, ONLINE, POSTAL = SubmissionChannel.DIRECT, SubmissionChannel.ONLINE, SubmissionChannel.POSTAL
PERMIT = Procedure(
    code="1.000001",
    name="Cấp giấy phép biểu diễn",
    level=Level.PROVINCE,
    executing_agency="Sở Văn hóa, Thể thao và Du lịch",
    decision_number="12/QĐ-BVHTTDL",
    source_url="https://dichvucong.gov.vn/thu-tuc-hanh-chinh/x",
    data_date=date(2026, 7, 1),
)


def told(procedure: Procedure, *aspects: Aspect, **changes: Any) -> str:
    asked = replace(Asked(procedure=procedure, today=TODAY, aspects=aspects), **changes)
    return "\n".join(describe(asked).blocks)


def charging(*fees: tuple[SubmissionChannel, Fee]) -> Procedure:
    return replace(PERMIT, methods=tuple(Method(channel=channel, fees=(fee,)) for channel, fee in fees))


class TestFee:
    def test_channels_that_charge_the_same_are_one_line(self) -> None:
        procedure = charging((ONLINE, Fee(amount=10_000)), (POSTAL, Fee(amount=20_000)), (DIRECT, Fee(amount=20_000)))

        assert told(procedure, Aspect.FEE) == (
            "Phí, lệ phí:\n• Trực tiếp, bưu chính: 20.000 đồng\n• Trực tuyến: 10.000 đồng"
        )

    def test_free_is_said_only_of_a_recorded_zero(self) -> None:
        assert told(charging((DIRECT, Fee(amount=0))), Aspect.FEE) == "Phí, lệ phí: Miễn phí."
        assert "Miễn phí" not in told(charging((DIRECT, Fee(text="Theo quy định"))), Aspect.FEE)

    def test_nothing_recorded_names_the_office_to_ask(self) -> None:
        text = told(PERMIT, Aspect.FEE)

        assert "chưa ghi phí, lệ phí" in text
        assert "Anh/Chị hỏi nơi tiếp nhận: Sở Văn hóa, Thể thao và Du lịch." in text

    def test_a_blank_agency_is_asked_by_level(self) -> None:
        procedure = replace(PERMIT, executing_agency="", level=Level.COMMUNE)

        assert "Bộ phận Một cửa cấp xã" in told(procedure, Aspect.FEE)

    def test_nobody_is_sent_to_an_office_of_the_district(self) -> None:
        procedure = replace(PERMIT, executing_agency="Bảo hiểm xã hội cấp tỉnh, Bảo hiểm xã hội cấp huyện")

        assert told(procedure, Aspect.FEE).endswith("Bảo hiểm xã hội cấp tỉnh.")

    def test_a_figure_is_not_said_twice(self) -> None:
        assert (
            told(charging((DIRECT, Fee(amount=40_000, text="40.000đ/giấy"))), Aspect.FEE)
            == "Phí, lệ phí: 40.000đ/giấy."
        )
        assert (
            told(charging((DIRECT, Fee(amount=40_000, text="cấp mới"))), Aspect.FEE)
            == "Phí, lệ phí: 40.000 đồng (cấp mới)."
        )

    def test_an_ended_fee_is_not_shown_and_not_taken_for_free(self) -> None:
        ended = Fee(amount=90_000, text="90.000đ (áp dụng đến hết ngày 31/12/2023)")
        text = told(charging((DIRECT, Fee(amount=200_000)), (ONLINE, ended)), Aspect.FEE)

        assert "90.000" not in text
        assert "2023" not in text
        assert "Trực tuyến: mức phí công bố đã hết thời gian áp dụng." in text

    def test_a_reduced_rate_leads_and_says_until_when(self) -> None:
        fee = Fee(amount=800_000, text="áp dụng mức phí 400.000 đồng từ ngày 01/7/2025 đến hết ngày 31/12/2026")
        text = told(charging((DIRECT, fee)), Aspect.FEE)

        assert text.index("400.000") < text.index("31/12/2026") < text.index("mức chung 800.000 đồng")

    def test_the_province_decides(self) -> None:
        text = told(charging((DIRECT, Fee(text="Do Hội đồng nhân dân tỉnh quy định"))), Aspect.FEE)

        assert "không ghi số tiền cụ thể" in text
        assert "Anh/Chị hỏi nơi tiếp nhận" in text

    def test_many_levels_ask_for_the_case_and_the_case_gives_one(self) -> None:
        fees = tuple(Fee(amount=1000 * n, text=f"loại {n}") for n in range(1, 10))
        procedure = replace(PERMIT, methods=(Method(channel=DIRECT, fees=fees),))
        asked = Asked(procedure=procedure, today=TODAY, aspects=(Aspect.FEE,))

        said = describe(asked)

        assert "có 9 mức" in said.blocks[0]
        assert len(said.choices) == 5
        assert said.choices[1].value == "p:1.000001:f:2"
        assert told(procedure, Aspect.FEE, case=2) == "Phí, lệ phí:\n• 2.000 đồng (loại 2)"

    def test_the_office_adds_its_own_line_with_its_own_source(self) -> None:
        overlay = LocalOverlay(code=PERMIT.code, fee="thu 15.000 đồng", source="NQ 5/2026/NQ-HĐND")
        text = told(PERMIT, Aspect.FEE, overlay=overlay, profile=OfficeProfile(name="Sở A"))

        assert "Tại Sở A: thu 15.000 đồng (theo NQ 5/2026/NQ-HĐND)." in text


class TestTime:
    @pytest.mark.parametrize(
        ("limit", "words"),
        [
            (TimeLimit(amount=3, unit=TimeUnit.WORKING_DAY), "03 ngày làm việc"),
            (TimeLimit(amount=15, unit=TimeUnit.DAY), "15 ngày"),
            (TimeLimit(amount=4, unit=TimeUnit.HOUR), "04 giờ"),
            (TimeLimit(amount=0.5, unit=TimeUnit.WORKING_DAY), "0,5 ngày làm việc"),
            (TimeLimit(text="Ngay trong ngày"), "Ngay trong ngày"),
        ],
    )
    def test_units_in_words(self, limit: TimeLimit, words: str) -> None:
        procedure = replace(PERMIT, methods=(Method(channel=DIRECT, time=limit),))

        assert told(procedure, Aspect.TIME) == f"Thời hạn giải quyết: {words}."

    def test_a_limit_only_in_the_steps_is_quoted_as_such(self) -> None:
        steps = (
            "Nộp hồ sơ.\nHồ sơ thiếu thì bổ sung trong thời hạn 05 ngày.\n"
            "Trong thời hạn 02 ngày làm việc, Sở cấp giấy phép."
        )
        procedure = replace(PERMIT, steps=steps, methods=(Method(channel=DIRECT, time=TimeLimit()),))
        text = told(procedure, Aspect.TIME)

        assert "không ghi số ngày" in text
        assert "Trong thời hạn 02 ngày làm việc, Sở cấp giấy phép" in text
        assert "05 ngày" not in text

    def test_two_limits_of_one_channel_stand_side_by_side(self) -> None:
        limits = [TimeLimit(amount=n, unit=TimeUnit.DAY) for n in (1, 2)]
        procedure = replace(PERMIT, methods=tuple(Method(channel=DIRECT, time=limit) for limit in limits))

        assert told(procedure, Aspect.TIME) == "Thời hạn giải quyết: 01 ngày hoặc 02 ngày, tùy trường hợp."


class TestDossier:
    def test_counts_and_forms_first(self) -> None:
        papers = (Document(name="b) ảnh 4x6", originals=2), Document(name="a) Tờ khai", originals=1, copies=1))
        procedure = replace(PERMIT, cases=(DocumentCase(documents=papers),))

        assert told(procedure, Aspect.DOSSIER) == (
            "Giấy tờ cần có:\n• Tờ khai (01 bản chính, 01 bản sao)\n• Ảnh 4x6 (02 bản chính)"
        )

    def test_parts_of_one_dossier_are_no_cases(self) -> None:
        cases = (
            DocumentCase(title="Giấy tờ phải nộp", documents=(Document(name="Tờ khai"),)),
            DocumentCase(title="Giấy tờ phải xuất trình", documents=(Document(name="Căn cước"),)),
        )

        assert told(replace(PERMIT, cases=cases), Aspect.DOSSIER) == (
            "Giấy tờ phải nộp:\n• Tờ khai\nGiấy tờ phải xuất trình:\n• Căn cước"
        )

    def test_a_case_whose_time_is_over_is_left_out(self) -> None:
        cases = (
            DocumentCase(title="Đối với hồ sơ nộp trước ngày 01/01/2024", documents=(Document(name="Giấy cũ"),)),
            DocumentCase(title="Đối với hồ sơ khác", documents=(Document(name="Giấy mới"),)),
        )
        text = told(replace(PERMIT, cases=cases), Aspect.DOSSIER)

        assert "Giấy mới" in text
        assert "Giấy cũ" not in text

    def test_many_papers_are_shown_in_part(self) -> None:
        papers = tuple(Document(name=f"Giấy số {n} " + "rất dài " * 30) for n in range(20))
        text = told(replace(PERMIT, cases=(DocumentCase(documents=papers),)), Aspect.DOSSIER)

        assert len(text) < 700
        assert "giấy tờ khác (bấm “Xem đầy đủ”)" in text


class TestOffice:
    SON_LA = OfficeProfile(
        name="Sở Khoa học và Công nghệ Sơn La", province="Sơn La", agencies=("Sở Khoa học và Công nghệ",)
    )

    def test_our_own_procedure_has_our_contacts(self) -> None:
        profile = replace(self.SON_LA, agencies=("Sở Văn hóa, Thể thao và Du lịch",), phone="0212 123")
        text = told(PERMIT, Aspect.PLACE, profile=profile)

        assert "điện thoại 0212 123" in text

    def test_that_of_another_office_says_whose_it_is(self) -> None:
        assert "Thủ tục này do Sở Văn hóa, Thể thao và Du lịch tiếp nhận." in told(
            PERMIT, Aspect.FEE, profile=self.SON_LA
        )
        place = told(PERMIT, Aspect.PLACE, profile=self.SON_LA)
        assert "Sở Văn hóa, Thể thao và Du lịch" in place
        assert "không do" not in place  # what the source does not say is not denied either

    def test_that_of_another_province_says_so(self) -> None:
        procedure = replace(PERMIT, province="tỉnh Bắc Ninh")

        assert "Đây là thủ tục riêng của tỉnh Bắc Ninh." in told(procedure, profile=self.SON_LA)

    def test_without_a_profile_nothing_is_added(self) -> None:
        assert told(PERMIT, Aspect.RESULT).count("\n") == 0


class TestOtherParts:
    def test_channels_that_exist_and_that_do_not(self) -> None:
        procedure = charging((ONLINE, Fee(amount=10_000)))

        assert told(procedure, Aspect.ONLINE).startswith("Có.")
        assert "10.000 đồng" in told(procedure, Aspect.ONLINE)
        assert told(procedure, Aspect.POSTAL).startswith("Không có hình thức nộp qua bưu chính trong dữ liệu công bố.")

    def test_legal_basis_without_what_has_ended_and_marked_where_repealed(self) -> None:
        procedure = replace(
            PERMIT,
            legal_basis=(
                LegalReference(number="44/2023/TT-BTC", title="Thông tư 44/2023/TT-BTC giảm phí"),
                LegalReference(number="61/2018/NĐ-CP", title="Cơ chế một cửa"),
                LegalReference(number="64/2025/TT-BTC", title="Giảm phí"),
            ),
        )
        text = told(procedure, Aspect.LEGAL)

        assert "44/2023" not in text
        assert "61/2018/NĐ-CP: Cơ chế một cửa (đã hết hiệu lực từ 01/07/2025; nay là Nghị định 118/2025/NĐ-CP)" in text
        assert "(áp dụng đến hết 31/12/2026)" in text

    def test_forms_with_their_addresses(self) -> None:
        paper = Document(name="Đơn đề nghị", forms=(FormFile(name="don.docx", url="https://dichvucong.gov.vn/don"),))
        procedure = replace(PERMIT, cases=(DocumentCase(documents=(paper,)),))
        said = describe(Asked(procedure=procedure, today=TODAY, aspects=(Aspect.FORM,)))

        assert "• Đơn đề nghị" in said.blocks[0]
        assert [link.label for link in said.links] == ["don.docx", "Trang chính thức"]

    def test_the_card_has_at_most_six_lines(self) -> None:
        procedure = replace(charging((DIRECT, Fee(amount=10_000))), subjects=("Công dân Việt Nam",))

        assert len(told(procedure).split("\n")) == 6

    def test_steps_are_numbered_as_in_the_source(self) -> None:
        steps = "- Bước 1. Nộp hồ sơ\n- Bước 2. Nhận kết quả"

        assert told(replace(PERMIT, steps=steps), Aspect.STEPS) == (
            "Các bước thực hiện:\nBước 1: Nộp hồ sơ\nBước 2: Nhận kết quả"
        )

    def test_several_parts_are_short_paragraphs_in_the_order_asked(self) -> None:
        procedure = replace(
            PERMIT,
            methods=(Method(channel=DIRECT, time=TimeLimit(amount=3, unit=TimeUnit.DAY), fees=(Fee(amount=10_000),)),),
        )
        said = describe(Asked(procedure=procedure, today=TODAY, aspects=(Aspect.TIME, Aspect.FEE)))

        assert said.blocks == ("Thời hạn giải quyết: 03 ngày.", "Phí, lệ phí: 10.000 đồng.")
        assert said.aspects == (Aspect.TIME, Aspect.FEE)

    def test_the_whole_page_has_every_part(self) -> None:
        said = describe_full(Asked(procedure=PERMIT, today=TODAY))
        text = "\n".join(said.blocks)

        for part in (
            "Cơ quan thực hiện",
            "thời hạn",
            "phí, lệ phí",
            "thành phần hồ sơ",
            "các bước",
            "điều kiện",
            "căn cứ pháp lý",
        ):
            assert part in text
