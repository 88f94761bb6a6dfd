"""How does the house keep what it needs to speak on other platforms: credentials, and pictures that are there already?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base


class CredentialRow(Base):
    """A binding's secrets, sealed. `version` counts renewals; until `lease_until` one replica alone renews them."""

    __tablename__ = "credentials"

    binding_id: Mapped[int] = mapped_column(ForeignKey("bindings.id"), primary_key=True, autoincrement=False)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    content: Mapped[bytes]
    expires_at: Mapped[datetime | None]
    version: Mapped[int]
    lease_until: Mapped[datetime | None]


class UploadRow(Base):
    """A picture that a platform has: its key there, by the hash of its content."""

    __tablename__ = "uploads"

    binding_id: Mapped[int] = mapped_column(ForeignKey("bindings.id"), primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    key: Mapped[str]
    created_at: Mapped[datetime]
