"""Which figures are kept, what did they replace, and what was known of them at an instant?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from itertools import groupby, islice
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import CompoundSelect, Select, bindparam, delete, insert, select, type_coerce, union_all
from sqlalchemy.types import NullType

from core.domain.periods import Grain, Period, midnight
from core.domain.readings import Arrival, Kept, Known, Reading, State, Window, trusted
from core.storage.base import table_of
from core.storage.tables.readings import ClosedDayRow, ReadingRevisionRow, ReadingRow
from core.storage.transaction import Transaction
from core.storage.upsert import upsert

# Starts in one look for earlier values; both databases take far more places than this asks for.
CHUNK = 400

READINGS = table_of(ReadingRow)
REVISIONS = table_of(ReadingRevisionRow)
CLOSED_DAYS = table_of(ClosedDayRow)

_GRAINS = {grain.value: grain for grain in Grain}
_STATES = {state.value: state for state in State}
_Item = TypeVar("_Item")


class _Key(NamedTuple):
    """What makes a row one of its kind within a workspace."""

    grain: str
    start: datetime
    metric: str
    campaign_id: int
    segment: str
    source: str


class _Old(NamedTuple):
    """What stands under a key."""

    value: Decimal
    state: str
    received_at: datetime
    revision: int


# A row as a board reads it: grain, metric, start, campaign, source, value, state. Start and value come as the driver gives them, which is text or
# typed, since a type's conversion row by row would take longer than the query.
_Read = tuple[str, str, str | datetime, int, str, str | Decimal, str]


class Readings:
    """The figures of all workspaces. Core throughout: an import writes tens of thousands, a board reads hundreds."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def put(self, workspace: int, readings: Iterable[Reading]) -> tuple[Kept, ...]:
        """Keeps the readings, one current row per key, and says of each what it was; of two with one key the later stands.

        What is replaced goes to the revisions. A reading that says nothing new is left alone, with the instant at which it was first known.
        """
        given = {_key(reading): reading for reading in readings}
        olds = dict(self._standing(workspace, given))
        kept = [(key, _compared(reading, olds.get(key))) for key, reading in given.items()]
        connection = self._transaction.connection
        replaced = [_row(workspace, key, olds[key]) for key, item in kept if item.arrival is Arrival.CHANGED]
        if replaced:
            connection.execute(insert(REVISIONS), replaced)
        upsert(connection, READINGS, [_row(workspace, key, _new(item.reading)) for key, item in kept if item.arrival is not Arrival.SAME])
        return tuple(item for _, item in kept)

    def withdraw(self, workspace: int, source: str, periods: Iterable[Period]) -> None:
        """Takes back what the source said of the periods: it has nothing left to say. What stood goes to the revisions."""
        column, connection = READINGS.c, self._transaction.connection
        names = [*_Key._fields, *_Old._fields]
        for grain, grouped in groupby(sorted(periods), key=lambda period: period.grain):
            for starts in _chunks([midnight(period.start) for period in grouped]):
                of_source = (column.workspace_id == workspace, column.source == source)
                chosen = (*of_source, column.grain == grain.value, column.start.in_(starts))
                standing = select(column.workspace_id, *(column[name] for name in names)).where(*chosen)
                connection.execute(insert(REVISIONS).from_select(["workspace_id", *names], standing))
                connection.execute(delete(READINGS).where(*chosen))

    def window(
        self, workspace: int, grains: Collection[Grain], since: date, until: date, known_at: datetime, metrics: Collection[str] | None = None
    ) -> Window:
        """What was known at the instant of periods that begin from `since` to `until`, and of campaigns that began by then; no segments.

        Of several sources the one that the metric trusts most speaks. One query, on the key's order.
        """
        query = _window_query(campaigns=Grain.CAMPAIGN in grains, some_metrics=metrics is not None)
        places = {
            "workspace": workspace,
            "known_at": known_at,
            "grains": [grain.value for grain in grains if grain is not Grain.CAMPAIGN],
            "since": midnight(since),
            "until": midnight(until),
            "metrics": list(metrics or ()),
        }
        rows = self._transaction.connection.execute(query, places).all()
        return _window(cast("Sequence[_Read]", rows))

    def put_closed(self, workspace: int, since: date, until: date, days: Collection[date]) -> None:
        """Says which dates of the range the shop was closed on; what was said before of the range is forgotten."""
        connection = self._transaction.connection
        connection.execute(delete(CLOSED_DAYS).where(CLOSED_DAYS.c.workspace_id == workspace, CLOSED_DAYS.c.day.between(since, until)))
        if days:
            connection.execute(insert(CLOSED_DAYS), [{"workspace_id": workspace, "day": day} for day in sorted(days)])

    def closed(self, workspace: int, since: date, until: date) -> frozenset[date]:
        """The dates of the range on which the shop was closed."""
        query = select(CLOSED_DAYS.c.day).where(CLOSED_DAYS.c.workspace_id == workspace, CLOSED_DAYS.c.day.between(since, until))
        return frozenset(self._transaction.connection.execute(query).scalars())

    def _standing(self, workspace: int, given: Mapping[_Key, Reading]) -> Iterator[tuple[_Key, _Old]]:
        """The rows that may be replaced, locked where the database can, with some neighbours."""
        for grain in {key.grain for key in given}:
            keys = [key for key in given if key.grain == grain]
            metrics = sorted({key.metric for key in keys})
            for starts in _chunks(sorted({key.start for key in keys})):
                places = {"workspace": workspace, "grain": grain, "starts": starts, "metrics": metrics}
                for row in self._transaction.connection.execute(_standing_query(), places):
                    yield _Key(*row[: len(_Key._fields)]), _Old(*row[len(_Key._fields) :])


