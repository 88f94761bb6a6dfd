"""Whose turn is it? Every replica takes turns of the same rows, so that all of them together keep a platform's limits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, literal_column, select

from core.domain.paces import FURTHEST, LEARNED_FOR, SLOWER, SLOWEST, Lane
from core.storage.base import table_of
from core.storage.tables.paces import PaceRow
from core.storage.transaction import Transaction
from core.storage.upsert import insert_into

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite
    from sqlalchemy.sql.dml import ReturningInsert

PACES = table_of(PaceRow)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_FURTHEST = FURTHEST // _MILLISECOND

Number = ColumnElement[int]


class Paces:
    """Turns in lanes."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    @property
    def _connection(self) -> Connection:
        return self._transaction.connection

    def turn(self, lanes: Sequence[Lane], now: datetime) -> datetime:
        """Takes the next turn in every lane and returns the machine time from which the message may go: `now` where nothing is before it."""
        at = _milliseconds(now)
        taken = self._connection.execute(_taking(self._connection.dialect.name), [_first(lane, at) for lane in lanes])
        return max(now, *(_instant(row.free_at - row.interval_ms) for row in taken))

    def paused(self, lanes: Sequence[Lane], now: datetime) -> bool:
        """Whether a platform has asked to leave one of the lanes alone at that machine time."""
        at, scopes = _milliseconds(now), [lane.scope for lane in lanes]
        held = select(PACES.c.scope).where(PACES.c.scope.in_(scopes), PACES.c.paused_until.between(at + 1, at + _FURTHEST))
        return self._connection.execute(held.limit(1)).first() is not None

    def pause(self, lane: Lane, wait: timedelta, now: datetime) -> None:
        """Leaves a lane alone for that time, and goes more slowly in it afterwards."""
        at, until = _milliseconds(now), _milliseconds(now + min(wait, FURTHEST))
        row = {
            "scope": lane.scope,
            "free_at": until,
            "interval_ms": min(lane.interval * SLOWER, SLOWEST) // _MILLISECOND,
            "learned_until": until + LEARNED_FOR // _MILLISECOND,
            "paused_until": until,
        }
        self._connection.execute(_pausing(self._connection.dialect.name), {**row, "now": at})


def _first(lane: Lane, at: int) -> dict[str, object]:
    """The row of a lane in which nothing was sent before."""
    interval = lane.interval // _MILLISECOND
    return {"scope": lane.scope, "free_at": at + interval, "interval_ms": interval, "learned_until": 0, "paused_until": 0}


@cache
def _taking(dialect: str) -> ReturningInsert[tuple[int, int]]:
    """One statement for all lanes: whatever it needs to know stands in the new row, from which the present instant follows."""
    statement = insert_into(dialect, PACES)
    new, old = statement.excluded, PACES.c
    now: Number = new.free_at - new.interval_ms
    interval = case((and_(old.learned_until > now, old.interval_ms > new.interval_ms), old.interval_ms), else_=new.interval_ms)
    taken = statement.on_conflict_do_update(index_elements=[old.scope], set_={"free_at": _free(now, now) + interval, "interval_ms": interval})
    return taken.returning(old.free_at, old.interval_ms)


@cache
def _pausing(dialect: str) -> postgresql.Insert | sqlite.Insert:
    """Refusals that come while the lane is paused already are of the same haste, and teach nothing more."""
    statement = insert_into(dialect, PACES)
    new, old = statement.excluded, PACES.c
    now = bindparam("now", type_=old.free_at.type)
    doubled = old.interval_ms * literal_column(str(SLOWER))
    slowest: Number = literal_column(str(SLOWEST // _MILLISECOND))
    slower = case(
        (old.paused_until > now, old.interval_ms), (doubled > slowest, slowest), (doubled > new.interval_ms, doubled), else_=new.interval_ms
    )
    changes = {
        "free_at": _free(new.free_at, now),
        "interval_ms": slower,
        "learned_until": new.learned_until,
        "paused_until": case((old.paused_until.between(new.paused_until, now + _furthest()), old.paused_until), else_=new.paused_until),
    }
    return statement.on_conflict_do_update(index_elements=[old.scope], set_=changes)


def _free(earliest: Number, now: Number) -> Number:
    """When the lane is free, but not before the earliest. What lies too far ahead is from a clock that was put back."""
    return case((PACES.c.free_at.between(earliest, now + _furthest()), PACES.c.free_at), else_=earliest)


def _furthest() -> Number:
    return literal_column(str(_FURTHEST))


def _milliseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // _MILLISECOND


def _instant(milliseconds: int) -> datetime:
    return _EPOCH + milliseconds * _MILLISECOND
