"""How does a file of orders or figures come in? Opened, understood, shown, then kept; what is not kept is told by line and reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from core.domain import catalogue
from core.domain.imports import ImportKind, ImportResult, Outweighed, Preview
from core.domain.moments import Moment
from core.domain.readings import Arrival
from core.domain.workspaces import Member, Workspace
from core.errors import UserError
from core.ports import Clock
from core.services.order_import import OrderImport, Tally
from core.services.readings import keep_readings, shown_of
from core.sources.cells import BadCell, Cell, CellError, text
from core.sources.columns import REQUIRED, OrderField, find_orders, guess_orders, looks_like, renamed
from core.sources.files import open_table
from core.sources.orders import OrderFile, Shop, read_invoices
from core.sources.reading_columns import Catalogue
from core.sources.readings import Board, ReadingsResult, read_readings
from core.storage.repositories.orders import Run
from core.storage.unit_of_work import Database, UnitOfWork

# How many refused rows an answer names; it counts them all.
NAMED = 20
SHOWN_ROWS = 5

# Lines done, of lines to do; 0 to do where that is not known yet.
Progress = Callable[[int, int], None]


def silent(_done: int, _total: int) -> None:
    """For those who do not wait."""


@dataclass(frozen=True, slots=True)
class Given:
    """A file as somebody gave it. `columns` says by header which field of an order, which metric or `day` a column holds, before any guess."""

    content: bytes | Path
    name: str
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to do what was asked, of perhaps several: `request` is the same for all of them.

    `settle` hears the result in the transaction that makes it count, and raises Busy where another attempt was faster.
    """

    request: str | None = None
    settle: Callable[[UnitOfWork, ImportResult], None] = lambda uow, result: None
    progress: Progress = silent


ONLY = Attempt()


def preview(given: Given, kind: ImportKind | None) -> Preview:
    """What the file seems to hold. `kind` goes before the guess. A table that tells nothing is shown as orders,
    whose columns can be chosen. Raises UserError for a file that is no table."""
    table = open_table(given.content, given.name)
    chosen = kind or ImportKind(looks_like(table.header) or ImportKind.ORDERS)
    rows = tuple(tuple(_shown(cell) for cell in cells) for _, cells in islice(table.rows(), SHOWN_ROWS))
    shown = Preview(given.name, chosen, table.header, {}, (), rows, table.total)
    if chosen is ImportKind.READINGS:
        return shown
    found = find_orders(table.header, given.columns)
    columns = {field.value: found.name(field) for field in OrderField}
    return replace(shown, columns=columns, required=tuple(field.value for field in REQUIRED))


def kind_of(content: bytes | Path, name: str) -> ImportKind:
    """What the file seems to hold. Raises UserError for a file that is no table, and where its headers do not tell."""
    header = open_table(content, name).header
    kind = looks_like(header)
    if kind is None:
        raise UserError("imports.unknown_kind", field="kind", headers=", ".join(name for name in header if name))
    return ImportKind(kind)


