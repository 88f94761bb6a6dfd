"""What can people say about figures? /kpi log, board, target, show, metrics."""

from handlers.kpi import board, log, metrics, show, target

__all__ = ["board", "log", "metrics", "show", "target"]
