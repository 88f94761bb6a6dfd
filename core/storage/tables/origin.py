"""How does a database know that it is a copy?"""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base


class OriginRow(Base):
    """The place where this database was last at work, in one row. A copy brings along the place of the one that it was made from."""

    __tablename__ = "origin"

    place: Mapped[str] = mapped_column(primary_key=True)
