"""What was a metric meant to reach, now and in the past?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, bindparam, delete, insert, or_, select

from core.domain.periods import Grain
from core.domain.quantities import Comparator
from core.domain.targets import Target
from core.storage.base import table_of
from core.storage.tables.readings import TargetRow
from core.storage.transaction import Transaction

TARGETS = table_of(TargetRow)

_COLUMNS = ("metric", "grain", "value", "effective_from", "start", "campaign_id", "comparator")
_BETWEEN = (
    select(*(TARGETS.c[name] for name in _COLUMNS))
    .where(TARGETS.c.workspace_id == bindparam("workspace"), TARGETS.c.set_at <= bindparam("known_at"))
    .where(or_(TARGETS.c.start.is_(None), TARGETS.c.start.between(bindparam("since"), bindparam("until"))))
    .order_by(TARGETS.c.id)
)
_BETWEEN_OF = _BETWEEN.where(TARGETS.c.metric.in_(bindparam("metrics", expanding=True)))


class Targets:
    """The targets of all workspaces."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def put(self, workspace: int, targets: Iterable[Target], by: int | None, at: datetime) -> None:
        """Keeps the targets. One for the same period, or standing from the same day, is replaced; others keep their time."""
        connection = self._transaction.connection
        for target in targets:
            connection.execute(delete(TARGETS).where(*_same(workspace, target)))
            connection.execute(insert(TARGETS), _values(workspace, target, by, at))

    def between(self, workspace: int, since: date, until: date, known_at: datetime, metrics: Collection[str] | None = None) -> tuple[Target, ...]:
        """Standing targets, those of campaigns, and those of a period that begins from `since` to `until`; as known at the instant, oldest first.

        Those of the given metrics alone, or of all.
        """
        query = _BETWEEN if metrics is None else _BETWEEN_OF
        places = {"workspace": workspace, "since": since, "until": until, "known_at": known_at, "metrics": list(metrics or ())}
        return tuple(
            Target(metric, Grain(grain), value, effective, start, campaign, Comparator(comparator) if comparator else None)
            for metric, grain, value, effective, start, campaign, comparator in self._transaction.connection.execute(query, places)
        )


def _values(workspace: int, target: Target, by: int | None, at: datetime) -> dict[str, object]:
    return {
        "workspace_id": workspace,
        "metric": target.metric,
        "grain": target.grain.value,
        "start": target.start,
        "campaign_id": target.campaign,
        "effective_from": target.effective_from,
        "value": target.value,
        "comparator": target.comparator.value if target.comparator else None,
        "set_by": by,
        "set_at": at,
    }


def _same(workspace: int, target: Target) -> list[ColumnElement[bool]]:
    row = TARGETS.c
    same = [row.workspace_id == workspace, row.metric == target.metric, row.grain == target.grain.value]
    if target.campaign is not None:
        return [*same, row.campaign_id == target.campaign]
    if target.start is not None:
        return [*same, row.start == target.start]
    return [*same, row.start.is_(None), row.campaign_id.is_(None), row.effective_from == target.effective_from]
