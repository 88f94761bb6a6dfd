"""What does an invoice add to its day, and what do invoices come to?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.orders import order_figures
from core.domain.orders import Invoice, InvoiceKind, InvoiceLine, InvoiceTotals
from core.domain.periods import CALENDAR_GRAINS, Grain, Period, period_of

MONDAY = date(2024, 5, 27)
LINES = (
    InvoiceLine("MB001", "Tin", "Tea", Decimal(3), Decimal("9.90")),
    InvoiceLine("MB001", "Tin", "Tea", Decimal(3), Decimal("9.90")),
    InvoiceLine("MB002", "Cup", "", Decimal(-1), Decimal("5")),
    InvoiceLine("POST", "Gift", "", Decimal(2), Decimal(0)),
)


def invoice(kind: InvoiceKind, lines: tuple[InvoiceLine, ...] = LINES) -> Invoice:
    return Invoice("1001", datetime(2024, 5, 27, 2, tzinfo=UTC), MONDAY, kind, "A", "", "", lines)


def test_a_sale_adds_its_sold_lines_each_as_often_as_it_stands_there() -> None:
    assert invoice(InvoiceKind.SALE).totals == InvoiceTotals(MONDAY, "A", Decimal("59.40"), Decimal(0), Decimal(6))


def test_a_cancellation_adds_refunds_alone() -> None:
    back = (InvoiceLine("MB001", "Tin", "", Decimal(-2), Decimal("9.90")),)
    assert invoice(InvoiceKind.CANCELLATION, back).totals == InvoiceTotals(MONDAY, "A", Decimal(0), Decimal("19.80"), Decimal(0))


def test_an_adjustment_adds_nothing() -> None:
    assert invoice(InvoiceKind.ADJUSTMENT).totals[2:] == (0, 0, 0)


def test_a_fingerprint_does_not_see_the_order_of_lines_nor_zeros_behind_the_point() -> None:
    zeros = tuple(replace(line, quantity=line.quantity + Decimal("0.00"), price=line.price + Decimal("0.000")) for line in reversed(LINES))
    assert invoice(InvoiceKind.SALE).fingerprint() == invoice(InvoiceKind.SALE, zeros).fingerprint()


@pytest.mark.parametrize("changed", [LINES[:1] + LINES[2:], (*LINES, LINES[0]), (replace(LINES[0], title="Jar"), *LINES[1:])])
def test_a_fingerprint_sees_every_line_and_what_it_says(changed: tuple[InvoiceLine, ...]) -> None:
    assert invoice(InvoiceKind.SALE).fingerprint() != invoice(InvoiceKind.SALE, changed).fingerprint()


TOTALS = st.lists(
    st.builds(
        InvoiceTotals,
        day=st.integers(0, 120).map(lambda offset: MONDAY + timedelta(days=offset)),
        customer=st.sampled_from(["", "A", "B", "C"]),
        gross=st.decimals(0, 1000, places=2),
        refunds=st.decimals(0, 100, places=2),
        units=st.integers(0, 9).map(Decimal),
    ),
    max_size=40,
)


@given(TOTALS, st.sampled_from(CALENDAR_GRAINS))
def test_sums_of_a_period_are_those_of_its_days_and_customers_are_counted_once(invoices: list[InvoiceTotals], grain: Grain) -> None:
    figures = order_figures(invoices, (grain,))
    assert figures.keys() == {period_of(grain, item.day) for item in invoices}
    for period, figure in figures.items():
        own = [item for item in invoices if item.day in period]
        sold = [item for item in own if item.units]
        assert (figure.gross, figure.orders) == (sum(item.gross for item in sold), len(sold))
        assert figure.net == figure.gross - sum(item.refunds for item in own)
        assert figure.customers == len({item.customer for item in sold} - {""})


def test_a_period_without_any_invoice_has_no_figures() -> None:
    assert order_figures([], CALENDAR_GRAINS) == {}
    assert Period(Grain.DAY, MONDAY) not in order_figures([InvoiceTotals(MONDAY + timedelta(days=1), "", Decimal(1), Decimal(0), Decimal(1))])
