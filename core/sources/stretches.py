"""Which period does a cell name? 2024-06-01, 2024-W22, 2024年5月, 2024-Q2 or 2024."""

from __future__ import annotations

import re
from datetime import date

from core.domain.periods import Grain, Period, period_of
from core.domain.typed import plain
from core.sources.cells import Cell, CellError, text
from core.sources.columns import normalised
from core.sources.dates import FIRST_YEAR, LAST_YEAR, DayOrder, read_moment

_WEEK = re.compile(r"(\d{4})[-/年 ]*(?:w(\d{1,2})|第?(\d{1,2})周)", re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_QUARTER = re.compile(r"(\d{4})[-/年 ]*(?:q([1-4])|第?([1-4一二三四])季度)", re.IGNORECASE)
_YEAR = re.compile(r"(\d{4})年?")
_CHINESE_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4}
_HINTS = {Grain.WEEK: "week 周 统计周", Grain.MONTH: "month 月 月份", Grain.QUARTER: "quarter 季度", Grain.YEAR: "year 年 年份"}


def hinted_grain(header: str) -> Grain | None:
    """The grain that a column of periods is headed by: 月份 is months. None for days."""
    return next((grain for grain, words in _HINTS.items() if normalised(header) in words.split()), None)


def read_period(cell: Cell, order: DayOrder, hint: Grain | None) -> Period:
    """The period of the cell. Under a header of weeks or months a date that begins one names it: spreadsheets make 2024-05-01 of May 2024.

    Raises CellError like `read_moment`.
    """
    if period := _coarse(plain(text(cell))):
        return period
    day = read_moment(cell, order).date()
    if hint and period_of(hint, day).start == day:
        return period_of(hint, day)
    return Period(Grain.DAY, day)


def _coarse(words: str) -> Period | None:
    """A week, month, quarter or year; None for any other writing."""
    try:
        if found := _QUARTER.fullmatch(words):
            digit = found[2] or found[3]
            return _period(Grain.QUARTER, date(int(found[1]), 3 * (_CHINESE_DIGITS.get(digit) or int(digit)), 1))
        if found := _WEEK.fullmatch(words):
            return _period(Grain.WEEK, date.fromisocalendar(int(found[1]), int(found[2] or found[3]), 1))
        if found := _MONTH.fullmatch(words):
            return _period(Grain.MONTH, date(int(found[1]), int(found[2]), 1))
        if found := _YEAR.fullmatch(words):
            return _period(Grain.YEAR, date(int(found[1]), 1, 1))
    except ValueError:
        raise CellError("sources.cell.not_a_date", text=words) from None
    return None


def _period(grain: Grain, day: date) -> Period:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("a year far off")
    return period_of(grain, day)
