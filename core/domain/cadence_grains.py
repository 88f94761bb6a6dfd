"""Of which stretch does a board speak that comes by itself? Of a day, a week or a month, by how often it comes."""

from __future__ import annotations

from typing import assert_never

from core.domain.cadences import Cadence, Cron, Days, Every, EveryDays, MonthDay, MonthEnd, Timed, Weekdays
from core.domain.periods import Grain

_WEEK, _MONTH = 7, 28


def grain_of(cadence: Cadence) -> Grain:
    """A month where it comes once a month or less often, a week where it comes once in one, else a day."""
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


def _cron_grain(expression: str) -> Grain:
    """By its fields for the day of the month and of the week, where they name a single one."""
    _, _, day, _, weekday = expression.split()
    if day.isdecimal() or day.upper() == "L":
        return Grain.MONTH
    return Grain.WEEK if weekday != "*" and weekday.isalnum() else Grain.DAY
