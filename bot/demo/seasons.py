"""When do people buy more, or less, in the demo shop? The week, the year's promotions and holidays, and growth, all in percent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

# Monday to Sunday.
WEEK = (97, 95, 97, 98, 102, 106, 105)
YEARLY_GROWTH = 30
PERCENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Season:
    """Some days, both ends included, with their traffic and readiness to buy, in percent of usual."""

    start: date
    end: date
    traffic: int
    buying: int


SEASONS = (
    Season(date(2023, 5, 29), date(2023, 6, 14), 112, 106),
    Season(date(2023, 6, 15), date(2023, 6, 17), 128, 118),
    Season(date(2023, 6, 18), date(2023, 6, 18), 165, 135),
    Season(date(2023, 6, 19), date(2023, 6, 26), 90, 88),
    Season(date(2023, 9, 29), date(2023, 10, 6), 94, 92),
    Season(date(2023, 10, 24), date(2023, 10, 30), 112, 98),
    Season(date(2023, 10, 31), date(2023, 11, 3), 140, 130),
    Season(date(2023, 11, 4), date(2023, 11, 9), 118, 104),
    Season(date(2023, 11, 10), date(2023, 11, 10), 150, 130),
    Season(date(2023, 11, 11), date(2023, 11, 11), 195, 160),
    Season(date(2023, 11, 12), date(2023, 11, 20), 84, 82),
    Season(date(2023, 12, 9), date(2023, 12, 11), 115, 108),
    Season(date(2023, 12, 12), date(2023, 12, 12), 145, 128),
    Season(date(2023, 12, 13), date(2023, 12, 17), 92, 92),
    Season(date(2024, 1, 22), date(2024, 2, 2), 110, 108),
    Season(date(2024, 2, 3), date(2024, 2, 8), 82, 80),
    Season(date(2024, 2, 9), date(2024, 2, 13), 55, 62),
    Season(date(2024, 2, 14), date(2024, 2, 18), 72, 76),
    Season(date(2024, 3, 5), date(2024, 3, 7), 112, 108),
    Season(date(2024, 3, 8), date(2024, 3, 8), 128, 118),
    Season(date(2024, 5, 1), date(2024, 5, 5), 95, 94),
    Season(date(2024, 5, 26), date(2024, 5, 30), 108, 98),
    Season(date(2024, 5, 31), date(2024, 6, 1), 122, 108),
    Season(date(2024, 6, 2), date(2024, 6, 9), 104, 97),
    Season(date(2024, 6, 10), date(2024, 6, 15), 128, 120),
    Season(date(2024, 6, 16), date(2024, 6, 17), 142, 128),
    Season(date(2024, 6, 18), date(2024, 6, 18), 175, 142),
    Season(date(2024, 6, 19), date(2024, 6, 25), 88, 86),
)
_USUAL = Season(date.min, date.max, 100, 100)


def season_of(day: date) -> Season:
    """The season that the day lies in."""
    return next((season for season in SEASONS if season.start <= day <= season.end), _USUAL)


def rhythm(day: date, since: date) -> Decimal:
    """The weekday's share and the growth since the first day, as a factor."""
    return WEEK[day.weekday()] * PERCENT * (1 + YEARLY_GROWTH * PERCENT * (day - since).days / Decimal(365))
