"""What belongs to a member, wherever it is kept, and how does it become another's?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from core.storage.tables.campaigns import TaskOwnerRow, TaskRow
from core.storage.tables.chat import ChatMessageRow, FileRow
from core.storage.tables.deliveries import DeliveryRow, ScheduleRow
from core.storage.tables.orders import ImportRow
from core.storage.tables.people import LinkCodeRow, LinkTryRow, RoleHolderRow
from core.storage.tables.readings import TargetRow
from core.storage.tables.workspaces import AccountRow, ChannelRow, MemberRow, WorkspaceRow

# Every column that names a member.
NAMING: tuple[InstrumentedAttribute[Any], ...] = (
    AccountRow.member_id,
    ChannelRow.direct_to,
    ChatMessageRow.author,
    ChatMessageRow.visible_to,
    DeliveryRow.visible_to,
    FileRow.visible_to,
    ImportRow.member_id,
    LinkCodeRow.member_id,
    LinkTryRow.member_id,
    MemberRow.merged_into,
    RoleHolderRow.member_id,
    ScheduleRow.owner_id,
    TargetRow.set_by,
    TaskOwnerRow.member_id,
    TaskRow.done_by,
    WorkspaceRow.owner_id,
)


def move_everything(session: Session, workspace: int, gone: int, kept: int) -> None:
    """Lets every row of the workspace that names the one member name the other."""
    _give_up_shared(session, gone, kept)
    for column in NAMING:
        team = column.class_.id if column.class_ is WorkspaceRow else column.class_.workspace_id
        session.execute(update(column.class_).where(team == workspace, column == gone).values({column: kept}))


def _give_up_shared(session: Session, gone: int, kept: int) -> None:
    """A task that both own is the other's already, and so is a file that both shared."""
    other = aliased(TaskOwnerRow)
    theirs = select(other.task_id).where(other.member_id == kept)
    session.execute(delete(TaskOwnerRow).where(TaskOwnerRow.member_id == gone, TaskOwnerRow.task_id.in_(theirs)))
    file = aliased(FileRow)
    shared = select(file.ref).where(file.visible_to == kept, file.binding_id == FileRow.binding_id, file.origin == FileRow.origin)
    session.execute(delete(FileRow).where(FileRow.visible_to == gone, shared.exists()))
