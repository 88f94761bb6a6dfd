"""How does the house know that it has answered a request before?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base


class InboxRow(Base):
    """A request that changed something, with its sealed answer."""

    __tablename__ = "inbox"

    platform: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str] = mapped_column(primary_key=True)
    request_key: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    answer: Mapped[bytes]
    received_at: Mapped[datetime]
