"""What was a figure meant to be, and how far is it off?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.domain.metrics import Direction
from core.domain.periods import Grain, Period
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


def target_for(metric: str, period: Period, targets: Iterable[Target]) -> Target | None:
    """The target that holds for the metric in the period, of the period's own grain alone.

    One set for that very period goes before the standing one, which is the newest in force when the period began; of two
    alike the later in the list holds.
    """
    fitting = [target for target in targets if target.metric == metric and target.grain is period.grain]
    own = [target for target in fitting if _meant_for(target, period)]
    standing = [target for target in fitting if target.start is None and target.campaign is None and target.effective_from <= period.start]
    if own:
        return own[-1]
    return max(reversed(standing), key=lambda target: target.effective_from, default=None)


def reached(actual: Decimal, target: Decimal, direction: Direction, comparator: Comparator | None = None) -> bool:
    """Whether the target is met: as its comparator says, else by the metric's direction; meeting it exactly is enough."""
    match comparator or (Comparator.AT_LEAST if direction is Direction.HIGHER else Comparator.AT_MOST):
        case Comparator.AT_LEAST:
            return actual >= target
        case Comparator.AT_MOST:
            return actual <= target
        case Comparator.ABOVE:
            return actual > target
        case Comparator.BELOW:
            return actual < target
        case Comparator.EQUAL:
            return actual == target


def _meant_for(target: Target, period: Period) -> bool:
    if period.grain is Grain.CAMPAIGN:
        return target.campaign is not None and target.campaign == period.campaign
    return target.start == period.start
