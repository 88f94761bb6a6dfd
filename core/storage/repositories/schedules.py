"""What comes by itself in a workspace, and how far is it planned?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from functools import cache, lru_cache
from typing import NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from core.domain.cadences import Cadence
from core.domain.deliveries import Kind
from core.domain.schedules import Schedule
from core.domain.workspaces import Locale
from core.storage.repositories.workspaces import queue_up
from core.storage.tables.deliveries import ScheduleRow
from core.storage.tables.workspaces import WorkspaceRow

_ON = and_(ScheduleRow.enabled, ScheduleRow.off.is_(None), ScheduleRow.removed.is_(False))


class Behind(NamedTuple):
    """A schedule that may have to be planned, and how far it is."""

    workspace: int
    schedule: int
    planned_until: datetime | None


class Schedules:
    """The schedules. One that was removed is found by its id alone, by what it brought."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, workspace: int, schedule: Schedule) -> Schedule:
        """Keeps a new schedule under the workspace's next number (its `id` and `number` are ignored) and returns it with both."""
        queue_up(self._session, workspace)
        last = self._session.scalar(select(func.max(ScheduleRow.number)).where(ScheduleRow.workspace_id == workspace))
        row = ScheduleRow(workspace_id=workspace, number=(last or 0) + 1, kind=schedule.kind)
        _write(row, schedule)
        self._session.add(row)
        self._session.flush()
        return replace(schedule, id=row.id, number=row.number)

    def save(self, schedule: Schedule) -> None:
        """Keeps a changed schedule. Whoever plans it waits until this is over, and this for whoever plans it already."""
        row = self._session.get_one(ScheduleRow, schedule.id, with_for_update=True)
        _write(row, schedule)
        self._session.flush()

    def remove(self, schedule: int) -> None:
        """Takes the schedule away; its number is given to no other."""
        self._session.execute(update(ScheduleRow).where(ScheduleRow.id == schedule).values(removed=True))

    def of(self, workspace: int) -> tuple[Schedule, ...]:
        """Every schedule of the workspace, the oldest first."""
        return self._found(_standing(workspace))

    def in_channel(self, workspace: int, kind: Kind, channel: int) -> tuple[Schedule, ...]:
        """The schedules of that kind in that channel, the oldest first."""
        return self._found(_standing(workspace).where(ScheduleRow.kind == kind, ScheduleRow.channel_id == channel))

    def numbered(self, workspace: int, number: int) -> Schedule | None:
        """The schedule that people call by the number."""
        row = self._session.scalar(_standing(workspace).where(ScheduleRow.number == number))
        return None if row is None else _schedule(row)

    def get(self, schedule: int) -> Schedule:
        """One schedule, also when it was removed. Raises LookupError."""
        row = self._session.get(ScheduleRow, schedule)
        if row is None:
            raise LookupError(f"schedule {schedule}")
        return _schedule(row)

    def workspace_of(self, schedule: int) -> int:
        """The workspace whose schedule it is."""
        return self._session.get_one(ScheduleRow, schedule).workspace_id

    def brings(self, schedule: int, day: date) -> bool:
        """Whether the schedule is on, and not paused on that local date; one that is gone is not."""
        paused = and_(ScheduleRow.paused_until.is_not(None), ScheduleRow.paused_until > day)
        return self._session.scalar(select(ScheduleRow.id).where(ScheduleRow.id == schedule, _ON, ~paused)) is not None

    def behind(self, until: datetime) -> tuple[Behind, ...]:
        """What is on and not planned up to that business time; also all that goes by a clock that stands, which only the workspace can tell."""
        wanted = or_(_planned_before(until), WorkspaceRow.frozen_at.is_not(None))
        found = select(ScheduleRow.workspace_id, ScheduleRow.id, ScheduleRow.planned_until)
        joined = found.join(WorkspaceRow, WorkspaceRow.id == ScheduleRow.workspace_id).where(_ON, wanted)
        return tuple(Behind(*row) for row in self._session.execute(joined.order_by(ScheduleRow.id)))

    def claim(self, schedules: Collection[int], until: datetime) -> tuple[Schedule, ...]:
        """Those of the schedules that are on and still not planned up to that business time: until the commit, nobody else plans or changes them."""
        mine = select(ScheduleRow).where(ScheduleRow.id.in_(schedules), _ON, _planned_before(until))
        return self._found(mine.order_by(ScheduleRow.id).with_for_update())

    def planned(self, schedules: Collection[int], until: datetime) -> None:
        """Says that occurrences due before that time have become deliveries. Never goes back: another planner may be ahead."""
        behind = (ScheduleRow.id.in_(schedules), _planned_before(until))
        self._session.execute(update(ScheduleRow).where(*behind).values(planned_until=until))

    def _found(self, chosen: Select[ScheduleRow]) -> tuple[Schedule, ...]:
        return tuple(_schedule(row) for row in self._session.scalars(chosen))


def _standing(workspace: int) -> Select[ScheduleRow]:
    return select(ScheduleRow).where(ScheduleRow.workspace_id == workspace, ScheduleRow.removed.is_(False)).order_by(ScheduleRow.id)


def _planned_before(until: datetime) -> ColumnElement[bool]:
    return or_(ScheduleRow.planned_until.is_(None), ScheduleRow.planned_until < until)


@cache
def _cadences() -> TypeAdapter[Cadence]:
    return TypeAdapter(Cadence)


@lru_cache(maxsize=1024)
def _cadence(rule: str) -> Cadence:
    # Teams choose the same few, and the planner reads thousands.
    return _cadences().validate_json(rule)


def _write(row: ScheduleRow, schedule: Schedule) -> None:
    row.rule = _cadences().dump_json(schedule.cadence).decode()
    row.channel_id, row.owner_id = schedule.channel, schedule.owner
    row.enabled, row.paused_until, row.off = schedule.enabled, schedule.paused_until, schedule.off
    row.zone, row.locale, row.calendar = schedule.zone, schedule.locale, schedule.calendar
    row.planned_until = schedule.planned_until


def _schedule(row: ScheduleRow) -> Schedule:
    return Schedule(
        id=row.id,
        number=row.number,
        kind=Kind(row.kind),
        cadence=_cadence(row.rule),
        channel=row.channel_id,
        owner=row.owner_id,
        enabled=row.enabled,
        planned_until=row.planned_until,
        zone=row.zone,
        locale=Locale(row.locale) if row.locale else None,
        calendar=row.calendar,
        paused_until=row.paused_until,
        off=row.off,
    )
