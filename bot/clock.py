"""The only APScheduler import: ticks, nothing else."""

from collections.abc import Awaitable, Callable
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

Job = Callable[[], Awaitable[Any]]


class Clock:
    """Runs jobs on the running event loop; what is due is decided by the jobs themselves, from the database."""

    def __init__(self, timezone: str = "Asia/Ho_Chi_Minh") -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=timezone, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._timezone = timezone

    def every(self, seconds: float, job: Job, name: str) -> None:
        """Calls a job again and again."""
        self._scheduler.add_job(job, IntervalTrigger(seconds=seconds), id=name)

    def daily(self, hour: int, minute: int, job: Job, name: str) -> None:
        """Calls a job once a day, at Vietnamese time."""
        self._scheduler.add_job(job, CronTrigger(hour=hour, minute=minute, timezone=self._timezone), id=name)

    def start(self) -> None:
        """Begins ticking; needs a running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stops at once; a job under way is left to end by itself."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
