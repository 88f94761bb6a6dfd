"""How does a team say what a metric is meant to reach?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.boards import Aim, campaign_period
from core.domain.campaigns import Campaign, current_campaign
from core.domain.metrics import Aggregation, Direction, Metric
from core.domain.moments import Moment
from core.domain.periods import Grain, Period, period_of, periods_between, spanning
from core.domain.quantities import Comparator
from core.domain.targets import Target
from core.domain.workspaces import Locale, Member, Workspace
from core.errors import UserError
from core.services.campaigns import find_campaign
from core.services.values import Value, read_values
from core.storage.unit_of_work import UnitOfWork

MOST_PERIODS = 62

_AGAINST = {
    Direction.HIGHER: frozenset((Comparator.AT_MOST, Comparator.BELOW)),
    Direction.LOWER: frozenset((Comparator.AT_LEAST, Comparator.ABOVE)),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a target is for: a grain (each metric's own when None), or a campaign by name; stretches of days, or from now on when there are none.

    A metric that is counted by campaign is for the current one where none is named.
    """

    grain: Grain | None = None
    campaign: str = ""
    stretches: tuple[tuple[date, date], ...] = ()


def set_targets(
    uow: UnitOfWork, workspace: Workspace, member: Member, pairs: Sequence[tuple[str, str]], scope: Scope, moment: Moment, locale: Locale
) -> tuple[Aim, ...]:
    """Keeps the targets. An undated one stands from the period that holds today, and the past keeps its own; a dated one is for those periods only.

    Raises one UserError for all that is wrong; then nothing is kept.
    """
    named = find_campaign(uow, workspace, scope.campaign, moment.today, field="campaign") if scope.campaign else None
    campaign = named or current_campaign(uow.campaigns.all(workspace.id), moment.today)
    found = read_values(pairs, lambda value: tuple(_aims(value, scope, campaign, moment.today)), workspace.currency, locale)
    aims = [aim for several in found for aim in several]
    uow.targets.put(workspace.id, [aim.target for aim in aims], member.id, moment.instant)
    return tuple(aims)


def _aims(value: Value, scope: Scope, campaign: Campaign | None, today: date) -> Iterator[Aim]:
    metric = value.metric
    _check_comparator(value)
    grain = Grain.CAMPAIGN if scope.campaign else scope.grain or metric.grain
    if not can_aim(metric, grain):
        raise UserError(f"kpi.target.grain.{metric.grain.value}", name=value.typed[0])
    if grain is Grain.CAMPAIGN:
        if campaign is None:
            raise UserError("kpi.no_campaign", name=value.typed[0])
        target = Target(metric.code, grain, value.value, today, campaign=campaign.id, comparator=value.comparator)
        yield Aim(metric, target, campaign_period(campaign), campaign)
    elif scope.stretches:
        _check_whole(value, scope)
        for period in _periods(grain, scope):
            yield Aim(metric, Target(metric.code, grain, value.value, today, start=period.start, comparator=value.comparator), period)
    else:
        # From the start of the running period: what was over keeps its own, what is not over is judged by the new one.
        since = period_of(grain, today).start
        yield Aim(metric, Target(metric.code, grain, value.value, since, comparator=value.comparator))


def can_aim(metric: Metric, grain: Grain) -> bool:
    """Whether a figure of that grain can exist: the native one, a coarser one, or a campaign's; a campaign's metric knows campaigns alone."""
    if metric.grain is Grain.CAMPAIGN or grain is Grain.CAMPAIGN:
        return grain is Grain.CAMPAIGN and (metric.grain is Grain.CAMPAIGN or metric.aggregation is not Aggregation.DISTINCT)
    order = list(Grain)
    return order.index(grain) >= order.index(metric.grain)


def _check_comparator(value: Value) -> None:
    if value.comparator in _AGAINST[value.metric.direction]:
        raise UserError(f"kpi.target.direction.{value.metric.direction.value}", name=value.typed[0], typed=value.typed[1])


def _check_whole(value: Value, scope: Scope) -> None:
    """`gmv=1000万 6月` may be meant for the month or for each of its days: a thirtyfold difference that nobody should guess."""
    for stretch in scope.stretches:
        whole = spanning(*stretch)
        if scope.grain is None and whole and whole.grain is not value.metric.grain and can_aim(value.metric, whole.grain):
            raise UserError(f"kpi.target.whole.{whole.grain.value}", field="grain", name=value.typed[0], typed=value.typed[1])


def _periods(grain: Grain, scope: Scope) -> list[Period]:
    found = {period for since, until in scope.stretches for period in periods_between(grain, since, until)}
    if len(found) > MOST_PERIODS:
        raise UserError("kpi.target.too_many", field="when", n=len(found), most=MOST_PERIODS)
    return sorted(found)
