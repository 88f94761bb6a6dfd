"""How do figures come to be kept? Logged by hand, or handed in by an import; either way by the same rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from core.domain import catalogue
from core.domain.boards import Logged, Row, campaign_on, campaign_period
from core.domain.campaigns import Campaign
from core.domain.days import Days
from core.domain.metrics import Aggregation, Metric
from core.domain.moments import Moment
from core.domain.periods import Grain, Period, last_complete, period_of, spanning
from core.domain.readings import Kept, Reading, on_arrival
from core.domain.workspaces import Locale, Workspace
from core.errors import UserError
from core.services.board import load_window
from core.services.targets import can_aim
from core.services.values import Value, read_values
from core.storage.unit_of_work import UnitOfWork

HAND = "hand"


def keep_readings(uow: UnitOfWork, workspace: Workspace, readings: Iterable[Reading]) -> tuple[Kept, ...]:
    """Keeps readings of any source; those that came before their period was over are provisional until they are sent again."""
    return uow.readings.put(workspace.id, (on_arrival(reading, workspace.zone) for reading in readings))


def log(
    uow: UnitOfWork, workspace: Workspace, pairs: Sequence[tuple[str, str]], days: Days | None, moment: Moment, locale: Locale
) -> tuple[Logged, ...]:
    """Keeps what a person logs, each value for its metric's native period that holds the day, or the last complete one.

    Of several days only a value that is counted for exactly those can be kept.

    Raises one UserError for all that is wrong; then nothing is kept.
    """
    campaigns = uow.campaigns.all(workspace.id)
    readings = read_values(pairs, lambda value: _reading(value, days, workspace, moment, campaigns), workspace.currency, locale)
    before = _rows(uow, workspace, readings, moment, campaigns)
    kept = keep_readings(uow, workspace, readings)
    after = _rows(uow, workspace, readings, moment, campaigns)
    return tuple(Logged(item, row, stood.figure.value) for item, row, stood in zip(kept, after, before, strict=True))


def _rows(uow: UnitOfWork, workspace: Workspace, readings: Sequence[Reading], moment: Moment, campaigns: Sequence[Campaign]) -> list[Row]:
    """What is known at the moment for each reading's metric and period."""
    starts = [reading.period.start for reading in readings]
    look = load_window(uow, workspace, min(starts), max(starts), moment, {reading.metric for reading in readings})
    named = {campaign.id: campaign for campaign in campaigns}
    return [look.row(catalogue.metric(item.metric), item.period, named.get(item.period.campaign or 0)) for item in readings]


def _reading(value: Value, days: Days | None, workspace: Workspace, moment: Moment, campaigns: Sequence[Campaign]) -> Reading:
    name, typed = value.typed
    if value.comparator is not None:
        raise UserError("kpi.log.comparator", name=name, typed=typed)
    period = _several(value, *days) if days and days[0] < days[1] else _period(value.metric, days and days[0], moment.today, campaigns)
    if period.start > moment.today:
        raise UserError("kpi.log.ahead", name=name)
    if workspace.opened_on and period.end < workspace.opened_on:
        raise UserError("kpi.log.before_opening", name=name, opened=workspace.opened_on.isoformat())
    return Reading(value.metric.code, period, value.value, HAND, moment.instant)


def _several(value: Value, since: date, until: date) -> Period:
    """The calendar period with those ends. What is distinct may be given for one of any length (it cannot be added up), the rest at its own grain."""
    metric, period = value.metric, spanning(since, until)
    if period is None or not (period.grain is metric.grain or (metric.aggregation is Aggregation.DISTINCT and can_aim(metric, period.grain))):
        raise UserError(f"kpi.log.grain.{metric.grain.value}", name=value.typed[0])
    return period


def _period(metric: Metric, day: date | None, today: date, campaigns: Sequence[Campaign]) -> Period:
    if metric.grain is not Grain.CAMPAIGN:
        return period_of(metric.grain, day) if day else last_complete(metric.grain, today)
    campaign = campaign_on(campaigns, day or today - timedelta(days=1)) or campaign_on(campaigns, day or today)
    if campaign is None:
        raise UserError("kpi.no_campaign", name=metric.code)
    return campaign_period(campaign)
