"""Do the lines of a file become the right invoices, and is everything else named?"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.orders import order_figures
from core.domain.orders import Invoice, InvoiceKind
from core.domain.periods import CALENDAR_GRAINS, Grain, period_of
from core.errors import UserError
from core.sources.columns import OrderField, guess_orders, looks_like
from core.sources.files import open_table
from core.sources.orders import OrderFile, Shop, read_invoices

HEADER = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country"
SHOP = Shop(ZoneInfo("Europe/London"), "GBP", date(2010, 12, 9))


def read(*lines: str, header: str = HEADER, shop: Shop = SHOP, overrides: Mapping[str, str] | None = None) -> OrderFile:
    table = open_table("\n".join((header, *lines)).encode(), "orders.csv")
    return read_invoices(table, guess_orders(table.header, overrides), shop)


def invoices(file: OrderFile) -> dict[str, Invoice]:
    return {invoice.number: invoice for invoice in file.invoices()}


def reasons(file: OrderFile) -> list[tuple[int, str, str]]:
    return [(refusal.line, refusal.column, refusal.reason.removeprefix("sources.cell.")) for refusal in file.rejected()]


def test_lines_of_one_invoice_that_stand_apart_become_one_invoice_at_its_earliest_time() -> None:
    file = read(
        "1001,A,Mug,2,2010-06-01 10:05:00,2.55,,",
        "1002,B,Cup,1,2010-06-01 11:00:00,1.00,7.0,France",
        "1001,C,Plate,3,2010-06-01 10:01:00,4.00,12346.0,United Kingdom",
    )
    first = invoices(file)["1001"]
    assert [line.sku for line in first.lines] == ["A", "C"]
    assert (first.at, first.day) == (datetime(2010, 6, 1, 9, 1, tzinfo=UTC), date(2010, 6, 1))
    assert (first.customer, first.country) == ("12346", "United Kingdom")
    assert (file.rows, file.rejected_count, file.invoice_count) == (3, 0, 2)


def test_identical_lines_are_real_and_kept() -> None:
    line = "1001,A,Mug,2,2010-06-01 10:05:00,2.55,,"
    assert len(invoices(read(line, line))["1001"].lines) == 2


def test_the_local_day_is_the_shops_even_where_utc_has_another() -> None:
    [invoice] = read("1001,A,Mug,2,2010-06-01 00:30:00,2.55,,").invoices()
    assert (invoice.at.date(), invoice.day) == (date(2010, 5, 31), date(2010, 6, 1))


def test_a_number_written_as_figure_and_as_text_is_one_invoice() -> None:
    file = read("489434.0,A,Mug,2,2010-06-01 10:05:00,2.55,,", "489434,B,Mug,2,2010-06-01 10:05:00,2.55,,")
    assert file.invoice_count == 1


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (",A,Mug,2,2010-06-01 10:05:00,2.55,,", "Invoice", "no_invoice"),
        ("1.23457E+18,A,Mug,2,2010-06-01 10:05:00,2.55,,", "Invoice", "rounded_identifier"),
        ("1,A,Mug,two,2010-06-01 10:05:00,2.55,,", "Quantity", "not_a_figure"),
        ("1,A,Mug,,2010-06-01 10:05:00,2.55,,", "Quantity", "empty"),
        ("1,A,Mug,NaN,2010-06-01 10:05:00,2.55,,", "Quantity", "error"),
        ("1,A,Mug,2,someday,2.55,,", "InvoiceDate", "not_a_date"),
        ("1,A,Mug,2,2010-02-30,2.55,,", "InvoiceDate", "not_a_date"),
        ("1,A,Mug,2,,2.55,,", "InvoiceDate", "no_date"),
        ("1,A,Mug,2,2010-12-10,2.55,,", "InvoiceDate", "future_day"),
        ("1,A,Mug,2,01/02/2010,2.55,,", "InvoiceDate", "ambiguous_date"),
        ("1,A,Mug,2,2010-06-01,#N/A,,", "Price", "error"),
        ("1,A,Mug,2,2010-06-01,$3,,", "Price", "wrong_currency"),
        ("1,A,Mug,2,2010-06-01,5%,,", "Price", "wrong_unit_money"),
        ("1,A,Mug,2,2010-06-01,1,2,3,4,5", "Invoice", "extra"),
    ],
)
def test_a_bad_row_is_named_with_line_column_and_reason_and_the_good_one_is_kept(line: str, column: str, reason: str) -> None:
    file = read("1,A,Mug,2,2010-06-01 10:05:00,2.55,,", line)
    assert reasons(file) == [(3, column, reason)]
    assert [len(invoice.lines) for invoice in file.invoices()] == [1]


def test_blank_rows_are_neither_rows_nor_refused() -> None:
    file = read("1,A,Mug,2,2010-06-01,2.55,,", ",,,,,,,", "", "2,A,Mug,2,2010-06-01,2.55,,")
    assert (file.rows, file.rejected_count, file.invoice_count) == (2, 0, 2)


@pytest.mark.parametrize(
    ("dates", "day"), [(("1/6/2010 8:26", "13/6/2010 8:26"), date(2010, 6, 1)), (("6/1/2010 8:26", "6/13/2010 8:26"), date(2010, 6, 1))]
)
def test_the_column_tells_whether_the_day_or_the_month_stands_first(dates: tuple[str, str], day: date) -> None:
    file = read(*(f"{number},A,Mug,2,{written},2.55,," for number, written in enumerate(dates, 1)))
    assert [invoice.day for invoice in file.invoices()] == [day, date(2010, 6, 13)]


def test_c_and_a_mark_cancellations_and_adjustments_where_plain_numbers_stand_beside_them() -> None:
    file = read("1001,A,Mug,2,2010-06-01,2.5,,", "C1002,A,Mug,-1,2010-06-01,2.5,,", "A1003,B,Debt,1,2010-06-01,-500,,")
    assert [invoice.kind for invoice in file.invoices()] == [InvoiceKind.SALE, InvoiceKind.CANCELLATION, InvoiceKind.ADJUSTMENT]


def test_a_shop_that_calls_every_order_a1001_sells() -> None:
    file = read("A1001,A,Mug,2,2010-06-01,2.5,,", "A1002,A,Mug,-2,2010-06-01,2.5,,")
    assert [invoice.kind for invoice in file.invoices()] == [InvoiceKind.SALE, InvoiceKind.CANCELLATION]


def test_a_stock_correction_at_no_price_is_no_cancellation() -> None:
    [invoice] = read("1001,A,Mug,-2,2010-06-01,0,,").invoices()
    assert invoice.kind is InvoiceKind.SALE


def test_a_chinese_export_is_understood() -> None:
    file = read(
        "'202406010001,SKU-1,保温杯,2,2024年6月1日 08:30,¥59.90,小林,天猫,家居",
        header="订单编号,商家编码,宝贝标题,数量,订单创建时间,单价,买家会员名,渠道,类目",
        shop=Shop(ZoneInfo("Asia/Shanghai"), "CNY", date(2024, 6, 4)),
    )
    [invoice] = file.invoices()
    assert (invoice.number, invoice.customer, invoice.channel, invoice.day) == ("202406010001", "小林", "天猫", date(2024, 6, 1))
    assert (invoice.lines[0].price, invoice.lines[0].category, invoice.at) == (Decimal("59.90"), "家居", datetime(2024, 6, 1, 0, 30, tzinfo=UTC))


def test_missing_columns_are_named_with_the_headers_seen() -> None:
    with pytest.raises(UserError) as caught:
        guess_orders(["Invoice", "Amount", "Date"])
    assert (caught.value.key, caught.value.args_) == ("sources.columns.missing", {"fields": "quantity, price", "headers": "Invoice, Amount, Date"})


def test_a_sum_of_a_line_is_never_guessed_to_be_a_price_but_may_be_mapped() -> None:
    header = ["Invoice", "Date", "Quantity", "Amount"]
    assert looks_like(header) == "readings"
    assert guess_orders(header, {"Amount": "price"}).columns[OrderField.PRICE] == 3


@pytest.mark.parametrize(("overrides", "key"), [({"Nope": "price"}, "unknown_column"), ({"Price": "cost"}, "unknown_field")])
def test_an_override_that_names_nothing_is_refused(overrides: dict[str, str], key: str) -> None:
    with pytest.raises(UserError) as caught:
        guess_orders(HEADER.split(","), overrides)
    assert caught.value.key == f"sources.columns.{key}"


LINES = [
    ("1001", 2, "2010-05-31 23:59:00", "2.555", "7"),
    ("1001", 2, "2010-05-31 23:59:00", "2.555", "7"),
    ("1002", 1, "2010-06-01 09:00:00", "0.10", "7"),
    ("1003", 3, "2010-06-02 09:00:00", "0.20", ""),
    ("1003", 0, "2010-06-02 09:00:00", "9.00", ""),
    ("1004", -5, "2010-06-02 09:00:00", "0", "9"),
    ("C1005", -2, "2010-06-02 10:00:00", "2.555", "7"),
    ("C1005", 1, "2010-06-02 10:00:00", "1.00", "7"),
    ("A1006", 1, "2010-06-02 10:00:00", "-500", ""),
]


@pytest.mark.parametrize("order", list(permutations(range(0, len(LINES), 3))))
def test_figures_follow_the_definitions_whatever_the_order_of_lines(order: tuple[int, ...]) -> None:
    shuffled = [LINES[start + offset] for offset in range(3) for start in order]
    file = read(*(f"{number},A,Mug,{quantity},{at},{price},{customer}," for number, quantity, at, price, customer in shuffled))
    figures = order_figures((invoice.totals for invoice in file.invoices()), (Grain.DAY, Grain.WEEK, Grain.MONTH))
    may, june = figures[period_of(Grain.DAY, date(2010, 5, 31))], figures[period_of(Grain.DAY, date(2010, 6, 2))]
    week = figures[period_of(Grain.WEEK, date(2010, 6, 2))]
    assert (may.gross, may.orders, may.customers, may.units) == (Decimal("10.22"), 1, 1, 4)
    assert (june.gross, june.refunds, june.net, june.orders, june.customers) == (Decimal("0.6"), Decimal("4.11"), Decimal("-3.51"), 1, 0)
    assert (week.gross, week.orders, week.customers) == (Decimal("10.92"), 3, 1)


@given(
    st.lists(st.tuples(st.sampled_from(["1", "2", "C3", "A4"]), st.integers(-9, 9), st.integers(1, 28), st.decimals(-9, 9, places=3)), max_size=30)
)
def test_figures_equal_a_plain_count_over_lines(lines: list[tuple[str, int, int, Decimal]]) -> None:
    day_of: dict[str, int] = {}
    fixed = [(number, quantity, day_of.setdefault(number, day), price) for number, quantity, day, price in [("1", 1, 1, Decimal(1)), *lines]]
    file = read(*(f"{number},A,Mug,{quantity},2010-06-{day:02},{price:f},," for number, quantity, day, price in fixed))
    figures = order_figures(invoice.totals for invoice in file.invoices())
    gross: Counter[int] = Counter()
    refunds: Counter[int] = Counter()
    for number, quantity, day, price in fixed:
        gross[day] += quantity * price if number in "12" and quantity > 0 and price > 0 else 0
        refunds[day] -= quantity * price if number == "C3" else 0
    assert {period.start.day: figure.gross for period, figure in figures.items()} == dict(gross)
    if not any(all(q < 0 and p > 0 for n, q, _, p in fixed if n == number) for number in "12"):
        assert {period.start.day: figure.refunds for period, figure in figures.items()} == dict(refunds)


@pytest.mark.skipif("MORNINGBELL_ORDERS_FILE" not in os.environ, reason="MORNINGBELL_ORDERS_FILE names no file")
def test_the_real_orders_equal_a_plain_count() -> None:
    path = Path(os.environ["MORNINGBELL_ORDERS_FILE"])
    table = open_table(path, path.name)
    figures = order_figures((invoice.totals for invoice in read_invoices(table, guess_orders(table.header), SHOP).invoices()), CALENDAR_GRAINS)
    columns = pq.read_table(path).to_pydict()
    for grain in CALENDAR_GRAINS:
        gross: dict[date, Decimal] = defaultdict(Decimal)
        customers: dict[date, set[float]] = defaultdict(set)
        names = ("Invoice", "Quantity", "InvoiceDate", "Price", "Customer ID")
        for number, quantity, at, price, customer in zip(*(columns[name] for name in names), strict=True):
            start = period_of(grain, date.fromisoformat(at[:10])).start
            if number[0] not in "CA" and quantity > 0 and price > 0:
                gross[start] += quantity * Decimal(repr(price))
                customers[start] |= set() if customer is None else {customer}
        mine = {period.start: figure for period, figure in figures.items() if period.grain is grain}
        assert {start: (figure.gross, figure.customers) for start, figure in mine.items()} == {
            start: (gross[start], len(customers[start])) for start in mine
        }
