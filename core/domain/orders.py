"""What did a shop sell, and what came back? One invoice at a time, whole, with its lines.

The figures follow from three kinds (Daqing Chen's "Online Retail II" writes them into the invoice's number):
gross GMV counts the sold lines of sales, refunds are the lines of cancellations, and adjustments (bad debt) count nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple


class InvoiceKind(StrEnum):
    """What an invoice says about money: it came in, it went back, or the books were put right."""

    SALE = "sale"
    CANCELLATION = "cancellation"
    ADJUSTMENT = "adjustment"


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One position of an invoice: `quantity` pieces at `price` each, in the workspace's currency. Identical lines are real."""

    sku: str
    title: str
    category: str
    quantity: Decimal
    price: Decimal

    @property
    def sold(self) -> bool:
        """Whether the line counts into gross GMV, on a sale."""
        return self.quantity > 0 and self.price > 0


class InvoiceTotals(NamedTuple):
    """What one invoice adds to the figures of its day. A named tuple, since a year has tens of thousands.

    `gross` and `units` are those of the sold lines of a sale, `refunds` is what a cancellation gave back; an adjustment adds nothing.
    """

    day: date
    customer: str
    gross: Decimal
    refunds: Decimal
    units: Decimal


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice of one source. `at` is aware, in UTC, the earliest time of its lines; `day` is the shop's local date of it.

    `customer`, `channel` and `country` are empty when the file says nothing.
    """

    number: str
    at: datetime
    day: date
    kind: InvoiceKind
    customer: str
    channel: str
    country: str
    lines: tuple[InvoiceLine, ...]

    def fingerprint(self) -> bytes:
        """What it says, in 16 bytes: equal for invoices that say the same, whatever the order of their lines and the zeros behind their points."""
        lines = sorted(
            f"{line.sku}\x1f{line.title}\x1f{line.category}\x1f{line.quantity.normalize()}\x1f{line.price.normalize()}" for line in self.lines
        )
        head = (self.kind.value, self.at.isoformat(), self.day.isoformat(), self.customer, self.channel, self.country)
        return blake2b("\x1e".join((*head, *lines)).encode(), digest_size=16).digest()

    @property
    def totals(self) -> InvoiceTotals:
        """What it adds to its day."""
        sold = [line for line in self.lines if line.sold] if self.kind is InvoiceKind.SALE else []
        returned = self.lines if self.kind is InvoiceKind.CANCELLATION else ()
        gross = sum((line.quantity * line.price for line in sold), Decimal())
        refunds = -sum((line.quantity * line.price for line in returned), Decimal())
        return InvoiceTotals(self.day, self.customer, gross, refunds, sum((line.quantity for line in sold), Decimal()))


def invoice_kind(number: str, lines: Iterable[InvoiceLine], *, prefixes: bool) -> InvoiceKind:
    """What kind of invoice this is.

    With `prefixes` the number tells: C and digits is a cancellation, A and digits an adjustment. Any other invoice is a cancellation when
    every line of it takes goods back at a price, as shops without such prefixes write it; lines at no price are stock corrections.
    """
    if prefixes and is_prefixed(number):
        return InvoiceKind.CANCELLATION if number[0] in "Cc" else InvoiceKind.ADJUSTMENT
    if all(line.quantity < 0 and line.price > 0 for line in lines):
        return InvoiceKind.CANCELLATION
    return InvoiceKind.SALE


def uses_prefixes(numbers: Iterable[str]) -> bool:
    """Whether a file marks cancellations by C and adjustments by A: it does when plain numbers stand in it too.

    A shop that calls every order A1001 does not: its orders are sales.
    """
    return any(number.isdecimal() for number in numbers)


def is_prefixed(number: str) -> bool:
    """Whether the number is C or A followed by digits alone."""
    return number[:1] in tuple("CcAa") and number[1:].isdecimal()
