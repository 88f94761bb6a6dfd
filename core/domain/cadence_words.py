"""How often does a person mean? `every fri`, 每周一三五, `month-end`, 每3天 and `cron 0 9 * * 1-5` are rhythms; a time of day may stand with them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import assert_never

from core.domain.cadences import Cadence, Cron, Daily, Days, Every, EveryDays, MonthDay, MonthEnd, Once, Timed, Weekdays, Workdays
from core.domain.day_words import any_of
from core.domain.times import parse_time
from core.domain.typed import plain


@dataclass(frozen=True, slots=True)
class FromDay:
    """Once, on a day that is told beside it; or, where `every` is given, every so many days from that day on."""

    every: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Every so long, through the day."""

    every: timedelta


Rhythm = Daily | Workdays | Weekdays | MonthDay | MonthEnd | FromDay | Step | Cron


@dataclass(frozen=True, slots=True)
class Written:
    """A rhythm, with the time of day that was written in the same breath, if one was."""

    rhythm: Rhythm
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """A cadence as a person is asked for it."""

    rhythm: Rhythm
    at: time | None = None
    day: date | None = None


def parse_rhythm(typed: str) -> Written | None:
    """What was written; None for what is no rhythm."""
    line = plain(typed)
    if found := _CRON.fullmatch(line):
        return Written(Cron(found["expression"]))
    written = line.casefold()
    if rhythm := _rhythm(written):
        return Written(rhythm)
    for found in _TIME.finditer(written):
        at = parse_time(found["at"])
        rest = plain(f"{written[: found.start()]} {written[found.end() :]}")
        if at is not None and (rhythm := _rhythm(rest)):
            return Written(rhythm, at)
    return None


def parts_of(cadence: Cadence) -> Parts:
    """What one would write for the cadence."""
    match cadence:
        case Timed(at=at, days=days):
            return _parts_of(days, at)
        case Every(every=every, first=first):
            return Parts(Step(every), first.time(), first.date())
        case Cron():
            return Parts(cadence)
        case _:
            assert_never(cadence)


def cadence_of(parts: Parts, now: datetime) -> Cadence | None:
    """The cadence of those parts; None where a part is missing or one too many. `now` is what local clocks show.

    Without a day, what comes every so many days begins at the next such time, and what comes through the day begins today.
    """
    match parts:
        case Parts(rhythm=Cron() as cron, at=None, day=None):
            return cron
        case Parts(rhythm=Step(every=every), at=at, day=day):
            return Every(every, datetime.combine(day or now.date(), at or time()))
        case Parts(rhythm=FromDay(every=None), at=time() as at, day=date() as day):
            return Timed(at, Once(day))
        case Parts(rhythm=FromDay(every=int() as every), at=time() as at, day=day):
            return Timed(at, EveryDays(every, day or _next(at, now)))
        case Parts(rhythm=Daily() | Workdays() | Weekdays() | MonthDay() | MonthEnd() as days, at=time() as at, day=None):
            return Timed(at, days)
        case _:
            return None


def _parts_of(days: Days, at: time) -> Parts:
    match days:
        case Once(day=day):
            return Parts(FromDay(), at, day)
        case EveryDays(days=every, first=first):
            return Parts(FromDay(every), at, first)
        case _:
            return Parts(days, at)


def _next(at: time, now: datetime) -> date:
    return now.date() if at > now.time() else now.date() + timedelta(days=1)


def _rhythm(written: str) -> Rhythm | None:
    if written in _NAMED:
        return _NAMED[written]
    for pattern, rule in _RULES:
        if found := pattern.fullmatch(written):
            return rule(found)
    led = _LEAD.fullmatch(written)
    return _rhythm(led["rest"]) if led else None


def _weekdays(found: re.Match[str]) -> Rhythm:
    pairs = [(_WEEKDAYS[_bare(one["first"])], _WEEKDAYS[_bare(one["last"] or one["first"])]) for one in _RUN.finditer(found["days"])]
    return Weekdays(frozenset((first + step) % 7 for first, last in pairs for step in range((last - first) % 7 + 1)))


def _bare(name: str) -> str:
    return name[-1] if name[-1] in _ZH_DAYS else name


def _month_day(found: re.Match[str]) -> Rhythm:
    return MonthDay(int(found["day"]))


def _every(found: re.Match[str]) -> Rhythm:
    written = found["count"] or "1"
    count = _COUNTS[written] if written in _COUNTS else int(written)
    unit = _UNITS[found["unit"]]
    return FromDay(count * unit.days) if unit.days else Step(count * unit)


