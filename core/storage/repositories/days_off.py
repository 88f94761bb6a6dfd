"""On which days does a team rest, or work, whatever its country does?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.domain.calendars import DayOff
from core.storage.tables.deliveries import DayOffRow


class DaysOff:
    """The teams' own days."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, workspace: int, day: DayOff) -> None:
        """Keeps the day, in place of what was said of it before."""
        self._session.merge(DayOffRow(workspace_id=workspace, day=day.day, name=day.name, working=day.working))
        self._session.flush()

    def remove(self, workspace: int, day: date) -> bool:
        """Forgets what was said of the day; False where nothing was."""
        mine = (DayOffRow.workspace_id == workspace, DayOffRow.day == day)
        return self._session.execute(delete(DayOffRow).where(*mine).returning(DayOffRow.day)).first() is not None

    def of(self, workspace: int) -> tuple[DayOff, ...]:
        """The team's own days, in order."""
        return self.of_all((workspace,)).get(workspace, ())

    def of_all(self, workspaces: Collection[int]) -> dict[int, tuple[DayOff, ...]]:
        """The own days of each of the teams that have any, in order."""
        rows = self._session.scalars(select(DayOffRow).where(DayOffRow.workspace_id.in_(workspaces)).order_by(DayOffRow.day))
        found: dict[int, list[DayOff]] = {}
        for row in rows:
            found.setdefault(row.workspace_id, []).append(DayOff(row.day, row.name, row.working))
        return {workspace: tuple(days) for workspace, days in found.items()}
