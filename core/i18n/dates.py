"""How do people of each language say a day, a stretch of days or a time? 明天 周五 6月7日, tomorrow Fri 7 Jun, 5月26日–6月18日, 09:00."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import assert_never

from core.domain.periods import Grain, Period
from core.domain.workspaces import Locale

_WEEKDAYS = {
    Locale.ZH: ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    Locale.EN: ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NEAR_DAYS = {
    Locale.ZH: {-2: "前天", -1: "昨天", 0: "今天", 1: "明天", 2: "后天"},
    Locale.EN: {-1: "yesterday", 0: "today", 1: "tomorrow"},
}


def say_day(day: date, today: date, locale: Locale) -> str:
    """A day as one says it aloud: the near ones by their word, always with weekday and date. 明天 周五 6月7日, tomorrow Fri 7 Jun."""
    near = _NEAR_DAYS[locale].get((day - today).days)
    said = f"{say_weekday(day, locale)} {say_date(day, today, locale)}"
    return f"{near} {said}" if near else said


def say_weekday(day: date, locale: Locale) -> str:
    """周五, Fri."""
    return _WEEKDAYS[locale][day.weekday()]


def say_date(day: date, today: date, locale: Locale) -> str:
    """The date alone, with the year when it is not this one: 6月7日, 2023年6月7日, 7 Jun, 7 Jun 2023."""
    return _date(day, locale, with_year=day.year != today.year)


def say_range(start: date, end: date, locale: Locale, *, today: date | None = None) -> str:
    """Both ends, or the day where they are one: 5月26日–6月18日, 26 May – 18 Jun. Years stand at both when they differ or are not today's."""
    with_year = start.year != end.year or (today is not None and today.year != start.year)
    first, last = _date(start, locale, with_year), _date(end, locale, with_year)
    if start == end:
        return first
    return f"{first}–{last}" if locale is Locale.ZH else f"{first} – {last}"


def say_period(period: Period, today: date, locale: Locale) -> str:
    """A period by its name: 周五 6月7日, 6月3日–6月9日, 6月, 2024年二季度; Fri 7 Jun, 3 Jun – 9 Jun, Jun, Q2 2024. ValueError for an hour."""
    start = period.start
    match period.grain:
        case Grain.DAY:
            return f"{say_weekday(start, locale)} {say_date(start, today, locale)}"
        case Grain.WEEK | Grain.CAMPAIGN:
            return say_range(start, period.end, locale, today=today)
        case Grain.MONTH:
            return _month(start, locale, with_year=start.year != today.year)
        case Grain.QUARTER:
            quarter = (start.month + 2) // 3
            return f"{start.year}年{'一二三四'[quarter - 1]}季度" if locale is Locale.ZH else f"Q{quarter} {start.year}"
        case Grain.YEAR:
            return f"{start.year}年" if locale is Locale.ZH else f"{start.year}"
        case Grain.HOUR:
            raise ValueError("an hour's name depends on the zone; say it with say_time")
        case _:
            assert_never(period.grain)


def say_time(moment: datetime, zone: tzinfo, *, other: tzinfo | None = None) -> str:
    """The time of an aware moment in a zone: 09:00; with the offset where a second person's zone keeps another time then: 09:00 (UTC+8)."""
    local = moment.astimezone(zone)
    if other is None or moment.astimezone(other).utcoffset() == local.utcoffset():
        return f"{local:%H:%M}"
    return f"{local:%H:%M} ({_offset(local.utcoffset() or timedelta())})"


def _date(day: date, locale: Locale, with_year: bool) -> str:
    if locale is Locale.ZH:
        return f"{day.year}年{day.month}月{day.day}日" if with_year else f"{day.month}月{day.day}日"
    return f"{day.day} {_month(day, locale, with_year)}"


def _month(day: date, locale: Locale, with_year: bool) -> str:
    if locale is Locale.ZH:
        return f"{day.year}年{day.month}月" if with_year else f"{day.month}月"
    return f"{_MONTHS[day.month - 1]} {day.year}" if with_year else _MONTHS[day.month - 1]


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    sign, (hours, rest) = "−" if minutes < 0 else "+", divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"
