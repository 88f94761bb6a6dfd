"""Which jobs does a workspace have, and who holds them when?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.domain.roles import Holding, Role
from core.storage.tables.people import RoleHolderRow, RoleRow


class Roles:
    """Jobs and their holders."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, workspace: int, role: Role) -> Role:
        """Keeps a new role (its `id` is ignored) and returns it with its id."""
        row = RoleRow(workspace_id=workspace, folded=role.name.casefold(), **_written(role))
        self._session.add(row)
        self._session.flush()
        return replace(role, id=row.id)

    def save(self, workspace: int, role: Role) -> None:
        """Keeps a changed role."""
        changed = {"folded": role.name.casefold(), **_written(role)}
        self._session.execute(update(RoleRow).where(RoleRow.workspace_id == workspace, RoleRow.id == role.id).values(changed))

    def all(self, workspace: int) -> tuple[Role, ...]:
        """Every role of the workspace, the oldest first."""
        rows = self._session.scalars(select(RoleRow).where(RoleRow.workspace_id == workspace).order_by(RoleRow.id))
        return tuple(Role(row.id, row.name, row.responsibilities, row.reports_to, row.works_with) for row in rows)

    def holdings(self, workspace: int) -> tuple[Holding, ...]:
        """Who holds, held or will hold each role, in order of beginning."""
        mine = select(RoleHolderRow).where(RoleHolderRow.workspace_id == workspace).order_by(RoleHolderRow.since, RoleHolderRow.id)
        return tuple(Holding(row.id, row.role_id, row.member_id, row.since, row.until) for row in self._session.scalars(mine))

    def hold(self, workspace: int, role: int, member: int, since: date) -> None:
        """Says that the member holds the role from that date on."""
        self._session.add(RoleHolderRow(workspace_id=workspace, role_id=role, member_id=member, since=since))
        self._session.flush()

    def end(self, holding: Holding, until: date) -> None:
        """Says that a holding ends with that date; one that would end before it began never was."""
        chosen = RoleHolderRow.id == holding.id
        if until < holding.since:
            self._session.execute(delete(RoleHolderRow).where(chosen))
        else:
            self._session.execute(update(RoleHolderRow).where(chosen).values(until=until))


def _written(role: Role) -> dict[str, object]:
    return {"name": role.name, "responsibilities": role.responsibilities, "reports_to": role.reports_to, "works_with": role.works_with}
