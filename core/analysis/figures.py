"""What is a metric's figure for a period, how sure is it, and how does it stand against its target and its past?

Plain Decimals, no pandas: a digest asks for a few hundred figures out of dictionaries, which is done before pandas has built its first frame, and
sums of money stay exact to the cent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import assert_never

from core.domain.boards import Compared, Comparison, Gap, Row, verdict_of
from core.domain.campaigns import Campaign
from core.domain.metrics import Aggregation, Metric, Ratio
from core.domain.periods import Grain, Period, period_of, preceding
from core.domain.readings import Coverage, Figure, State, Window
from core.domain.targets import Target, attainment, deviation, reached, target_for

MONTH_OF_WEEKS = timedelta(weeks=4)
YEAR_OF_WEEKS = timedelta(weeks=52)


@dataclass(frozen=True, slots=True)
class _Day:
    """What one day brings to a coarser figure; `weight` is a ratio's denominator or a mean's weight."""

    value: Decimal
    weight: Decimal
    state: State


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures that follow from a window of readings, as seen on the local date `today`.

    Days in `closed` and days before `opened_on` are no gap in a sum. Promise 1: a day that is open and missing never counts as 0; the sum of the
    others is provisional and says on how many days it stands, and a period without any day is missing.
    """

    window: Window
    today: date
    closed: Collection[date] = frozenset()
    opened_on: date | None = None

    def figure(self, metric: Metric, period: Period) -> Figure:
        """The figure as it was given for that very period, else as it follows from the days."""
        given = self.window.at(metric.code, period)
        if given is not None:
            return Figure(metric.code, period, given.value, given.state)
        return self._derived(metric, period) if derivable(metric) else self._nothing(metric, period)

    def tracks(self, metric: Metric) -> bool:
        """Whether the window knows anything of the metric at its own grain, or of all that it is computed from."""
        if metric.grain is Grain.CAMPAIGN:
            return any(code == metric.code for code, _ in self.window.campaigns)
        parts = metric.parts() if metric.formula else ()
        return self.window.tracks(metric.code, metric.grain) or (bool(parts) and all(self.window.tracks(part, Grain.DAY) for part in parts))

    def row(self, metric: Metric, period: Period, targets: Sequence[Target], campaign: Campaign | None = None) -> Row:
        """The figure against its target."""
        figure, target = self.figure(metric, period), target_for(metric.code, period, targets)
        if figure.value is None or target is None:
            return Row(metric, figure, target, campaign=campaign)
        share = attainment(figure.value, target.value, metric.direction)
        met = reached(figure.value, target.value, metric.direction, target.comparator)
        if metric.aggregation in (Aggregation.SUM, Aggregation.DISTINCT) and figure.state is State.PROVISIONAL:
            return Row(metric, figure, target, None, share, campaign=campaign)
        off = deviation(figure.value, target.value)
        return Row(metric, figure, target, off, share, verdict_of(met, off), campaign)

    def compare(self, metric: Metric, period: Period) -> tuple[Compared, ...]:
        """The figure beside its past.

        A day: the day before, the same weekday a week and 52 weeks before (同比), and 环比, which the template reads as against last month: the month
        up to that day beside the same days of the month before, or for what cannot be added up the same weekday four weeks before.
        A coarser period: the one before and the one a year before. A campaign: nothing.
        """
        return tuple(self._beside(metric, *pair) for pair in _pairs(period, metric))

    def _beside(self, metric: Metric, against: Comparison, now: Period, then: Period) -> Compared:
        """Beside the period in which the shop opened there is no change to speak of: what it lacks is no gap in its sum, but it is shorter."""
        figure, base = self.figure(metric, now), self.figure(metric, then)
        if base.value is not None and self.opened_on and then.start < self.opened_on:
            return Compared(against, figure, base, None, Gap.PARTIAL)
        return compared(against, figure, base)

    def _nothing(self, metric: Metric, period: Period) -> Figure:
        # Before the shop opened nothing is known; only a day that it was shut is closed.
        shut = all(day in self.closed for day in period.days())
        return Figure(metric.code, period, None, State.CLOSED if shut else State.MISSING)

    def _open(self, day: date) -> bool:
        return day not in self.closed and (self.opened_on is None or day >= self.opened_on)

    def _derived(self, metric: Metric, period: Period) -> Figure:
        days = list(self._days(metric, period))
        value = _combined(metric, days)
        if value is None:
            return self._nothing(metric, period)
        if period.grain is Grain.DAY:
            return Figure(metric.code, period, value, days[0].state)
        over = [day for day in period.days() if day < self.today]
        shut = sum(not self._open(day) and not self._day(metric, day) for day in over)
        coverage = Coverage(len(days), max(len(over) - shut, len(days)))
        sure = coverage.whole and period.end < self.today and all(day.state is State.FINAL for day in days)
        return Figure(metric.code, period, value, State.FINAL if sure else State.PROVISIONAL, coverage)

    def _days(self, metric: Metric, period: Period) -> Iterator[_Day]:
        return (found for day in period.days() if (found := self._day(metric, day)) is not None)

    def _day(self, metric: Metric, day: date) -> _Day | None:
        """What the day brings; None unless all that is needed of it is known."""
        value_code, weight_code = _parts(metric)
        value = self.window.at(value_code, Period(Grain.DAY, day))
        weight = self.window.at(weight_code, Period(Grain.DAY, day)) if weight_code else value
        if value is None or weight is None:
            return None
        sure = value.state is State.FINAL and weight.state is State.FINAL
        return _Day(value.value, weight.value, State.FINAL if sure else State.PROVISIONAL)


