"""What was a figure meant to be, and how far is it off?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.domain.metrics import Direction
from core.domain.periods import Grain
from core.domain.quantities import Comparator


@dataclass(frozen=True, slots=True)
class Target:
    """What a metric should reach in each period of a grain.

    With `start` (a date of the grain) or `campaign` it speaks of that period alone; without, it stands from `effective_from` on,
    and the past keeps its own.
    """

    metric: str
    grain: Grain
    value: Decimal
    effective_from: date
    start: date | None = None
    campaign: int | None = None
    comparator: Comparator | None = None


def deviation(actual: Decimal, target: Decimal) -> Decimal | None:
    """(actual − target) ÷ target, relative also for rates (template table 6); None where the target is 0."""
    return None if target == 0 else (actual - target) / abs(target)


def attainment(actual: Decimal, target: Decimal, direction: Direction) -> Decimal | None:
    """actual ÷ target, or target ÷ actual where lower is better (template, methods of table 6); None where the divisor is 0."""
    over, under = (actual, target) if direction is Direction.HIGHER else (target, actual)
    return None if under == 0 else over / under
