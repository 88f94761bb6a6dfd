"""How are schedules and what they bring kept: outbox and ledger in one table?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Serial, new_id


class ScheduleRow(Base):
    """What comes by itself, when and where. `rule` is JSON; `planned_until` is how far occurrences have become deliveries."""

    __tablename__ = "schedules"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    kind: Mapped[str]
    rule: Mapped[str]
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    enabled: Mapped[bool] = mapped_column(default=True)
    planned_until: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("workspace_id", "kind", "channel_id"),)


class DeliveryRow(Base):
    """One message that must go out once. The unique key is the promise; state and lease are who works on it.

    `subject` is what the message shows the state of, `edits` the receipt of the message whose place it takes. `touched` says that the subject changed
    while the row was open.
    """

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=new_id)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    key: Mapped[str]
    kind: Mapped[str]
    schedule_id: Mapped[int | None] = mapped_column(ForeignKey("schedules.id"))
    binding_id: Mapped[int] = mapped_column(ForeignKey("bindings.id"))
    conversation: Mapped[str]
    thread: Mapped[str | None]
    visible_to: Mapped[int | None]
    due_at: Mapped[datetime]
    request: Mapped[bytes | None]
    payload: Mapped[bytes | None]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    reason: Mapped[str | None]
    error: Mapped[str | None]
    receipt: Mapped[str | None]
    link: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    subject: Mapped[str] = mapped_column(default="")
    edits: Mapped[str | None]
    touched: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (UniqueConstraint("workspace_id", "key"), Index(None, "state", "due_at"), Index(None, "workspace_id", "subject"))
