"""How do orders come in large numbers, stay hidden until they are all there, and replace what they repeat?

Core throughout: an import writes half a million lines. An invoice counts when its import is live and nothing has superseded it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import accumulate, groupby

from sqlalchemy import ColumnElement, Connection, CursorResult, and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from core.domain.orders import Invoice, InvoiceTotals
from core.storage.base import table_of
from core.storage.tables.orders import ImportRow, InvoiceLineRow, InvoiceRow
from core.storage.tables.workspaces import WorkspaceRow

# An import may hold sixteen million invoices, and there may be as many imports as anyone will ever make.
PLACES = 1 << 24
# Numbers in one look for standing invoices; both databases take far more places than this asks for.
CHUNK = 500

IMPORTS = table_of(ImportRow)
INVOICES = table_of(InvoiceRow)
LINES = table_of(InvoiceLineRow)


class ImportState(StrEnum):
    """Where an import stands."""

    RUNNING = "running"
    LIVE = "live"
    DEAD = "dead"
    SWEPT = "swept"


@dataclass(frozen=True, slots=True)
class Run:
    """What an import is of: the file, who asked, and by which act where it was one."""

    filename: str
    member: int | None
    request: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """An invoice that counts now: its row, its day, and what it says in short."""

    id: int
    day: date
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Arriving:
    """An invoice on its way in. Its `customer` is already a pseudonym. `replaces` is the row that steps back for it."""

    place: int
    invoice: Invoice
    fingerprint: bytes
    replaces: int | None


class Orders:
    """The imports, invoices and lines of all workspaces."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self, workspace: int, source: str, run: Run, at: datetime, alive_since: datetime) -> int | Run:
        """A new import's id, or the one of the workspace that runs already. One that gave no sign since `alive_since` is dead."""
        # Beginners of one workspace take turns here; SQLite has one writer at a time anyway.
        self._session.execute(select(WorkspaceRow.id).where(WorkspaceRow.id == workspace).with_for_update(key_share=True))
        running = (ImportRow.workspace_id == workspace, ImportRow.state == ImportState.RUNNING)
        self._session.execute(update(ImportRow).where(*running, ImportRow.heartbeat < alive_since).values(state=ImportState.DEAD))
        other = self._session.scalar(select(ImportRow).where(*running).limit(1))
        if other is not None:
            return Run(other.filename, other.member_id, other.request)
        row = ImportRow(
            workspace_id=workspace,
            source=source,
            filename=run.filename,
            request=run.request,
            state=ImportState.RUNNING,
            member_id=run.member,
            started_at=at,
            heartbeat=at,
        )
        self._session.add(row)
        self._session.flush()
        return row.id

    def beat(self, running: int, at: datetime) -> bool:
        """Gives a sign of life. False when the import was taken for dead meanwhile, and must stop."""
        return self._change(running, heartbeat=at)

    def abandon(self, running: int) -> None:
        """Says that a running import will not be finished."""
        self._change(running, state=ImportState.DEAD)

    def go_live(self, running: int, at: datetime) -> bool:
        """Makes the import's invoices count, and those step back that they replace. False when it was taken for dead meanwhile."""
        if not self._change(running, state=ImportState.LIVE, heartbeat=at, live_at=at):
            return False
        replaced = select(INVOICES.c.replaces).where(_of_import(running), INVOICES.c.replaces.is_not(None))
        self._session.connection().execute(update(INVOICES).where(INVOICES.c.id.in_(replaced)).values(superseded_by=running))
        return True

    def standing(self, workspace: int, source: str, numbers: Sequence[str]) -> dict[str, Standing]:
        """The invoices of the source that count now, by number."""
        column = INVOICES.c
        query = select(column.number, column.id, column.day, column.fingerprint).where(column.source == source, *_counting(workspace, None))
        found: dict[str, Standing] = {}
        for first in range(0, len(numbers), CHUNK):
            chosen = query.where(column.number.in_(numbers[first : first + CHUNK]))
            found |= {number: Standing(*rest) for number, *rest in self._session.connection().execute(chosen)}
        return found

    def add(self, workspace: int, running: int, source: str, arriving: Sequence[Arriving]) -> None:
        """Writes invoices and their lines, hidden until the import is live."""
        if not arriving:
            return
        connection = self._session.connection()
        connection.execute(insert(INVOICES), [_invoice_row(workspace, running, source, item) for item in arriving])
        _insert_lines(connection, [row for item in arriving for row in _line_rows(workspace, running, item)])

    def totals(self, workspace: int, since: date, until: date, soon: int | None = None) -> Iterator[InvoiceTotals]:
        """What each invoice of those days adds, one after another; as if the import `soon` were live already."""
        column = INVOICES.c
        query = select(column.day, column.customer, column.gross, column.refunds, column.units)
        chosen = query.where(*_counting(workspace, soon), column.day.between(since, until))
        for day, customer, gross, refunds, units in self._session.connection().execute(chosen):
            yield InvoiceTotals(day, customer or "", gross, refunds, units)

    def trading_days(self, workspace: int, soon: int | None = None) -> frozenset[date]:
        """Every day with an invoice; as if the import `soon` were live already."""
        days = select(INVOICES.c.day).where(*_counting(workspace, soon)).distinct()
        return frozenset(self._session.connection().execute(days).scalars())

    def sweep(self, workspace: int, lines: int) -> bool:
        """Removes some invoices that will never count, with at most about so many lines. False when none are left."""
        ids = self._bounded(self._superseded(workspace, lines) or self._of_dead(workspace, lines), lines)
        connection = self._session.connection()
        for run in _runs(ids):
            connection.execute(delete(LINES).where(LINES.c.invoice_id.between(run[0], run[-1])))
            connection.execute(delete(INVOICES).where(INVOICES.c.id.between(run[0], run[-1])))
        return bool(ids)

    def _superseded(self, workspace: int, limit: int) -> list[int]:
        imports = select(IMPORTS.c.id).where(IMPORTS.c.workspace_id == workspace)
        chosen = select(INVOICES.c.id).where(INVOICES.c.superseded_by.in_(imports)).order_by(INVOICES.c.id).limit(limit)
        return list(self._session.connection().execute(chosen).scalars())

    def _of_dead(self, workspace: int, limit: int) -> list[int]:
        """Invoices of a dead import; an import without any left is swept."""
        dead = select(ImportRow).where(ImportRow.workspace_id == workspace, ImportRow.state == ImportState.DEAD)
        for row in self._session.scalars(dead.order_by(ImportRow.id)):
            chosen = select(INVOICES.c.id).where(_of_import(row.id)).order_by(INVOICES.c.id).limit(limit)
            if ids := list(self._session.connection().execute(chosen).scalars()):
                return ids
            row.state = ImportState.SWEPT
        self._session.flush()
        return []

    def _bounded(self, ids: list[int], lines: int) -> list[int]:
        """The first of the invoices that have about so many lines together; at least one."""
        if not ids:
            return ids
        within = LINES.c.invoice_id.between(ids[0], ids[-1])
        query = select(LINES.c.invoice_id, func.count()).where(within).group_by(LINES.c.invoice_id)
        counts = {invoice: count for invoice, count in self._session.connection().execute(query)}  # noqa: C416  # typed so
        sizes = accumulate(counts.get(invoice, 0) for invoice in ids)
        return ids[: max(1, sum(size <= lines for size in sizes))]

    def _change(self, running: int, **values: object) -> bool:
        still = (ImportRow.id == running, ImportRow.state == ImportState.RUNNING)
        result = self._session.execute(update(ImportRow).where(*still).values(**values))
        assert isinstance(result, CursorResult)
        return result.rowcount == 1