@dataclass(frozen=True, slots=True)
class Importer:
    """For whom files come in, and at which moment."""

    database: Database
    workspace: Workspace
    member: Member
    moment: Moment
    clock: Clock

    def keep(self, given: Given, kind: ImportKind, attempt: Attempt = ONLY) -> ImportResult:
        """Keeps what the file holds. With nothing to keep nothing is written, and `kept` is 0. Raises UserError for a file that is no such table."""
        return self._orders(given, attempt) if kind is ImportKind.ORDERS else self._readings(given, attempt)

    def _orders(self, given: Given, attempt: Attempt) -> ImportResult:
        """Keeps the invoices of a file and what they come to. Nothing counts until all of it does; the same file again changes nothing.

        Raises UserError while another import of the workspace runs; Busy while another attempt does.
        """
        table = open_table(given.content, given.name)
        columns = guess_orders(table.header, given.columns)
        shop = Shop(self.workspace.zone, self.workspace.currency, self.moment.today)
        file = read_invoices(table, columns, shop, lambda rows: attempt.progress(rows, 2 * (table.total or 0)))
        if not file.invoice_count:
            rejected = tuple(islice(file.rejected(), NAMED))
            return ImportResult(ImportKind.ORDERS, given.name, file.rows, 0, file.rejected_count, rejected)
        run = OrderImport(self.database, self.workspace, Run(given.name, self.member.id, attempt.request), self.moment, self.clock)
        total = 2 * file.rows - file.rejected_count
        tally, days = run.run(
            file.invoices(),
            lambda lines: attempt.progress(file.rows + lines, total),
            lambda uow, tally, days: attempt.settle(uow, _orders(file, given.name, tally, days)),
        )
        return _orders(file, given.name, tally, days)

    def _readings(self, given: Given, attempt: Attempt) -> ImportResult:
        """Keeps the figures of a table of days and metrics, the good ones of it."""
        known = Catalogue(catalogue.resolve, catalogue.suggest, self.workspace.locale)
        board = Board(known, self.workspace.currency, self.moment.today, self.workspace.opened_on, self.moment.instant)
        table = open_table(given.content, given.name)
        found = read_readings(replace(table, header=renamed(table.header, given.columns)), board)
        with self.database.write() as uow:
            result = _kept(uow, self.workspace, found, given.name, self.moment)
            if result.kept:
                attempt.settle(uow, result)
            uow.commit()
        return result


def _orders(file: OrderFile, name: str, tally: Tally, days: int) -> ImportResult:
    return ImportResult(
        kind=ImportKind.ORDERS,
        filename=name,
        rows=file.rows,
        kept=tally.lines,
        rejected_count=file.rejected_count,
        rejected=tuple(islice(file.rejected(), NAMED)),
        invoices=file.invoice_count,
        changed=tally.changed,
        days=days,
        first=tally.first,
        last=tally.last,
    )


def _kept(uow: UnitOfWork, workspace: Workspace, found: ReadingsResult, name: str, moment: Moment) -> ImportResult:
    """Keeps what was found, and says what of it is shown from now on."""
    days = {reading.period.start for reading in found.readings}
    kept = keep_readings(uow, workspace, found.readings)
    behind = _behind(uow, workspace, found, moment)
    hidden = {(item.reading.metric, item.reading.period) for item in behind}
    outweighed = tuple(item for item in behind if item.shown.value != item.reading.value)
    new = [item.reading for item in kept if item.arrival is not Arrival.SAME]
    return ImportResult(
        kind=ImportKind.READINGS,
        filename=name,
        rows=len(found.used | found.faulty),
        kept=len(found.used),
        rejected_count=len(found.rejected),
        rejected=found.rejected[:NAMED],
        days=len({reading.period.start for reading in new if reading.segment or (reading.metric, reading.period) not in hidden}),
        first=min(days, default=None),
        last=max(days, default=None),
        partly=len(found.used & found.faulty),
        outweighed=outweighed[:NAMED],
        outweighed_count=len(outweighed),
    )


def _behind(uow: UnitOfWork, workspace: Workspace, found: ReadingsResult, moment: Moment) -> tuple[Outweighed, ...]:
    """The figures of the file in whose place another source's is shown, which may be the same; by line."""
    wholes = sorted((placed for placed in found.placed if not placed.reading.segment), key=lambda placed: placed.line)
    window = shown_of(uow, workspace, [placed.reading for placed in wholes], moment)
    pairs = [(placed, window.at(placed.reading.metric, placed.reading.period)) for placed in wholes]
    return tuple(
        Outweighed(placed.line, placed.column, placed.reading, shown) for placed, shown in pairs if shown and shown.source != placed.reading.source
    )


def _shown(cell: Cell) -> str:
    """A cell as the person would read it; one that the file could not give stands as its place."""
    try:
        return text(cell)
    except CellError:
        return cell.name if isinstance(cell, BadCell) else str(cell)
