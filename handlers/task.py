"""What can people say about tasks? /task add, list, mine, done."""

from __future__ import annotations

import re

from core.domain.agenda import TaskFilter
from core.domain.workspaces import Permission
from core.errors import UserError
from core.messages.cards.task import added_card, finished_card, list_card, mine_card
from core.messages.model import Message
from core.services.cards import subjects_of, touch
from core.services.tasks import NewTask, add_task, agenda_of, finish_task, list_tasks
from handlers.kernel.arguments import Arguments, CampaignCode, FutureDay, Nothing, Owners, Rest, TaskNumber
from handlers.kernel.command import command
from handlers.kernel.context import Context
from handlers.reader import reader_of

_NUMBERS = re.compile(r"(?:[\s,，、]*(?:#|[Tt]-?)?[0-9]{1,9})+\s*")


class AddArguments(Arguments):
    """`owner` may name several people, parted by commas."""

    title: Rest
    due: FutureDay | None = None
    owner: Owners = ""
    campaign: CampaignCode = ""
    phase: str = ""
    standard: str = ""


class ListArguments(Arguments):
    """Open tasks of every campaign unless said."""

    filter: TaskFilter = TaskFilter.OPEN
    campaign: CampaignCode = ""


class DoneArguments(Arguments):
    """Which task, and what there is to say about it."""

    task: TaskNumber
    note: Rest = ""


@command("task add", zh="任务 添加", permission=Permission.MEMBER, changes=True)
def add(context: Context, arguments: AddArguments) -> Message:
    """Writes a task down; its owner is whoever writes it unless others are named."""
    new = NewTask(arguments.title, arguments.due, arguments.owner, arguments.campaign, arguments.phase, arguments.standard)
    task = add_task(context.uow, context.workspace, context.member, new, context.moment)
    campaign = context.uow.campaigns.get(context.workspace.id, task.campaign) if task.campaign else None
    touch(context.uow, context.workspace, subjects_of(task), context.moment, context.now)
    return added_card(task, campaign, context.member.id, reader_of(context))


@command("task list", zh="任务 列表", permission=Permission.VIEWER)
def list_(context: Context, arguments: ListArguments) -> Message:
    """The tasks of the team."""
    today = context.moment.today
    listed = list_tasks(context.uow, context.workspace, context.member, arguments.filter, arguments.campaign, today)
    return list_card(listed, reader_of(context), context.moment.instant)


@command("task mine", zh="任务 我的", permission=Permission.VIEWER, private=True)
def mine(context: Context, _arguments: Nothing) -> Message:
    """The tasks of the one who asks."""
    return mine_card(agenda_of(context.uow, context.workspace, context.member.id, context.moment.today), reader_of(context))


@command("task done", zh="任务 完成", permission=Permission.MEMBER, changes=True)
def done(context: Context, arguments: DoneArguments) -> Message:
    """Finishes a task, once. A note of numbers alone was meant as further tasks."""
    if _NUMBERS.fullmatch(arguments.note):
        raise UserError("task.finish.several", field="note", task=arguments.task, note=arguments.note.strip())
    at = context.moment.instant
    finished = finish_task(context.uow, context.workspace, context.member, arguments.task, arguments.note, at)
    if not finished.already:
        touch(context.uow, context.workspace, subjects_of(finished.task), context.moment, context.now)
    return finished_card(finished, reader_of(context))
