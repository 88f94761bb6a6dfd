"""What time is it, for machines? Here alone the system's clock is read; everything else is told."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The system's own time."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        return datetime.now(UTC)  # noqa: TID251  # the one place


class FixedClock:
    """Stands where it is put, until it is moved."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        """The instant at which it stands."""
        return self.instant
