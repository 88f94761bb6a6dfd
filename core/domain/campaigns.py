"""What is a campaign made of, what comes next in it, and which tasks are due or late? (template table 5)"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class PhaseKind(StrEnum):
    """Work phases (策划, 准备, 执行, 复盘) follow one another; selling periods (预热, 爆发, 返场) lie inside the execution phase."""

    PHASE = "phase"
    PERIOD = "period"


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Phase:
    """A named stretch of a campaign, both dates included. `code` is plan, prepare, run, review, warmup, burst or encore, or a team's own."""

    code: str
    kind: PhaseKind
    name: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Campaign:
    """A promotion from launch to end (the days on which it sells), with the phases of work around it in order of start."""

    id: int
    code: str
    name: str
    launch: date
    end: date
    phases: tuple[Phase, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work (a row of table 5). `number` is what people call it by: 12 is written T-12. `owners` are member ids, in order.

    `standard` says when it counts as done; `note` is what its finisher had to say.
    """

    id: int
    number: int
    title: str
    owners: tuple[int, ...]
    start: date | None = None
    due: date | None = None
    campaign: int | None = None
    phase: str = ""
    standard: str = ""
    state: TaskState = TaskState.OPEN
    done_at: datetime | None = None
    done_by: int | None = None
    note: str = ""

    @property
    def label(self) -> str:
        """The number as people write it."""
        return f"T-{self.number}"

    def days_late(self, today: date) -> int:
        """How many days ago an open task was due; 0 when it is not late."""
        if self.state is TaskState.DONE or self.due is None:
            return 0
        return max(0, (today - self.due).days)


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day on which something of a campaign begins or ends."""

    campaign: Campaign
    phase: Phase
    day: date
    begins: bool


def milestones(campaign: Campaign) -> tuple[Milestone, ...]:
    """Starts of every phase and period, and the end of the last phase, in order of day."""
    found = [Milestone(campaign, phase, phase.start, begins=True) for phase in campaign.phases]
    if campaign.phases:
        last = max(campaign.phases, key=lambda phase: phase.end)
        found.append(Milestone(campaign, last, last.end, begins=False))
    return tuple(sorted(found, key=lambda milestone: (milestone.day, milestone.phase.kind)))


def next_milestone(campaigns: Iterable[Campaign], today: date) -> Milestone | None:
    """The first milestone after today among all campaigns; None when nothing is ahead."""
    ahead = [milestone for campaign in campaigns for milestone in milestones(campaign) if milestone.day > today]
    return min(ahead, key=lambda milestone: milestone.day, default=None)


def overdue(tasks: Iterable[Task], today: date) -> tuple[Task, ...]:
    """Open tasks whose due date has passed, the longest overdue first."""
    late = [task for task in tasks if task.state is TaskState.OPEN and task.due is not None and task.due < today]
    return tuple(sorted(late, key=lambda task: (task.due or today, task.number)))


def due_on(tasks: Iterable[Task], day: date) -> tuple[Task, ...]:
    """Open tasks that end on that day."""
    return tuple(task for task in tasks if task.state is TaskState.OPEN and task.due == day)


def current_campaign(campaigns: Iterable[Campaign], today: date) -> Campaign | None:
    """The campaign that people mean when they name none: the one whose work is under way, else the next one, else the last one."""
    known = sorted(campaigns, key=lambda campaign: campaign.launch)
    under_way = [campaign for campaign in known if work_begins(campaign) <= today <= work_ends(campaign)]
    ahead = [campaign for campaign in known if work_begins(campaign) > today]
    return next(iter([*under_way, *ahead, *reversed(known)]), None)


def work_begins(campaign: Campaign) -> date:
    """The first day of its first phase, or its launch where that is earlier."""
    return min([campaign.launch, *(phase.start for phase in campaign.phases)])


def work_ends(campaign: Campaign) -> date:
    """The last day of its last phase, or its end where that is later."""
    return max([campaign.end, *(phase.end for phase in campaign.phases)])


def stage_on(campaign: Campaign, day: date) -> tuple[Phase, ...]:
    """The phase that the day lies in, and the selling period inside it, if any."""
    held = [phase for phase in campaign.phases if phase.start <= day <= phase.end]
    return tuple(sorted(held, key=lambda phase: phase.kind is PhaseKind.PERIOD))


class Flaw(StrEnum):
    """What can be wrong with a campaign's plan."""

    DATES = "dates"
    PHASE_DATES = "phase_dates"
    PERIOD_OUTSIDE = "period_outside"
    REPEATED = "repeated"


def flaw(campaign: Campaign) -> Flaw | None:
    """The first thing wrong with the plan: an end before its start, a selling period outside the selling days, a code used twice."""
    codes = [phase.code for phase in campaign.phases]
    periods = [phase for phase in campaign.phases if phase.kind is PhaseKind.PERIOD]
    if campaign.end < campaign.launch:
        return Flaw.DATES
    if any(phase.end < phase.start for phase in campaign.phases):
        return Flaw.PHASE_DATES
    if any(period.start < campaign.launch or period.end > campaign.end for period in periods):
        return Flaw.PERIOD_OUTSIDE
    return Flaw.REPEATED if len(set(codes)) < len(codes) else None
