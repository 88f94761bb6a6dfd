"""Does a schedule fall once on each local date, wherever and whatever the clocks do?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil import rrule, tz
from hypothesis import given
from hypothesis import strategies as st

from core.domain.cadences import Daily, Days, Timed, Weekdays, Workdays
from core.domain.instants import instant_of
from core.domain.schedules import Occurrence, occurrences

SHANGHAI, LONDON, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
MINUTE = timedelta(minutes=1)


class PlainWeek:
    """Monday to Friday."""

    def is_working(self, day: date) -> bool:
        return day.weekday() < 5


WEEK = PlainWeek()

ZONES = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("posix", "right", "Etc")))
zones = st.sampled_from(ZONES).map(ZoneInfo)
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 15, 30, 59]))
days_of_week: st.SearchStrategy[Days] = st.one_of(st.just(Daily()), st.just(Workdays()), st.frozensets(st.integers(0, 6), min_size=1).map(Weekdays))
rules = st.builds(Timed, times, days_of_week)
instants = st.integers(0, 15 * 365 * 24 * 60).map(lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + minutes * MINUTE)
spans = st.tuples(instants, st.timedeltas(timedelta(0), timedelta(days=40))).map(lambda pair: (pair[0], pair[0] + pair[1]))


def fall(rule: Timed, zone: ZoneInfo, since: datetime, until: datetime) -> list[Occurrence]:
    return list(occurrences(rule, zone, since, until, WEEK))


@given(rules, zones, spans)
def test_occurrences_lie_within_the_span_in_order_one_a_date(rule: Timed, zone: ZoneInfo, span: tuple[datetime, datetime]) -> None:
    found = fall(rule, zone, *span)
    assert all(span[0] <= each.due_at < span[1] for each in found)
    assert [each.due_at for each in found] == sorted({each.due_at for each in found})
    assert len({each.local_date for each in found}) == len(found)


@given(rules, zones, spans, st.floats(0, 1))
def test_a_span_in_two_parts_brings_the_same(rule: Timed, zone: ZoneInfo, span: tuple[datetime, datetime], part: float) -> None:
    middle = span[0] + (span[1] - span[0]) * part
    assert fall(rule, zone, span[0], middle) + fall(rule, zone, middle, span[1]) == fall(rule, zone, *span)


@given(times, zones, spans)
def test_another_library_finds_the_same_dates_and_instants(at: time, zone: ZoneInfo, span: tuple[datetime, datetime]) -> None:
    # dateutil moves a time inside a jump by the jump's length: there the two mean different things.
    theirs, judge = rrule.rrule(rrule.DAILY, dtstart=datetime.combine(span[0].date() - timedelta(days=2), at), count=50), tz.gettz(zone.key)
    expected = {day.date(): tz.resolve_imaginary(day.replace(tzinfo=judge, fold=0)).astimezone(UTC) for day in theirs}
    for each in fall(Timed(at, Daily()), zone, *span):
        wall = datetime.combine(each.local_date, at, judge)
        if tz.datetime_exists(wall):
            assert each.due_at == expected[each.local_date]
    inside = {day for day, due in expected.items() if span[0] <= due < span[1] and tz.datetime_exists(datetime.combine(day, at, judge))}
    assert inside <= {each.local_date for each in fall(Timed(at, Daily()), zone, *span)}


@cache
def shown_by_minute(zone: str, day: date) -> dict[datetime, datetime]:
    """What clocks show in each minute around a date, found by looking at every minute."""
    start = datetime.combine(day, time(), UTC) - timedelta(hours=15)
    minutes = (start + MINUTE * n for n in range(60 * 54))
    return {minute: minute.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for minute in minutes}


CHANGES = [
    ("America/New_York", date(2024, 3, 10)),
    ("America/New_York", date(2024, 11, 3)),
    ("Europe/London", date(2024, 3, 31)),
    ("Europe/London", date(2024, 10, 27)),
    ("Australia/Lord_Howe", date(2024, 10, 6)),
    ("Australia/Lord_Howe", date(2024, 4, 7)),
    ("Africa/Cairo", date(2024, 4, 26)),
    ("America/Nuuk", date(2024, 3, 30)),
    ("Asia/Beirut", date(2024, 3, 31)),
    ("Asia/Shanghai", date(2024, 6, 4)),
]


@pytest.mark.parametrize(("zone", "day"), CHANGES)
@given(at=st.builds(time, st.integers(0, 23), st.integers(0, 59)))
def test_near_a_change_of_the_clocks_it_is_the_first_minute_that_shows_the_time_or_a_later_one(zone: str, day: date, at: time) -> None:
    wall = datetime.combine(day, at)
    expected = min(minute for minute, shown in shown_by_minute(zone, day).items() if shown >= wall)
    assert instant_of(day, at, ZoneInfo(zone)) == expected


@pytest.mark.parametrize(
    ("zone", "day", "at", "due"),
    [
        (SHANGHAI, date(2024, 6, 4), time(9), datetime(2024, 6, 4, 1, tzinfo=UTC)),
        (LONDON, date(2010, 12, 9), time(9), datetime(2010, 12, 9, 9, tzinfo=UTC)),
        (NEW_YORK, date(2024, 3, 10), time(2, 30), datetime(2024, 3, 10, 7, tzinfo=UTC)),
        (NEW_YORK, date(2024, 11, 3), time(1, 30), datetime(2024, 11, 3, 5, 30, tzinfo=UTC)),
    ],
)
def test_a_local_time_is_this_instant(zone: ZoneInfo, day: date, at: time, due: datetime) -> None:
    assert instant_of(day, at, zone) == due


def test_a_date_that_a_zone_never_had_has_no_occurrence() -> None:
    found = fall(Timed(time(9), Daily()), ZoneInfo("Pacific/Apia"), datetime(2011, 12, 28, tzinfo=UTC), datetime(2012, 1, 1, tzinfo=UTC))
    assert [each.local_date.day for each in found] == [28, 29, 31, 1]


def test_workdays_skip_the_weekend_and_weekdays_are_as_named() -> None:
    since, until = datetime(2024, 6, 3, tzinfo=UTC), datetime(2024, 6, 10, tzinfo=UTC)
    assert [each.local_date.day for each in fall(Timed(time(9), Workdays()), SHANGHAI, since, until)] == [3, 4, 5, 6, 7]
    assert [each.local_date.day for each in fall(Timed(time(9), Weekdays(frozenset({4, 6}))), SHANGHAI, since, until)] == [7, 9]
