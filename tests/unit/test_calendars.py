"""Does a calendar know the days on which people work?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.calendars import DayOff, WorkingCalendar, dates
from core.domain.workspaces import Locale
from core.errors import UserError
from core.sources.calendars import calendar_around, calendar_for, knows_transfers

DAYS = st.dates(date(2023, 1, 1), date(2025, 12, 31))


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """Any week with a working day, any holidays, and some weekend days on which people work."""
    weekend = draw(st.frozensets(st.integers(0, 6), max_size=6))
    holidays = draw(st.dictionaries(DAYS, st.just("holiday"), max_size=40))
    workdays = draw(st.frozensets(DAYS.filter(lambda day: day.weekday() in weekend), max_size=20)) if weekend else frozenset()
    return WorkingCalendar("XX", weekend, holidays, workdays)


@given(calendars(), DAYS)
def test_the_next_working_day_is_one_and_none_lies_before_it(calendar: WorkingCalendar, day: date) -> None:
    after = calendar.next_working(day)
    assert after > day
    assert calendar.is_working(after)
    assert not any(calendar.is_working(between) for between in dates(day + timedelta(days=1), after - timedelta(days=1)))


@given(calendars(), DAYS, st.integers(0, 30))
def test_shifting_a_working_day_there_and_back_changes_nothing(calendar: WorkingCalendar, day: date, by: int) -> None:
    working = calendar.next_working(day)
    assert calendar.shift(calendar.shift(working, by), -by) == working
    assert calendar.shift(calendar.shift(working, -by), by) == working


@given(calendars(), DAYS, st.integers(1, 30))
def test_a_shift_passes_as_many_working_days_as_it_says(calendar: WorkingCalendar, day: date, by: int) -> None:
    passed = list(calendar.working_days(day + timedelta(days=1), calendar.shift(day, by)))
    assert len(passed) == by


@given(calendars(), DAYS)
def test_digests_of_consecutive_working_days_cover_every_day_once(calendar: WorkingCalendar, day: date) -> None:
    first = calendar.next_working(day)
    second = calendar.next_working(first)
    assert calendar.gap_before(second) == tuple(dates(first, second - timedelta(days=1)))


def test_a_week_without_a_working_day_is_refused() -> None:
    with pytest.raises(ValueError, match="working day"):
        WorkingCalendar("XX", frozenset(range(7)))


@pytest.mark.parametrize("day", [date(2024, 4, 28), date(2024, 5, 11)])
def test_china_works_on_the_weekend_days_that_may_day_2024_is_paid_with(day: date) -> None:
    assert day.weekday() >= 5
    assert calendar_for("CN", 2024, 2024).is_working(day)


def test_china_rests_from_the_first_to_the_fifth_of_may_2024() -> None:
    calendar = calendar_for("CN", 2024, 2024)
    assert not any(calendar.is_working(date(2024, 5, day)) for day in range(1, 6))
    assert calendar.next_working(date(2024, 4, 30)) == date(2024, 5, 6)


def test_the_digest_after_the_dragon_boat_weekend_covers_friday_and_the_break() -> None:
    calendar = calendar_for("CN", 2024, 2024, Locale.ZH)
    assert calendar.holidays[date(2024, 6, 10)] == "端午节"
    assert not calendar.is_holiday(date(2024, 6, 8))
    assert calendar.gap_before(date(2024, 6, 11)) == tuple(date(2024, 6, day) for day in (7, 8, 9, 10))


def test_the_uk_had_these_bank_holidays_in_2010() -> None:
    calendar = calendar_for("UK", 2010, 2010)
    weekdays = [day for day in calendar.holidays if day.weekday() < 5]
    assert [f"{day:%m-%d}" for day in weekdays] == ["01-01", "04-02", "04-05", "05-03", "05-31", "08-30", "12-27", "12-28"]


def test_a_part_of_a_country_has_its_own_days() -> None:
    assert calendar_for("gb-sct", 2010, 2010).is_holiday(date(2010, 11, 30))
    assert not calendar_for("gb", 2010, 2010).is_holiday(date(2010, 11, 30))


@pytest.mark.parametrize("code", ["ZZ", "", "US-QQ", "中国", "CN-618"])
def test_an_unknown_calendar_is_refused_with_what_was_typed(code: str) -> None:
    with pytest.raises(UserError) as refused:
        calendar_for(code, 2024, 2024)
    assert refused.value.key == "calendar.unknown"
    assert refused.value.args_ == {"code": code}


def test_a_calendar_around_today_spans_three_years() -> None:
    calendar = calendar_around("CN", date(2024, 6, 4), Locale.ZH)
    assert {day.year for day in calendar.holidays} == {2023, 2024, 2025}
    assert calendar is calendar_around("CN", date(2024, 12, 31), Locale.ZH), "built once"


def test_the_teams_own_days_go_before_the_countrys() -> None:
    china = calendar_for("CN", 2024, 2024)
    own = china.with_team(
        [
            DayOff(date(2024, 6, 5), "Stocktaking"),
            DayOff(date(2024, 6, 8), working=True),
            DayOff(date(2024, 6, 10), working=True),
            DayOff(date(2024, 5, 11), "Picnic"),
        ]
    )
    assert [own.is_working(date(2024, 6, day)) for day in (4, 5, 8, 9, 10)] == [True, False, True, False, True]
    assert not own.is_working(date(2024, 5, 11)), "a weekend day that China works"
    assert (own.holidays[date(2024, 6, 5)], own.is_holiday(date(2024, 6, 10))) == ("Stocktaking", False)
    assert china.with_team([]) is china


@pytest.mark.parametrize(
    ("code", "year", "known"), [("CN", 2024, True), ("CN", 2100, False), ("cn", 2025, True), ("UK", 2100, True), ("US-CA", 2024, True)]
)
def test_it_is_known_whether_a_year_of_chinas_says_which_weekends_are_worked(code: str, year: int, known: bool) -> None:
    assert knows_transfers(code, year) is known
