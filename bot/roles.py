"""What is one of several processes there for?"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """`web` hears people and answers them, `scheduler` plans and sweeps, `worker` builds and sends, `all` does everything."""

    ALL = "all"
    WEB = "web"
    SCHEDULER = "scheduler"
    WORKER = "worker"

    @property
    def hears(self) -> bool:
        """Whether people are heard here."""
        return self in (Role.ALL, Role.WEB)

    @property
    def plans(self) -> bool:
        """Whether it turns schedules into deliveries, and finds what there is to do."""
        return self in (Role.ALL, Role.SCHEDULER)

    @property
    def works(self) -> bool:
        """Whether it builds and sends what falls due."""
        return self in (Role.ALL, Role.WORKER)
