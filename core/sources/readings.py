"""Which readings does a table of days and metrics hold? Wide (a column for each metric) or long (a row for each figure)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.domain.metrics import Aggregation, Metric
from core.domain.periods import CALENDAR_GRAINS, Period
from core.domain.readings import Reading, State
from core.domain.rejections import Rejected
from core.errors import UserError
from core.sources.cells import Cell, CellError, is_blank, text
from core.sources.dates import DayOrder, day_order
from core.sources.numbers import read_number
from core.sources.reading_columns import Catalogue, Heading, LongColumns, ReadingColumns, find_columns, find_heading
from core.sources.stretches import hinted_grain, read_period
from core.sources.table import SourceTable

SOURCE = "file"
MOST_ROWS = 100_000

Row = tuple[int, Sequence[Cell]]
Key = tuple[str, Period, str]


@dataclass(frozen=True, slots=True)
class Board:
    """What a table of readings does not say of itself. `received_at` is business time, `today` its local date; `opened_on` the shop's first day."""

    catalogue: Catalogue
    currency: str
    today: date
    opened_on: date | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Placed:
    """A reading, and where the file has it: the line, and the header of the column."""

    line: int
    column: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class ReadingsResult:
    """What is kept, and every column, row or cell that is not, in the file's order.

    `used` are the lines of which some figure is kept, `faulty` those of which something is not; a line may be both.
    """

    placed: tuple[Placed, ...]
    rejected: tuple[Rejected, ...]
    used: frozenset[int]
    faulty: frozenset[int]

    @property
    def readings(self) -> tuple[Reading, ...]:
        """What is kept, wherever it stands."""
        return tuple(placed.reading for placed in self.placed)


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure of the file and where it stands."""

    line: int
    column: str
    key: Key
    value: Decimal


def read_readings(table: SourceTable, board: Board) -> ReadingsResult:
    """Reads the table.

    A figure given twice alike is one; where two disagree, both are refused, each naming the lines of both. Raises UserError where the table
    has no column of days, no metric at all, or far more rows than a board has.
    """
    columns, unknown = find_columns(table.header, table.header_line, board.catalogue)
    rows = _rows(table)
    order = day_order(cells[columns.day] for _, cells in rows)
    reader = _Reader(table.header, columns, order, board)
    found = [outcome for line, cells in rows for outcome in reader.read(line, cells)]
    agreeing, disagreeing = _settled([outcome for outcome in found if isinstance(outcome, _Figure)])
    refused = disagreeing + [outcome for outcome in found if isinstance(outcome, Rejected)]
    return ReadingsResult(
        placed=tuple(Placed(same[0].line, same[0].column, _reading(same[0], board)) for same in agreeing),
        rejected=tuple(sorted(unknown + refused, key=lambda refusal: refusal.line)),
        used=frozenset(figure.line for same in agreeing for figure in same),
        faulty=frozenset(refusal.line for refusal in refused),
    )


def _rows(table: SourceTable) -> list[Row]:
    """Every row that says anything."""
    rows: list[Row] = []
    for line, cells in table.rows():
        if not all(is_blank(cell) for cell in cells):
            rows.append((line, cells))
        if len(rows) > MOST_ROWS:
            raise UserError("sources.readings.too_many_rows", limit=MOST_ROWS)
    return rows


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads row by row, knowing what stands in which column."""

    header: Sequence[str]
    columns: ReadingColumns
    order: DayOrder
    board: Board

    def read(self, line: int, cells: Sequence[Cell]) -> Iterator[_Figure | Rejected]:
        """The figures of one row. A bad day, segment or name of a metric refuses the row, a bad figure only itself."""
        place = self.columns.day
        try:
            period = self._period(cells[place])
            segment = ""
            if self.columns.segment is not None:
                place = self.columns.segment
                segment = text(cells[place])
            if isinstance(self.columns.figures, LongColumns):
                place = self.columns.figures.metric
            headings = self._headings(cells)
        except CellError as error:
            yield Rejected(line, self.header[place], error.reason, error.args_)
            return
        for number, heading in headings:
            if not is_blank(cells[number]):
                yield self._figure(line, number, cells[number], heading, period, segment)

    def _period(self, cell: Cell) -> Period:
        """The row's period, which has begun, and ended no earlier than the shop began."""
        period = read_period(cell, self.order, hinted_grain(self.header[self.columns.day]))
        if period.start > self.board.today:
            raise CellError("sources.cell.future_day", day=period.start.isoformat())
        if self.board.opened_on and period.end < self.board.opened_on:
            raise CellError("sources.cell.before_opening", day=period.start.isoformat(), opened=self.board.opened_on.isoformat())
        return period

    def _headings(self, cells: Sequence[Cell]) -> Sequence[tuple[int, Heading]]:
        figures = self.columns.figures
        if not isinstance(figures, LongColumns):
            return list(figures.items())
        heading = find_heading(text(cells[figures.metric]), self.board.catalogue)
        unit = text(cells[figures.unit]) if figures.unit is not None else ""
        return [(figures.value, Heading(heading.metric, heading.unit or unit))]

    def _figure(self, line: int, number: int, cell: Cell, heading: Heading, period: Period, segment: str) -> _Figure | Rejected:
        metric = heading.metric
        try:
            _refuse_grain(metric, period)
            value = read_number(cell, metric.unit, self.board.currency, header_unit=heading.unit)
        except CellError as error:
            return Rejected(line, self.header[number], error.reason, error.args_)
        return _Figure(line, self.header[number], (metric.code, period, segment), value)


def _refuse_grain(metric: Metric, period: Period) -> None:
    """A metric is given at its own grain; one that counts distinct people, or divides sums, at coarser ones too, for nobody can derive those."""
    if metric.grain not in CALENDAR_GRAINS:
        raise CellError("sources.readings.not_by_file", metric=metric.code)
    coarser = CALENDAR_GRAINS.index(period.grain) > CALENDAR_GRAINS.index(metric.grain)
    if period.grain is metric.grain or (coarser and metric.aggregation in (Aggregation.DISTINCT, Aggregation.RATIO)):
        return
    raise CellError(f"sources.readings.wants_{metric.grain.value}", metric=metric.code)


def _settled(figures: Sequence[_Figure]) -> tuple[list[list[_Figure]], list[Rejected]]:
    """The figures of each key that agree, and the refusals of those that do not."""
    groups: dict[Key, list[_Figure]] = defaultdict(list)
    for figure in figures:
        groups[figure.key].append(figure)
    agreeing = [same for same in groups.values() if _agree(same)]
    return agreeing, [refusal for same in groups.values() if not _agree(same) for refusal in _disagreements(same)]


def _agree(figures: Sequence[_Figure]) -> bool:
    return len({figure.value for figure in figures}) == 1


def _disagreements(figures: Sequence[_Figure]) -> list[Rejected]:
    lines = ", ".join(str(figure.line) for figure in figures)
    return [Rejected(figure.line, figure.column, "sources.readings.disagree", {"lines": lines}) for figure in figures]


def _reading(figure: _Figure, board: Board) -> Reading:
    """A figure received before its period ended is provisional until it is sent again."""
    metric, period, segment = figure.key
    state = State.PROVISIONAL if period.end >= board.today else State.FINAL
    return Reading(metric, period, figure.value, SOURCE, board.received_at, state, segment)