@cache
def _standing_query() -> Select[tuple[Any, ...]]:
    column = READINGS.c
    return (
        select(*(column[name] for name in (*_Key._fields, *_Old._fields)))
        .where(column.workspace_id == bindparam("workspace"), column.grain == bindparam("grain"))
        .where(column.start.in_(bindparam("starts", expanding=True)), column.metric.in_(bindparam("metrics", expanding=True)))
        .with_for_update()
    )


@cache
def _window_query(*, campaigns: bool, some_metrics: bool) -> Select[tuple[object, ...]] | CompoundSelect[tuple[object, ...]]:
    """The query of a window with its places open, made once: making it takes about as long as running it."""
    column = READINGS.c
    start, value = type_coerce(column.start, NullType()), type_coerce(column.value, NullType())
    looking = select(column.grain, column.metric, start, column.campaign_id, column.source, value, column.state).where(
        column.workspace_id == bindparam("workspace"), column.segment == "", column.received_at <= bindparam("known_at")
    )
    if some_metrics:
        looking = looking.where(column.metric.in_(bindparam("metrics", expanding=True)))
    in_range = column.grain.in_(bindparam("grains", expanding=True)), column.start.between(bindparam("since"), bindparam("until"))
    calendar = looking.where(*in_range)
    if not campaigns:
        return calendar
    return union_all(calendar, looking.where(column.grain == Grain.CAMPAIGN.value, column.start <= bindparam("until")))


def _key(reading: Reading) -> _Key:
    period = reading.period
    return _Key(period.grain.value, midnight(period.start), reading.metric, period.campaign or 0, reading.segment, reading.source)


def _compared(reading: Reading, old: _Old | None) -> Kept:
    if old is None:
        return Kept(replace(reading, revision=1), Arrival.NEW)
    if (old.value, old.state) == (reading.value, reading.state.value):
        return Kept(replace(reading, revision=old.revision), Arrival.SAME, old.value)
    return Kept(replace(reading, revision=old.revision + 1), Arrival.CHANGED, old.value)


def _new(reading: Reading) -> _Old:
    return _Old(reading.value, reading.state.value, reading.received_at, reading.revision)


def _row(workspace: int, key: _Key, values: _Old) -> dict[str, object]:
    return {"workspace_id": workspace, **key._asdict(), **values._asdict()}


def _window(rows: Sequence[_Read]) -> Window:
    calendar: dict[tuple[str, str], dict[date, Known]] = {}
    campaigns: dict[tuple[str, int], Known] = {}
    days = {start: _local_date(start) for start in {row[2] for row in rows}}
    for grain, metric, start, campaign, source, value, state in rows:
        known = Known(Decimal(value), _STATES[state], source)
        if campaign:
            campaigns[metric, campaign] = trusted(metric, campaigns.get((metric, campaign)), known)
            continue
        series = calendar.setdefault((metric, grain), {})
        day = days[start]
        series[day] = trusted(metric, series[day], known) if day in series else known
    return Window({(metric, _GRAINS[grain]): series for (metric, grain), series in calendar.items()}, campaigns)


def _local_date(start: str | datetime) -> date:
    """The date that a stored start stands for: it is the date's midnight in UTC."""
    return date.fromisoformat(start[:10]) if isinstance(start, str) else start.astimezone(UTC).date()


def _chunks(items: Sequence[_Item]) -> Iterator[list[_Item]]:
    waiting = iter(items)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk
