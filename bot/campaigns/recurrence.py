"""When the occurrences of a campaign are: RFC 5545 rules on the Vietnamese clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr

from bot.campaigns.campaign import CampaignProblem, Plan

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
SHORTEST_HOURS = 1
NOT_UNDERSTOOD = "Không hiểu quy tắc lặp lại “{rule}”. Ví dụ: FREQ=MONTHLY;BYMONTHDAY=5 là ngày 5 hằng tháng."
NEVER_ENDS = "Quy tắc lặp lại không có điểm dừng; hãy đặt thời điểm kết thúc, hoặc số lần (COUNT)."
TOO_OFTEN = "Quy tắc lặp lại dày quá một lần mỗi giờ."
NEVER = "Quy tắc lặp lại không có lần nào trong thời gian của chiến dịch."
NO_START = "Chiến dịch lặp lại cần có thời điểm bắt đầu."


def understood(plan: Plan) -> None:
    """Raises CampaignProblem for a recurrence that cannot be read, never ends, or never comes."""
    if not plan.recurrence:
        return
    rule = _rule(plan)
    first = rule.after(_clock(_start(plan)), inc=True)
    if first is None or (plan.expires_at is not None and first > _clock(plan.expires_at)):
        raise CampaignProblem(NEVER)
    second = rule.after(first)
    if second is not None and second - first < timedelta(hours=SHORTEST_HOURS):
        raise CampaignProblem(TOO_OFTEN)


def first_after(plan: Plan, now: datetime) -> datetime | None:
    """The first occurrence that can still be sent now; None where there is none any more."""
    if not plan.recurrence:
        due = plan.starts_at or now
        return due if ends(plan, due) > now else None
    last = (_rule(plan)).before(_clock(now), inc=True)
    if last is not None and ends(plan, _moment(last)) > now:
        return _moment(last)
    return next_after(plan, now)


def next_after(plan: Plan, moment: datetime) -> datetime | None:
    """The occurrence after a moment; None where there is none."""
    if not plan.recurrence:
        return None
    found = _rule(plan).after(_clock(moment))
    if found is None or (plan.expires_at is not None and _moment(found) >= plan.expires_at):
        return None
    return _moment(found)


def between(plan: Plan, since: datetime, until: datetime, most: int = 100) -> list[datetime]:
    """The occurrences from one moment up to another, both included."""
    found, at = [since], since
    while len(found) < most and (following := next_after(plan, at)) is not None and following <= until:
        found.append(following)
        at = following
    return found


def ends(plan: Plan, due: datetime) -> datetime:
    """Until when an occurrence may be sent: for its hours, not after the campaign, not into the next occurrence."""
    found = due + timedelta(hours=plan.lasts_hours)
    if not plan.recurrence and plan.expires_at is not None:
        return plan.expires_at
    following = next_after(plan, due)
    return min(moment for moment in (found, plan.expires_at, following) if moment is not None)


def _rule(plan: Plan) -> rrule | rruleset:
    try:
        rule = rrulestr(plan.recurrence, dtstart=_clock(_start(plan)))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise CampaignProblem(NOT_UNDERSTOOD.format(rule=plan.recurrence[:60])) from None
    if not isinstance(rule, rrule):
        raise CampaignProblem(NOT_UNDERSTOOD.format(rule=plan.recurrence[:60]))
    words = plan.recurrence.upper()
    if plan.expires_at is None and "COUNT=" not in words and "UNTIL=" not in words:
        raise CampaignProblem(NEVER_ENDS)
    if any(f"FREQ={often}" in words for often in ("SECONDLY", "MINUTELY")):
        raise CampaignProblem(TOO_OFTEN)
    return rule


def _start(plan: Plan) -> datetime:
    if plan.starts_at is None:
        raise CampaignProblem(NO_START)
    return plan.starts_at


def _clock(moment: datetime) -> datetime:
    """What clocks in Viet Nam show: rules count in days and hours there, which have no summer time."""
    return moment.astimezone(VIETNAM).replace(tzinfo=None)


def _moment(clock: datetime) -> datetime:
    return clock.replace(tzinfo=VIETNAM)
