"""What do the invoices of a period come to? Gross and net GMV, orders, customers, refunds and units, exact to the last digit.

Definitions: gross GMV is the sum of quantity × price over lines of sales with quantity > 0 and price > 0; orders are the distinct invoices of
those lines, customers their distinct non-empty customers, units their quantity; refunds are −Σ quantity × price of the lines of cancellations, on
the day of cancellation; net is gross − refunds. Adjustments count nowhere. What one invoice adds is `core.domain.orders.Invoice.totals`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.domain.orders import InvoiceTotals
from core.domain.periods import Grain, Period, period_of


@dataclass(frozen=True, slots=True)
class OrderFigures:
    """What the orders of one period come to, in the workspace's currency. A period without any invoice has no figures, not zeros."""

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


@dataclass(slots=True)
class _Tally:
    """Sums and names of one stretch of days; names are counted only at the end, so that tallies of days make those of months."""

    gross: Decimal = Decimal()
    refunds: Decimal = Decimal()
    units: Decimal = Decimal()
    orders: int = 0
    customers: set[str] = field(default_factory=set)

    def add(self, other: _Tally) -> None:
        """Takes the other's invoices in."""
        self.gross += other.gross
        self.refunds += other.refunds
        self.units += other.units
        self.orders += other.orders
        self.customers |= other.customers


def order_figures(invoices: Iterable[InvoiceTotals], grains: Iterable[Grain] = (Grain.DAY,)) -> dict[Period, OrderFigures]:
    """The figures of every calendar period of the grains that has an invoice.

    Customers are counted anew for each period, never added up from finer ones. The invoices of a period must be there whole, each once.
    They may come one by one from a cursor: what is kept is sums, and the names of customers per day.
    """
    days = _by_day(invoices)
    figures: dict[Period, OrderFigures] = {}
    for grain in grains:
        for period, tally in _coarser(days, grain).items():
            figures[period] = OrderFigures(period, tally.gross, tally.refunds, tally.units, tally.orders, len(tally.customers))
    return figures


def _by_day(invoices: Iterable[InvoiceTotals]) -> Mapping[date, _Tally]:
    days: dict[date, _Tally] = defaultdict(_Tally)
    for day, customer, gross, refunds, units in invoices:
        tally = days[day]
        tally.refunds += refunds
        if units:
            tally.gross += gross
            tally.units += units
            tally.orders += 1
            if customer:
                tally.customers.add(customer)
    return days


def _coarser(days: Mapping[date, _Tally], grain: Grain) -> Mapping[Period, _Tally]:
    periods: dict[Period, _Tally] = defaultdict(_Tally)
    for day, tally in sorted(days.items()):
        periods[period_of(grain, day)].add(tally)
    return periods
