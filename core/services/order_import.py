"""How do half a million order lines come in while others work? In short pieces that stay hidden, and one last that makes them count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from core.analysis.orders import OrderFigures, order_figures
from core.domain.moments import Moment
from core.domain.orders import Invoice
from core.domain.periods import CALENDAR_GRAINS, Grain, Period, period_of
from core.domain.readings import Arrival, Reading, State, on_arrival
from core.domain.trading import closed_days
from core.domain.workspaces import Workspace
from core.errors import Busy, UserError
from core.ports import Clock
from core.sources.calendars import calendar_for
from core.storage.repositories.orders import Arriving, Run, Standing
from core.storage.unit_of_work import Database, UnitOfWork

SOURCE = "orders"
# A piece of so many lines takes a fifth of a second to write.
PIECE_LINES = 8_000
PIECE_INVOICES = 1_000
# An import without a sign of life for so long was killed: a sign comes with every piece.
SILENCE = timedelta(seconds=30)
# A weekly day of rest right after the last order is known from the weeks before it.
BEYOND_LAST = timedelta(days=14)

Progress = Callable[[int], None]
# What was written, and on how many days figures are new or changed.
Settle = Callable[[UnitOfWork, "Tally", int], None]


@dataclass(slots=True)
class Tally:
    """What an import wrote: every day that it speaks of, those of the invoices it replaces, and how many invoices said something new."""

    days: set[date] = field(default_factory=set)
    changed: int = 0
    lines: int = 0
    first: date = date.max
    last: date = date.min

    def saw(self, day: date, old: Standing | None) -> None:
        """An invoice of that day, which may replace one of another day."""
        self.first, self.last = min(self.first, day), max(self.last, day)
        self.days |= {day, old.day} if old else {day}


@dataclass(frozen=True, slots=True)
class _Days:
    """The shop's days from `opened` to `last`: those with invoices, those on which it was closed, and those of which that was not known before."""

    opened: date
    last: date
    trading: frozenset[date]
    closed: frozenset[date]
    relearned: frozenset[date]

    def tell(self, period: Period) -> bool:
        """Whether no day of the period is missing since the shop opened."""
        return all(day < self.opened or day in self.trading or day in self.closed for day in period.days())


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What the last piece keeps: figures, periods that lost all their invoices, and what is known of the days."""

    readings: tuple[Reading, ...]
    gone: tuple[Period, ...]
    days: _Days


class OrderImport:
    """One run. `run` writes everything; whatever ends it early leaves nothing that counts."""

    def __init__(self, database: Database, workspace: Workspace, run: Run, moment: Moment, clock: Clock) -> None:
        self._database = database
        self._workspace = workspace
        self._run = run
        self._moment = moment
        self._clock = clock
        self._pseudonyms: dict[str, str] = {"": ""}

    def run(self, invoices: Iterable[Invoice], progress: Progress, settle: Settle) -> tuple[Tally, int]:
        """Keeps the invoices. Returns what was written, and on how many days figures are new or changed.

        `settle` hears both in the transaction that makes them count. Raises UserError while another runs, Busy where that is the same request's.
        """
        running = self._begin()
        try:
            tally = self._write(running, invoices, progress)
            days = self._finish(running, tally, settle)
        except BaseException:
            # Best effort: without it the next import waits until this one has been silent for long enough.
            with suppress(Exception):
                self._abandon(running)
            raise
        sweep(self._database, self._workspace.id)
        return tally, days

    def _begin(self) -> int:
        now = self._clock.now()
        with self._database.write() as uow:
            begun = uow.orders.begin(self._workspace.id, SOURCE, self._run, now, now - SILENCE)
            uow.commit()
        if isinstance(begun, int):
            return begun
        if begun.request is not None and begun.request == self._run.request:
            raise Busy
        raise UserError("imports.running", field="file", file=begun.filename)

    def _abandon(self, running: int) -> None:
        with self._database.write() as uow:
            uow.orders.abandon(running)
            uow.commit()

    def _write(self, running: int, invoices: Iterable[Invoice], progress: Progress) -> Tally:
        tally = Tally()
        place = 0
        for piece in _pieces(invoices):
            arriving = self._arriving(piece, place, tally)
            with self._database.write() as uow:
                self._require(uow.orders.beat(running, self._clock.now()))
                uow.orders.add(self._workspace.id, running, SOURCE, arriving)
                uow.commit()
            place += len(arriving)
            tally.changed += len(arriving)
            tally.lines += sum(len(invoice.lines) for invoice in piece)
            progress(tally.lines)
        return tally

    def _arriving(self, piece: Sequence[Invoice], place: int, tally: Tally) -> list[Arriving]:
        """The invoices of the piece that say something new. Prepared outside of any transaction that others would wait for."""
        with self._database.read() as uow:
            standing = uow.orders.standing(self._workspace.id, SOURCE, [invoice.number for invoice in piece])
        arriving: list[Arriving] = []
        for invoice in piece:
            hidden = replace(invoice, customer=self._pseudonym(invoice.customer))
            fingerprint, old = hidden.fingerprint(), standing.get(invoice.number)
            tally.saw(invoice.day, old)
            if not _same(old, fingerprint):
                arriving.append(Arriving(place + len(arriving), hidden, fingerprint, old.id if old else None))
        return arriving

    def _finish(self, running: int, tally: Tally, settle: Settle) -> int:
        outcome = self._outcome(running, tally.days)
        with self._database.write() as uow:
            self._require(uow.orders.go_live(running, self._clock.now()))
            kept = uow.readings.put(self._workspace.id, outcome.readings)
            uow.readings.withdraw(self._workspace.id, SOURCE, outcome.gone)
            self._learn_days(uow, outcome.days)
            new = {item.reading.period for item in kept if item.arrival is not Arrival.SAME}
            days = sum(period.grain is Grain.DAY for period in new)
            settle(uow, tally, days)
            uow.commit()
        return days

    def _outcome(self, running: int, touched: set[date]) -> _Outcome:
        """The figures of every period that holds a touched day, as they will be once the import is live."""
        with self._database.read() as uow:
            trading = uow.orders.trading_days(self._workspace.id, running)
            days = self._days(uow, trading)
            periods = {period_of(grain, day) for grain in CALENDAR_GRAINS for day in touched | days.relearned}
            totals = uow.orders.totals(self._workspace.id, min(p.start for p in periods), max(p.end for p in periods), running)
            figures = order_figures(totals, CALENDAR_GRAINS)
        told = [reading for period in sorted(periods & figures.keys()) for reading in self._readings(figures[period], days)]
        return _Outcome(tuple(told), tuple(sorted(periods - figures.keys())), days)

    def _days(self, uow: UnitOfWork, trading: frozenset[date]) -> _Days:
        """What is known of the shop's days, and on which of them more is known than before."""
        first, last = min(trading), self._last_told(trading)
        calendar = calendar_for(self._workspace.calendar, first.year, last.year, self._workspace.locale)
        closed = frozenset(closed_days(trading, first, last, set(calendar.holidays)))
        before = uow.workspaces.get(self._workspace.id).opened_on
        relearned = closed ^ uow.readings.closed(self._workspace.id, first, last)
        opened = first if before is None else min(first, before)
        return _Days(opened, last, trading, closed, relearned if before in (None, opened) else relearned | {before})

    def _last_told(self, trading: frozenset[date]) -> date:
        return max(max(trading), min(max(trading) + BEYOND_LAST, self._moment.today - timedelta(days=1)))

    def _readings(self, figures: OrderFigures, days: _Days) -> Iterator[Reading]:
        """Sums stand for days alone, for coarser ones follow from them; customers are counted for each grain."""
        values: dict[str, Decimal | int] = {"customers": figures.customers}
        if figures.period.grain is Grain.DAY:
            values |= {"gmv": figures.gross, "net_gmv": figures.net, "refunds": figures.refunds}
            values |= {"orders": figures.orders, "units": figures.units}
        state = State.FINAL if days.tell(figures.period) else State.PROVISIONAL
        for metric, value in values.items():
            reading = Reading(metric, figures.period, Decimal(value), SOURCE, self._moment.instant, state)
            yield on_arrival(reading, self._workspace.zone)

    def _learn_days(self, uow: UnitOfWork, days: _Days) -> None:
        """Which days the shop was closed on, and since when it is open: an order is proof that it was."""
        uow.readings.put_closed(self._workspace.id, min(days.trading), days.last, days.closed)
        workspace = uow.workspaces.get(self._workspace.id)
        if workspace.opened_on != days.opened:
            uow.workspaces.save(replace(workspace, opened_on=days.opened))

    def _pseudonym(self, customer: str) -> str:
        """One customer has one pseudonym in a workspace, and another in any other."""
        if customer not in self._pseudonyms:
            self._pseudonyms[customer] = self._database.sealer.pseudonym(f"{self._workspace.id}/{customer}")
        return self._pseudonyms[customer]

    def _require(self, alive: bool) -> None:
        if not alive:
            raise UserError("imports.overtaken", field="file")


def sweep(database: Database, workspace: int) -> None:
    """Removes what will never count again, in short pieces."""
    left = True
    while left:
        with database.write() as uow:
            left = uow.orders.sweep(workspace, PIECE_LINES)
            uow.commit()


def _same(old: Standing | None, fingerprint: bytes) -> bool:
    return old is not None and old.fingerprint == fingerprint


def _pieces(invoices: Iterable[Invoice]) -> Iterator[list[Invoice]]:
    """Invoices gathered until a piece has enough lines; an invoice is never torn."""
    piece: list[Invoice] = []
    lines = 0
    for invoice in invoices:
        piece.append(invoice)
        lines += len(invoice.lines)
        if lines >= PIECE_LINES or len(piece) >= PIECE_INVOICES:
            yield piece
            piece, lines = [], 0
    if piece:
        yield piece
