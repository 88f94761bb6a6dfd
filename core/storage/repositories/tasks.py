"""Which tasks does a workspace have, who owns them, and how does each get a number of its own?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select, update
from sqlalchemy.orm import Session, selectinload

from core.domain.agenda import TaskQuery
from core.domain.campaigns import Task, TaskState
from core.storage.base import table_of
from core.storage.repositories.workspaces import queue_up
from core.storage.tables.campaigns import TaskOwnerRow, TaskRow
from core.storage.transaction import Transaction

TASKS = table_of(TaskRow)
OWNERS = table_of(TaskOwnerRow)

# A press on a task asks for it several times: made once, and of tables alone.
_NUMBERED: Select[tuple[Any, ...]] = (
    select(*TASKS.columns, OWNERS.c.member_id.label("owner"))
    .outerjoin_from(TASKS, OWNERS, OWNERS.c.task_id == TASKS.c.id)
    .where(TASKS.c.workspace_id == bindparam("workspace"), TASKS.c.number == bindparam("called"))
    .order_by(OWNERS.c.place)
)
_FINISHING = (
    update(TASKS)
    .where(TASKS.c.workspace_id == bindparam("workspace"), TASKS.c.number == bindparam("called"), TASKS.c.state == TaskState.OPEN.value)
    .values(state=TaskState.DONE.value, done_at=bindparam("done_at"), done_by=bindparam("done_by"), note=bindparam("note"))
)


class Tasks:
    """The pieces of work of all workspaces; two queries a look, however many there are."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    @property
    def _session(self) -> Session:
        return self._transaction.session

    def add(self, workspace: int, task: Task, at: datetime) -> Task:
        """Keeps a new task under the workspace's next number (its `id` and `number` are ignored) and returns it with both."""
        number = self._next_number(workspace)
        row = TaskRow(
            workspace_id=workspace,
            number=number,
            campaign_id=task.campaign,
            phase=task.phase,
            title=task.title,
            standard=task.standard,
            start=task.start,
            due=task.due,
            state=task.state,
            done_at=task.done_at,
            done_by=task.done_by,
            note=task.note,
            created_at=at,
            owners=[TaskOwnerRow(member_id=member, workspace_id=workspace, place=place) for place, member in enumerate(task.owners)],
        )
        self._session.add(row)
        self._session.flush()
        return replace(task, id=row.id, number=number)

    def numbered(self, workspace: int, number: int) -> Task | None:
        """The task that people call by the number."""
        rows = self._transaction.connection.execute(_NUMBERED, {"workspace": workspace, "called": number}).all()
        return _task(rows[0], [row.owner for row in rows if row.owner is not None]) if rows else None

    def find(self, workspace: int, query: TaskQuery, limit: int | None = None) -> tuple[Task, ...]:
        """The tasks that the query asks for, by due date and number, undated ones last; finished ones alone, the newest first."""
        pressing = (TaskRow.due.is_(None), TaskRow.due, TaskRow.number)
        order = (TaskRow.done_at.desc(), TaskRow.number.desc()) if query.state is TaskState.DONE else pressing
        found = select(TaskRow).where(*_conditions(workspace, query)).order_by(*order).limit(limit)
        rows = self._session.scalars(found.options(selectinload(TaskRow.owners)))
        return tuple(_task(row, [owner.member_id for owner in row.owners]) for row in rows)

    def count(self, workspace: int, query: TaskQuery) -> int:
        """How many tasks the query asks for."""
        return self._session.scalar(select(func.count()).select_from(TaskRow).where(*_conditions(workspace, query))) or 0

    def counts(self, workspace: int) -> dict[int, tuple[int, int]]:
        """How many tasks each campaign has done and has in all, by its id; campaigns without tasks are absent."""
        done = func.count().filter(TaskRow.state == TaskState.DONE)
        within = (TaskRow.workspace_id == workspace, TaskRow.campaign_id.is_not(None))
        found = select(TaskRow.campaign_id, done, func.count()).where(*within).group_by(TaskRow.campaign_id)
        return {campaign: (finished, total) for campaign, finished, total in self._session.execute(found) if campaign is not None}

    def finish(self, workspace: int, number: int, by: int, at: datetime, note: str) -> bool:
        """Marks an open task as done; False when somebody else was faster. Of two at once, one alone is told True."""
        values = {"workspace": workspace, "called": number, "done_at": at, "done_by": by, "note": note}
        return self._transaction.connection.execute(_FINISHING, values).rowcount == 1

    def _next_number(self, workspace: int) -> int:
        queue_up(self._session, workspace)
        return (self._session.scalar(select(func.max(TaskRow.number)).where(TaskRow.workspace_id == workspace)) or 0) + 1


def _conditions(workspace: int, query: TaskQuery) -> Iterator[ColumnElement[bool]]:
    yield TaskRow.workspace_id == workspace
    if query.state is not None:
        yield TaskRow.state == query.state
    if query.campaign is not None:
        yield TaskRow.campaign_id == query.campaign
    if query.due_before is not None:
        yield TaskRow.due < query.due_before
    if query.owner is not None:
        yield TaskRow.owners.any(TaskOwnerRow.member_id == query.owner)


def _task(row: TaskRow | Row[tuple[Any, ...]], owners: Sequence[int]) -> Task:
    return Task(
        id=row.id,
        number=row.number,
        title=row.title,
        owners=tuple(owners),
        start=row.start,
        due=row.due,
        campaign=row.campaign_id,
        phase=row.phase,
        standard=row.standard,
        state=TaskState(row.state),
        done_at=row.done_at,
        done_by=row.done_by,
        note=row.note,
    )
