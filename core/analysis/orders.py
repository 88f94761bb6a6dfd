"""What do the order lines of a period come to? Gross and net GMV, orders, customers, refunds, units and basket, exact to the last digit.

Definitions: gross GMV is the sum of quantity × price over lines of sales with quantity > 0 and price > 0; orders are the distinct invoices of
those lines, customers their distinct non-empty customers, units their quantity; refunds are −Σ quantity × price of the lines of cancellations, on
the day of cancellation; net is gross − refunds; basket is gross ÷ orders. Adjustments count nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.domain.orders import InvoiceKind
from core.domain.periods import Grain, Period, period_of

# Day, invoice's id, kind, customer (None or empty where nobody is named), quantity, price.
OrderLine = tuple[date, Hashable, str, str | None, Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class OrderFigures:
    """What the orders of one period come to, in the workspace's currency. A period without any line has no figures, not zeros."""

    period: Period
    gross: Decimal
    refunds: Decimal
    units: Decimal
    orders: int
    customers: int

    @property
    def net(self) -> Decimal:
        """Gross GMV without what went back in the period."""
        return self.gross - self.refunds

    @property
    def basket(self) -> Decimal | None:
        """Gross GMV per order; None without orders."""
        return self.gross / self.orders if self.orders else None


@dataclass(slots=True)
class _Tally:
    """Sums and names of one stretch of days; names are counted only at the end, so that tallies of days make those of months."""

    gross: Decimal = Decimal()
    refunds: Decimal = Decimal()
    units: Decimal = Decimal()
    invoices: set[Hashable] = field(default_factory=set)
    customers: set[str] = field(default_factory=set)

    def add(self, other: _Tally) -> None:
        """Takes the other's lines in."""
        self.gross += other.gross
        self.refunds += other.refunds
        self.units += other.units
        self.invoices |= other.invoices
        self.customers |= other.customers


def order_figures(lines: Iterable[OrderLine], grains: Iterable[Grain] = (Grain.DAY,)) -> dict[Period, OrderFigures]:
    """The figures of every calendar period of the grains that has a line.

    Distinct counts are made anew for each period, never added up from finer ones. The lines of a period must be there whole.
    Lines may come one by one from a cursor: what is kept is sums, and the names of invoices and customers per day.
    """
    days = _by_day(lines)
    figures: dict[Period, OrderFigures] = {}
    for grain in grains:
        for period, tally in _coarser(days, grain).items():
            figures[period] = OrderFigures(period, tally.gross, tally.refunds, tally.units, len(tally.invoices), len(tally.customers))
    return figures


def _by_day(lines: Iterable[OrderLine]) -> Mapping[date, _Tally]:
    days: dict[date, _Tally] = defaultdict(_Tally)
    for day, invoice, kind, customer, quantity, price in lines:
        tally = days[day]
        if kind == InvoiceKind.CANCELLATION:
            tally.refunds -= quantity * price
        elif kind == InvoiceKind.SALE and quantity > 0 and price > 0:
            tally.gross += quantity * price
            tally.units += quantity
            tally.invoices.add(invoice)
            if customer:
                tally.customers.add(customer)
    return days


def _coarser(days: Mapping[date, _Tally], grain: Grain) -> Mapping[Period, _Tally]:
    periods: dict[Period, _Tally] = defaultdict(_Tally)
    for day, tally in sorted(days.items()):
        periods[period_of(grain, day)].add(tally)
    return periods
