"""What do the order lines of a period come to? Gross and net GMV, orders, customers, refunds, units and basket, exact to the last digit.

Definitions: gross GMV is the sum of quantity × price over lines of sales with quantity > 0 and price > 0; orders are the distinct invoices of
those lines, customers their distinct non-empty customers, units their quantity; refunds are −Σ quantity × price of the lines of cancellations, on
the day of cancellation; net is gross − refunds; basket is gross ÷ orders. Adjustments count nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from core.domain.orders import InvoiceKind
from core.domain.periods import Grain, Period, period_of

if TYPE_CHECKING:
    import pandas as pd

LINE_COLUMNS = ("day", "invoice", "kind", "customer", "quantity", "price")


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


def order_lines(rows: Iterable[tuple[date, object, str, str | None, Decimal, Decimal]]) -> pd.DataFrame:
    """The frame that `order_figures` takes, from rows of LINE_COLUMNS: day, invoice's id, kind, customer (None or empty for none), quantity, price."""
    import pandas as pd

    columns = list(zip(*rows, strict=True)) or [()] * len(LINE_COLUMNS)
    return pd.DataFrame({name: pd.Series(column, dtype=object) for name, column in zip(LINE_COLUMNS, columns, strict=True)})


def order_figures(lines: pd.DataFrame, grain: Grain) -> dict[date, OrderFigures]:
    """The figures of every calendar period of the grain that has a line, by its start.

    Distinct counts are made anew for each grain and never added up from finer ones. The lines of a period must be there whole.
    """
    frame = _with_amounts(lines, grain)
    sold = frame[frame["sold"]]
    back = frame[frame["kind"] == InvoiceKind.CANCELLATION.value]
    gross, units = _sums(sold, "amount"), _sums(sold, "quantity")
    orders, customers = _distinct(sold, "invoice"), _distinct(sold[sold["customer"].notna() & (sold["customer"] != "")], "customer")
    refunds = _sums(back, "amount")
    return {
        start: OrderFigures(
            period=Period(grain, start),
            gross=gross.get(start, Decimal()),
            refunds=-refunds.get(start, Decimal()),
            units=units.get(start, Decimal()),
            orders=orders.get(start, 0),
            customers=customers.get(start, 0),
        )
        for start in sorted(set(frame["start"]))
    }


def _with_amounts(lines: pd.DataFrame, grain: Grain) -> pd.DataFrame:
    starts = {day: period_of(grain, day).start for day in set(lines["day"])}
    sale = lines["kind"] == InvoiceKind.SALE.value
    return lines.assign(
        start=lines["day"].map(starts),
        amount=lines["quantity"] * lines["price"],
        sold=sale & (lines["quantity"] > 0) & (lines["price"] > 0),
    )


def _sums(frame: pd.DataFrame, column: str) -> Mapping[date, Decimal]:
    """Exact sums: decimals are added as they are, a float never stands between."""
    totals: dict[date, Decimal] = {}
    for start, value in zip(frame["start"], frame[column], strict=True):
        totals[start] = totals.get(start, Decimal()) + value
    return totals


def _distinct(frame: pd.DataFrame, column: str) -> Mapping[date, int]:
    pairs = frame[["start", column]].drop_duplicates()
    return {start: int(count) for start, count in pairs["start"].value_counts().items()}
