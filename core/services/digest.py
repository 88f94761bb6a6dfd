"""What should the team know this morning?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from core.analysis.figures import compared
from core.domain.agenda import TaskQuery, due_and_overdue_by_owner
from core.domain.boards import Compared, Comparison, Row
from core.domain.calendars import dates
from core.domain.campaigns import Campaign, TaskState, next_milestone
from core.domain.digests import SERIES, Digest, DigestRow, leading
from core.domain.metrics import Metric
from core.domain.moments import Moment
from core.domain.periods import Grain, Period, periods_between
from core.domain.readings import Figure
from core.domain.workspaces import Locale, Workspace
from core.messages.cards.digest import digest_card
from core.messages.cards.task_words import Reader
from core.messages.model import Message
from core.services.board import Look, build_board, load_window, window_start
from core.services.calendars import team_calendar
from core.services.people import names_of
from core.sources.calendars import knows_transfers
from core.storage.unit_of_work import UnitOfWork

LINE = timedelta(days=SERIES - 1)
WEEK = timedelta(weeks=1)
DAILY = 3
MADE_UP = "demo"


def digest_message(uow: UnitOfWork, workspace: Workspace, moment: Moment, locale: Locale) -> Message:
    """The digest of the moment's morning as a card."""
    reader = Reader(locale, moment.today, workspace.zone, names_of(uow, workspace))
    return digest_card(digest(uow, workspace, moment), reader, workspace.currency)


def digest(uow: UnitOfWork, workspace: Workspace, moment: Moment) -> Digest:
    """Everything that the digest of the moment's morning says."""
    morning, day = moment.today, moment.today - timedelta(days=1)
    covered = team_calendar(uow, workspace, morning).gap_before(morning)
    look = load_window(uow, workspace, min(window_start(day), covered[0] - WEEK), day, moment)
    campaigns = uow.campaigns.all(workspace.id)
    rows = tuple(_row(look, row, day) for row in leading(build_board(look, campaigns, day).rows))
    open_tasks = uow.tasks.find(workspace.id, TaskQuery(TaskState.OPEN, due_before=morning + timedelta(days=1)))
    return Digest(
        morning=morning,
        day=day,
        rows=rows,
        covered=covered if len(covered) > 1 else (),
        by_day=_by_day(look, rows, covered) if len(covered) > 1 else (),
        tasks=due_and_overdue_by_owner(open_tasks, morning),
        milestone=next_milestone(campaigns, day),
        bands=_bands(campaigns, day - LINE, day),
        made_up=look.figures.window.has_source(MADE_UP),
        unsettled=_unsettled(workspace.calendar, morning, covered[0]),
    )


def _unsettled(calendar: str, morning: date, before: date) -> int | None:
    """Said on the first working morning of December, of the year to come, and of January, of the one that has begun."""
    if morning.month not in (12, 1) or before.month == morning.month:
        return None
    year = morning.year + 1 if morning.month == 12 else morning.year
    return None if knows_transfers(calendar, year) else year


def _row(look: Look, row: Row, day: date) -> DigestRow:
    return DigestRow(row, _weekday(look, row), tuple(_series(look, row.metric, day)))


def _weekday(look: Look, row: Row) -> Compared | None:
    period = row.figure.period
    if period.grain is not Grain.DAY:
        return None
    base = look.figures.figure(row.metric, Period(Grain.DAY, period.start - WEEK))
    return compared(Comparison.WEEKDAY, row.figure, base)


def _series(look: Look, metric: Metric, day: date) -> list[Figure]:
    if metric.grain is Grain.CAMPAIGN:
        return []
    since = day - LINE
    periods = [period for period in periods_between(metric.grain, since, day) if since <= period.end <= day]
    return [look.figures.figure(metric, period) for period in periods]


def _by_day(look: Look, rows: Sequence[DigestRow], covered: Sequence[date]) -> tuple[tuple[Figure, ...], ...]:
    daily = [item.row.metric for item in rows if item.row.figure.period.grain is Grain.DAY][:DAILY]
    if not daily:
        return ()
    days = dates(covered[0], covered[-1])
    return tuple(tuple(look.figures.figure(metric, Period(Grain.DAY, day)) for metric in daily) for day in days)


def _bands(campaigns: Sequence[Campaign], since: date, until: date) -> tuple[Campaign, ...]:
    return tuple(campaign for campaign in campaigns if campaign.launch <= until and campaign.end >= since)
