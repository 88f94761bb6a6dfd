"""What do engines have in common? How often they sweep, how many threads work, and what a process is there for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.ports import JobQueue

SWEEP = timedelta(seconds=15)
# With the playground's threads and the chat platforms' as many as the connections of a database's pool.
THREADS = 4
GRACE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Duties:
    """What a process does for the ledger: plans and sweeps, works on what there is to do, or only says that there is something."""

    plans: bool = True
    works: bool = True


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: when, by the machine's clock, and how many rows there were to be looked at by then."""

    at: datetime
    ready: int


class Plans(Protocol):
    """What writes into the ledger, before each sweep, what is to go out."""

    def run(self) -> int:
        """How many rows are new."""
        ...


class Engine(JobQueue, Protocol):
    """A job queue in the serving process."""

    @property
    def swept(self) -> Swept | None:
        """The last sweep; None before the first, and where others sweep."""
        ...

    @property
    def connected(self) -> bool:
        """Whether what is woken now reaches somebody."""
        ...

    def start(self) -> None:
        """Begins at once with what the ledger holds from before."""
        ...

    def stop(self, seconds: float = GRACE_SECONDS) -> None:
        """Takes no new work, and returns when what was begun is done, or after that time."""
        ...
