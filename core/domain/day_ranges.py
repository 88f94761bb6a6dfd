"""Which stretch of days does a person mean? `28d`, `上周`, `2024Q2` and `6月1日-6月5日` are ranges, and one day is one too."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from core.domain.day_words import (
    COUNT,
    DIRECTIONS,
    MONTH,
    MONTHS,
    NAME,
    UNIT,
    WHICH,
    YEAR,
    DayError,
    DayReason,
    Reader,
    Toward,
    any_of,
    date_of,
    moved,
    readable,
    unit_days,
)
from core.domain.days import read_day
from core.domain.periods import Grain, following, period_of, preceding

Days = tuple[date, date]
_RangeRule = Callable[[re.Match[str], Reader], Days]

_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_GRAINS = {
    **dict.fromkeys(("周", "星期", "礼拜", "week"), Grain.WEEK),
    **dict.fromkeys(("月", "month"), Grain.MONTH),
    **dict.fromkeys(("季度", "quarter"), Grain.QUARTER),
    "year": Grain.YEAR,
}
_YEAR_WORDS = {"去年": -1, "今年": 0, "明年": 1}


def parse_range(text: str, today: date, *, toward: Toward = "past", month_first: bool | None = None) -> Days:
    """The first and the last day, both included, of the stretch that a person wrote, seen from the local date `today`.

    `7d` and 近7天 are the last complete days, so they end yesterday; toward the future they begin today. A month or quarter without a year is the
    nearest that has begun (toward the future: that has not ended). In `A..B` (also ~, 至, to, –, and - between two days) the end without a year
    follows its beginning, and toward the future a range that is not over counts before next year's. One day is a range too. Raises DayError.
    """
    written = readable(text)
    reader = Reader(text, today, today, toward, month_first)
    try:
        first, *others = _hyphened(written, reader) or _JOINT.split(written)
        if len(others) > 1:
            raise reader.refuse(DayReason.NOT_A_RANGE)
        return _between(first, others[0], reader) if others else _range(written, reader)
    except DayError as error:
        if error.reason is DayReason.NOT_A_DAY:
            raise reader.refuse(DayReason.NOT_A_RANGE) from None
        raise


def _hyphened(written: str, reader: Reader) -> list[str]:
    """The halves of `6月1日-6月5日`: two days with a hyphen between them, which a date may hold as well; none where it is not so written."""
    cuts = ((written[: found.start()].strip(), written[found.end() :].strip()) for found in re.finditer("-", written))
    return next(([*halves] for halves in cuts if all(_is_day(half, reader) for half in halves)), [])


def _is_day(written: str, reader: Reader) -> bool:
    try:
        read_day(written, reader)
    except DayError as error:
        return error.reason is not DayReason.NOT_A_DAY
    return True


def _between(first: str, last: str, reader: Reader) -> Days:
    if reader.toward == "future":
        running = _spanned(first, last, replace(reader, toward="past"))
        if running[0] <= reader.today <= running[1]:
            return running
    start, end = _spanned(first, last, reader)
    if end < start:
        raise reader.refuse(DayReason.BACKWARDS)
    return start, end


def _spanned(first: str, last: str, reader: Reader) -> Days:
    """Both ends, read so that a year written at one end alone holds for the other."""
    if _HAS_YEAR.search(last) and not _HAS_YEAR.search(first):
        end = _range(last, reader)[1]
        return _range(first, replace(reader, anchor=end, toward="past"))[0], end
    start = _range(first, reader)[0]
    return start, _range(last, replace(reader, anchor=start, toward="future"))[1]


def _range(written: str, reader: Reader) -> Days:
    if written in _YEAR_WORDS:
        return _whole_year(reader.today.year + _YEAR_WORDS[written], reader)
    for pattern, rule in _RANGE_RULES:
        if found := pattern.fullmatch(written):
            return rule(found, reader)
    day = read_day(written, reader)
    return day, day


def _run_of_days(found: re.Match[str], reader: Reader) -> Days:
    length = int(found["count"]) * unit_days(found["unit"])
    if length == 0:
        raise reader.refuse(DayReason.IMPOSSIBLE)
    toward = _RUNS.get(found["run"], reader.toward)
    return (reader.today, moved(length - 1, reader)) if toward == "future" else (moved(-length, reader), moved(-1, reader))


def _period_by_word(found: re.Match[str], reader: Reader) -> Days:
    period = period_of(_GRAINS[found["grain"]], reader.today)
    direction = DIRECTIONS[found["which"]]
    if direction:
        period = following(period) if direction > 0 else preceding(period)
    return period.start, period.end


def _month_by_number(found: re.Match[str], reader: Reader) -> Days:
    return _part_of_year(Grain.MONTH, int(found["month"]), found["year"], reader)


def _month_by_name(found: re.Match[str], reader: Reader) -> Days:
    return _part_of_year(Grain.MONTH, MONTHS[found["name"]], found["year"], reader)


def _quarter(found: re.Match[str], reader: Reader) -> Days:
    return _part_of_year(Grain.QUARTER, 3 * _QUARTERS[found["quarter"]] - 2, found["year"], reader)


def _year(found: re.Match[str], reader: Reader) -> Days:
    return _whole_year(int(found["year"]), reader)


def _whole_year(year: int, reader: Reader) -> Days:
    return date_of(year, 1, 1, reader), date_of(year, 12, 31, reader)


def _part_of_year(grain: Grain, month: int, year: str | None, reader: Reader) -> Days:
    """The month or quarter that begins in that month, of the year given or the nearest one."""
    period = period_of(grain, date_of(int(year) if year else reader.anchor.year, month, 1, reader))
    if not year and reader.toward == "past" and period.start > reader.anchor:
        period = period_of(grain, date_of(reader.anchor.year - 1, month, 1, reader))
    if not year and reader.toward == "future" and period.end < reader.anchor:
        period = period_of(grain, date_of(reader.anchor.year + 1, month, 1, reader))
    return period.start, period.end


_RUNS: dict[str, Toward] = {
    **dict.fromkeys(("last ", "past ", "近", "最近", "过去", "前"), "past"),
    **dict.fromkeys(("next ", "未来", "接下来", "后"), "future"),
}
_JOINT = re.compile(r" ?(?:\.{2,3}|~|至|到|–|—| - | to ) ?")
_HAS_YEAR = re.compile(r"[0-9]{4}")
_RANGE_RULES: tuple[tuple[re.Pattern[str], _RangeRule], ...] = (
    (re.compile(rf"(?P<run>{any_of(_RUNS)}|) ?{COUNT}{UNIT}"), _run_of_days),
    (re.compile(rf"{WHICH}(?P<grain>{any_of(_GRAINS)})"), _period_by_word),
    (re.compile(rf"{YEAR}[-/.]{MONTH}"), _month_by_number),
    (re.compile(rf"(?:{YEAR} ?年 ?)?{MONTH} ?月份?"), _month_by_number),
    (re.compile(rf"{NAME}(?: {YEAR})?"), _month_by_name),
    (re.compile(rf"(?:{YEAR} ?年?[- ]?)?q(?P<quarter>[1-4])"), _quarter),
    (re.compile(rf"q(?P<quarter>[1-4]) {YEAR}"), _quarter),
    (re.compile(rf"(?:{YEAR} ?年 ?)?第?(?P<quarter>[1-4一二三四]) ?季度"), _quarter),
    (re.compile(rf"{YEAR} ?年?"), _year),
)
