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
    """One piece of work. `number` is what people call it by: 12 is written T-12. `owners` are member ids, in order."""

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
