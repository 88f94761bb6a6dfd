"""How do figures come to be kept? Logged by hand, or handed in by an import; either way by the same rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from core.analysis.figures import Figures
from core.domain import catalogue
from core.domain.boards import Logged, campaign_on, campaign_period
from core.domain.campaigns import Campaign
from core.domain.day_ranges import Days
from core.domain.metrics import Aggregation, Metric
from core.domain.moments import Moment
from core.domain.periods import Grain, Period, last_complete, period_of, spanning
from core.domain.readings import Kept, Reading, Window, on_arrival
from core.domain.workspaces import Locale, Workspace
from core.errors import UserError
from core.services.board import Look
from core.services.targets import can_aim
from core.services.values import Value, read_values
from core.storage.unit_of_work import UnitOfWork

HAND = "hand"

# Asked for only where a value is of a campaign.
Campaigns = Callable[[], Sequence[Campaign]]


def keep_readings(uow: UnitOfWork, workspace: Workspace, readings: Iterable[Reading]) -> tuple[Kept, ...]:
    """Keeps readings of any source; those that came before their period was over are provisional until they are sent again."""
    return uow.readings.put(workspace.id, (on_arrival(reading, workspace.zone) for reading in readings))


def shown_of(uow: UnitOfWork, workspace: Workspace, readings: Sequence[Reading], moment: Moment) -> Window:
    """What is known at the moment, from whichever source, of the metrics and periods of these."""
    if not readings:
        return Window({}, {})
    starts = [reading.period.start for reading in readings]
    grains, metrics = {reading.period.grain for reading in readings}, {reading.metric for reading in readings}
    return uow.readings.window(workspace.id, grains, min(starts), max(starts), moment.instant, metrics)


def log(
    uow: UnitOfWork, workspace: Workspace, pairs: Sequence[tuple[str, str]], days: Days | None, moment: Moment, locale: Locale
) -> tuple[Logged, ...]:
    """Keeps what a person logs, each value for its metric's native period that holds the day, or the last complete one.

    Of several days only a value that is counted for exactly those can be kept.

    Raises one UserError for all that is wrong; then nothing is kept.
    """
    campaigns = cache(lambda: uow.campaigns.all(workspace.id))
    readings = read_values(pairs, lambda value: _reading(value, days, workspace, moment, campaigns), workspace.currency, locale)
    before = _known(uow, workspace, readings, moment)
    kept = keep_readings(uow, workspace, readings)
    after = replace(before, figures=replace(before.figures, window=before.figures.window.with_readings(item.reading for item in kept)))
    return tuple(_logged(item, before, after, campaigns) for item in kept)


def _known(uow: UnitOfWork, workspace: Workspace, readings: Sequence[Reading], moment: Moment) -> Look:
    """What is known at the moment of the readings' metrics and periods. Closed days are left out: they matter only where there is no value."""
    metrics, starts = {reading.metric for reading in readings}, [reading.period.start for reading in readings]
    window = shown_of(uow, workspace, readings, moment)
    figures = Figures(window, moment.today, opened_on=workspace.opened_on)
    return Look(figures, uow.targets.between(workspace.id, min(starts), max(starts), moment.instant, metrics))


def _logged(kept: Kept, before: Look, after: Look, campaigns: Campaigns) -> Logged:
    metric, period = catalogue.metric(kept.reading.metric), kept.reading.period
    campaign = next((campaign for campaign in campaigns() if campaign.id == period.campaign), None) if period.campaign else None
    return Logged(kept, after.row(metric, period, campaign), before.figures.figure(metric, period).value)


def _reading(value: Value, days: Days | None, workspace: Workspace, moment: Moment, campaigns: Campaigns) -> Reading:
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


def _period(metric: Metric, day: date | None, today: date, campaigns: Campaigns) -> Period:
    if metric.grain is not Grain.CAMPAIGN:
        return period_of(metric.grain, day) if day else last_complete(metric.grain, today)
    campaign = campaign_on(campaigns(), day or today - timedelta(days=1)) or campaign_on(campaigns(), day or today)
    if campaign is None:
        raise UserError("kpi.no_campaign", name=metric.code)
    return campaign_period(campaign)
