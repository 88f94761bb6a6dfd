"""What do engines have in common? How often they sweep, how many threads work, and what a process is there for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from time import monotonic
from typing import Protocol

import structlog

from core.ports import JobQueue

log = structlog.get_logger()

SWEEP = timedelta(seconds=15)
# One thread sweeps. What a sweep finds, and what somebody asks for, have threads of their own: slow commands must not keep digests waiting.
# With the playground's threads and the chat platforms' they are as many as the connections of a database's pool.
FOUND, ASKED = 2, 2
THREADS = 1 + FOUND + ASKED
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


def sweeping(sweep: Callable[[], None], stopping: Event) -> Thread:
    """A thread that sweeps at once and every `SWEEP` from then on, whatever becomes of the queue, until it is stopped."""

    def swept() -> None:
        while not stopping.is_set():
            begun = monotonic()
            try:
                sweep()
            except Exception:
                # The database may be away for a while.
                log.exception("sweep_failed")
            stopping.wait(SWEEP.total_seconds() - (monotonic() - begun))

    thread = Thread(target=swept, name="sweep", daemon=True)
    thread.start()
    return thread
