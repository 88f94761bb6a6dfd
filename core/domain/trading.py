"""On which days without orders was the shop closed, and on which are orders missing? (promise 1: closed is not missing, missing is not 0)"""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import date, timedelta

WEEKS_AROUND = 8
WEEKS_NEEDED = 4
RARELY = 0.15
BRIDGE_DAYS = 3


def closed_days(trading: Set[date], since: date, until: date, holidays: Set[date]) -> set[date]:
    """The days from `since` to `until` on which the shop was closed; other days without orders are missing.

    `trading` are the days with an order, `holidays` the public holidays of the shop's calendar; both should reach some weeks beyond the
    range. A day without any order is closed when it is a holiday, when its weekday is almost always without orders in the weeks around, or
    when it belongs to a holiday break.
    """
    return {
        day
        for day in _days(since, until)
        if day not in trading and (day in holidays or _weekly_rest(day, trading) or _in_break(day, trading, holidays))
    }


def _weekly_rest(day: date, trading: Set[date]) -> bool:
    """Whether orders come on this weekday in at most 15 % of the eight weeks before and after. Weeks without any order say nothing."""
    around = [day + timedelta(weeks=offset) for offset in range(-WEEKS_AROUND, WEEKS_AROUND + 1) if offset]
    told = [same for same in around if _week_trades(same, trading)]
    return len(told) >= WEEKS_NEEDED and sum(same in trading for same in told) <= RARELY * len(told)


def _week_trades(day: date, trading: Set[date]) -> bool:
    monday = day - timedelta(days=day.weekday())
    return any(monday + timedelta(days=offset) in trading for offset in range(7))


def _in_break(day: date, trading: Set[date], holidays: Set[date]) -> bool:
    """Whether days without orders lead from here to a holiday within three days, in a run that has trading on both its sides.

    The bound on the sides keeps the end of the data open: days that nobody has imported yet are missing. The bound of three keeps an
    outage beside a holiday from hiding in it.
    """
    near = (_reaches_holiday(day, step, trading, holidays) for step in (-1, 1))
    return any(near) and all(_trades_beyond(day, step, trading) for step in (-1, 1))


def _reaches_holiday(day: date, step: int, trading: Set[date], holidays: Set[date]) -> bool:
    for offset in range(1, BRIDGE_DAYS + 1):
        other = day + timedelta(days=step * offset)
        if other in trading:
            return False
        if other in holidays:
            return True
    return False


def _trades_beyond(day: date, step: int, trading: Set[date]) -> bool:
    return any(day + timedelta(days=step * offset) in trading for offset in range(1, 7 * WEEKS_NEEDED))


def _days(since: date, until: date) -> Iterator[date]:
    for offset in range((until - since).days + 1):
        yield since + timedelta(days=offset)
