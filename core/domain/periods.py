"""Which stretch of time does a figure speak of? An hour, a local day, a week from Monday, a month, a quarter, a year, or a campaign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum


class Grain(StrEnum):
    """The length of a period; members stand from fine to coarse, the campaign aside."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    CAMPAIGN = "campaign"


CALENDAR_GRAINS = (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)
_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One stretch of local dates, `start` to `end`, both included. A campaign's period carries its id and its own end."""

    grain: Grain
    start: date
    campaign: int | None = None
    last: date | None = None

    @property
    def end(self) -> date:
        """The last local date that belongs to the period."""
        if self.last is not None:
            return self.last
        return following(self).start - timedelta(days=1)

    def days(self) -> Iterator[date]:
        """Every local date of the period, in order."""
        day = self.start
        while day <= self.end:
            yield day
            day += timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


def period_of(grain: Grain, day: date) -> Period:
    """The calendar period of that grain which holds the day."""
    match grain:
        case Grain.DAY:
            return Period(grain, day)
        case Grain.WEEK:
            return Period(grain, day - timedelta(days=day.weekday()))
        case Grain.MONTH | Grain.QUARTER | Grain.YEAR:
            size = _MONTHS[grain]
            return Period(grain, date(day.year, (day.month - 1) // size * size + 1, 1))
        case Grain.HOUR | Grain.CAMPAIGN:
            raise ValueError(f"a date does not name one {grain.value}")


def spanning(since: date, until: date) -> Period | None:
    """The calendar period that has exactly these ends; None where no one has."""
    periods = (period_of(grain, since) for grain in CALENDAR_GRAINS)
    return next((period for period in periods if (period.start, period.end) == (since, until)), None)


def following(period: Period) -> Period:
    """The calendar period right after this one."""
    return _moved(period, 1)


def preceding(period: Period) -> Period:
    """The calendar period right before this one."""
    return _moved(period, -1)


def last_complete(grain: Grain, today: date) -> Period:
    """The newest calendar period that ended before today began."""
    return preceding(period_of(grain, today))


def periods_between(grain: Grain, since: date, until: date) -> Iterator[Period]:
    """Every calendar period of the grain that holds a date from `since` to `until`, both included."""
    period = period_of(grain, since)
    while period.start <= until:
        yield period
        period = following(period)


def _moved(period: Period, by: int) -> Period:
    match period.grain:
        case Grain.DAY:
            return Period(period.grain, period.start + timedelta(days=by))
        case Grain.WEEK:
            return Period(period.grain, period.start + timedelta(weeks=by))
        case Grain.MONTH | Grain.QUARTER | Grain.YEAR:
            months = period.start.year * 12 + period.start.month - 1 + by * _MONTHS[period.grain]
            return Period(period.grain, date(months // 12, months % 12 + 1, 1))
        case Grain.HOUR | Grain.CAMPAIGN:
            raise ValueError(f"a {period.grain.value} has no neighbour in the calendar")


def midnight(day: date) -> datetime:
    """The key under which a local date is kept where a column holds both hours and dates: its midnight, as if it were in UTC."""
    return datetime.combine(day, time(), UTC)
