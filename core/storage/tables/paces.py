"""How is it kept, for all replicas, when the next message may go where?"""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base


class PaceRow(Base):
    """One lane. Instants are machine time in milliseconds since 1970, so that a statement can reckon with them on either database.

    `free_at` is when the next turn is free. `interval_ms` is how far apart turns are, learned from refusals until `learned_until`.
    `paused_until` is how long the platform asked to be left alone: turns that were given before are void until then.
    """

    __tablename__ = "paces"

    scope: Mapped[str] = mapped_column(primary_key=True)
    free_at: Mapped[int]
    interval_ms: Mapped[int]
    learned_until: Mapped[int] = mapped_column(default=0)
    paused_until: Mapped[int] = mapped_column(default=0)
