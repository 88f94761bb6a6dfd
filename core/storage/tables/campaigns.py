"""How are campaigns, their phases and their tasks kept?"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.storage.base import Base, Serial


class CampaignRow(Base):
    """A promotion with its phases."""

    __tablename__ = "campaigns"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    code: Mapped[str]
    name: Mapped[str]
    launch: Mapped[date]
    end: Mapped[date]
    phases: Mapped[list[PhaseRow]] = relationship(lazy="raise", cascade="all, delete-orphan", order_by="PhaseRow.start")

    __table_args__ = (UniqueConstraint("workspace_id", "code"),)


class PhaseRow(Base):
    """A stretch of a campaign."""

    __tablename__ = "campaign_phases"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    code: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    start: Mapped[date]
    end: Mapped[date]

    __table_args__ = (UniqueConstraint("campaign_id", "code"),)


class TaskRow(Base):
    """A piece of work. `number` counts up within the workspace."""

    __tablename__ = "tasks"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    number: Mapped[int]
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    phase: Mapped[str] = mapped_column(default="")
    title: Mapped[str]
    standard: Mapped[str] = mapped_column(default="")
    start: Mapped[date | None]
    due: Mapped[date | None]
    state: Mapped[str]
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    owners: Mapped[list[TaskOwnerRow]] = relationship(lazy="raise", cascade="all, delete-orphan", order_by="TaskOwnerRow.place")

    __table_args__ = (UniqueConstraint("workspace_id", "number"), Index(None, "workspace_id", "state", "due"))


class TaskOwnerRow(Base):
    """One of a task's owners, in order."""

    __tablename__ = "task_owners"

    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    place: Mapped[int]
