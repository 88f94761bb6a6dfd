"""How are figures and what they should be kept?"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Serial


class ReadingRow(Base):
    """The current value of a metric in a period from one source; the key stands in the order in which boards read it.

    `start` is the hour's start, or the midnight of the period's first local date, in UTC. `campaign_id` is 0 but for campaign grain.
    """

    __tablename__ = "readings"

    workspace_id: Mapped[int]
    grain: Mapped[str]
    start: Mapped[datetime]
    metric: Mapped[str]
    campaign_id: Mapped[int] = mapped_column(default=0)
    segment: Mapped[str] = mapped_column(default="")
    source: Mapped[str]
    value: Mapped[Decimal]
    state: Mapped[str]
    received_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        # On PostgreSQL the first migration adds the values to the key's index, which then answers a board alone. That is not said here,
        # because it would import PostgreSQL's dialect, a tenth of a second, at every start.
        PrimaryKeyConstraint("workspace_id", "grain", "start", "metric", "campaign_id", "segment", "source"),
        {"sqlite_with_rowid": False},
    )


class ReadingRevisionRow(Base):
    """A value that a later one of the same source replaced."""

    __tablename__ = "reading_revisions"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    grain: Mapped[str]
    start: Mapped[datetime]
    metric: Mapped[str]
    campaign_id: Mapped[int] = mapped_column(default=0)
    segment: Mapped[str] = mapped_column(default="")
    source: Mapped[str]
    value: Mapped[Decimal]
    state: Mapped[str]
    received_at: Mapped[datetime]
    revision: Mapped[int]

    __table_args__ = (Index(None, "workspace_id", "metric", "grain", "start"),)


class ClosedDayRow(Base):
    """A local date on which the shop was shut."""

    __tablename__ = "closed_days"

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


class TargetRow(Base):
    """What a metric should reach: standing from a day on, for one calendar period (`start`), or for a campaign."""

    __tablename__ = "targets"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    metric: Mapped[str]
    grain: Mapped[str]
    start: Mapped[date | None]
    campaign_id: Mapped[int | None]
    effective_from: Mapped[date]
    value: Mapped[Decimal]
    comparator: Mapped[str | None]
    set_by: Mapped[int | None]
    set_at: Mapped[datetime]

    __table_args__ = (Index(None, "workspace_id", "metric", "grain", "effective_from"),)
