"""Which day does a person mean? `2024-06-03`, `6月3日`, `昨天`, `-3d` and `last friday` are days."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from core.domain.day_words import (
    COUNT,
    DAY,
    DIRECTIONS,
    MONTH,
    MONTHS,
    NAME,
    ORDINAL,
    UNIT,
    WHICH,
    YEAR,
    DayReason,
    Reader,
    Toward,
    any_of,
    date_of,
    moved,
    readable,
    unit_days,
)

_Rule = Callable[[re.Match[str], Reader], date]

_SHIFTS = {
    **dict.fromkeys(("today", "今天", "今日"), 0),
    **dict.fromkeys(("yesterday", "昨天", "昨日"), -1),
    **dict.fromkeys(("tomorrow", "明天", "明日"), 1),
    "前天": -2,
    "后天": 2,
    "大前天": -3,
    "大后天": 3,
}
_WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS = {name[:size]: index for index, name in enumerate(_WEEKDAY_NAMES) for size in (3, len(name))}
_WEEKDAYS |= {"tues": 1, "thur": 3, "thurs": 3}
_WEEKDAYS |= {f"{week}{day}": index for week in ("周", "星期", "礼拜") for index, day in enumerate("一二三四五六日")}
_WEEKDAYS |= {f"{week}天": 6 for week in ("周", "星期", "礼拜")}


def parse_day(text: str, today: date, *, toward: Toward, month_first: bool | None = None) -> date:
    """The day that a person wrote, seen from the local date `today`.

    A month and day without a year is the nearest such date in the direction, today included; a bare weekday too, but today only toward the
    future. 上周五 and `last friday` are of the week before this one (weeks begin on Monday), 下周五 and `next friday` of the one after.
    `6-3` is 3 June. `6/3` and `6.3` are read where only one reading is a date, or by `month_first` (True for Chinese). Raises DayError.
    """
    written = readable(text)
    return read_day(written, Reader(text, today, today, toward, month_first))


def read_day(written: str, reader: Reader) -> date:
    """The day that a readable writing means. Raises DayError."""
    if written in _SHIFTS:
        return moved(_SHIFTS[written], reader)
    for pattern, rule in _DAY_RULES:
        if found := pattern.fullmatch(written):
            return rule(found, reader)
    raise reader.refuse(DayReason.NOT_A_DAY)


def _full(found: re.Match[str], reader: Reader) -> date:
    return date_of(int(found["year"]), int(found["month"]), int(found["day"]), reader)


def _month_day(found: re.Match[str], reader: Reader) -> date:
    return _nearest(int(found["month"]), int(found["day"]), reader)


def _either_order(found: re.Match[str], reader: Reader) -> date:
    """`6/3` or `6/3/2024`: the reading that is a date; both are, unless one number is above 12 or they are equal."""
    first, second, year = int(found["first"]), int(found["second"]), found["year"]
    readings = {(month, day) for month, day in ((first, second), (second, first)) if _is_month_day(month, day)}
    if not readings:
        raise reader.refuse(DayReason.IMPOSSIBLE)
    if len(readings) > 1 and reader.month_first is None:
        raise reader.refuse(DayReason.AMBIGUOUS, *(f"{year + '-' if year else ''}{month:02}-{day:02}" for month, day in sorted(readings)))
    preferred = (second, first) if reader.month_first is False else (first, second)
    month, day = preferred if preferred in readings else readings.pop()
    return date_of(int(year), month, day, reader) if year else _nearest(month, day, reader)


def _named_month(found: re.Match[str], reader: Reader) -> date:
    month, day = MONTHS[found["name"]], int(found["day"])
    return date_of(int(found["year"]), month, day, reader) if found["year"] else _nearest(month, day, reader)


def _shifted(found: re.Match[str], reader: Reader) -> date:
    return moved(int(found["sign"] + found["count"]) * unit_days(found["unit"]), reader)


def _before(found: re.Match[str], reader: Reader) -> date:
    return moved(-int(found["count"]) * unit_days(found["unit"]), reader)


def _after(found: re.Match[str], reader: Reader) -> date:
    return moved(int(found["count"]) * unit_days(found["unit"]), reader)


def _weekday(found: re.Match[str], reader: Reader) -> date:
    ahead = (_WEEKDAYS[found["name"]] - reader.anchor.weekday()) % 7
    return reader.anchor + timedelta(days=ahead if reader.toward == "future" else ahead - 7)


def _weekday_of_week(found: re.Match[str], reader: Reader) -> date:
    weekday = _WEEKDAYS[found["name"]]
    return moved(7 * DIRECTIONS[found["which"]] + weekday - reader.today.weekday(), reader)


def _is_month_day(month: int, day: int) -> bool:
    leap_year = 2000
    return 1 <= month <= 12 and 1 <= day <= monthrange(leap_year, month)[1]


def _nearest(month: int, day: int, reader: Reader) -> date:
    """The nearest such date in the reader's direction, the anchor included; 29 February may be eight years away."""
    if not _is_month_day(month, day):
        raise reader.refuse(DayReason.IMPOSSIBLE)
    year, step = reader.anchor.year, 1 if reader.toward == "future" else -1
    while day > monthrange(year, month)[1] or (date(year, month, day) - reader.anchor).days * step < 0:
        year += step
    return date(year, month, day)


_DAY_RULES: tuple[tuple[re.Pattern[str], _Rule], ...] = (
    (re.compile(rf"{YEAR}([-/.]){MONTH}\2{DAY}"), _full),
    (re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"), _full),
    (re.compile(rf"{YEAR} ?年 ?{MONTH} ?月 ?{DAY} ?[日号]?"), _full),
    (re.compile(rf"{MONTH}-{DAY}"), _month_day),
    (re.compile(rf"{MONTH} ?月 ?{DAY} ?[日号]?"), _month_day),
    (re.compile(rf"(?P<first>[0-9]{{1,2}})([/.])(?P<second>[0-9]{{1,2}})(?:\2{YEAR})?"), _either_order),
    (re.compile(rf"{NAME} {ORDINAL}(?:,? {YEAR})?"), _named_month),
    (re.compile(rf"{ORDINAL} {NAME}(?:,? {YEAR})?"), _named_month),
    (re.compile(rf"(?P<sign>[-+]) ?{COUNT}{UNIT}"), _shifted),
    (re.compile(rf"{COUNT}{UNIT}(?: ago|之?前)"), _before),
    (re.compile(rf"in {COUNT}{UNIT}"), _after),
    (re.compile(rf"{COUNT}{UNIT}之?后"), _after),
    (re.compile(rf"(?P<name>{any_of(_WEEKDAYS)})"), _weekday),
    (re.compile(rf"{WHICH}(?P<name>{any_of(_WEEKDAYS)})"), _weekday_of_week),
)
