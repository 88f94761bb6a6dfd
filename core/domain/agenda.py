"""Which tasks does a person look at first, who is late with what, and how far has a campaign come?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.domain.campaigns import Campaign, Milestone, Phase, PhaseKind, Task, TaskState, due_on, next_milestone, overdue, stage_on
from core.domain.periods import Grain, following, period_of

SOON = timedelta(days=7)


class TaskFilter(StrEnum):
    """Which tasks a list shows. Those of the week are the open ones due by its Sunday, overdue ones too."""

    OPEN = "open"
    DONE = "done"
    OVERDUE = "overdue"
    WEEK = "week"
    MINE = "mine"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """What a task must be to be found; None asks for nothing. `due_before` is exclusive."""

    state: TaskState | None = None
    owner: int | None = None
    campaign: int | None = None
    due_before: date | None = None


def query_for(chosen: TaskFilter, member: int, today: date, campaign: int | None = None) -> TaskQuery:
    """The question that a filter means for the member who asks."""
    match chosen:
        case TaskFilter.OPEN:
            return TaskQuery(TaskState.OPEN, campaign=campaign)
        case TaskFilter.DONE:
            return TaskQuery(TaskState.DONE, campaign=campaign)
        case TaskFilter.OVERDUE:
            return TaskQuery(TaskState.OPEN, campaign=campaign, due_before=today)
        case TaskFilter.WEEK:
            return TaskQuery(TaskState.OPEN, campaign=campaign, due_before=following(period_of(Grain.WEEK, today)).start)
        case TaskFilter.MINE:
            return TaskQuery(TaskState.OPEN, owner=member, campaign=campaign)
        case TaskFilter.ALL:
            return TaskQuery(campaign=campaign)


@dataclass(frozen=True, slots=True)
class Finished:
    """A task after somebody said it is done. `already` tells that it was before; `lost_note` is what was typed then and not kept."""

    task: Task
    already: bool = False
    lost_note: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """The first tasks that a filter finds, with the number of all of them and of the overdue among them."""

    chosen: TaskFilter
    tasks: tuple[Task, ...]
    total: int
    overdue: int
    campaign: Campaign | None = None


@dataclass(frozen=True, slots=True)
class Agenda:
    """One person's open tasks: overdue (the oldest first), due today, due within seven days, and the rest, undated ones last."""

    overdue: tuple[Task, ...]
    today: tuple[Task, ...]
    soon: tuple[Task, ...]
    later: tuple[Task, ...]

    @property
    def urgent(self) -> tuple[Task, ...]:
        """All of them in the order in which they press."""
        return (*self.overdue, *self.today, *self.soon, *self.later)


def agenda(tasks: Iterable[Task], today: date) -> Agenda:
    """The open ones among the tasks, sorted into an agenda."""
    open_tasks = sorted((task for task in tasks if task.state is TaskState.OPEN), key=_pressing)
    ahead = [task for task in open_tasks if task.due is None or task.due > today]
    soon = tuple(task for task in ahead if task.due is not None and task.due <= today + SOON)
    return Agenda(overdue(open_tasks, today), due_on(open_tasks, today), soon, tuple(task for task in ahead if task not in soon))


@dataclass(frozen=True, slots=True)
class OwnerTasks:
    """What one member has overdue and due today. `owner` is None for tasks that nobody owns."""

    owner: int | None
    overdue: tuple[Task, ...]
    due: tuple[Task, ...]


def due_and_overdue_by_owner(tasks: Iterable[Task], today: date) -> tuple[OwnerTasks, ...]:
    """Open tasks that are overdue or due today, under each of their owners.

    Owners come in the order of their most pressing task (by due date, then number), tasks without an owner last.
    """
    pressing = sorted((task for task in tasks if _presses(task, today)), key=_pressing)
    owners = dict.fromkeys(owner for task in pressing for owner in task.owners)
    groups = [_owned(owner, [task for task in pressing if owner in task.owners], today) for owner in owners]
    orphans = [task for task in pressing if not task.owners]
    return (*groups, _owned(None, orphans, today)) if orphans else tuple(groups)


@dataclass(frozen=True, slots=True)
class PhaseProgress:
    """A phase of work with its tasks counted."""

    phase: Phase
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class CampaignSummary:
    """A campaign in one line: the phase and the selling period of the day, and its tasks counted."""

    campaign: Campaign
    now: tuple[Phase, ...]
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class CampaignProgress:
    """Where a campaign stands on a day. `now` is the phase and the selling period of that day; `late` holds overdue tasks only."""

    campaign: Campaign
    phases: tuple[PhaseProgress, ...]
    periods: tuple[Phase, ...]
    done: int
    total: int
    now: tuple[Phase, ...]
    next: Milestone | None
    late: tuple[OwnerTasks, ...]


def campaign_progress(campaign: Campaign, tasks: Iterable[Task], today: date) -> CampaignProgress:
    """Counts the campaign's own tasks by phase; those of other campaigns are passed over."""
    own = [task for task in tasks if task.campaign == campaign.id]
    return CampaignProgress(
        campaign=campaign,
        phases=tuple(_progress(phase, own) for phase in campaign.phases if phase.kind is PhaseKind.PHASE),
        periods=tuple(phase for phase in campaign.phases if phase.kind is PhaseKind.PERIOD),
        done=sum(task.state is TaskState.DONE for task in own),
        total=len(own),
        now=stage_on(campaign, today),
        next=next_milestone([campaign], today),
        late=due_and_overdue_by_owner(overdue(own, today), today),
    )


def _progress(phase: Phase, tasks: Iterable[Task]) -> PhaseProgress:
    own = [task for task in tasks if task.phase == phase.code]
    return PhaseProgress(phase, sum(task.state is TaskState.DONE for task in own), len(own))


def _owned(owner: int | None, tasks: list[Task], today: date) -> OwnerTasks:
    return OwnerTasks(owner, overdue(tasks, today), due_on(tasks, today))


def _presses(task: Task, today: date) -> bool:
    return task.state is TaskState.OPEN and task.due is not None and task.due <= today


def _pressing(task: Task) -> tuple[bool, date, int]:
    return (task.due is None, task.due or date.max, task.number)