_EN_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ZH_DAYS = "一二三四五六日天"
_WEEKDAYS = {f"{name[:size]}{plural}": index for index, name in enumerate(_EN_DAYS) for size in (3, len(name)) for plural in ("", "s")}
_WEEKDAYS |= {"tues": 1, "thur": 3, "thurs": 3} | {name: index % 7 for index, name in zip((0, 1, 2, 3, 4, 5, 6, 6), _ZH_DAYS, strict=True)}

_NAMED: dict[str, Rhythm] = {
    **dict.fromkeys(("daily", "every day", "everyday", "each day", "每天", "每日", "天天"), Daily()),
    **dict.fromkeys(("workdays", "workday", "working days", "work days", "business days", "every workday", "every working day"), Workdays()),
    **dict.fromkeys(("on workdays", "on working days", "工作日", "每个工作日", "每工作日"), Workdays()),
    **dict.fromkeys(("weekdays", "weekday", "every weekday", "on weekdays"), Weekdays(frozenset(range(5)))),
    **dict.fromkeys(("weekends", "weekend", "every weekend", "周末", "每周末", "双休日"), Weekdays(frozenset({5, 6}))),
    **dict.fromkeys(("month-end", "month end", "end of month", "end of the month", "last workday", "last working day"), MonthEnd(working=True)),
    **dict.fromkeys(("last working day of the month", "last working day of each month"), MonthEnd(working=True)),
    **dict.fromkeys(("月末", "月底", "每月末", "每月底", "每月月末", "每月月底", "最后一个工作日", "每月最后一个工作日"), MonthEnd(working=True)),
    **dict.fromkeys(("last day", "last day of the month", "last day of each month", "最后一天", "每月最后一天"), MonthEnd(working=False)),
    **dict.fromkeys(("once", "just once", "only once", "one time", "一次", "单次", "仅一次", "只一次"), FromDay()),
    **dict.fromkeys(("every other day", "隔天", "每隔一天"), FromDay(2)),
    **dict.fromkeys(("biweekly", "fortnightly", "every other week", "隔周", "双周"), FromDay(14)),
    **dict.fromkeys(("hourly", "每小时", "每个小时"), Step(timedelta(hours=1))),
}
_COUNTS = {word: number for number, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_UNITS = {
    **dict.fromkeys(("day", "days", "天", "日"), timedelta(days=1)),
    **dict.fromkeys(("week", "weeks", "周", "星期"), timedelta(days=7)),
    **dict.fromkeys(("hour", "hours", "h", "小时", "钟头"), timedelta(hours=1)),
    **dict.fromkeys(("minute", "minutes", "min", "mins", "分钟"), timedelta(minutes=1)),
}
_CRON = re.compile(r"cron:? ?(?P<expression>.+)", re.IGNORECASE)
_TIME = re.compile(r"(?: at)? ?(?P<at>(?:上午|早上|下午|晚上)? ?(?<!\d)\d{1,2}(?:[:点時时](?:\d{2}分?|半)?| ?[ap]m\b)(?: ?[ap]m\b)?)")
_LEAD = re.compile(r"(?:daily|every day|weekly|every week|monthly|every month|每天|每日|每周|每月) ?(?P<rest>.+)")
_NAME = f"(?:{any_of(name for name in _WEEKDAYS if name.isascii())})"
_WEEK = r"(?:周|星期|礼拜)"
_ONE = rf"(?:{_NAME}|{_WEEK}?[{_ZH_DAYS}])"
_TO = r" ?(?:-|–|~|至|到| to ) ?"
_RUN = re.compile(rf"(?P<first>{_ONE})(?:{_TO}(?P<last>{_ONE}))?")
_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Rhythm]], ...] = (
    (re.compile(rf"(?:(?:weekly|every|each|on) )*(?P<days>{_NAME}(?:(?:{_TO}|,? and | ?, ?| ){_NAME})*)"), _weekdays),
    (re.compile(rf"每?个?(?P<days>{_WEEK}[{_ZH_DAYS}](?:(?:{_TO}|[、,和 ]*){_WEEK}?[{_ZH_DAYS}])*)"), _weekdays),
    (re.compile(r"(?:monthly|every month|each month)(?: on)?(?: the)? (?P<day>\d{1,2})(?:st|nd|rd|th)?"), _month_day),
    (re.compile(r"(?:on )?(?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th)(?: of (?:the|each|every) month| monthly)"), _month_day),
    (re.compile(r"每个?月 ?(?P<day>\d{1,2}) ?[日号]?"), _month_day),
    (re.compile(rf"every (?:(?P<count>\d{{1,4}}) ?)?(?P<unit>{any_of(unit for unit in _UNITS if unit.isascii())})"), _every),
    (re.compile(rf"每 ?(?P<count>\d{{1,4}}|[{''.join(_COUNTS)}]) ?个?(?P<unit>{any_of(unit for unit in _UNITS if not unit.isascii())})"), _every),
)
