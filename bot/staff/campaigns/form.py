"""A campaign as its form shows and says it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from bot.campaigns.audience import Audience
from bot.campaigns.campaign import EVERYWHERE, LASTS_HOURS, MOST_LINKS, CampaignProblem, Plan, ZaloPlan
from bot.staff.campaigns.times import EVENING, MORNING, chosen_of, fields_of, moment_of, rule_of
from bot.staff.forms import Form
from handlers.messages import Link
from knowledge.communes import communes, localities
from knowledge.text import fold

COMMUNE = "Không có “{line}” trong danh mục phường, xã; ghi ví dụ: phường Tô Hiệu, Sơn La."
SEVERAL = "Có nhiều nơi tên “{line}”; ghi kèm tên tỉnh, thành phố."
NO_FIELD = "Không có lĩnh vực “{line}” trong danh mục thủ tục."
NO_ADDRESS = "Đường dẫn “{url}” phải bắt đầu bằng https:// hoặc http://."
NO_PAIR = "Dòng “{line}” cần có dạng tên=giá trị."
LONGEST_TEXT = 20_000
MOST_PROCEDURES = 20
TEXT = "noi_dung"
_PICKED = {
    "kenh": "channels",
    "chu_de": "topics",
    "nhom": "kinds",
    "don_vi": "units",
    "tinh": "provinces",
    "tru_kenh": "not_channels",
    "tru_chu_de": "not_topics",
    "tru_don_vi": "not_units",
}
"""Ticked fields of the form and the parts of the audience that they are."""


@dataclass(frozen=True, slots=True)
class Known:
    """What may be chosen. channels: names of outlets; fields: of procedures; units: that invite officials."""

    channels: Sequence[str]
    fields: Sequence[str]
    units: Sequence[str]
    topics: Sequence[str]
    kinds: Sequence[str]


@dataclass(slots=True)
class _Reading:
    form: Form
    known: Known
    problems: list[str] = field(default_factory=list)

    def plan(self, file_id: int | None) -> Plan:
        form = self.form
        texts = {EVERYWHERE: form.text(TEXT), **{name: form.text(f"{TEXT}_{name}") for name in self.known.channels}}
        return Plan(
            title=form.text("tieu_de"),
            texts={name: text[:LONGEST_TEXT] for name, text in texts.items() if text},
            audience=self.audience(),
            links=self.links(),
            procedures=tuple(dict.fromkeys(re.split(r"[\s,;]+", form.text("thu_tuc"))))[:20]
            if form.text("thu_tuc")
            else (),
            file_id=file_id,
            task_id=form.number("nhiem_vu"),
            starts_at=self.moment("bat_dau", MORNING),
            recurrence=rule_of(form.text("lap_lai"), form.text("quy_tac"))[:500],
            expires_at=self.moment("het_han", EVENING),
            lasts_hours=form.number("so_gio") or LASTS_HOURS,
            emergency=bool(form.text("khan_cap")),
            zalo=self.zalo(),
        )

    def moment(self, name: str, default: time) -> datetime | None:
        try:
            return moment_of(self.form.text(f"{name}_ngay"), self.form.text(f"{name}_gio"), default)
        except ValueError as error:
            self.problems.append(str(error))
            return None

    def links(self) -> tuple[Link, ...]:
        found = []
        for number in range(1, MOST_LINKS + 1):
            url, label = self.form.text(f"lien_ket_{number}"), self.form.text(f"ten_lien_ket_{number}")
            if not url:
                continue
            if not re.match(r"https?://[^\s/]", url) or len(url) > 2000:
                self.problems.append(NO_ADDRESS.format(url=url[:80]))
            found.append(Link(label[:100] or "Xem thêm", url))
        return tuple(found)

    def audience(self) -> Audience:
        allowed: Mapping[str, Sequence[str]] = {
            "channels": self.known.channels,
            "topics": self.known.topics,
            "kinds": self.known.kinds,
            "units": self.known.units,
            "provinces": list(communes()),
        }
        picked = {
            part: tuple(one for one in self.form.all(name) if one in allowed[part.removeprefix("not_")])
            for name, part in _PICKED.items()
        }
        return Audience(
            **picked,
            fields=self.fields(),
            communes=self.places("xa"),
            not_communes=self.places("tru_xa"),
        )

    def places(self, name: str) -> tuple[str, ...]:
        found = []
        for line in filter(None, map(str.strip, self.form.text(name).split("\n"))):
            places = [place for place in localities(line) if place.commune]
            if len(places) == 1:
                found.append(f"{places[0].province}/{places[0].commune}")
            else:
                self.problems.append((SEVERAL if places else COMMUNE).format(line=line[:60]))
        return tuple(found)

    def fields(self) -> tuple[str, ...]:
        named = {fold(name).lower(): name for name in self.known.fields}
        found = []
        for line in filter(None, map(str.strip, self.form.text("linh_vuc").split("\n"))):
            if name := named.get(fold(line).lower()):
                found.append(name)
            else:
                self.problems.append(NO_FIELD.format(line=line[:60]))
        return tuple(found)

    def zalo(self) -> ZaloPlan:
        form = self.form
        return ZaloPlan(
            template=form.text("zbs_mau")[:60],
            template_data=self.pairs("zbs_du_lieu"),
            price=form.number("zbs_gia") or 0,
            budget=form.number("zbs_kinh_phi") or 0,
            article=form.text("bai_viet")[:60],
            target=self.pairs("bai_viet_nhom"),
        )

    def pairs(self, name: str) -> dict[str, str]:
        found = {}
        for line in filter(None, map(str.strip, self.form.text(name).split("\n"))):
            key, equals, value = line.partition("=")
            if not equals or not key.strip():
                self.problems.append(NO_PAIR.format(line=line[:60]))
            found[key.strip()] = value.strip()
        return found


def plan_of(form: Form, known: Known, file_id: int | None) -> Plan:
    """What a form says. file_id: of the file kept with it. Raises CampaignProblem with all that is not understood."""
    reading = _Reading(form, known)
    plan = reading.plan(file_id)
    if reading.problems:
        raise CampaignProblem(" ".join(reading.problems))
    return plan


def form_of(plan: Plan) -> Form:
    """The form that says this plan."""
    audience, zalo = plan.audience, plan.zalo
    start, end, (rule, own) = fields_of(plan.starts_at), fields_of(plan.expires_at), chosen_of(plan.recurrence)
    fields: dict[str, list[str]] = {name: list(getattr(audience, part)) for name, part in _PICKED.items()}
    single = {
        "tieu_de": plan.title,
        **{f"{TEXT}_{name}" if name else TEXT: text for name, text in plan.texts.items()},
        "thu_tuc": " ".join(plan.procedures),
        "nhiem_vu": str(plan.task_id or ""),
        "bat_dau_ngay": start[0],
        "bat_dau_gio": start[1],
        "het_han_ngay": end[0],
        "het_han_gio": end[1],
        "lap_lai": rule,
        "quy_tac": own,
        "so_gio": str(plan.lasts_hours),
        "khan_cap": "1" if plan.emergency else "",
        "linh_vuc": "\n".join(audience.fields),
        "xa": _lines(audience.communes),
        "tru_xa": _lines(audience.not_communes),
        "zbs_mau": zalo.template,
        "zbs_du_lieu": "\n".join(f"{name}={value}" for name, value in zalo.template_data.items()),
        "zbs_gia": str(zalo.price or ""),
        "zbs_kinh_phi": str(zalo.budget or ""),
        "bai_viet": zalo.article,
        "bai_viet_nhom": "\n".join(f"{name}={value}" for name, value in zalo.target.items()),
        **{f"lien_ket_{number}": link.url for number, link in enumerate(plan.links, start=1)},
        **{f"ten_lien_ket_{number}": link.label for number, link in enumerate(plan.links, start=1)},
    }
    return Form({**fields, **{name: [value] for name, value in single.items()}})


def _lines(places: Sequence[str]) -> str:
    return "\n".join(", ".join(reversed(place.split("/", 1))) for place in places)
