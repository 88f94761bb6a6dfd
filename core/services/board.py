"""How do the figures of a day, a week or a month stand against what they were meant to be?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.analysis.figures import Figures, derivable
from core.domain.boards import Board, Row, campaign_on, campaign_period
from core.domain.campaigns import Campaign
from core.domain.catalogue import METRICS
from core.domain.metrics import Dimension, Metric
from core.domain.moments import Moment
from core.domain.periods import Grain, Period, last_complete
from core.domain.readings import State
from core.domain.targets import Target
from core.domain.workspaces import Workspace
from core.errors import UserError
from core.storage.unit_of_work import UnitOfWork

WINDOW_DAYS = 35

_GRAINS = tuple(grain for grain in Grain if grain is not Grain.HOUR)
_DIMENSIONS = tuple(Dimension)


@dataclass(frozen=True, slots=True)
class Look:
    """All that was known at a moment of a stretch of days: figures and targets."""

    figures: Figures
    targets: tuple[Target, ...]

    def row(self, metric: Metric, period: Period, campaign: Campaign | None = None) -> Row:
        """The metric's figure of the period against its target."""
        return self.figures.row(metric, period, self.targets, campaign)


def load_window(uow: UnitOfWork, workspace: Workspace, since: date, until: date, moment: Moment, metrics: Collection[str] | None = None) -> Look:
    """What is known at the moment of the periods that begin from `since` to `until`, in three queries: readings, closed days, targets."""
    window = uow.readings.window(workspace.id, _GRAINS, since, until, moment.instant, metrics)
    closed = uow.readings.closed(workspace.id, since, until)
    figures = Figures(window, moment.today, closed, workspace.opened_on)
    return Look(figures, uow.targets.between(workspace.id, since, until, moment.instant, metrics))


def board(uow: UnitOfWork, workspace: Workspace, moment: Moment, day: date | None = None, grain: Grain = Grain.DAY) -> Board:
    """The board of the day (yesterday unless said), or of the last week or month complete by then. Raises UserError for a day to come.

    A day's board also holds what is aimed at with the campaign under way.
    """
    shown = day or moment.today - timedelta(days=1)
    if shown > moment.today:
        raise UserError("kpi.board.ahead", field="day")
    campaigns = uow.campaigns.all(workspace.id)
    campaign = campaign_on(campaigns, shown) if grain is Grain.DAY else None
    since = min([window_start(shown), *([campaign.launch] if campaign else [])])
    look = load_window(uow, workspace, since, shown, moment)
    built = build_board(look, campaigns, shown, grain)
    return replace(built, rows=_by_dimension([*built.rows, *_aimed_at(look, campaign, shown)])) if campaign else built


def window_start(day: date) -> date:
    """The first day that a board of the day looks at: 35 days back, and all of the last month complete by then."""
    return min(day - timedelta(days=WINDOW_DAYS - 1), last_complete(Grain.MONTH, day + timedelta(days=1)).start)


def build_board(look: Look, campaigns: Sequence[Campaign], day: date, grain: Grain = Grain.DAY) -> Board:
    """The rows by dimension, each metric at its native grain or the board's where that is coarser, as far as anything is known of it."""
    places = [(metric, place) for metric in METRICS if (place := place_of(metric, grain, day, campaigns))]
    rows = [look.row(metric, period, campaign) for metric, (period, campaign) in places]
    told = [row for row in rows if _worth(row, look.figures)]
    return Board(day, grain, _by_dimension(told))


def place_of(metric: Metric, grain: Grain, day: date, campaigns: Sequence[Campaign]) -> tuple[Period, Campaign | None] | None:
    """The period that a board of the grain shows for the metric: the day, the last one complete by then, or the campaign under way; None for none."""
    if metric.grain is Grain.CAMPAIGN:
        campaign = campaign_on(campaigns, day) if grain is Grain.DAY else None
        return (campaign_period(campaign), campaign) if campaign else None
    order = list(Grain)
    if grain is not Grain.DAY and order.index(metric.grain) > order.index(grain):
        return None
    shown = max(grain, metric.grain, key=order.index)
    return (Period(Grain.DAY, day) if shown is Grain.DAY else last_complete(shown, day + timedelta(days=1))), None


def _aimed_at(look: Look, campaign: Campaign, day: date) -> list[Row]:
    """Daily metrics that have a target for the campaign, from its launch to the day: as it stood when the day was over."""
    period = campaign_period(campaign)
    figures = replace(look.figures, today=min(look.figures.today, day + timedelta(days=1)))
    aimed = {target.metric for target in look.targets if target.campaign == campaign.id}
    return [figures.row(metric, period, look.targets, campaign) for metric in METRICS if metric.code in aimed and metric.grain is not Grain.CAMPAIGN]


def _by_dimension(rows: Sequence[Row]) -> tuple[Row, ...]:
    """In the order of the dimensions, within one as they came."""
    return tuple(sorted(rows, key=lambda row: _DIMENSIONS.index(row.metric.dimension)))


def _worth(row: Row, figures: Figures) -> bool:
    """What is known, what has a target, and what is missing although it is kept otherwise."""
    if row.figure.state not in (State.MISSING, State.CLOSED) or row.target is not None:
        return True
    return figures.tracks(row.metric) and (row.figure.period.grain is row.metric.grain or derivable(row.metric))
