"""What came of a file? What was kept of it, which days it touched, and what could not be kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.domain.readings import Known, Reading
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
class Outweighed:
    """A figure of a file that is kept but not shown, since the metric trusts another source more: where it stands, and what is shown instead."""

    line: int
    column: str
    reading: Reading
    shown: Known


@dataclass(frozen=True, slots=True)
class ImportResult:
    """A file after it was imported.

    `rows` says how many rows of the file say anything, `kept` how many of them are used, `partly` how many of these but in part.
    `rejected_count` counts the refusals, of rows and of cells, and `outweighed_count` the figures that are kept and not shown; the first of each
    are in `rejected` and `outweighed`. `invoices` counts the orders of the file and `changed` those that were new or said something new;
    both are 0 for readings. `days` counts the days whose shown figures are new or changed, from `first` to `last` of all that the file speaks of.
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
    partly: int = 0
    outweighed: tuple[Outweighed, ...] = ()
    outweighed_count: int = 0

    @property
    def unused(self) -> int:
        """Rows of which nothing is kept."""
        return self.rows - self.kept

    @property
    def unchanged(self) -> bool:
        """Whether nothing that is shown has changed."""
        return self.kept > 0 and self.changed == 0 and self.days == 0
