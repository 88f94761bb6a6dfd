"""Does a schedule fall once on each local date, wherever and whatever the clocks do?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil import rrule, tz
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.cadences import Cadence, Cron, Daily, Days, Every, EveryDays, MonthDay, MonthEnd, Once, Timed, Weekdays, Workdays, walls
from core.domain.deliveries import Kind
from core.domain.instants import instant_of
from core.domain.schedules import Occurrence, Schedule, next_times, occurrences

SHANGHAI, LONDON, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
MINUTE = timedelta(minutes=1)


class PlainWeek:
    """Monday to Friday."""

    def is_working(self, day: date) -> bool:
        return day.weekday() < 5


WEEK = PlainWeek()
EPOCH = date(2020, 1, 1)

many = settings(max_examples=300)
zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 15, 30, 59]))
some_days = st.dates(EPOCH, date(2035, 12, 31))
days_of_week: st.SearchStrategy[Days] = st.one_of(st.just(Daily()), st.just(Workdays()), st.frozensets(st.integers(0, 6), min_size=1).map(Weekdays))
days_of_month: st.SearchStrategy[Days] = st.one_of(st.integers(1, 31).map(MonthDay), st.booleans().map(MonthEnd))
other_days: st.SearchStrategy[Days] = st.one_of(st.builds(EveryDays, st.integers(1, 40), some_days), some_days.map(Once))
timed = st.builds(Timed, times, st.one_of(days_of_week, days_of_month, other_days))
begins = st.datetimes(datetime(2019, 1, 1), datetime(2035, 1, 1)).map(lambda begin: begin.replace(second=0, microsecond=0))  # noqa: DTZ001  # what a wall shows
steps = st.builds(Every, st.integers(15, 5000).map(lambda minutes: timedelta(minutes=minutes)), begins)
crons = st.sampled_from(["0 9 * * 1-5", "*/20 * * * *", "30 2 * * *", "0,30 0-3 * * *", "15 1 L * *", "0 12 1 */3 *", "45 23 * * 0"]).map(Cron)
cadences: st.SearchStrategy[Cadence] = st.one_of(timed, steps, crons)
instants = st.integers(0, 15 * 365 * 24 * 60).map(lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + minutes * MINUTE)
spans = st.tuples(instants, st.timedeltas(timedelta(0), timedelta(days=12))).map(lambda pair: (pair[0], pair[0] + pair[1]))


def fall(cadence: Cadence, zone: ZoneInfo, since: datetime, until: datetime) -> list[Occurrence]:
    return list(occurrences(cadence, zone, since, until, WEEK))


def key(each: Occurrence) -> tuple[date, int]:
    return each.local_date, each.slot


@many
@given(cadences, zones, spans)
def test_occurrences_lie_within_the_span_in_order_each_with_its_own_slot(cadence: Cadence, zone: ZoneInfo, span: tuple[datetime, datetime]) -> None:
    found = fall(cadence, zone, *span)
    assert all(span[0] <= each.due_at < span[1] for each in found)
    assert [each.due_at for each in found] == sorted({each.due_at for each in found})
    assert len({key(each) for each in found}) == len(found)


@many
@given(timed, zones, spans)
def test_a_time_of_day_falls_once_on_a_local_date(cadence: Timed, zone: ZoneInfo, span: tuple[datetime, datetime]) -> None:
    found = fall(cadence, zone, *span)
    assert {each.slot for each in found} <= {0}
    assert len({each.local_date for each in found}) == len(found)


@many
@given(cadences, zones, spans, st.floats(0, 1))
def test_a_span_in_two_parts_brings_the_same(cadence: Cadence, zone: ZoneInfo, span: tuple[datetime, datetime], part: float) -> None:
    middle = span[0] + (span[1] - span[0]) * part
    assert fall(cadence, zone, span[0], middle) + fall(cadence, zone, middle, span[1]) == fall(cadence, zone, *span)


@many
@given(cadences, zones, zones, spans)
def test_in_another_zone_the_same_dates_and_slots_fall(cadence: Cadence, one: ZoneInfo, other: ZoneInfo, span: tuple[datetime, datetime]) -> None:
    """But for several times in one jump of the clocks, of which the first comes alone, and dates that a zone never had."""
    wide = (span[0] - timedelta(days=3), span[1] + timedelta(days=3))
    here, there = {key(each) for each in fall(cadence, one, *span)}, {key(each) for each in fall(cadence, other, *wide)}
    jumped = {each for each in here - there if _jumped(cadence, each, other)}
    assert here - there - jumped == set()


def _jumped(cadence: Cadence, fallen: tuple[date, int], zone: ZoneInfo) -> bool:
    day, slot = fallen
    same_day = [wall for wall in walls(cadence, day, day, WEEK) if slot in (0, 1 + wall.hour * 60 + wall.minute)]
    return any(instant_of(day, wall.time(), zone).astimezone(zone).replace(tzinfo=None) != wall for wall in same_day)


@many
@given(times, zones, spans)
def test_another_library_finds_the_same_dates_and_instants(at: time, zone: ZoneInfo, span: tuple[datetime, datetime]) -> None:
    # dateutil moves a time inside a jump by the jump's length: there the two mean different things.
    theirs, judge = rrule.rrule(rrule.DAILY, dtstart=datetime.combine(span[0].date() - timedelta(days=2), at), count=20), tz.gettz(zone.key)
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
    ("Africa/Casablanca", date(2024, 3, 10)),
    ("Africa/Casablanca", date(2024, 4, 14)),
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


def due(found: list[Occurrence]) -> list[tuple[int, str]]:
    return [(each.slot, each.due_at.strftime("%H:%M")) for each in found]


def test_of_several_times_in_one_jump_the_first_comes_alone() -> None:
    quarters = Every(timedelta(minutes=30), datetime(2024, 1, 1))  # noqa: DTZ001  # what a wall shows
    found = fall(quarters, NEW_YORK, datetime(2024, 3, 10, 6, 30, tzinfo=UTC), datetime(2024, 3, 10, 8, tzinfo=UTC))
    assert due(found) == [(91, "06:30"), (121, "07:00"), (211, "07:30")]


def test_times_that_clocks_show_twice_come_the_first_time() -> None:
    found = fall(Cron("0,30 * * * *"), NEW_YORK, datetime(2024, 11, 3, 5, tzinfo=UTC), datetime(2024, 11, 3, 7, 1, tzinfo=UTC))
    assert due(found) == [(61, "05:00"), (91, "05:30"), (121, "07:00")]


def test_half_an_hour_of_lord_howe_is_minded() -> None:
    since = datetime(2024, 10, 5, 12, tzinfo=UTC)
    found = fall(Timed(time(2, 15), Daily()), ZoneInfo("Australia/Lord_Howe"), since, since + timedelta(days=1))
    assert due(found) == [(0, "15:30")]


def test_of_one_a_date_the_slot_is_the_same_whatever_the_time_and_of_several_it_is_their_minute() -> None:
    since, until = datetime(2024, 6, 3, 16, tzinfo=UTC), datetime(2024, 6, 4, 16, tzinfo=UTC)
    for cadence in (Timed(time(9), Daily()), Cron("0 10 * * *"), Every(timedelta(days=1), datetime(2024, 1, 1, 11))):  # noqa: DTZ001  # what a wall shows
        assert [each.slot for each in fall(cadence, SHANGHAI, since, until)] == [0]
    assert [each.slot for each in fall(Cron("0 0,12 * * *"), SHANGHAI, since, until)] == [1, 721]


SCHEDULE = Schedule(1, 1, Kind.DIGEST, Timed(time(9), Daily()), 1)
NOON = datetime(2024, 6, 4, 4, tzinfo=UTC)


def test_the_next_times_wait_for_a_pause() -> None:
    paused = replace(SCHEDULE, paused_until=date(2024, 6, 10))
    assert [each.local_date.day for each in next_times(SCHEDULE, SHANGHAI, WEEK, NOON, 3)] == [5, 6, 7]
    assert [each.local_date.day for each in next_times(paused, SHANGHAI, WEEK, NOON, 3)] == [10, 11, 12]


def test_what_comes_once_has_no_second_time() -> None:
    once = replace(SCHEDULE, cadence=Timed(time(9), Once(date(2024, 6, 7))))
    assert [each.local_date.day for each in next_times(once, SHANGHAI, WEEK, NOON, 5)] == [7]
    assert next_times(once, SHANGHAI, WEEK, datetime(2024, 6, 7, 2, tzinfo=UTC), 5) == ()


def test_what_came_once_is_told_without_a_walk_through_the_years(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.domain.cadences.dates", no_walk)
    once = replace(SCHEDULE, cadence=Timed(time(9), Once(date(2024, 6, 3))))
    assert next_times(once, SHANGHAI, WEEK, NOON, 1) == ()


def no_walk(first: date, last: date) -> list[date]:
    raise AssertionError(f"{first} to {last}")


def test_workdays_skip_the_weekend_and_weekdays_are_as_named() -> None:
    since, until = datetime(2024, 6, 3, tzinfo=UTC), datetime(2024, 6, 10, tzinfo=UTC)
    assert [each.local_date.day for each in fall(Timed(time(9), Workdays()), SHANGHAI, since, until)] == [3, 4, 5, 6, 7]
    assert [each.local_date.day for each in fall(Timed(time(9), Weekdays(frozenset({4, 6}))), SHANGHAI, since, until)] == [7, 9]