def compared(against: Comparison, figure: Figure, base: Figure) -> Compared:
    """The change from the base to the figure, or why there is none: a value that is not whole is compared with nothing."""
    gap = next((gap for side in (figure, base) if (gap := _gap(side))), None)
    if gap is None and base.value == 0:
        gap = Gap.ZERO
    if gap is not None or figure.value is None or base.value is None:
        return Compared(against, figure, base, None, gap)
    return Compared(against, figure, base, deviation(figure.value, base.value), None)


def _gap(figure: Figure) -> Gap | None:
    return {State.MISSING: Gap.MISSING, State.CLOSED: Gap.CLOSED, State.PROVISIONAL: Gap.PARTIAL, State.FINAL: None}[figure.state]


def _pairs(period: Period, metric: Metric) -> Iterator[tuple[Comparison, Period, Period]]:
    match period.grain:
        case Grain.DAY:
            yield Comparison.DAY_BEFORE, period, preceding(period)
            yield Comparison.WEEKDAY, period, Period(Grain.DAY, period.start - timedelta(weeks=1))
            if not derivable(metric):
                yield Comparison.PERIOD, period, Period(Grain.DAY, period.start - MONTH_OF_WEEKS)
            else:
                yield Comparison.PERIOD, *month_to_date(period.start)
            yield Comparison.YEAR, period, Period(Grain.DAY, period.start - YEAR_OF_WEEKS)
        case Grain.WEEK:
            yield Comparison.PERIOD, period, preceding(period)
            yield Comparison.YEAR, period, Period(Grain.WEEK, period.start - YEAR_OF_WEEKS)
        case Grain.MONTH | Grain.QUARTER | Grain.YEAR:
            yield Comparison.PERIOD, period, preceding(period)
            if period.grain is not Grain.YEAR:
                yield Comparison.YEAR, period, replace(period, start=period.start.replace(year=period.start.year - 1))
        case Grain.CAMPAIGN | Grain.HOUR:
            return
        case _:
            assert_never(period.grain)


def month_to_date(day: date) -> tuple[Period, Period]:
    """The month up to the day, and as many days of the month before; a shorter month before stands whole."""
    month = period_of(Grain.MONTH, day)
    before = preceding(month)
    return replace(month, last=day), replace(before, last=min(before.end, before.start + (day - month.start)))


def derivable(metric: Metric) -> bool:
    """Whether a coarser figure follows from days. What is distinct must be counted anew, and a ratio without parts is known only as it was given."""
    match metric.aggregation:
        case Aggregation.SUM | Aggregation.LAST | Aggregation.MEAN:
            return metric.grain is Grain.DAY
        case Aggregation.RATIO:
            return metric.grain is Grain.DAY and metric.formula is not None
        case Aggregation.DISTINCT:
            return False
        case _:
            assert_never(metric.aggregation)


def _parts(metric: Metric) -> tuple[str, str | None]:
    """The codes of what a day brings, and of what weighs it."""
    match metric:
        case Metric(aggregation=Aggregation.RATIO, formula=Ratio(numerator=numerator, denominator=denominator)):
            return numerator, denominator
        case Metric(aggregation=Aggregation.MEAN, weight=weight):
            return metric.code, weight
        case _:
            return metric.code, None


def _combined(metric: Metric, days: Sequence[_Day]) -> Decimal | None:
    """One value of the days; None where there is nothing to go by."""
    if not days:
        return None
    match metric.aggregation:
        case Aggregation.SUM:
            return sum((day.value for day in days), Decimal(0))
        case Aggregation.LAST:
            return days[-1].value
        case Aggregation.RATIO:
            return _quotient(sum((day.value for day in days), Decimal(0)), days)
        case Aggregation.MEAN:
            return _quotient(sum((day.value * day.weight for day in days), Decimal(0)), days)
        case Aggregation.DISTINCT:
            return None
        case _:
            assert_never(metric.aggregation)


def _quotient(total: Decimal, days: Sequence[_Day]) -> Decimal | None:
    weight = sum((day.weight for day in days), Decimal(0))
    return total / weight if weight else None
