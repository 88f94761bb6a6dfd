"""When was that? The dates of one column, read together: whether 1/12 is January or December is told by the column, not by the cell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import Enum

from core.domain.typed import plain
from core.sources.cells import Cell, CellError, checked, is_blank

FIRST_YEAR = 1990
LAST_YEAR = 2100
_TIME = (
    r"(?:(?:T|\s*)(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})(?:[:分](?P<second>\d{1,2})(?:[.,]\d+)?)?[分秒]?"
    r"\s*(?P<half>am|pm)?\s*(?P<offset>z|[+-]\d{2}:?\d{2})?)?"
)
_YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})([-/.年])(?P<month>\d{{1,2}})[-/.月](?P<day>\d{{1,2}})日?{_TIME}", re.IGNORECASE)
_COMPACT = re.compile(rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}})(?:\s+{_TIME})?", re.IGNORECASE)
_YEAR_LAST = re.compile(rf"(?P<first>\d{{1,2}})[-/.](?P<second_part>\d{{1,2}})[-/.](?P<year>\d{{4}})(?:[,\s]+{_TIME})?", re.IGNORECASE)


class DayOrder(Enum):
    """Which stands first in 1/12/2010."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    UNKNOWN = "unknown"
    MIXED = "mixed"


def day_order(cells: Iterable[Cell]) -> DayOrder:
    """What the dates of a column that end in the year say together: a first part above 12 is a day, a second part above 12 too."""
    parts = [(int(found["first"]), int(found["second_part"])) for cell in cells if (found := _year_last(cell))]
    day_first = any(first > 12 for first, _ in parts)
    month_first = any(second > 12 for _, second in parts)
    if day_first and month_first:
        return DayOrder.MIXED
    if day_first or month_first:
        return DayOrder.DAY_FIRST if day_first else DayOrder.MONTH_FIRST
    return DayOrder.UNKNOWN


def read_moment(cell: Cell, order: DayOrder) -> datetime:
    """The moment to the second, aware only where the cell names an offset; a bare date is its midnight.

    Raises CellError for an empty cell, no date, a date that does not exist, or one whose day and month cannot be told apart.
    """
    match checked(cell):
        case datetime() as moment:
            return _in_range((moment + timedelta(microseconds=500_000)).replace(microsecond=0), cell)
        case date() as day:
            return _in_range(datetime.combine(day, time()), cell)
        case blank if is_blank(blank):
            raise CellError("sources.cell.no_date")
        case other:
            return _in_range(_from_text(_readable(other), order), cell)


def _from_text(words: str, order: DayOrder) -> datetime:
    if found := _YEAR_FIRST.fullmatch(words) or _COMPACT.fullmatch(words):
        return _moment(found, int(found["month"]), int(found["day"]), words)
    if found := _YEAR_LAST.fullmatch(words):
        first, second = int(found["first"]), int(found["second_part"])
        if order in (DayOrder.UNKNOWN, DayOrder.MIXED) and first != second and max(first, second) <= 12:
            raise CellError("sources.cell.ambiguous_date", text=words)
        month_first = order is DayOrder.MONTH_FIRST or (order is DayOrder.MIXED and second > 12)
        month, day = (first, second) if month_first else (second, first)
        return _moment(found, month, day, words)
    raise CellError("sources.cell.not_a_date", text=words)


def _moment(found: re.Match[str], month: int, day: int, words: str) -> datetime:
    try:
        moment = datetime(int(found["year"]), month, day, _hour(found), int(found["minute"] or 0), int(found["second"] or 0))  # noqa: DTZ001 (the shop's zone is added by the caller)
        return moment if not found["offset"] else datetime.fromisoformat(f"{moment.isoformat()}{found['offset'].upper()}")
    except ValueError:
        raise CellError("sources.cell.not_a_date", text=words) from None


def _hour(found: re.Match[str]) -> int:
    """The hour of 24; 12 am is 0 and 12 pm is 12."""
    hour = int(found["hour"] or 0)
    if not found["half"]:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("no hour of twelve")
    return hour % 12 + (12 if found["half"].lower() == "pm" else 0)


def _in_range(moment: datetime, cell: Cell) -> datetime:
    """Years far off are a spreadsheet's empty date (1900) or a slip."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise CellError("sources.cell.not_a_date", text=str(cell))
    return moment


def _year_last(cell: Cell) -> re.Match[str] | None:
    return _YEAR_LAST.fullmatch(_readable(cell)) if isinstance(cell, str) else None


def _readable(cell: Cell) -> str:
    """Full-width signs made plain, and a number such as 20240601 or 20240601.0 as its digits."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e8:
        return str(int(cell))
    return plain(str(cell))
