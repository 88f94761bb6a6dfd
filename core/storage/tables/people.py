"""How are jobs, who holds them, and the codes that join two accounts kept?"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Serial


class RoleRow(Base):
    """A job of the team (a row of template table 7). `folded` is the name by which it is found; `reports_to` is another job."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    name: Mapped[str]
    folded: Mapped[str]
    responsibilities: Mapped[str] = mapped_column(default="")
    reports_to: Mapped[int | None] = mapped_column(ForeignKey("roles.id"))
    works_with: Mapped[str] = mapped_column(default="")

    __table_args__ = (UniqueConstraint("workspace_id", "folded"),)


class RoleHolderRow(Base):
    """Who holds a job from which local date, and until which one, that date included."""

    __tablename__ = "role_holders"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    role_id: Mapped[int] = mapped_column(ForeignKey("roles.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    since: Mapped[date]
    until: Mapped[date | None]

    __table_args__ = (Index(None, "workspace_id", "member_id"), Index(None, "role_id"))


class LinkCodeRow(Base):
    """A code that joins the account of whoever types it to the member who was given it; only its keyed hash is kept."""

    __tablename__ = "link_codes"

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True, autoincrement=False)
    code_hash: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LinkTryRow(Base):
    """A code that a member typed and that was none: who guesses has to wait."""

    __tablename__ = "link_tries"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    tried_at: Mapped[datetime]

    __table_args__ = (Index(None, "member_id", "tried_at"),)
