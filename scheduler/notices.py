"""Who learns that something did not go out? At each round whoever has still to be told gets a row of the ledger, on the way that is open."""

from __future__ import annotations

from datetime import datetime

from core.domain.moments import business_time
from core.ports import Clock
from core.services.notices import STUCK, tell
from core.storage.unit_of_work import Database
from scheduler.planner import Planner


class Notices:
    """Has people told, in every workspace. What is to be told stands in the ledger, so that a restart neither loses nor repeats it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def run(self, override: datetime | None = None) -> int:
        """Plans word of all that nobody was told of, and passes on what does not get there; returns how many messages that is.

        `override` is business time put before the workspaces'.
        """
        with self._database.read() as uow:
            waiting = uow.receipts.telling(self._clock.now() - STUCK)
        return sum(self._told(workspace, override) for workspace in sorted(waiting))

    def _told(self, workspace: int, override: datetime | None) -> int:
        now = self._clock.now()
        with self._database.write() as uow:
            found = uow.workspaces.get(workspace)
            planned = tell(uow, found, business_time(found, now, override), now)
            uow.commit()
        return planned


class Rounds:
    """What is written into the ledger before each sweep looks there: what falls due, and word of what did not go out."""

    def __init__(self, planner: Planner, notices: Notices) -> None:
        self._planner = planner
        self._notices = notices

    def run(self) -> int:
        """How many rows are new."""
        return self._planner.run() + self._notices.run()
