"""What happens when the clock of a demo workspace is stepped? It passes every time at which something is due, and that comes on its way."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from threading import Lock

from core.storage.unit_of_work import Database
from scheduler.planner import HORIZON, Planner
from scheduler.stages.record import Outcome
from scheduler.worker import Worker


class StandingClock:
    """Steps the clocks of demo workspaces."""

    def __init__(self, database: Database, planner: Planner, worker: Worker) -> None:
        self._database = database
        self._planner = planner
        self._worker = worker
        self._stepping = Lock()

    def step(self, workspace: int, to: datetime) -> tuple[Outcome, ...]:
        """Puts the workspace's clock to that instant and returns what came on the way. It never goes back.

        One step at a time: a second one would pull the clock from under the mornings that the first is passing.
        Raises ValueError for a workspace whose time flows.
        """
        with self._stepping:
            return self._stepped(workspace, to)

    def _stepped(self, workspace: int, to: datetime) -> tuple[Outcome, ...]:
        at = self._stands_at(workspace)
        to = max(at, to)
        # Planned further than it is stepped: what falls due at that very instant comes too.
        self._planner.reach(workspace, to + HORIZON)
        outcomes = list(self._worker.run_due(workspace=workspace))
        while (due := self._next_due(workspace, at)) is not None and due <= to:
            outcomes += self._put(workspace, at := due)
        return (*outcomes, *self._put(workspace, to))

    def _put(self, workspace: int, at: datetime) -> tuple[Outcome, ...]:
        with self._database.write() as uow:
            uow.workspaces.save(replace(uow.workspaces.get(workspace), frozen_at=at))
            uow.commit()
        return self._worker.run_due(workspace=workspace)

    def _stands_at(self, workspace: int) -> datetime:
        with self._database.read() as uow:
            at = uow.workspaces.get(workspace).frozen_at
        if at is None:
            raise ValueError(f"the time of workspace {workspace} flows")
        return at

    def _next_due(self, workspace: int, after: datetime) -> datetime | None:
        with self._database.read() as uow:
            return uow.deliveries.next_due(workspace, after)
