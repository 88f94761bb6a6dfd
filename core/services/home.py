"""What is there for a member to look at now?"""

from __future__ import annotations

from core.domain.agenda import TaskQuery
from core.domain.campaigns import TaskState
from core.domain.digests import leading
from core.domain.homes import Home
from core.domain.moments import Moment
from core.domain.periods import Grain
from core.domain.workspaces import Member, Permission, Workspace
from core.services.board import board
from core.services.tasks import agenda_of
from core.storage.unit_of_work import UnitOfWork

FIGURES = 4


def home(uow: UnitOfWork, workspace: Workspace, member: Member, moment: Moment) -> Home:
    """The member's tasks, the figures of yesterday that matter most, and for leads the team's overdue tasks."""
    rows = [row for row in board(uow, workspace, moment).rows if row.figure.period.grain is Grain.DAY and row.figure.value is not None]
    overdue = TaskQuery(TaskState.OPEN, due_before=moment.today)
    late = uow.tasks.count(workspace.id, overdue) if member.permission >= Permission.LEAD else None
    return Home(agenda_of(uow, workspace, member.id, moment.today), leading(rows)[:FIGURES], late)
