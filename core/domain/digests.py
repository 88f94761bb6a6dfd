"""What does a morning's digest hold, and which of it matters most?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.domain.agenda import OwnerTasks
from core.domain.boards import Compared, Row, Verdict
from core.domain.campaigns import Campaign, Milestone
from core.domain.periods import Grain
from core.domain.readings import Figure, State

# What the sentence begins with, where the shop keeps it.
LEAD = "gmv"
ROWS = 8
# Days of the lines in the picture.
SERIES = 28
PANELS = 6

# What has reached its target comes last: a row left out for want of room must not be the one that did not.
_PRESSING = (Verdict.MISSED, Verdict.NEAR, Verdict.OPEN, Verdict.REACHED)


@dataclass(frozen=True, slots=True)
class DigestRow:
    """A leading metric: its row on the board, the same weekday a week before (day metrics alone), and its figures over four weeks."""

    row: Row
    weekday: Compared | None
    series: tuple[Figure, ...]

    @property
    def missed(self) -> bool:
        """Whether it is on the wrong side of its target, and notably so."""
        return self.row.verdict is Verdict.MISSED


@dataclass(frozen=True, slots=True)
class Digest:
    """The digest of one morning. `day` is the last complete day; `covered` are all days since the last working day when there are several.

    `by_day` holds, for each covered day, the figures of the first rows that have one a day. `milestone` is the next one, the morning's included.
    `made_up` says that demo figures are among them. `unsettled` is a year of which nobody knows yet which weekends are worked.
    """

    morning: date
    day: date
    rows: tuple[DigestRow, ...]
    covered: tuple[date, ...]
    by_day: tuple[tuple[Figure, ...], ...]
    tasks: tuple[OwnerTasks, ...]
    milestone: Milestone | None
    bands: tuple[Campaign, ...]
    made_up: bool = False
    unsettled: int | None = None

    @property
    def lead(self) -> DigestRow | None:
        """What the sentence begins with: GMV, else the first row."""
        return next((item for item in self.rows if item.row.metric.code == LEAD), self.rows[0] if self.rows else None)

    @property
    def focus(self) -> DigestRow | None:
        """The missed target furthest off, relative to the target, among what is news.

        A week's or a month's is news on the morning after it ended only; a campaign's so far, which is much the same every morning, leads
        when nothing else does.
        """
        missed = [item for item in self.rows if item.missed]
        fresh = [item for item in missed if self._is_news(item.row)]
        standing = [item for item in missed if item.row.figure.period.grain is Grain.CAMPAIGN]
        return max(fresh or standing, key=lambda item: _off(item.row), default=None)

    @property
    def awaited(self) -> tuple[DigestRow, ...]:
        """The day's figures that are missing."""
        return tuple(item for item in self.rows if item.row.figure.state is State.MISSING)

    @property
    def nearly(self) -> bool:
        """Whether some target was missed, though none notably."""
        return any(item.row.verdict is Verdict.NEAR for item in self.rows)

    @property
    def has_targets(self) -> bool:
        """Whether any row has a verdict."""
        return any(item.row.verdict is not Verdict.OPEN for item in self.rows)

    def _is_news(self, row: Row) -> bool:
        period = row.figure.period
        return period.grain is Grain.DAY or (period.grain is not Grain.CAMPAIGN and (self.day <= period.end or period.end in self.covered))


def leading(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows that a digest shows: the lead, those furthest off their target, those without a verdict, those that reached theirs, then the rest.

    They are told in the board's order.
    """
    wanted = sorted(rows, key=_rank)[:ROWS]
    return tuple(row for row in rows if row in wanted)


def pictured(rows: Sequence[DigestRow]) -> tuple[DigestRow, ...]:
    """The rows that a picture has room for: those that have a line, chosen as `leading` chooses, in the order given."""
    lines = [item for item in rows if sum(figure.value is not None for figure in item.series) > 1]
    wanted = sorted(lines, key=lambda item: _rank(item.row))[:PANELS]
    return tuple(item for item in lines if item in wanted)


def _rank(row: Row) -> tuple[bool, bool, int, Decimal]:
    return (row.metric.code != LEAD, row.target is None, _PRESSING.index(row.verdict), -_off(row))


def _off(row: Row) -> Decimal:
    return Decimal(0) if row.deviation is None else abs(row.deviation)
