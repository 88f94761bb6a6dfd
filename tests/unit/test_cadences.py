"""Does each cadence fall on the days and times that other libraries find for it, and is one that cannot be kept refused?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from croniter import croniter
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.cadence_flaws import Flaw, flaw_of
from core.domain.cadences import Cadence, Cron, Daily, Days, Every, EveryDays, MonthDay, MonthEnd, Once, Timed, Weekdays, Workdays, walls
from core.domain.calendars import DayOff, WorkingCalendar
from core.sources.calendars import calendar_for

CHINA = calendar_for("CN", 2023, 2025)
SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
NOON = datetime(2024, 6, 4, 4, tzinfo=UTC)
FIRST, LAST = date(2020, 1, 1), date(2035, 12, 31)
MIDNIGHT = time()

many = settings(max_examples=300)
firsts = st.dates(FIRST, LAST)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def days_of(days: Days, first: date, last: date) -> list[date]:
    return [wall.date() for wall in walls(Timed(MIDNIGHT, days), first, last, CHINA)]


def judged(first: date, last: date, frequency: int, **how: object) -> list[date]:
    since, until = datetime.combine(first, MIDNIGHT), datetime.combine(last, MIDNIGHT)
    return [each.date() for each in rrule.rrule(frequency, dtstart=since, until=until, **how)]  # type: ignore[arg-type]  # its options have many types


# ------------------------------------------------------------------ days, judged by dateutil


@many
@given(firsts, st.integers(0, 400), st.frozensets(st.integers(0, 6), min_size=1))
def test_days_of_the_week_are_those_of_another_library(first: date, length: int, days: frozenset[int]) -> None:
    last = first + timedelta(days=length)
    assert days_of(Weekdays(days), first, last) == judged(first, last, rrule.WEEKLY, byweekday=sorted(days))


@many
@given(firsts, st.integers(0, 400), st.integers(1, 28))
def test_days_of_the_month_are_those_of_another_library(first: date, length: int, day: int) -> None:
    last = first + timedelta(days=length)
    assert days_of(MonthDay(day), first, last) == judged(first, last, rrule.MONTHLY, bymonthday=day)


@many
@given(firsts, st.integers(0, 400))
def test_the_ends_of_months_are_those_of_another_library(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    assert days_of(MonthEnd(working=False), first, last) == judged(first, last, rrule.MONTHLY, bymonthday=-1)
    plain = WorkingCalendar("XX")
    last_weekdays = judged(first, last, rrule.MONTHLY, byweekday=range(5), bysetpos=-1)
    assert [wall.date() for wall in walls(Timed(MIDNIGHT, MonthEnd(working=True)), first, last, plain)] == last_weekdays


@many
@given(firsts, st.integers(0, 90), st.integers(1, 60), st.integers(0, 400))
def test_every_so_many_days_are_those_of_another_library(first: date, earlier: int, every: int, length: int) -> None:
    begin, last = first - timedelta(days=earlier), first + timedelta(days=length)
    assert days_of(EveryDays(every, begin), first, last) == [day for day in judged(begin, last, rrule.DAILY, interval=every) if day >= first]


@many
@given(firsts, times, st.integers(15, 10_000), st.integers(0, 20))
def test_every_so_long_is_counted_from_its_beginning(first: date, at: time, minutes: int, length: int) -> None:
    begin, last = datetime.combine(first - timedelta(days=30), at), first + timedelta(days=length)
    found = list(walls(Every(timedelta(minutes=minutes), begin), first, last, CHINA))
    until = datetime.combine(last, MIDNIGHT) + timedelta(days=1)
    theirs = [wall for wall in rrule.rrule(rrule.MINUTELY, dtstart=begin, until=until, interval=minutes) if first <= wall.date() <= last]
    assert found == theirs


# ------------------------------------------------------------------ crontab lines, judged by croniter


def field(least: int, most: int, steps: tuple[int, ...]) -> st.SearchStrategy[str]:
    """What may stand in one place of a crontab line, as both libraries read it."""
    number = st.integers(least, most)
    # A span of one number is the whole range to croniter.
    span = st.tuples(number, number).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: f"{pair[0]}-{pair[1]}")
    some = st.lists(st.one_of(number.map(str), span), min_size=1, max_size=3).map(",".join)
    return st.one_of(st.just("*"), some, st.sampled_from(steps).map(lambda step: f"*/{step}"))


# One of the two kinds of day alone: where both are given, crons differ in whether both must fit.
either_day = st.one_of(field(1, 28, (2, 5)).map(lambda days: (days, "*")), field(0, 6, (2, 3)).map(lambda days: ("*", days)))
lines = st.tuples(field(0, 59, (15, 20)), field(0, 23, (2, 6)), either_day, field(1, 12, (3,))).map(
    lambda parts: f"{parts[0]} {parts[1]} {parts[2][0]} {parts[3]} {parts[2][1]}"
)


def theirs(line: str, since: datetime) -> Iterator[datetime]:
    judge = croniter(line, since - timedelta(minutes=1))
    while True:
        yield judge.get_next(datetime)


@many
@given(lines, firsts)
def test_a_crontab_line_falls_when_another_library_says(line: str, first: date) -> None:
    ours = islice(walls(Cron(line), first, first + timedelta(days=5000), CHINA), 30)
    assert list(ours) == list(islice(theirs(line, datetime.combine(first, MIDNIGHT)), 30))


def test_a_crontab_line_may_name_the_last_day_of_a_month() -> None:
    found = walls(Cron("0 17 L * *"), date(2024, 1, 1), date(2024, 4, 30), CHINA)
    assert [(wall.month, wall.day) for wall in found] == [(1, 31), (2, 29), (3, 31), (4, 30)]


# ------------------------------------------------------------------ months and holidays


def test_in_a_shorter_month_it_comes_on_the_last_day() -> None:
    assert [day.day for day in days_of(MonthDay(31), date(2024, 1, 1), date(2024, 5, 1))] == [31, 29, 31, 30]
    assert [day.day for day in days_of(MonthDay(29), date(2023, 2, 1), date(2023, 3, 30))] == [28, 29]


def test_the_last_working_day_minds_holidays_and_the_weekends_that_are_worked() -> None:
    # The Spring Festival of 2025 begins on 28 January; Sunday the 26th is worked, and so is Monday the 27th.
    assert days_of(MonthEnd(working=True), date(2025, 1, 1), date(2025, 1, 31)) == [date(2025, 1, 27)]
    assert days_of(MonthEnd(working=True), date(2023, 12, 1), date(2024, 3, 31)) == [
        date(2023, 12, 29),
        date(2024, 1, 31),
        date(2024, 2, 29),
        date(2024, 3, 29),
    ]


def test_a_month_in_which_nobody_works_has_no_last_working_day() -> None:
    closed = CHINA.with_team([DayOff(date(2024, 8, day)) for day in range(1, 32)])
    found = walls(Timed(MIDNIGHT, MonthEnd(working=True)), date(2024, 7, 1), date(2024, 9, 30), closed)
    assert [wall.date() for wall in found] == [date(2024, 7, 31), date(2024, 9, 30)]


# ------------------------------------------------------------------ what cannot be kept


def at_two(day: date, at: time = time(2, 30)) -> Timed:
    return Timed(at, Once(day))


@pytest.mark.parametrize(
    ("cadence", "flaw"),
    [
        (Timed(time(9), Workdays()), None),
        (Every(timedelta(minutes=15), datetime(2024, 1, 1, 9)), None),  # noqa: DTZ001  # what a wall shows
        (Every(timedelta(minutes=14), datetime(2024, 1, 1, 9)), Flaw.TOO_OFTEN),  # noqa: DTZ001  # what a wall shows
        (Cron("0 9 * * 1-5"), None),
        (Cron("0 0 29 2 *"), None),
        (Cron("0,15,30,45 * * * *"), None),
        (Cron("* * * * *"), Flaw.TOO_OFTEN),
        (Cron("0,50 0,23 * * *"), Flaw.TOO_OFTEN),
        (Cron("0 0 30 2 *"), Flaw.NEVER),
        (Cron("0 0 31 4,6 *"), Flaw.NEVER),
        (Cron("nine o'clock"), Flaw.NO_CRON),
        (Cron("0 9 * *"), Flaw.NO_CRON),
        (Cron("0 0 9 * * *"), Flaw.NO_CRON),
        (Cron("61 9 * * *"), Flaw.NO_CRON),
        (Cron(""), Flaw.NO_CRON),
        (Timed(time(9), Weekdays(frozenset())), Flaw.NEVER),
        (Timed(time(9), EveryDays(0, FIRST)), Flaw.NO_STEP),
        (Timed(time(9), EveryDays(367, FIRST)), Flaw.NO_STEP),
        (Timed(time(9), EveryDays(366, FIRST)), None),
        (Timed(time(9), MonthDay(0)), Flaw.NO_MONTH_DAY),
        (Timed(time(9), MonthDay(32)), Flaw.NO_MONTH_DAY),
        (Timed(time(9), Once(date(2024, 6, 4))), None),
        (Timed(time(7, 59), Once(date(2024, 6, 4))), None),
        (Timed(time(23), Once(date(2024, 6, 3))), Flaw.PAST),
        (at_two(date(2025, 3, 9)), Flaw.SKIPPED),
        (at_two(date(2024, 11, 3), time(1, 30)), Flaw.TWICE),
        (at_two(date(2024, 11, 3), time(0, 59)), None),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_else(cadence: Cadence, flaw: Flaw | None) -> None:
    assert flaw_of(cadence, NEW_YORK, NOON, CHINA) is flaw


def test_a_time_today_that_is_over_is_past() -> None:
    assert flaw_of(Timed(time(11, 59), Once(date(2024, 6, 4))), SHANGHAI, NOON, CHINA) is Flaw.PAST
    assert flaw_of(Timed(time(12), Once(date(2024, 6, 4))), SHANGHAI, NOON, CHINA) is None
    assert flaw_of(Timed(time(9), Daily()), SHANGHAI, NOON, CHINA) is None
