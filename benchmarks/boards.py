"""Does a board stay as fast when a workspace has a century behind it?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks.workspaces import bench

YEARS = (1, 10, 100)


def cases(folder: Path) -> dict[str, Callable[[], object]]:
    """A whole `/kpi board` answer with 1, 10 and 100 years of 20 daily metrics."""
    shops = {years: bench(folder, years) for years in YEARS}
    return {f"/kpi board, {years} year{'s' if years > 1 else ''}": lambda shop=shop: shop.say("/kpi board") for years, shop in shops.items()}
