"""A small catalogue and the base over it, for tests of the search."""

from datetime import date
from pathlib import Path

from knowledge.base import KnowledgeBase
from knowledge.entries import Faq, Level, OfficeProfile, Procedure
from knowledge.serialising import to_json
from knowledge.store import Publication, StoredBody, StoredFaq

CITIZENS = ("Công dân Việt Nam",)


def procedure(
    code: str, name: str, field: str, level: Level = Level.COMMUNE, province: str | None = None, steps: str = ""
) -> Procedure:
    """A procedure with what the search reads."""
    agency = {Level.COMMUNE: "Ủy ban nhân dân cấp xã", Level.PROVINCE: f"Sở {field}"}.get(level, "Bộ")
    return Procedure(
        code=code,
        name=name,
        field=field,
        level=level,
        province=province,
        executing_agency=agency,
        subjects=CITIZENS,
        steps=steps,
    )


BIRTH = procedure("1.001193", "Thủ tục đăng ký khai sinh", "Hộ tịch")
BIRTH_AGAIN = procedure("1.004884", "Thủ tục đăng ký lại khai sinh", "Hộ tịch")
DEATH = procedure("1.000656", "Thủ tục đăng ký khai tử", "Hộ tịch")
MARRIAGE = procedure("1.000894", "Thủ tục đăng ký kết hôn", "Hộ tịch")
FOREIGN_MARRIAGE = procedure("2.000806", "Thủ tục đăng ký kết hôn có yếu tố nước ngoài", "Hộ tịch")
STAY = procedure("1.004194", "Đăng ký tạm trú", "Đăng ký, quản lý cư trú")
STAY_LONGER = procedure("1.002755", "Gia hạn tạm trú", "Đăng ký, quản lý cư trú")
RESIDENCE = procedure("1.004222", "Đăng ký thường trú", "Đăng ký, quản lý cư trú")
CARD = procedure("1.014061", "Cấp thẻ căn cước cho người từ đủ 14 tuổi trở lên", "Căn cước")
CHILD_CARD = procedure("1.014062", "Cấp thẻ căn cước cho người dưới 14 tuổi", "Căn cước")
CARD_AGAIN = procedure("1.014064", "Cấp lại thẻ căn cước", "Căn cước")
FREQUENCY_PROVINCE = procedure(
    "1.913380", "Cấp giấy phép sử dụng tần số vô tuyến điện (cấp tỉnh)", "Tần số vô tuyến điện", Level.PROVINCE
)
FREQUENCY = procedure("1.913381", "Cấp giấy phép sử dụng tần số vô tuyến điện", "Tần số vô tuyến điện", Level.MINISTRY)
LAND_SON_LA = procedure(
    "1.115001", "Hỗ trợ trồng cây ăn quả trên đất dốc", "Trồng trọt", Level.PROVINCE, province="tỉnh Sơn La"
)
LAND_LAO_CAI = procedure(
    "1.115002", "Hỗ trợ trồng cây ăn quả trên đất dốc vùng cao", "Trồng trọt", Level.PROVINCE, province="tỉnh Lào Cai"
)
ALL = (
    BIRTH,
    BIRTH_AGAIN,
    DEATH,
    MARRIAGE,
    FOREIGN_MARRIAGE,
    STAY,
    STAY_LONGER,
    RESIDENCE,
    CARD,
    CHILD_CARD,
    CARD_AGAIN,
    FREQUENCY_PROVINCE,
    FREQUENCY,
    LAND_SON_LA,
    LAND_LAO_CAI,
)
POSTAL = Faq(
    id="nhan-ket-qua-tai-nha",
    question="Có nhận kết quả tại nhà qua bưu chính công ích được không?",
    variants=("Giao giấy tờ tận nhà qua bưu điện",),
    answer="Anh/Chị đăng ký nhận kết quả qua dịch vụ bưu chính công ích khi nộp hồ sơ.",
    topic="Bưu chính công ích",
)


def publication(
    *procedures: Procedure, revision: int = 1, aliases: dict[str, tuple[str, ...]] | None = None
) -> Publication:
    """A publication of these procedures (all of them where none is given) and one question."""
    return Publication(
        revision=revision,
        on=date(2026, 11, 21),
        procedures={entry.code: StoredBody(2, to_json(entry)) for entry in procedures or ALL},
        faqs={POSTAL.id: StoredFaq(1, POSTAL)},
        offices=(),
        legal_documents=(),
        overlays={},
        code_aliases={"1.999999": BIRTH.code, "1.999998": "1.999999"},
        aliases=aliases or {},
    )


def base(profile: OfficeProfile | None = None, index_file: Path | None = None) -> KnowledgeBase:
    """The whole small catalogue, ready to answer."""
    return KnowledgeBase.build(publication(), profile or OfficeProfile(), index_file)
