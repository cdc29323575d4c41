"""Reminds the units that lead overdue tasks, by their official e-mail; each unit gets one letter about all of them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.campaigns.plans.calendar import PlanCalendar
from bot.campaigns.plans.kept import CalendarLine
from bot.campaigns.plans.tasks import PlanProblem
from bot.mail import Mail, MailProblem, Send
from bot.storage.audit import Deed, note
from bot.storage.plan_tables import plan_reminder, plan_unit
from knowledge.store import VIETNAM

REMIND_SECONDS = 600
"""How often it is looked whether somebody has to be reminded; that is decided from the database."""
LAST_HOUR = 18
"""From this hour on nobody is reminded until the next working day."""
MOST_TOLD = 30
BAD_ADDRESS = "Địa chỉ thư “{address}” không đúng."
NO_UNIT = "Phải có tên đơn vị."
SUBJECT = "[Nhắc việc] {count} việc quá hạn theo kế hoạch – {unit}"
OPENING = "Kính gửi {unit},\n\nTheo kế hoạch, các việc sau do đơn vị chủ trì đã quá hạn:\n"
MORE = "… và {count} việc nữa."
CLOSING = (
    "\nĐề nghị đơn vị thực hiện và ghi kết quả (ngày, sản phẩm, số người tiếp cận) tại bàn cán bộ{address}; "
    "nếu đã làm xong, xin ghi kết quả để không nhận thư nhắc nữa.\n\n{office}\nThư tự động, mỗi {days} ngày một lần "
    "cho đến khi việc có kết quả."
)
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """When and how it is reminded. every_days: until the next letter; from_hour: of working days, in Viet Nam; address:
    of the site, office: its name, both for the letter."""

    every_days: int = 7
    from_hour: int = 8
    address: str = ""
    office: str = ""


class StoredUnits:
    """The addresses of the units that lead tasks."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def all(self) -> dict[str, str]:
        """The address of each unit that has one."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(select(plan_unit.c.name, plan_unit.c.email).order_by(plan_unit.c.name))
            return {row.name: row.email for row in rows}

    async def put(self, unit: str, address: str, *, by: Deed, now: datetime) -> None:
        """Sets a unit's address; "" takes it away. Raises PlanProblem."""
        if not unit or len(unit) > 300:
            raise PlanProblem(NO_UNIT)
        if address and not is_address(address):
            raise PlanProblem(BAD_ADDRESS.format(address=address[:60]))
        async with self._engine.begin() as connection:
            await connection.execute(delete(plan_unit).where(plan_unit.c.name == unit))
            if address:
                await connection.execute(plan_unit.insert().values(name=unit, email=address))
            subject, detail = f"unit:{unit}"[:100], {"set": bool(address)}
            deed = Deed(actor=by.actor, place=by.place, action="plan.unit", subject=subject, detail=detail)
            await note(connection, deed, now)


class Reminders:
    """Sends the letters that are due; safe to run in several replicas.

    A day is claimed before its letter goes out, so that a crash leaves at most one letter unsent until the next turn; a
    letter that the server refuses is tried again at the next tick.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        send: Send,
        now: Callable[[], datetime],
        rules: Rules,
        is_working: Callable[[date], bool],
    ) -> None:
        self._engine = engine
        self._send = send
        self._now = now
        self._rules = rules
        self._is_working = is_working
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    async def run(self) -> int:
        """Reminds whoever has to be reminded now; returns how many letters went out."""
        local = self._now().astimezone(VIETNAM)
        if not (self._rules.from_hour <= local.hour < LAST_HOUR and self._is_working(local.date())):
            return 0
        try:
            return await self._remind(local.date())
        except SQLAlchemyError as error:
            log.warning("overdue tasks not looked for", error=type(error).__name__)
            return 0

    async def _remind(self, today: date) -> int:
        units = await StoredUnits(self._engine).all()
        overdue = await PlanCalendar(self._engine).overdue(today) if units else []
        sent = 0
        for unit, address in units.items():
            mine = [line for line in overdue if line.lead == unit]
            claimed = await self._claim(mine, today)
            if claimed:
                sent += await self._tell(unit, address, mine, claimed, today)
        return sent

    async def _claim(self, lines: Sequence[CalendarLine], today: date) -> list[tuple[int, int]]:
        """The days whose turn has come and nobody else has taken."""
        turns = [
            (line.due.id, ((today - line.due.due_on) - timedelta(days=1)).days // self._rules.every_days)
            for line in lines
        ]
        claimed: list[tuple[int, int]] = []
        async with self._engine.begin() as connection:
            for due, turn in turns:
                row = self._insert(plan_reminder).values(due_id=due, turn=turn, claimed_at=self._now())
                free = row.on_conflict_do_nothing().returning(plan_reminder.c.due_id)
                if (await connection.execute(free)).one_or_none() is not None:
                    claimed.append((due, turn))
        return claimed

    async def _tell(
        self, unit: str, address: str, lines: Sequence[CalendarLine], claimed: Sequence[tuple[int, int]], today: date
    ) -> int:
        mail = letter(unit, address, lines, today, self._rules)
        try:
            await self._send(mail)
        except MailProblem as problem:
            log.warning("reminder not sent", why=str(problem), tasks=len(lines))
            await self._settle(claimed, sent=False)
            return 0
        await self._settle(claimed, sent=True)
        return 1

    async def _settle(self, claimed: Sequence[tuple[int, int]], *, sent: bool) -> None:
        async with self._engine.begin() as connection:
            for due, turn in claimed:
                mine = (plan_reminder.c.due_id == due, plan_reminder.c.turn == turn)
                if sent:
                    await connection.execute(update(plan_reminder).where(*mine).values(sent_at=self._now()))
                else:
                    await connection.execute(delete(plan_reminder).where(*mine))


def letter(unit: str, address: str, lines: Sequence[CalendarLine], today: date, rules: Rules) -> Mail:
    """The letter to a unit about its overdue tasks."""
    told = [_line(number, line, today) for number, line in enumerate(lines[:MOST_TOLD], start=1)]
    if len(lines) > MOST_TOLD:
        told.append(MORE.format(count=len(lines) - MOST_TOLD))
    site = f" ({rules.address}/can-bo/lich)" if rules.address else ""
    closing = CLOSING.format(address=site, office=rules.office, days=rules.every_days)
    text = OPENING.format(unit=unit) + "\n".join(told) + "\n" + closing
    return Mail(to=address, subject=SUBJECT.format(count=len(lines), unit=unit)[:200], text=text)


def is_address(text: str) -> bool:
    """True for what may be an e-mail address."""
    return len(text) <= 200 and _ADDRESS.fullmatch(text) is not None


def without_address(units: Sequence[str], known: Mapping[str, str]) -> list[str]:
    """Units that nobody can remind."""
    return [unit for unit in units if not known.get(unit)]


def _line(number: int, line: CalendarLine, today: date) -> str:
    late = (today - line.due.due_on).days
    content = line.content if len(line.content) <= 300 else line.content[:299] + "…"
    return f"{number}. {content}\n   Hạn: {line.due.due_on:%d/%m/%Y} (quá {late} ngày). Kế hoạch: {line.plan}"
