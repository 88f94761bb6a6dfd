"""Is it time? What was built ahead waits for its due time, in the workspace's own time."""

from __future__ import annotations

from core.domain.deliveries import Why
from scheduler.stages.work import Decision, Go, Leave, Work


def pace(work: Work) -> Decision:
    """Leaves what is not due yet. What a platform asked to wait for stands in the row's lease."""
    return Go(work) if work.delivery.due_at <= work.moment.instant else Leave(work, Why.NOT_DUE)
