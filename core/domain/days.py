"""Which day or days does a person mean? `2024-06-03`, `6月3日`, `昨天`, `-3d` and `last friday` are days; `28d`, `上周` and `2024Q2` are ranges."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from core.domain.periods import Grain, following, period_of, preceding
from core.domain.typed import plain

Toward = Literal["past", "future"]
Days = tuple[date, date]


class DayReason(StrEnum):
    """Why a writing is not taken as a day or a range."""

    EMPTY = "empty"
    NOT_A_DAY = "not_a_day"
    NOT_A_RANGE = "not_a_range"
    AMBIGUOUS = "ambiguous"
    IMPOSSIBLE = "impossible"
    TOO_FAR = "too_far"
    BACKWARDS = "backwards"


class DayError(ValueError):
    """A day that cannot be used. `text` is what was written; `meant` are clear writings of what may have been meant, where there are several."""

    def __init__(self, reason: DayReason, text: str, meant: tuple[str, ...] = ()) -> None:
        super().__init__(f"{reason.value}: {text}")
        self.reason = reason
        self.text = text
        self.meant = meant


@dataclass(frozen=True, slots=True)
class _Reader:
    """How a writing is to be understood.

    `today` is what 昨天 and -3d count from, `anchor` what a date without its year is nearest to: today too, but for the far end of a range its
    near end. `month_first` says whether 6/3 is known to be 3 June.
    """

    text: str
    today: date
    anchor: date
    toward: Toward
    month_first: bool | None

    def refuse(self, reason: DayReason, *meant: str) -> DayError:
        return DayError(reason, self.text, meant)


_Rule = Callable[[re.Match[str], _Reader], date]
_RangeRule = Callable[[re.Match[str], _Reader], Days]

# ------------------------------------------------------------------ words

_LONGEST_TEXT = 64
_YEARS = range(1900, 2200)
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
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTHS = {name[:size]: number for number, name in enumerate(_MONTH_NAMES, 1) for size in (3, len(name))} | {"sept": 9}
_MONTHS |= {f"{name}月": number for number, name in enumerate(["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], 1)}
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_DIRECTIONS = {"上": -1, "上个": -1, "last ": -1, "本": 0, "这": 0, "这个": 0, "this ": 0, "下": 1, "下个": 1, "next ": 1}
_GRAINS = {
    **dict.fromkeys(("周", "星期", "礼拜", "week"), Grain.WEEK),
    **dict.fromkeys(("月", "month"), Grain.MONTH),
    **dict.fromkeys(("季度", "quarter"), Grain.QUARTER),
    "year": Grain.YEAR,
}
_YEAR_WORDS = {"去年": -1, "今年": 0, "明年": 1}


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


# ------------------------------------------------------------------ one day


def parse_day(text: str, today: date, *, toward: Toward, month_first: bool | None = None) -> date:
    """The day that a person wrote, seen from the local date `today`.

    A month and day without a year is the nearest such date in the direction, today included; a bare weekday too, but today only toward the
    future. 上周五 and `last friday` are of the week before this one (weeks begin on Monday), 下周五 and `next friday` of the one after.
    `6-3` is 3 June. `6/3` and `6.3` are read where only one reading is a date, or by `month_first` (True for Chinese). Raises DayError.
    """
    written = _readable(text)
    return _day(written, _Reader(text, today, today, toward, month_first))


def _readable(text: str) -> str:
    written = plain(text).lower()
    if not written:
        raise DayError(DayReason.EMPTY, text)
    if len(written) > _LONGEST_TEXT:
        raise DayError(DayReason.NOT_A_DAY, text)
    return written


def _day(written: str, reader: _Reader) -> date:
    if written in _SHIFTS:
        return _moved(_SHIFTS[written], reader)
    for pattern, rule in _DAY_RULES:
        if found := pattern.fullmatch(written):
            return rule(found, reader)
    raise reader.refuse(DayReason.NOT_A_DAY)


def _full(found: re.Match[str], reader: _Reader) -> date:
    return _date(int(found["year"]), int(found["month"]), int(found["day"]), reader)


def _month_day(found: re.Match[str], reader: _Reader) -> date:
    return _nearest(int(found["month"]), int(found["day"]), reader)


def _either_order(found: re.Match[str], reader: _Reader) -> date:
    """`6/3` or `6/3/2024`: the reading that is a date; both are, unless one number is above 12 or they are equal."""
    first, second, year = int(found["first"]), int(found["second"]), found["year"]
    readings = {(month, day) for month, day in ((first, second), (second, first)) if _is_month_day(month, day)}
    if not readings:
        raise reader.refuse(DayReason.IMPOSSIBLE)
    if len(readings) > 1 and reader.month_first is None:
        raise reader.refuse(DayReason.AMBIGUOUS, *(f"{year + '-' if year else ''}{month:02}-{day:02}" for month, day in sorted(readings)))
    preferred = (second, first) if reader.month_first is False else (first, second)
    month, day = preferred if preferred in readings else readings.pop()
    return _date(int(year), month, day, reader) if year else _nearest(month, day, reader)


def _named_month(found: re.Match[str], reader: _Reader) -> date:
    month, day = _MONTHS[found["name"]], int(found["day"])
    return _date(int(found["year"]), month, day, reader) if found["year"] else _nearest(month, day, reader)


def _shifted(found: re.Match[str], reader: _Reader) -> date:
    return _moved(int(found["sign"] + found["count"]) * _unit_days(found["unit"]), reader)


def _before(found: re.Match[str], reader: _Reader) -> date:
    return _moved(-int(found["count"]) * _unit_days(found["unit"]), reader)


def _after(found: re.Match[str], reader: _Reader) -> date:
    return _moved(int(found["count"]) * _unit_days(found["unit"]), reader)


def _weekday(found: re.Match[str], reader: _Reader) -> date:
    ahead = (_WEEKDAYS[found["name"]] - reader.anchor.weekday()) % 7
    return reader.anchor + timedelta(days=ahead if reader.toward == "future" else ahead - 7)


def _weekday_of_week(found: re.Match[str], reader: _Reader) -> date:
    weekday = _WEEKDAYS[found["name"]]
    return _moved(7 * _DIRECTIONS[found["which"]] + weekday - reader.today.weekday(), reader)


def _date(year: int, month: int, day: int, reader: _Reader) -> date:
    if year not in _YEARS:
        raise reader.refuse(DayReason.TOO_FAR)
    try:
        return date(year, month, day)
    except ValueError:
        raise reader.refuse(DayReason.IMPOSSIBLE) from None


def _is_month_day(month: int, day: int) -> bool:
    leap_year = 2000
    return 1 <= month <= 12 and 1 <= day <= monthrange(leap_year, month)[1]


def _nearest(month: int, day: int, reader: _Reader) -> date:
    """The nearest such date in the reader's direction, the anchor included; 29 February may be eight years away."""
    if not _is_month_day(month, day):
        raise reader.refuse(DayReason.IMPOSSIBLE)
    year, step = reader.anchor.year, 1 if reader.toward == "future" else -1
    while day > monthrange(year, month)[1] or (date(year, month, day) - reader.anchor).days * step < 0:
        year += step
    return date(year, month, day)


