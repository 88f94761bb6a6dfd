"""Is a day without orders closed, or are its orders missing?"""

from __future__ import annotations

from datetime import date, timedelta

from core.domain.trading import closed_days

SINCE, UNTIL = date(2010, 1, 4), date(2010, 6, 27)
EASTER = {date(2010, 4, 2), date(2010, 4, 5)}


def days(since: date, until: date) -> set[date]:
    return {since + timedelta(days=offset) for offset in range((until - since).days + 1)}


def without(*closed: date) -> set[date]:
    """Trading on every day but Saturdays and those named."""
    return {day for day in days(SINCE, UNTIL) if day.weekday() != 5} - set(closed)


def test_the_weekly_day_of_rest_is_closed() -> None:
    assert closed_days(without(), SINCE, UNTIL, set()) == {day for day in days(SINCE, UNTIL) if day.weekday() == 5}


def test_one_saturday_of_trading_does_not_open_the_others() -> None:
    trading = without() | {date(2010, 3, 6)}
    assert date(2010, 3, 13) in closed_days(trading, SINCE, UNTIL, set())


def test_holidays_and_the_days_between_them_are_closed() -> None:
    trading = without(*EASTER, date(2010, 4, 4))
    assert days(date(2010, 4, 2), date(2010, 4, 5)) <= closed_days(trading, SINCE, UNTIL, EASTER)


def test_a_holiday_with_orders_is_open() -> None:
    assert not EASTER & closed_days(without(), SINCE, UNTIL, EASTER)


def test_a_week_without_figures_is_missing_but_for_its_day_of_rest() -> None:
    hole = days(date(2010, 5, 10), date(2010, 5, 16))
    assert closed_days(without(*hole), date(2010, 5, 10), date(2010, 5, 16), set()) == {date(2010, 5, 15)}


def test_an_outage_beside_a_holiday_does_not_hide_in_it() -> None:
    trading = without(*days(date(2010, 4, 2), date(2010, 4, 16)))
    closed = closed_days(trading, SINCE, UNTIL, EASTER)
    assert date(2010, 4, 8) in closed
    assert not {date(2010, 4, 9), date(2010, 4, 12), date(2010, 4, 16)} & closed


def test_days_after_the_last_import_are_missing_even_beside_a_holiday() -> None:
    closed = closed_days(without(), date(2010, 6, 28), date(2010, 7, 4), {date(2010, 6, 28)})
    assert closed == {date(2010, 6, 28), date(2010, 7, 3)}


def test_without_any_trading_nothing_is_known_but_holidays() -> None:
    assert closed_days(set(), SINCE, UNTIL, EASTER) == EASTER
