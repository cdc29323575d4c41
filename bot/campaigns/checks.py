"""What must be right before a campaign can be approved: its links, its procedures, its length, and its ways."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.campaigns.audience import Estimate, Route
from bot.campaigns.campaign import EVERYWHERE, Plan
from bot.campaigns.writing import Outlet, message

LinkAnswers = Callable[[str], Awaitable[str]]
"""Asks a link; what is wrong with it in Vietnamese, "" = it answers (see bot.campaigns.links.answers)."""
InForce = Callable[[str], bool]
"""Whether a procedure with this code is in force today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that was looked at. stops: it cannot be approved like this; text: Vietnamese, with what to do."""

    stops: bool
    text: str


async def findings(
    plan: Plan,
    estimate: Estimate,
    outlets: Sequence[Outlet],
    *,
    answers: LinkAnswers,
    in_force: InForce,
) -> list[Finding]:
    """Everything that is wrong, or worth knowing, before approval; none that `stops` = it may be approved."""
    found = [*_people(estimate, outlets, plan), *_texts(plan, estimate, outlets), *_money(plan, estimate)]
    found += [
        Finding(stops=True, text=f"Thủ tục {code} không có hiệu lực hoặc không có trong dữ liệu.")
        for code in plan.procedures
        if not in_force(code)
    ]
    wrongs = [(link.label, await answers(link.url)) for link in plan.links]
    found += [Finding(stops=True, text=f"Đường dẫn “{label}”: {wrong}") for label, wrong in wrongs if wrong]
    return found


def _people(estimate: Estimate, outlets: Sequence[Outlet], plan: Plan) -> list[Finding]:
    able = {outlet.name for outlet in outlets if outlet.proactive}
    found = [
        Finding(stops=True, text=f"Kênh {name} không nhắn trước được cho người dân; hãy bỏ kênh này.")
        for name in plan.audience.channels
        if name not in able
    ]
    if not estimate.total and not plan.zalo.article:
        found.append(Finding(stops=True, text="Không có ai trong nhóm người nhận; hãy chọn rộng hơn."))
    if nobody := estimate.by_route.get(Route.NONE, 0):
        text = f"{nobody} người không có cách nào nhắn tới; hãy dùng thêm bản tin để đăng tay."
        found.append(Finding(stops=False, text=text))
    return found


def _texts(plan: Plan, estimate: Estimate, outlets: Sequence[Outlet]) -> list[Finding]:
    found = []
    for outlet in outlets:
        if not estimate.by_channel.get(outlet.name):
            continue
        if not plan.text_for(outlet.name).strip():
            found.append(Finding(stops=True, text=f"Chưa có nội dung cho kênh {outlet.name}."))
        elif (number := len(outlet.preview(message(plan, outlet.name, {})))) > 1:
            text = f"Nội dung cho kênh {outlet.name} dài quá một tin ({number} tin); hãy rút ngắn."
            found.append(Finding(stops=True, text=text))
    unknown = set(plan.texts) - {EVERYWHERE} - {outlet.name for outlet in outlets}
    found += [Finding(stops=False, text=f"Có nội dung cho kênh {name} chưa bật.") for name in sorted(unknown)]
    return found


def _money(plan: Plan, estimate: Estimate) -> list[Finding]:
    if not plan.zalo.template:
        return []
    found = [Finding(stops=False, text=f"Tin mẫu Zalo: dự kiến {estimate.price:,} đồng.".replace(",", "."))]
    if plan.zalo.price <= 0 or plan.zalo.budget <= 0:
        found.append(Finding(stops=True, text="Tin mẫu Zalo có phí: cần ghi đơn giá và kinh phí."))
    elif estimate.priced_out:
        text = f"Kinh phí không đủ cho {estimate.priced_out} người; họ sẽ không nhận được tin."
        found.append(Finding(stops=False, text=text))
    return found


def stopping(found: Sequence[Finding]) -> list[str]:
    """The texts of what stands in the way."""
    return [one.text for one in found if one.stops]
