"""What came of a file? What was kept of it, which days it touched, and what could not be kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.domain.rejections import Rejected


class ImportKind(StrEnum):
    """What a file holds: lines of orders, or figures by day and metric."""

    ORDERS = "orders"
    READINGS = "readings"


@dataclass(frozen=True, slots=True)
class Preview:
    """A file before it is imported: its headers, the guessed column of each field (by header; empty where none was found), some rows as text.

    `columns` and `required` are empty for readings, whose columns are named by their headers alone.
    """

    filename: str
    kind: ImportKind
    headers: tuple[str, ...]
    columns: Mapping[str, str]
    required: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class ImportResult:
    """A file after it was imported.

    `rows` says how many rows (of readings: figures) the file has, `kept` how many are kept now, `rejected_count` how many were refused, with
    the first of them in `rejected`. `invoices` counts the orders of the file and `changed` those that were new or said something new;
    both are 0 for readings. `days` counts the days whose figures are new or changed, from `first` to `last` of all that the file speaks of.
    """

    kind: ImportKind
    filename: str
    rows: int
    kept: int
    rejected_count: int
    rejected: tuple[Rejected, ...]
    invoices: int = 0
    changed: int = 0
    days: int = 0
    first: date | None = None
    last: date | None = None

    @property
    def unchanged(self) -> bool:
        """Whether everything that the file says was known."""
        return self.kept > 0 and self.changed == 0 and self.days == 0
