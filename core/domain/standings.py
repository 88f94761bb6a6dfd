"""What is told of a schedule: where it comes, when next, and what clocks and calendars do then?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.domain.cadences import MonthEnd, Timed, Workdays
from core.domain.schedules import Occurrence, Schedule
from core.domain.workspaces import Channel

_NOVEMBER = 11


class Oddity(StrEnum):
    """What clocks do at a time of day on a day: they jump over it, or show it twice. Each is the end of a text's key."""

    SKIPPED = "skipped"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Standing:
    """A schedule with its place and its next times. `calendar` is the code of the country it goes by, `unknown` the years whose working days are not
    published yet, `owner` a name or empty. `here` says that it comes to where it is looked at.
    """

    schedule: Schedule
    channel: Channel
    zone: ZoneInfo
    calendar: str
    owner: str
    times: tuple[Occurrence, ...]
    unknown: tuple[int, ...] = ()
    here: bool = False

    def odd(self) -> Iterator[tuple[Occurrence, Oddity]]:
        """Those of its times that fall where clocks change."""
        match self.schedule.cadence:
            case Timed(at=at):
                for each in self.times:
                    local = each.due_at.astimezone(self.zone)
                    if local.time() != at:
                        yield each, Oddity.SKIPPED
                    elif local.utcoffset() != local.replace(fold=1).utcoffset():
                        yield each, Oddity.TWICE
            case _:
                return


def years_asked(schedule: Schedule, times: Sequence[Occurrence], today: date) -> Sequence[int]:
    """The years whose working days decide when it comes: those of the times, and from November on the next one, which people plan for by then."""
    match schedule.cadence:
        case Timed(days=Workdays() | MonthEnd(working=True)):
            coming = {today.year + 1} if today.month >= _NOVEMBER else set()
            return sorted({each.local_date.year for each in times} | coming)
        case _:
            return ()
