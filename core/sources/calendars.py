"""Where do public holidays come from? From the `holidays` package, which follows each government's notices."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from core.domain.calendars import WorkingCalendar
from core.domain.workspaces import Locale
from core.errors import UserError

if TYPE_CHECKING:  # a tenth of a second to import, and many commands need no calendar
    from holidays import HolidayBase

# What people write for a country, and the part of it that is meant when they name none: the United Kingdom has no holidays of its own
# beyond those that its parts share, and its shops mean England's.
ALIASES = {"UK": "GB"}
USUAL_PART = {"GB": "ENG"}
LANGUAGES = {Locale.ZH: ("zh_CN", "en_US"), Locale.EN: ("en_US", "en_GB")}
WEEK = range(7)


def calendar_around(code: str, today: date, locale: Locale) -> WorkingCalendar:
    """The calendar for last year, this year and the next, holidays named in that language. Raises UserError."""
    return calendar_for(code, today.year - 1, today.year + 1, locale)


def knows_transfers(code: str, year: int) -> bool:
    """Whether it is known which weekend days are worked in that year. China's are published in the November before; no year goes without."""
    return not normalised(code).startswith("CN") or bool(calendar_for(code, year, year).workdays)


def calendar_for(code: str, first: int, last: int, locale: Locale = Locale.EN) -> WorkingCalendar:
    """The calendar of a country (`CN`, `GB`) or a part of it (`US-CA`) for the years `first` to `last`, both included.

    Built once for the same question. Raises UserError `calendar.unknown` for a code that nobody keeps.
    """
    return _build(normalised(code), first, last, locale)


def normalised(code: str) -> str:
    """The code as it is kept: upper case, `UK` read as `GB`, with the usual part where a country needs one. Raises UserError."""
    country, _, part = code.strip().upper().replace("_", "-").partition("-")
    country = ALIASES.get(country, country)
    part = part or USUAL_PART.get(country, "")
    if part not in ("", *_parts(country, code)):
        raise UserError("calendar.unknown", field="calendar", code=code)
    return f"{country}-{part}" if part else country


@lru_cache(maxsize=1)
def _countries() -> dict[str, list[str]]:
    import holidays

    return holidays.list_supported_countries(include_aliases=False)


def _parts(country: str, code: str) -> list[str]:
    if country not in _countries():
        raise UserError("calendar.unknown", field="calendar", code=code)
    return _countries()[country]


@lru_cache(maxsize=64)
def _build(code: str, first: int, last: int, locale: Locale) -> WorkingCalendar:
    # A year's notice also moves days of the December before it, so one more year is read than is promised.
    days = _holidays(code, range(first, last + 2), locale)
    return WorkingCalendar(
        code=code,
        weekend=frozenset(weekday for weekday in WEEK if weekday in days.weekend),
        holidays={day: days[day] for day in sorted(days) if first <= day.year <= last},
        workdays=frozenset(day for day in days.weekend_workdays if first <= day.year <= last),
    )


def _holidays(code: str, years: range, locale: Locale) -> HolidayBase:
    import holidays

    country, _, part = code.partition("-")
    supported = holidays.country_holidays(country).supported_languages
    language = next((language for language in LANGUAGES[locale] if language in supported), None)
    return holidays.country_holidays(country, subdiv=part or None, years=years, language=language)
