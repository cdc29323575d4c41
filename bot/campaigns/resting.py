"""The hours of the night in which nobody is written to unless it is an emergency."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of the Vietnamese day until another, over midnight where it is the later one; equal: never."""

    since: time = time(21)
    until: time = time(7)

    def hold(self, now: datetime) -> bool:
        """True while nobody is written to. The clock of Viet Nam counts, whatever the server's says."""
        clock = now.astimezone(VIETNAM).time()
        if self.since <= self.until:
            return self.since <= clock < self.until
        return clock >= self.since or clock < self.until


NIGHT = QuietHours()
"""Where nothing else is set."""
