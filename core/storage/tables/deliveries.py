"""How are schedules and what they bring kept: outbox and ledger in one table?"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Serial, new_id


class ScheduleRow(Base):
    """What comes by itself, when and where. People call it by its `number`, which is given to no other in the workspace.

    `rule` is the cadence as JSON; `planned_until` is how far occurrences have become deliveries. Null `zone`, `locale` and `calendar` are the
    workspace's. `off` is why the house switched it off. A `removed` one stays, for what it brought names it.
    """

    __tablename__ = "schedules"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    number: Mapped[int]
    kind: Mapped[str]
    rule: Mapped[str]
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    enabled: Mapped[bool] = mapped_column(default=True)
    planned_until: Mapped[datetime | None]
    zone: Mapped[str | None]
    locale: Mapped[str | None]
    calendar: Mapped[str | None]
    paused_until: Mapped[date | None]
    off: Mapped[str | None]
    removed: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (UniqueConstraint("workspace_id", "number"), Index(None, "planned_until"))


class DayOffRow(Base):
    """A day on which the team does not work, or does though others rest: it goes before the country's calendar."""

    __tablename__ = "days_off"

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    working: Mapped[bool] = mapped_column(default=False)


class DeliveryRow(Base):
    """One message that must go out once. The unique key is the promise; state and lease are who works on it.

    `subject` is what the message shows the state of, `edits` the receipt of the message whose place it takes. `touched` says that the subject changed
    while the row was open. `asked_at` is when a person had it sent again. `untold` says that somebody has still to learn how it stands.
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
    asked_at: Mapped[datetime | None]
    untold: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        Index(None, "state", "due_at"),
        Index(None, "workspace_id", "subject"),
        Index(None, "untold", sqlite_where=text("untold"), postgresql_where=text("untold")),
    )
