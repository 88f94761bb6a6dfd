"""Which figures does the demo shop have? Made up, day by day, the same every time, and in step with one another: GMV is orders × basket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from random import Random
from zoneinfo import ZoneInfo

from bot.demo.seasons import PERCENT, rhythm, season_of
from core.domain.boards import campaign_period
from core.domain.calendars import dates
from core.domain.campaigns import Campaign
from core.domain.instants import instant_of
from core.domain.periods import Grain, Period, period_of, periods_between
from core.domain.readings import Reading, on_arrival

SOURCE = "demo"
SEED = 618
FIRST, LAST = date(2023, 5, 1), date(2024, 7, 5)
ARRIVES = time(6)
VISITORS = 78_000

# Template table 6, as it stands on the morning of 2024-06-04.
TABLE_DAY, TABLE_WEEK = date(2024, 6, 3), date(2024, 5, 27)
TABLE_DAU = Decimal(85_000)
TABLE_WEEKLY: Mapping[str, Decimal] = {"cart_conversion": Decimal("0.18"), "retention_7d": Decimal("0.35")}
TABLE_ROI = Decimal("2.2")

# What goes wrong in every shop: figures that never came, and figures that came late.
MISSING = frozenset({("page_views", date(2024, 5, 29)), ("satisfaction", date(2024, 5, 19)), ("first_response", date(2024, 3, 12))})
LATE: Mapping[tuple[str, date], time] = {
    ("ad_cost", date(2024, 5, 30)): time(16, 40),
    ("ad_cost", date(2024, 6, 6)): time(11, 30),
    ("ad_gmv", date(2024, 6, 6)): time(11, 30),
}

# Distinct people of a longer stretch, as a share of the days added up.
_DISTINCT = (("visitors", "visitors", Grain.WEEK, 61), ("visitors", "visitors", Grain.MONTH, 38), ("customers", "customers", Grain.WEEK, 91))
_DISTINCT_MONTHLY = (("customers", "customers", Grain.MONTH, 78), ("mau", "dau", Grain.MONTH, 17))
# Usual value and spread, both in thousandths.
_WEEKLY = {"cart_conversion": (226, 12), "retention_7d": (381, 11)}
_MONTHLY = {"repurchase_rate": (243, 12), "gross_margin": (372, 9), "stock_turnover": (1450, 90)}

Day = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class _Noise:
    """Chance, the same at every loading."""

    random: Random

    def of(self, value: int, spread: int, unit: Decimal = PERCENT) -> Decimal:
        """The value give or take the spread, in units."""
        return (value + self.random.randint(-spread * 10, spread * 10) / Decimal(10)) * unit


def made_up(zone: ZoneInfo, campaign: Campaign) -> Iterator[Reading]:
    """Every reading from the first day to the last, each received on the morning after its period."""
    days = dict(_days(_Noise(Random(SEED))))
    for day, figures in days.items():
        for metric, value in figures.items():
            if (metric, day) not in MISSING:
                yield _received(metric, Period(Grain.DAY, day), value, zone, LATE.get((metric, day), ARRIVES))
    for metric, period, value in (*_distinct(days), *_rates(_Noise(Random(SEED)))):
        yield _received(metric, period, value, zone)
    received = instant_of(TABLE_DAY + timedelta(days=1), ARRIVES, zone)
    yield on_arrival(Reading("campaign_roi", campaign_period(campaign), TABLE_ROI, SOURCE, received), zone)


def _days(noise: _Noise) -> Iterator[tuple[date, Day]]:
    for day in dates(FIRST, LAST):
        figures = _traffic(day, noise)
        figures |= _sales(figures["visitors"], day, noise)
        figures |= _spending(figures["visitors"], day, noise)
        yield day, figures | _service(figures["orders"], noise)


def _traffic(day: date, noise: _Noise) -> dict[str, Decimal]:
    visitors = _whole(VISITORS * rhythm(day, FIRST) * season_of(day).traffic * PERCENT * noise.of(100, 3))
    dau = TABLE_DAU if day == TABLE_DAY else _whole(visitors * noise.of(82, 1))
    return {
        "visitors": visitors,
        "dau": dau,
        "page_views": _whole(visitors * noise.of(540, 22)),
        "carts": _whole(visitors * season_of(day).buying * PERCENT * noise.of(72, 3, Decimal("0.001"))),
        "new_users": _whole(visitors * noise.of(152, 9, Decimal("0.0001"))),
        "retention_1d": _rate(noise.of(412, 14, Decimal("0.001"))),
    }


def _sales(visitors: Decimal, day: date, noise: _Noise) -> dict[str, Decimal]:
    orders = _whole(visitors * season_of(day).buying * PERCENT * noise.of(148, 6, Decimal("0.0001")))
    gmv = orders * _cents(noise.of(168, 5, Decimal(1)))
    refunds = _cents(gmv * noise.of(61, 9, Decimal("0.001")))
    return {
        "orders": orders,
        "gmv": gmv,
        "refunds": refunds,
        "net_gmv": gmv - refunds,
        "units": _whole(orders * noise.of(186, 8)),
        "customers": _whole(orders * noise.of(94, 1)),
        "payment_conversion": _rate(noise.of(874, 9, Decimal("0.001"))),
    }


def _spending(visitors: Decimal, day: date, noise: _Noise) -> dict[str, Decimal]:
    cost = _cents(visitors * noise.of(62, 4) * season_of(day).traffic * PERCENT)
    return {"ad_cost": cost, "ad_gmv": _cents(cost * noise.of(232, 16))}


def _service(orders: Decimal, noise: _Noise) -> dict[str, Decimal]:
    chats = _whole(orders * noise.of(46, 4))
    return {
        "service_chats": chats,
        "first_response": _whole(noise.of(27, 4, Decimal(1)) + chats / 300),
        "satisfaction": _rate(noise.of(948, 9, Decimal("0.001"))),
        "bad_reviews": _whole(orders * noise.of(42, 14, Decimal("0.0001"))),
    }


def _distinct(days: Mapping[date, Day]) -> Iterator[tuple[str, Period, Decimal]]:
    """People of a week or month, fewer than its days added up."""
    for metric, counted, grain, share in (*_DISTINCT, *_DISTINCT_MONTHLY):
        for period in _whole_periods(grain):
            yield metric, period, _whole(sum((days[day][counted] for day in period.days()), Decimal()) * share * PERCENT)


def _rates(noise: _Noise) -> Iterator[tuple[str, Period, Decimal]]:
    for grain, rates in ((Grain.WEEK, _WEEKLY), (Grain.MONTH, _MONTHLY)):
        for period in _whole_periods(grain):
            for metric, (usual, spread) in rates.items():
                value = _rate(noise.of(usual, spread, Decimal("0.001")))
                yield metric, period, TABLE_WEEKLY[metric] if period == period_of(Grain.WEEK, TABLE_WEEK) else value


def _whole_periods(grain: Grain) -> Iterator[Period]:
    return (period for period in periods_between(grain, FIRST, LAST) if period.start >= FIRST and period.end <= LAST)


def _received(metric: str, period: Period, value: Decimal, zone: ZoneInfo, at: time = ARRIVES) -> Reading:
    received: datetime = instant_of(period.end + timedelta(days=1), at, zone)
    return Reading(metric, period, value, SOURCE, received)


def _whole(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1), ROUND_HALF_EVEN)


def _cents(value: Decimal) -> Decimal:
    return value.quantize(PERCENT, ROUND_HALF_EVEN)


def _rate(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.001"), ROUND_HALF_EVEN)
