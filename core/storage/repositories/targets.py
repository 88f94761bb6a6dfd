"""What was a metric meant to reach, now and in the past?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from core.domain.periods import Grain
from core.domain.quantities import Comparator
from core.domain.targets import Target
from core.storage.tables.readings import TargetRow


class Targets:
    """The targets of all workspaces."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, workspace: int, targets: Iterable[Target], by: int | None, at: datetime) -> None:
        """Keeps the targets. One for the same period, or standing from the same day, is replaced; others keep their time."""
        for target in targets:
            self._session.execute(delete(TargetRow).where(*_same(workspace, target)))
            self._session.add(
                TargetRow(
                    workspace_id=workspace,
                    metric=target.metric,
                    grain=target.grain.value,
                    start=target.start,
                    campaign_id=target.campaign,
                    effective_from=target.effective_from,
                    value=target.value,
                    comparator=target.comparator.value if target.comparator else None,
                    set_by=by,
                    set_at=at,
                )
            )
        self._session.flush()

    def between(self, workspace: int, since: date, until: date, known_at: datetime) -> tuple[Target, ...]:
        """Standing targets, those of campaigns, and those of a period that begins from `since` to `until`; as known at the instant, oldest first."""
        row = TargetRow
        columns = (row.metric, row.grain, row.value, row.effective_from, row.start, row.campaign_id, row.comparator)
        in_range = or_(row.start.is_(None), row.start.between(since, until))
        query = select(*columns).where(row.workspace_id == workspace, in_range, row.set_at <= known_at).order_by(row.id)
        return tuple(
            Target(metric, Grain(grain), value, effective, start, campaign, Comparator(comparator) if comparator else None)
            for metric, grain, value, effective, start, campaign, comparator in self._session.execute(query)
        )


def _same(workspace: int, target: Target) -> list[ColumnElement[bool]]:
    row = TargetRow
    same = [row.workspace_id == workspace, row.metric == target.metric, row.grain == target.grain.value]
    if target.campaign is not None:
        return [*same, row.campaign_id == target.campaign]
    if target.start is not None:
        return [*same, row.start == target.start]
    return [*same, row.start.is_(None), row.campaign_id.is_(None), row.effective_from == target.effective_from]