def _of_import(running: int) -> ColumnElement[bool]:
    return INVOICES.c.id.between(running * PLACES, (running + 1) * PLACES - 1)


def _counting(workspace: int, soon: int | None) -> tuple[ColumnElement[bool], ...]:
    """What an invoice must be to count, now or once the import `soon` is live."""
    own = (INVOICES.c.workspace_id == workspace, INVOICES.c.superseded_by.is_(None))
    live = INVOICES.c.import_id.in_(select(IMPORTS.c.id).where(IMPORTS.c.workspace_id == workspace, IMPORTS.c.state == ImportState.LIVE))
    if soon is None:
        return (*own, live)
    arriving = INVOICES.alias()
    bounds = arriving.c.id.between(soon * PLACES, (soon + 1) * PLACES - 1)
    stepping_back = select(arriving.c.replaces).where(bounds, arriving.c.replaces.is_not(None))
    return (*own, or_(_of_import(soon), and_(live, INVOICES.c.id.not_in(stepping_back))))


def _runs(ids: Sequence[int]) -> Iterator[list[int]]:
    """Neighbouring numbers together: rows that lie side by side are removed by one statement."""
    for _, run in groupby(enumerate(ids), key=lambda pair: pair[1] - pair[0]):
        yield [number for _, number in run]


def _invoice_row(workspace: int, running: int, source: str, item: Arriving) -> dict[str, object]:
    invoice, totals = item.invoice, item.invoice.totals
    return {
        "id": running * PLACES + item.place,
        "workspace_id": workspace,
        "import_id": running,
        "source": source,
        "number": invoice.number,
        "kind": invoice.kind.value,
        "day": invoice.day,
        "at": invoice.at,
        "customer": invoice.customer or None,
        "channel": invoice.channel,
        "country": invoice.country,
        "gross": totals.gross,
        "refunds": totals.refunds,
        "units": totals.units,
        "fingerprint": item.fingerprint,
        "replaces": item.replaces,
    }


def _line_rows(workspace: int, running: int, item: Arriving) -> Iterator[tuple[object, ...]]:
    """A row's values in the order of the table's columns, decimals as their digits, which both databases take."""
    invoice = running * PLACES + item.place
    for place, line in enumerate(item.invoice.lines):
        yield invoice, place, workspace, line.sku, line.title, line.category, f"{line.quantity:f}", f"{line.price:f}"


def _insert_lines(connection: Connection, rows: list[tuple[object, ...]]) -> None:
    """Hands the rows to the driver as they are: to have each value looked at on the way takes longer than to write it."""
    names = ", ".join(column.name for column in LINES.columns)
    if connection.dialect.name == "postgresql":
        _copy(connection, f"COPY {LINES.name} ({names}) FROM STDIN", rows)
    elif rows:
        places = ", ".join("?" for _ in LINES.columns)
        connection.exec_driver_sql(f"INSERT INTO {LINES.name} ({names}) VALUES ({places})", rows)  # noqa: S608  # names are our own


def _copy(connection: Connection, statement: str, rows: list[tuple[object, ...]]) -> None:
    """PostgreSQL's own way to take many rows; row by row takes four times as long."""
    from psycopg import Connection as Driver

    driver = connection.connection.driver_connection
    assert isinstance(driver, Driver)
    with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)
