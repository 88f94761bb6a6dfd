"""Which invoices does a file of order lines hold? Lines are gathered by invoice over the whole file, for they need not stand together."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby, repeat
from zoneinfo import ZoneInfo

from core.domain.orders import Invoice, InvoiceLine, invoice_kind, uses_prefixes
from core.domain.quantities import Unit
from core.domain.rejections import Rejected
from core.sources.cells import Cell, CellError, identifier, is_blank, text
from core.sources.coded import CodedColumn, Decoded
from core.sources.columns import ColumnMap, OrderField
from core.sources.dates import day_order, read_moment
from core.sources.numbers import read_number
from core.sources.table import Piece, SourceTable

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Shop:
    """What a file of orders does not say of itself: the zone of its times, its money, and the last day that can have orders yet."""

    zone: ZoneInfo
    currency: str
    today: date


@dataclass(frozen=True, slots=True)
class Moment:
    """When a line was ordered: the instant in UTC, and the shop's local date of it."""

    at: datetime
    day: date


def read_invoices(table: SourceTable, columns: ColumnMap, shop: Shop, progress: Progress = lambda rows: None) -> OrderFile:
    """Reads the whole file once; `progress` hears how many rows are read so far. Raises UserError where the file is damaged further down."""
    lines = array("l")
    coded = {field: CodedColumn() for field in OrderField}
    for piece in table.pieces():
        lines.extend(piece.lines)
        for field, column in coded.items():
            column.extend(_cells(piece, columns, field))
        progress(len(lines))
    return OrderFile(lines, columns, _Lines.of(coded, shop))


def _cells(piece: Piece, columns: ColumnMap, field: OrderField) -> Iterator[Cell]:
    if field in columns.columns:
        return iter(piece.columns[columns.columns[field]])
    return repeat(None, len(piece.lines))


@dataclass(frozen=True, slots=True)
class _Lines:
    """The columns of the order lines, understood."""

    invoice: Decoded[str]
    at: Decoded[Moment | None]
    quantity: Decoded[Decimal]
    price: Decoded[Decimal]
    sku: Decoded[str]
    title: Decoded[str]
    category: Decoded[str]
    customer: Decoded[str]
    channel: Decoded[str]
    country: Decoded[str]

    @classmethod
    def of(cls, coded: Mapping[OrderField, CodedColumn], shop: Shop) -> _Lines:
        """Understands every different cell once."""
        return cls(
            invoice=Decoded(coded[OrderField.INVOICE], _invoice_number, ""),
            at=Decoded(coded[OrderField.AT], _moment_reader(coded[OrderField.AT], shop), None),
            quantity=Decoded(coded[OrderField.QUANTITY], lambda cell: read_number(cell, Unit.COUNT, shop.currency), Decimal()),
            price=Decoded(coded[OrderField.PRICE], lambda cell: read_number(cell, Unit.MONEY, shop.currency), Decimal()),
            sku=Decoded(coded[OrderField.SKU], identifier, ""),
            title=Decoded(coded[OrderField.TITLE], text, ""),
            category=Decoded(coded[OrderField.CATEGORY], text, ""),
            customer=Decoded(coded[OrderField.CUSTOMER], identifier, ""),
            channel=Decoded(coded[OrderField.CHANNEL], text, ""),
            country=Decoded(coded[OrderField.COUNTRY], text, ""),
        )

    def problems(self) -> dict[int, tuple[OrderField, CellError]]:
        """Every bad row with its first problem, by the order of the fields."""
        found: dict[int, tuple[OrderField, CellError]] = {}
        for field in OrderField:
            for row, error in self._column(field).bad_rows():
                found.setdefault(row, (field, error))
        return found

    def is_blank(self, row: int) -> bool:
        """Whether no field of the row says anything."""
        return all(is_blank(self._column(field).cell(row)) for field in OrderField)

    def line(self, row: int) -> InvoiceLine:
        """The row as a line of its invoice."""
        return InvoiceLine(self.sku[row], self.title[row], self.category[row], self.quantity[row], self.price[row])

    def _column(self, field: OrderField) -> Decoded[str] | Decoded[Decimal] | Decoded[Moment | None]:
        column: Decoded[str] | Decoded[Decimal] | Decoded[Moment | None] = getattr(self, field.value)
        return column


class OrderFile:
    """The invoices of a file, held compactly, and what was not kept of it.

    `rows` counts the rows that say anything, `rejected_count` those of them that were not kept; an invoice keeps its good lines.
    """

    def __init__(self, numbers: array[int], columns: ColumnMap, lines: _Lines) -> None:
        self._numbers = numbers
        self._columns = columns
        self._lines = lines
        problems = lines.problems()
        blank = {row for row in problems if lines.is_blank(row)}
        self._problems = {row: problem for row, problem in sorted(problems.items()) if row not in blank}
        self._good = [row for row in range(len(numbers)) if row not in problems]
        self._group = lines.invoice.grouped()
        self._prefixes = uses_prefixes(lines.invoice.values)
        self.rows = len(numbers) - len(blank)
        self.rejected_count = len(self._problems)
        self.invoice_count = len({self._group[row] for row in self._good})

    def rejected(self) -> Iterator[Rejected]:
        """Every row that was not kept, with its first reason, in the file's order."""
        for row, (field, error) in self._problems.items():
            yield Rejected(self._numbers[row], self._columns.name(field), error.reason, error.args_)

    def invoices(self) -> Iterator[Invoice]:
        """Every invoice with its good lines, in the order in which the file first names them."""
        order = sorted(self._good, key=self._group.__getitem__)
        for _, rows in groupby(order, key=self._group.__getitem__):
            yield self._invoice(list(rows))

    def _invoice(self, rows: list[int]) -> Invoice:
        """One invoice. Its lines may carry different times: the earliest is the invoice's."""
        lines = self._lines
        number, positions = lines.invoice[rows[0]], tuple(lines.line(row) for row in rows)
        first = min((moment for row in rows if (moment := lines.at[row])), key=lambda moment: moment.at)
        return Invoice(
            number=number,
            at=first.at,
            day=first.day,
            kind=invoice_kind(number, positions, prefixes=self._prefixes),
            customer=_first(lines.customer, rows),
            channel=_first(lines.channel, rows),
            country=_first(lines.country, rows),
            lines=positions,
        )


def _first(column: Decoded[str], rows: list[int]) -> str:
    return next((value for row in rows if (value := column[row])), "")


def _invoice_number(cell: Cell) -> str:
    number = identifier(cell)
    if not number:
        raise CellError("sources.cell.no_invoice")
    return number


def _moment_reader(column: CodedColumn, shop: Shop) -> Callable[[Cell], Moment]:
    order = day_order(column.values())

    def read(cell: Cell) -> Moment:
        moment = read_moment(cell, order)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=shop.zone)
        day = aware.astimezone(shop.zone).date()
        if day > shop.today:
            raise CellError("sources.cell.future_day", day=day.isoformat())
        return Moment(aware.astimezone(UTC), day)

    return read
