"""Of which stretch does a board speak that comes by itself? Of a day, a week or a month, by how often it comes."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from itertools import islice, pairwise
from typing import assert_never

from core.domain.cadences import Cadence, Cron, Days, Every, EveryDays, MonthDay, MonthEnd, Timed, Weekdays, cron_walls
from core.domain.periods import Grain

_WEEK, _MONTH = 7, 28
# In as many times, from any year on, those of a crontab's line come as close together as they ever do: days of the month and of the week have met.
_TIMES = 32
_FIRST, _LAST = date(2024, 1, 1), date(2073, 12, 31)


def grain_of(cadence: Cadence) -> Grain:
    """A month where its times always lie four weeks or more apart, a week where they lie one or more apart, else a day."""
    match cadence:
        case Timed(days=days):
            return _grain_of(days)
        case Every(every=every):
            return _apart(every.days)
        case Cron(expression=expression):
            return _cron_grain(expression)
        case _:
            assert_never(cadence)


def _grain_of(days: Days) -> Grain:
    match days:
        case MonthDay() | MonthEnd():
            return Grain.MONTH
        case Weekdays(days=chosen):
            return Grain.WEEK if len(chosen) == 1 else Grain.DAY
        case EveryDays(days=every):
            return _apart(every)
        case _:
            return Grain.DAY


def _apart(days: int) -> Grain:
    return Grain.MONTH if days >= _MONTH else Grain.WEEK if days >= _WEEK else Grain.DAY


@lru_cache(maxsize=1024)
def _cron_grain(expression: str) -> Grain:
    """By the shortest way between two of its times. One that falls a single time comes less often than any month."""
    times = islice(cron_walls(expression, _FIRST, _LAST), _TIMES)
    return _apart(min((later - earlier for earlier, later in pairwise(times)), default=timedelta(_MONTH)).days)
