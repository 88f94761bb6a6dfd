"""How are teams, their people and the places where they talk kept?"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Serial


class WorkspaceRow(Base):
    """A team. `frozen_at` is where a demo's clock stands, `owner_id` the member who began it, `newcomers` the permission of those who come by."""

    __tablename__ = "workspaces"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    locale: Mapped[str]
    timezone: Mapped[str]
    currency: Mapped[str]
    calendar: Mapped[str]
    demo: Mapped[bool] = mapped_column(default=False)
    frozen_at: Mapped[datetime | None]
    opened_on: Mapped[date | None]
    newcomers: Mapped[int]
    owner_id: Mapped[int | None]
    created_at: Mapped[datetime]


class MemberRow(Base):
    """A person; the name is sealed. `merged_into` is who they turned out to be the same person as.

    Between the local times `quiet_from` and `quiet_to` (HH:MM) nothing that comes by itself is to reach them; null is no such time.
    """

    __tablename__ = "members"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), index=True)
    name: Mapped[bytes]
    title: Mapped[str] = mapped_column(default="")
    handle: Mapped[str]
    permission: Mapped[int]
    locale: Mapped[str | None]
    timezone: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    merged_into: Mapped[int | None]
    quiet_from: Mapped[str | None]
    quiet_to: Mapped[str | None]

    __table_args__ = (UniqueConstraint("workspace_id", "handle"),)


class BindingRow(Base):
    """A workspace's presence on one platform: Slack team, Feishu tenant, or the playground. `state` is on or off."""

    __tablename__ = "bindings"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), index=True)
    platform: Mapped[str]
    tenant: Mapped[str]
    state: Mapped[str] = mapped_column(default="on")

    __table_args__ = (UniqueConstraint("platform", "tenant"),)


class AccountRow(Base):
    """A member's name on one binding."""

    __tablename__ = "accounts"

    binding_id: Mapped[int] = mapped_column(ForeignKey("bindings.id"), primary_key=True)
    external_id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)


class ChannelRow(Base):
    """A place of conversation on one binding. `gone` says that the bot is there no more."""

    __tablename__ = "channels"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), index=True)
    binding_id: Mapped[int] = mapped_column(ForeignKey("bindings.id"))
    external_id: Mapped[str]
    name: Mapped[str]
    locale: Mapped[str | None]
    direct_to: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    gone: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (UniqueConstraint("binding_id", "external_id"),)