def _unit_days(unit: str) -> int:
    return 7 if unit[0] in "w周" else 1


def _moved(days: int, reader: _Reader) -> date:
    moved = reader.today + timedelta(days=days)
    if moved.year not in _YEARS:
        raise reader.refuse(DayReason.TOO_FAR)
    return moved


_YEAR, _MONTH, _DAY = r"(?P<year>[0-9]{4})", r"(?P<month>[0-9]{1,2})", r"(?P<day>[0-9]{1,2})"
_COUNT, _UNIT = r"(?P<count>[0-9]{1,4}) ?", r"(?P<unit>days?|weeks?|d|w|天|周)"
_NAME, _ORDINAL = rf"(?P<name>{_any(_MONTHS)})\.?", rf"{_DAY}(?:st|nd|rd|th)?"
_WHICH = rf"(?P<which>{_any(_DIRECTIONS)})"
_DAY_RULES: tuple[tuple[re.Pattern[str], _Rule], ...] = (
    (re.compile(rf"{_YEAR}([-/.]){_MONTH}\2{_DAY}"), _full),
    (re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"), _full),
    (re.compile(rf"{_YEAR} ?年 ?{_MONTH} ?月 ?{_DAY} ?[日号]?"), _full),
    (re.compile(rf"{_MONTH}-{_DAY}"), _month_day),
    (re.compile(rf"{_MONTH} ?月 ?{_DAY} ?[日号]?"), _month_day),
    (re.compile(rf"(?P<first>[0-9]{{1,2}})([/.])(?P<second>[0-9]{{1,2}})(?:\2{_YEAR})?"), _either_order),
    (re.compile(rf"{_NAME} {_ORDINAL}(?:,? {_YEAR})?"), _named_month),
    (re.compile(rf"{_ORDINAL} {_NAME}(?:,? {_YEAR})?"), _named_month),
    (re.compile(rf"(?P<sign>[-+]) ?{_COUNT}{_UNIT}"), _shifted),
    (re.compile(rf"{_COUNT}{_UNIT}(?: ago|之?前)"), _before),
    (re.compile(rf"in {_COUNT}{_UNIT}"), _after),
    (re.compile(rf"{_COUNT}{_UNIT}之?后"), _after),
    (re.compile(rf"(?P<name>{_any(_WEEKDAYS)})"), _weekday),
    (re.compile(rf"{_WHICH}(?P<name>{_any(_WEEKDAYS)})"), _weekday_of_week),
)

# ------------------------------------------------------------------ ranges


def parse_range(text: str, today: date, *, toward: Toward = "past", month_first: bool | None = None) -> Days:
    """The first and the last day, both included, of the stretch that a person wrote, seen from the local date `today`.

    `7d` and 近7天 are the last complete days, so they end yesterday; toward the future they begin today. A month or quarter without a year is the
    nearest that has begun (toward the future: that has not ended). In `A..B` (also ~, 至, to, –, and - between two days) the end without a year
    follows its beginning, and toward the future a range that is not over counts before next year's. One day is a range too. Raises DayError.
    """
    written = _readable(text)
    reader = _Reader(text, today, today, toward, month_first)
    try:
        first, *others = _hyphened(written, reader) or _JOINT.split(written)
        if len(others) > 1:
            raise reader.refuse(DayReason.NOT_A_RANGE)
        return _between(first, others[0], reader) if others else _range(written, reader)
    except DayError as error:
        if error.reason is DayReason.NOT_A_DAY:
            raise reader.refuse(DayReason.NOT_A_RANGE) from None
        raise


def _hyphened(written: str, reader: _Reader) -> list[str]:
    """The halves of `6月1日-6月5日`: two days with a hyphen between them, which a date may hold as well; none where it is not so written."""
    cuts = ((written[: found.start()].strip(), written[found.end() :].strip()) for found in re.finditer("-", written))
    return next(([*halves] for halves in cuts if all(_is_day(half, reader) for half in halves)), [])


def _is_day(written: str, reader: _Reader) -> bool:
    try:
        _day(written, reader)
    except DayError as error:
        return error.reason is not DayReason.NOT_A_DAY
    return True


def _between(first: str, last: str, reader: _Reader) -> Days:
    if reader.toward == "future":
        running = _spanned(first, last, replace(reader, toward="past"))
        if running[0] <= reader.today <= running[1]:
            return running
    start, end = _spanned(first, last, reader)
    if end < start:
        raise reader.refuse(DayReason.BACKWARDS)
    return start, end


def _spanned(first: str, last: str, reader: _Reader) -> Days:
    """Both ends, read so that a year written at one end alone holds for the other."""
    if _HAS_YEAR.search(last) and not _HAS_YEAR.search(first):
        end = _range(last, reader)[1]
        return _range(first, replace(reader, anchor=end, toward="past"))[0], end
    start = _range(first, reader)[0]
    return start, _range(last, replace(reader, anchor=start, toward="future"))[1]


def _range(written: str, reader: _Reader) -> Days:
    if written in _YEAR_WORDS:
        return _whole_year(reader.today.year + _YEAR_WORDS[written], reader)
    for pattern, rule in _RANGE_RULES:
        if found := pattern.fullmatch(written):
            return rule(found, reader)
    day = _day(written, reader)
    return day, day


def _run_of_days(found: re.Match[str], reader: _Reader) -> Days:
    length = int(found["count"]) * _unit_days(found["unit"])
    if length == 0:
        raise reader.refuse(DayReason.IMPOSSIBLE)
    toward = _RUNS.get(found["run"], reader.toward)
    return (reader.today, _moved(length - 1, reader)) if toward == "future" else (_moved(-length, reader), _moved(-1, reader))


def _period_by_word(found: re.Match[str], reader: _Reader) -> Days:
    period = period_of(_GRAINS[found["grain"]], reader.today)
    direction = _DIRECTIONS[found["which"]]
    if direction:
        period = following(period) if direction > 0 else preceding(period)
    return period.start, period.end


def _month_by_number(found: re.Match[str], reader: _Reader) -> Days:
    return _part_of_year(Grain.MONTH, int(found["month"]), found["year"], reader)


def _month_by_name(found: re.Match[str], reader: _Reader) -> Days:
    return _part_of_year(Grain.MONTH, _MONTHS[found["name"]], found["year"], reader)


def _quarter(found: re.Match[str], reader: _Reader) -> Days:
    return _part_of_year(Grain.QUARTER, 3 * _QUARTERS[found["quarter"]] - 2, found["year"], reader)


def _year(found: re.Match[str], reader: _Reader) -> Days:
    return _whole_year(int(found["year"]), reader)


def _whole_year(year: int, reader: _Reader) -> Days:
    return _date(year, 1, 1, reader), _date(year, 12, 31, reader)


def _part_of_year(grain: Grain, month: int, year: str | None, reader: _Reader) -> Days:
    """The month or quarter that begins in that month, of the year given or the nearest one."""
    period = period_of(grain, _date(int(year) if year else reader.anchor.year, month, 1, reader))
    if not year and reader.toward == "past" and period.start > reader.anchor:
        period = period_of(grain, _date(reader.anchor.year - 1, month, 1, reader))
    if not year and reader.toward == "future" and period.end < reader.anchor:
        period = period_of(grain, _date(reader.anchor.year + 1, month, 1, reader))
    return period.start, period.end


_RUNS: dict[str, Toward] = {
    **dict.fromkeys(("last ", "past ", "近", "最近", "过去", "前"), "past"),
    **dict.fromkeys(("next ", "未来", "接下来", "后"), "future"),
}
_JOINT = re.compile(r" ?(?:\.{2,3}|~|至|到|–|—| - | to ) ?")
_HAS_YEAR = re.compile(r"[0-9]{4}")
_RANGE_RULES: tuple[tuple[re.Pattern[str], _RangeRule], ...] = (
    (re.compile(rf"(?P<run>{_any(_RUNS)}|) ?{_COUNT}{_UNIT}"), _run_of_days),
    (re.compile(rf"{_WHICH}(?P<grain>{_any(_GRAINS)})"), _period_by_word),
    (re.compile(rf"{_YEAR}[-/.]{_MONTH}"), _month_by_number),
    (re.compile(rf"(?:{_YEAR} ?年 ?)?{_MONTH} ?月份?"), _month_by_number),
    (re.compile(rf"{_NAME}(?: {_YEAR})?"), _month_by_name),
    (re.compile(rf"(?:{_YEAR} ?年?[- ]?)?q(?P<quarter>[1-4])"), _quarter),
    (re.compile(rf"q(?P<quarter>[1-4]) {_YEAR}"), _quarter),
    (re.compile(rf"(?:{_YEAR} ?年 ?)?第?(?P<quarter>[1-4一二三四]) ?季度"), _quarter),
    (re.compile(rf"{_YEAR} ?年?"), _year),
)
