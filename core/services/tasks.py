"""How is a task taken on, found and finished?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from core.domain.agenda import Agenda, Finished, Listed, TaskFilter, TaskQuery, agenda, query_for
from core.domain.campaigns import Campaign, Task, TaskState
from core.domain.moments import Moment
from core.domain.workspaces import Member, Permission, Workspace
from core.errors import Denied, UserError
from core.services.campaigns import find_campaign, find_phase
from core.services.people import find_people, names_of
from core.storage.unit_of_work import UnitOfWork

LONGEST_TITLE = 200
# What a phone shows without endless scrolling; the answer says how many there are.
LISTED = 20


@dataclass(frozen=True, slots=True)
class NewTask:
    """What a person wrote of a task: owners, campaign and phase by any name. Empty owners mean the writer."""

    title: str
    due: date | None = None
    owners: str = ""
    campaign: str = ""
    phase: str = ""
    standard: str = ""


def create_task(uow: UnitOfWork, workspace: Workspace, task: Task, at: datetime) -> Task:
    """Keeps a task (its `id` and `number` are ignored) and returns it with both. Raises UserError for a blank or too long title."""
    owners = tuple(dict.fromkeys(task.owners))
    return uow.tasks.add(workspace.id, replace(task, title=clean_title(task.title), owners=owners), at)


def add_task(uow: UnitOfWork, workspace: Workspace, actor: Member, new: NewTask, moment: Moment) -> Task:
    """Keeps what a person wrote as a task. Raises UserError for an unknown owner, campaign or phase, or an unusable title."""
    owners = find_people(uow, workspace, actor, new.owners, "owner") or (actor,)
    campaign = _campaign_for(uow, workspace, new, moment.today)
    task = Task(
        id=0,
        number=0,
        title=new.title,
        owners=tuple(member.id for member in owners),
        due=new.due,
        campaign=campaign.id if campaign else None,
        phase=find_phase(campaign, new.phase).code if campaign and new.phase.strip() else "",
        standard=new.standard.strip(),
    )
    return create_task(uow, workspace, task, moment.instant)


def list_tasks(uow: UnitOfWork, workspace: Workspace, actor: Member, chosen: TaskFilter, campaign: str, today: date) -> Listed:
    """The tasks of the filter, of one campaign where it is named. Raises UserError for an unknown campaign."""
    within = find_campaign(uow, workspace, campaign, today, "campaign") if campaign.strip() else None
    return _listed(uow, workspace, chosen, query_for(chosen, actor.id, today, within.id if within else None), within, today)


def week_tasks(uow: UnitOfWork, workspace: Workspace, today: date) -> Listed:
    """What the team has to finish this week, and what it should have finished before: the same for whoever asks."""
    return _listed(uow, workspace, TaskFilter.WEEK, query_for(TaskFilter.WEEK, 0, today), None, today)


def agenda_of(uow: UnitOfWork, workspace: Workspace, member: int, today: date) -> Agenda:
    """One person's open tasks."""
    return agenda(uow.tasks.find(workspace.id, TaskQuery(TaskState.OPEN, owner=member)), today)


def finish_task(uow: UnitOfWork, workspace: Workspace, actor: Member, number: int, note: str, at: datetime) -> Finished:
    """Marks a task as done; once done it stays as it was. Raises UserError for an unknown number, Denied for one who may not."""
    task = _numbered(uow, workspace, number)
    if task.state is TaskState.DONE:
        return Finished(task, already=True, lost_note=note.strip())
    if not may_finish(actor, task):
        names = names_of(uow, workspace)
        raise Denied("task.finish.denied", task=task.label, owners=" / ".join(names[owner] for owner in task.owners))
    if uow.tasks.finish(workspace.id, number, actor.id, at, note.strip()):
        return Finished(replace(task, state=TaskState.DONE, done_at=at, done_by=actor.id, note=note.strip()), already=False)
    return Finished(_numbered(uow, workspace, number), already=True, lost_note=note.strip())


def may_finish(actor: Member, task: Task) -> bool:
    """Its owners may, leads and admins may, and anyone who works here when nobody owns it."""
    return actor.id in task.owners or not task.owners or actor.permission >= Permission.LEAD


def clean_title(title: str) -> str:
    """The title on one line. Raises UserError when nothing readable is left or it is longer than 200 characters."""
    tidy = " ".join(title.split())
    if not any(character.isprintable() and not character.isspace() for character in tidy):
        raise UserError("task.title.blank", field="title")
    if len(tidy) > LONGEST_TITLE:
        raise UserError("task.title.long", field="title", length=len(tidy), longest=LONGEST_TITLE)
    return tidy


def _listed(uow: UnitOfWork, workspace: Workspace, chosen: TaskFilter, query: TaskQuery, within: Campaign | None, today: date) -> Listed:
    late = 0 if query.state is TaskState.DONE else uow.tasks.count(workspace.id, replace(query, state=TaskState.OPEN, due_before=today))
    return Listed(chosen, uow.tasks.find(workspace.id, query, LISTED), uow.tasks.count(workspace.id, query), late, within)


def _numbered(uow: UnitOfWork, workspace: Workspace, number: int) -> Task:
    task = uow.tasks.numbered(workspace.id, number)
    if task is None:
        raise UserError("task.unknown", field="task", number=number)
    return task


def _campaign_for(uow: UnitOfWork, workspace: Workspace, new: NewTask, today: date) -> Campaign | None:
    """The campaign that was named; the current one where only a phase was."""
    if not new.campaign.strip() and not new.phase.strip():
        return None
    return find_campaign(uow, workspace, new.campaign, today, "campaign")
