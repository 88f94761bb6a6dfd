"""How is a writing of days to be understood? What its words mean, what it is seen from, and why it may be refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from core.domain.typed import plain

Toward = Literal["past", "future"]


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
class Reader:
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
        """The error that says so of the writing."""
        return DayError(reason, self.text, meant)


_LONGEST_TEXT = 64
_YEARS = range(1900, 2200)
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTHS = {name[:size]: number for number, name in enumerate(_MONTH_NAMES, 1) for size in (3, len(name))} | {"sept": 9}
MONTHS |= {f"{name}月": number for number, name in enumerate(["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], 1)}
DIRECTIONS = {"上": -1, "上个": -1, "last ": -1, "本": 0, "这": 0, "这个": 0, "this ": 0, "下": 1, "下个": 1, "next ": 1}


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


# Parts of patterns, named by what they hold.
YEAR, MONTH, DAY = r"(?P<year>[0-9]{4})", r"(?P<month>[0-9]{1,2})", r"(?P<day>[0-9]{1,2})"
COUNT, UNIT = r"(?P<count>[0-9]{1,4}) ?", r"(?P<unit>days?|weeks?|d|w|天|周)"
NAME, ORDINAL = rf"(?P<name>{any_of(MONTHS)})\.?", rf"{DAY}(?:st|nd|rd|th)?"
WHICH = rf"(?P<which>{any_of(DIRECTIONS)})"


def readable(text: str) -> str:
    """The writing in plain lower case. Raises DayError where it is empty or too long for a day."""
    written = plain(text).lower()
    if not written:
        raise DayError(DayReason.EMPTY, text)
    if len(written) > _LONGEST_TEXT:
        raise DayError(DayReason.NOT_A_DAY, text)
    return written


def date_of(year: int, month: int, day: int, reader: Reader) -> date:
    """The date of those numbers. Raises DayError where there is none, or where it is far away."""
    if year not in _YEARS:
        raise reader.refuse(DayReason.TOO_FAR)
    try:
        return date(year, month, day)
    except ValueError:
        raise reader.refuse(DayReason.IMPOSSIBLE) from None


def unit_days(unit: str) -> int:
    """How many days a written day or week has."""
    return 7 if unit[0] in "w周" else 1


def moved(days: int, reader: Reader) -> date:
    """The date so many days after the reader's today. Raises DayError where that is far away."""
    there = reader.today + timedelta(days=days)
    if there.year not in _YEARS:
        raise reader.refuse(DayReason.TOO_FAR)
    return there
