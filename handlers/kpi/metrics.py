"""/kpi metrics: which metrics are there, and what does each mean?"""

from __future__ import annotations

from core.domain.catalogue import METRICS
from core.domain.workspaces import Permission
from core.messages.cards.kpi_metrics import metrics_card
from core.messages.model import Message
from handlers.kernel.arguments import Nothing
from handlers.kernel.command import command
from handlers.kernel.context import Context
from handlers.kpi.viewer import viewer_of


@command("kpi metrics", zh="指标 列表", permission=Permission.VIEWER)
def metrics(context: Context, _arguments: Nothing) -> Message:
    """The whole catalogue."""
    return metrics_card(METRICS, viewer_of(context))
