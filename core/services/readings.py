"""How do figures come to be kept? Logged by hand, or handed in by an import; either way by the same rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from core.domain import catalogue
from core.domain.boards import Logged, campaign_on, campaign_period
from core.domain.campaigns import Campaign
from core.domain.metrics import Metric
from core.domain.moments import Moment
from core.domain.periods import Grain, Period, last_complete, period_of
from core.domain.readings import Kept, Reading, on_arrival
from core.domain.workspaces import Locale, Workspace
from core.errors import UserError
from core.services.board import load_window
from core.services.values import Value, read_values
from core.storage.unit_of_work import UnitOfWork

HAND = "hand"


def keep_readings(uow: UnitOfWork, workspace: Workspace, readings: Iterable[Reading]) -> tuple[Kept, ...]:
    """Keeps readings of any source; those that came before their period was over are provisional until they are sent again."""
    return uow.readings.put(workspace.id, (on_arrival(reading, workspace.zone) for reading in readings))


def log(
    uow: UnitOfWork, workspace: Workspace, pairs: Sequence[tuple[str, str]], day: date | None, moment: Moment, locale: Locale
) -> tuple[Logged, ...]:
    """Keeps what a person logs, each value for its metric's native period that holds the day, or the last complete one.

    Raises one UserError for all that is wrong; then nothing is kept.
    """
    campaigns = uow.campaigns.all(workspace.id)
    readings = read_values(pairs, lambda value: _reading(value, day, workspace, moment, campaigns), workspace.currency, locale)
    kept = keep_readings(uow, workspace, readings)
    periods = [item.reading.period for item in kept]
    starts, codes = [period.start for period in periods], {item.reading.metric for item in kept}
    look = load_window(uow, workspace, min(starts), max(starts), moment, codes)
    named = {campaign.id: campaign for campaign in campaigns}
    return tuple(
        Logged(item, look.row(catalogue.metric(item.reading.metric), item.reading.period, named.get(item.reading.period.campaign or 0)))
        for item in kept
    )


def _reading(value: Value, day: date | None, workspace: Workspace, moment: Moment, campaigns: Sequence[Campaign]) -> Reading:
    name, typed = value.typed
    if value.comparator is not None:
        raise UserError("kpi.log.comparator", name=name, typed=typed)
    period = _period(value.metric, day, moment.today, campaigns)
    if period.start > moment.today:
        raise UserError("kpi.log.ahead", name=name)
    if workspace.opened_on and period.end < workspace.opened_on:
        raise UserError("kpi.log.before_opening", name=name, opened=workspace.opened_on.isoformat())
    return Reading(value.metric.code, period, value.value, HAND, moment.instant)


def _period(metric: Metric, day: date | None, today: date, campaigns: Sequence[Campaign]) -> Period:
    if metric.grain is not Grain.CAMPAIGN:
        return period_of(metric.grain, day) if day else last_complete(metric.grain, today)
    campaign = campaign_on(campaigns, day or today - timedelta(days=1)) or campaign_on(campaigns, day or today)
    if campaign is None:
        raise UserError("kpi.no_campaign", name=metric.code)
    return campaign_period(campaign)
