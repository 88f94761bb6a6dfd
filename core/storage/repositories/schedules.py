"""What comes by itself in a workspace, and how far is it planned?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from core.domain.deliveries import Kind
from core.domain.schedules import Rule, Schedule
from core.storage.repositories.workspaces import queue_up
from core.storage.tables.deliveries import ScheduleRow


class Schedules:
    """The schedules. A channel has one of a kind at most."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, workspace: int, schedule: Schedule) -> Schedule:
        """Keeps the schedule of its kind in its channel, in place of the one before (the given `id` is ignored)."""
        row = self._row(workspace, schedule.kind, schedule.channel)
        if row is None:
            row = ScheduleRow(workspace_id=workspace, number=self._next_number(workspace), kind=schedule.kind, channel_id=schedule.channel)
            self._session.add(row)
        row.rule = _rules().dump_json(schedule.rule).decode()
        row.owner_id, row.enabled, row.planned_until = schedule.owner, schedule.enabled, schedule.planned_until
        self._session.flush()
        return replace(schedule, id=row.id)

    def of(self, workspace: int) -> tuple[Schedule, ...]:
        """Every schedule of the workspace, the oldest first."""
        rows = self._session.scalars(select(ScheduleRow).where(ScheduleRow.workspace_id == workspace).order_by(ScheduleRow.id))
        return tuple(_schedule(row) for row in rows)

    def find(self, workspace: int, kind: Kind, channel: int) -> Schedule | None:
        """The schedule of that kind in that channel."""
        row = self._row(workspace, kind, channel)
        return None if row is None else _schedule(row)

    def is_enabled(self, schedule: int) -> bool:
        """Whether the schedule is on; one that is gone is not."""
        return bool(self._session.scalar(select(ScheduleRow.enabled).where(ScheduleRow.id == schedule)))

    def unplanned(self, workspace: int, until: datetime) -> bool:
        """Whether a schedule of the workspace is on and not planned up to that business time."""
        behind = or_(ScheduleRow.planned_until.is_(None), ScheduleRow.planned_until < until)
        found = select(ScheduleRow.id).where(ScheduleRow.workspace_id == workspace, ScheduleRow.enabled, behind).limit(1)
        return self._session.scalar(found) is not None

    def planned(self, schedule: int, until: datetime) -> None:
        """Says that occurrences due before that time have become deliveries. Never goes back: another planner may be ahead."""
        behind = or_(ScheduleRow.planned_until.is_(None), ScheduleRow.planned_until < until)
        self._session.execute(update(ScheduleRow).where(ScheduleRow.id == schedule, behind).values(planned_until=until))

    def _next_number(self, workspace: int) -> int:
        queue_up(self._session, workspace)
        last = self._session.scalar(select(func.max(ScheduleRow.number)).where(ScheduleRow.workspace_id == workspace))
        return (last or 0) + 1

    def _row(self, workspace: int, kind: Kind, channel: int) -> ScheduleRow | None:
        same = (ScheduleRow.workspace_id == workspace, ScheduleRow.kind == kind, ScheduleRow.channel_id == channel)
        return self._session.scalar(select(ScheduleRow).where(*same))


@cache
def _rules() -> TypeAdapter[Rule]:
    return TypeAdapter(Rule)


def _schedule(row: ScheduleRow) -> Schedule:
    return Schedule(
        id=row.id,
        kind=Kind(row.kind),
        rule=_rules().validate_json(row.rule),
        channel=row.channel_id,
        owner=row.owner_id,
        enabled=row.enabled,
        planned_until=row.planned_until,
    )
