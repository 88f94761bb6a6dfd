"""On which days does a team work? Weekends, public holidays, and the weekend days that a government moves work to (调休)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day on which the team does not work, or is `working` though others rest."""

    day: date
    name: str = ""
    working: bool = False


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The working days of a country or a part of it, over some years; outside of them only the weekend is known.

    `weekend` holds weekdays (Monday is 0), `holidays` the names of days off by date, `workdays` the weekend days on which people do
    work. No date is in both.
    """

    code: str
    weekend: frozenset[int] = frozenset({5, 6})
    holidays: Mapping[date, str] = field(default_factory=dict, hash=False)
    workdays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if self.weekend >= set(range(7)):
            raise ValueError("a week needs a working day")

    def is_working(self, day: date) -> bool:
        """Whether people work on the day."""
        if day.weekday() in self.weekend:
            return day in self.workdays
        return day not in self.holidays

    def with_team(self, days: Collection[DayOff]) -> WorkingCalendar:
        """The calendar with a team's own days, which go before it."""
        if not days:
            return self
        own = {each.day for each in days}
        country = {day: name for day, name in self.holidays.items() if day not in own}
        return replace(
            self,
            holidays=country | {each.day: each.name for each in days if not each.working},
            workdays=self.workdays - own | {each.day for each in days if each.working and each.day.weekday() in self.weekend},
        )

    def is_holiday(self, day: date) -> bool:
        """Whether the day is a named day off. A plain weekend day is none."""
        return day in self.holidays

    def next_working(self, day: date) -> date:
        """The first working day after the day."""
        return self._step(day, DAY)

    def previous_working(self, day: date) -> date:
        """The last working day before the day."""
        return self._step(day, -DAY)

    def shift(self, day: date, by: int) -> date:
        """The working day `by` working days after the day, or before it when `by` is negative; the day itself for 0."""
        for _ in range(abs(by)):
            day = self._step(day, DAY if by > 0 else -DAY)
        return day

    def working_days(self, since: date, until: date) -> Iterator[date]:
        """The working days from `since` to `until`, both included, in order."""
        return (day for day in dates(since, until) if self.is_working(day))

    def gap_before(self, day: date) -> tuple[date, ...]:
        """What a digest on that morning has to cover: the last working day before it and every day off since, in order.

        On most mornings that is yesterday alone. After a break the first item is the last working day, whose figures nobody has seen yet
        since that day's own digest spoke of the day before; the others are the break.
        """
        return tuple(dates(self.previous_working(day), day - DAY))

    def _step(self, day: date, step: timedelta) -> date:
        day += step
        while not self.is_working(day):
            day += step
        return day


def dates(since: date, until: date) -> Iterator[date]:
    """Every date from `since` to `until`, both included; none when `until` comes first."""
    while since <= until:
        yield since
        since += DAY
