"""What is there to know about one metric? Where it stands, against target and past, and how it came there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from core.analysis.figures import derivable
from core.domain.boards import Detail, campaign_on, campaign_period
from core.domain.campaigns import Campaign
from core.domain.metrics import Metric
from core.domain.moments import Moment
from core.domain.periods import Grain, Period, last_complete, periods_between, spanning
from core.domain.workspaces import Workspace
from core.errors import UserError
from core.services.board import Look, load_window
from core.services.targets import can_aim
from core.storage.unit_of_work import UnitOfWork

# How many days are shown unless said: four weeks, a quarter of weeks, a year of months.
SHOWN_DAYS = {Grain.DAY: 28, Grain.WEEK: 84, Grain.MONTH: 365, Grain.CAMPAIGN: 365}
# Far enough back for the same week a year ago, and for a month and the one before.
LOOK_BACK = timedelta(days=400)


def show(uow: UnitOfWork, workspace: Workspace, metric: Metric, days: tuple[date, date] | None, moment: Moment) -> Detail:
    """Everything of the metric up to the end of the range, or up to yesterday. Raises UserError for a range to come and where no campaign is.

    A range that is a week, a month, a quarter or a year is told as a whole where a figure of it can be known.
    """
    since, until = _stretch(metric, days, moment.today)
    look = load_window(uow, workspace, since - LOOK_BACK, until, moment, {metric.code, *metric.parts()})
    campaigns = uow.campaigns.all(workspace.id)
    periods = _periods(metric, since, until, campaigns)
    whole = spanning(*days) if days else None
    period, campaign = (whole, None) if whole and _known(metric, whole, look) else _newest(metric, until, campaigns)
    return Detail(
        row=look.row(metric, period, campaign),
        compared=look.figures.compare(metric, period),
        since=since,
        until=until,
        figures=tuple(look.figures.figure(metric, each) for each in periods),
        bands=tuple(campaign for campaign in campaigns if campaign.launch <= until and campaign.end >= since),
    )


def _stretch(metric: Metric, days: tuple[date, date] | None, today: date) -> tuple[date, date]:
    if days is None:
        yesterday = today - timedelta(days=1)
        return yesterday - timedelta(days=SHOWN_DAYS[metric.grain] - 1), yesterday
    since, until = days
    if since > today:
        raise UserError("kpi.show.ahead", field="days")
    return since, min(until, today)


def _known(metric: Metric, period: Period, look: Look) -> bool:
    """Whether the period's figure was given, or follows from days."""
    return look.figures.window.at(metric.code, period) is not None or (derivable(metric) and can_aim(metric, period.grain))


def _newest(metric: Metric, until: date, campaigns: Sequence[Campaign]) -> tuple[Period, Campaign | None]:
    if metric.grain is not Grain.CAMPAIGN:
        return Period(Grain.DAY, until) if metric.grain is Grain.DAY else last_complete(metric.grain, until + timedelta(days=1)), None
    begun = [campaign for campaign in campaigns if campaign.launch <= until]
    campaign = campaign_on(begun, until) or (begun[-1] if begun else None)
    if campaign is None:
        raise UserError("kpi.no_campaign", field="metric", name=metric.code)
    return campaign_period(campaign), campaign


def _periods(metric: Metric, since: date, until: date, campaigns: Sequence[Campaign]) -> tuple[Period, ...]:
    if metric.grain is Grain.CAMPAIGN:
        return tuple(campaign_period(campaign) for campaign in campaigns if campaign.launch <= until and campaign.end >= since)
    return tuple(period for period in periods_between(metric.grain, since, until) if period.end <= until)
