"""What does a board say of a metric? The figure, what it was meant to be, how far it is off, and how it stood before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from core.domain.campaigns import Campaign
from core.domain.metrics import Direction, Metric
from core.domain.periods import Grain, Period
from core.domain.readings import Figure, Kept
from core.domain.targets import Target

# A miss smaller than this is worth its number, not an alarm: where all is red, nothing is.
NOTABLE = Decimal("0.1")


class Verdict(StrEnum):
    """Whether a figure is good news, nearly so, bad news (off its target by 10 % or more), or none."""

    REACHED = "reached"
    NEAR = "near"
    MISSED = "missed"
    OPEN = "open"


def verdict_of(met: bool, off: Decimal | None) -> Verdict:
    """The verdict on a finished figure, by its deviation where there is one."""
    if met:
        return Verdict.REACHED
    return Verdict.NEAR if off is not None and abs(off) < NOTABLE else Verdict.MISSED


@dataclass(frozen=True, slots=True)
class Row:
    """A metric on the board. `deviation` and `attainment` are fractions (−0.15 is −15 %), None where they would say nothing.

    What counts up and is not whole yet (its period runs, a day is missing) has an attainment but no deviation: it is behind by nature.
    """

    metric: Metric
    figure: Figure
    target: Target | None = None
    deviation: Decimal | None = None
    attainment: Decimal | None = None
    verdict: Verdict = Verdict.OPEN
    campaign: Campaign | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """The rows of one day, or of the last week or month complete by then, by dimension."""

    day: date
    grain: Grain
    rows: tuple[Row, ...]


class Comparison(StrEnum):
    """What a figure is held against. PERIOD is 环比 (against last month, or the period before), YEAR is 同比."""

    DAY_BEFORE = "day_before"
    WEEKDAY = "weekday"
    PERIOD = "period"
    YEAR = "year"


class Gap(StrEnum):
    """Why there is no change to speak of."""

    MISSING = "missing"
    CLOSED = "closed"
    PARTIAL = "partial"
    ZERO = "zero"


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure beside an earlier one. `change` is (figure − base) ÷ |base|, None exactly when `gap` says why."""

    against: Comparison
    figure: Figure
    base: Figure
    change: Decimal | None
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything of one metric: the newest row, what it is compared with, the figures of the range one by one, and the campaigns in it."""

    row: Row
    compared: tuple[Compared, ...]
    since: date
    until: date
    figures: tuple[Figure, ...]
    bands: tuple[Campaign, ...] = ()


@dataclass(frozen=True, slots=True)
class Logged:
    """One value that was kept, how its period stands now, and the figure that stood there before, of whatever source."""

    kept: Kept
    row: Row
    before: Decimal | None


@dataclass(frozen=True, slots=True)
class Aim:
    """One target that was kept, and the period it is for; without one it stands from `target.effective_from` on."""

    metric: Metric
    target: Target
    period: Period | None = None
    campaign: Campaign | None = None


def better(change: Decimal, direction: Direction) -> bool | None:
    """Whether a change is good news; None when nothing changed."""
    if change == 0:
        return None
    return (change > 0) is (direction is Direction.HIGHER)


def campaign_on(campaigns: Sequence[Campaign], day: date) -> Campaign | None:
    """The campaign that a day belongs to: the last one launched by then whose selling days and phases are not all over."""
    begun = [campaign for campaign in campaigns if campaign.launch <= day <= max([campaign.end, *(phase.end for phase in campaign.phases)])]
    return max(begun, key=lambda campaign: (campaign.launch, campaign.id), default=None)


def campaign_period(campaign: Campaign) -> Period:
    """The days on which the campaign sells, as a period."""
    return Period(Grain.CAMPAIGN, campaign.launch, campaign.id, campaign.end)
