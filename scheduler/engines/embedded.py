"""Who wakes the planner and the workers in the one process of a team? APScheduler's threads; what they do is found in the ledger, never in a job."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from threading import Event, Semaphore, Thread
from time import monotonic

from apscheduler.executors.pool import BasePoolExecutor  # type: ignore[import-untyped]  # APScheduler 3 has no types
from apscheduler.jobstores.base import JobLookupError  # type: ignore[import-untyped]  # the same
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]  # the same

from core.pool import Pool
from core.ports import Clock
from scheduler.engines.common import ASKED, FOUND, GRACE_SECONDS, SWEEP, Plans, Swept, sweeping
from scheduler.worker import Look, Worker

BUSY_SECONDS = 12.0
# How many looks at one row may be under way before an alarm for it is skipped.
ALARMS = 3


class _Executor(BasePoolExecutor):  # type: ignore[misc]  # the same
    """APScheduler's executor over threads of ours."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)


class _Scheduler(BackgroundScheduler):  # type: ignore[misc]  # the same
    """APScheduler's thread may be about to take away a job that has just run when the stop has taken away all of them."""

    def remove_job(self, job_id: str, jobstore: str | None = None) -> None:
        with suppress(JobLookupError):
            super().remove_job(job_id, jobstore)


class EmbeddedEngine:
    """Sweeps the ledger from time to time, and looks at one row when asked. An `Engine` of scheduler.engines.common."""

    connected = True

    def __init__(self, plans: Plans, worker: Worker, clock: Clock) -> None:
        self._plans = plans
        self._worker = worker
        self._clock = clock
        self.swept: Swept | None = None
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._found, self._asked = Pool(FOUND, "found"), Pool(ASKED, "asked")
        self._abreast = Semaphore(FOUND)
        self._stopping = Event()
        self._sweeping: Thread | None = None
        executors = {"default": _Executor(self._found), "asked": _Executor(self._asked)}
        self._scheduler = _Scheduler(timezone=UTC, executors=executors, job_defaults=defaults)

    def start(self) -> None:
        """Begins at once with what the ledger holds from before."""
        self._scheduler.start()
        self._sweeping = sweeping(self.sweep, self._stopping)

    def stop(self, seconds: float = GRACE_SECONDS) -> None:
        """Takes no new work, and returns when what was begun is done, or after that time."""
        end = monotonic() + seconds
        self._stopping.set()
        if self._sweeping is not None:
            self._sweeping.join(seconds)
        self._scheduler.shutdown(wait=True)
        for pool in (self._found, self._asked):
            pool.drain(max(0.0, end - monotonic()))

    def sweep(self) -> None:
        """Plans, sets alarms for what is to be done before the next sweep and for what is slow, and does what else can be done now."""
        self._plans.run()
        now = self._clock.now()
        agenda = self._worker.agenda(self._worker.ahead(), SWEEP)
        for look in agenda:
            if look.slow or look.at > now:
                self.alarm(look)
        self.swept = Swept(now, sum(look.at <= now for look in agenda))
        self._work(look for look in agenda if not look.slow and look.at <= now)

    def wake(self, delivery: int, at: datetime) -> None:
        """Looks at the delivery at that machine time. Call it after the commit."""
        self._ring(delivery, at, "asked")

    def alarm(self, look: Look) -> None:
        """Looks at what a sweep or a look found, at its time."""
        self._ring(look.delivery, look.at, "asked" if look.slow else "default")

    def _ring(self, delivery: int, at: datetime, executor: str) -> None:
        # An alarm may ring before the look that set it has quite ended: skipped, it would be lost. The row itself keeps two looks apart.
        job = {"id": str(delivery), "replace_existing": True, "max_instances": ALARMS}
        self._scheduler.add_job(self._look, "date", run_date=at, args=[delivery], executor=executor, **job)

    def _work(self, looks: Iterable[Look]) -> None:
        """What is not begun in good time before the next sweep is found by that one."""
        end = monotonic() + BUSY_SECONDS
        for look in looks:
            if self._stopping.is_set() or not self._abreast.acquire(timeout=max(0.0, end - monotonic())):
                return
            self._found.submit(self._released, look.delivery)

    def _released(self, delivery: int) -> None:
        try:
            self._look(delivery)
        finally:
            self._abreast.release()

    def _look(self, delivery: int) -> None:
        again = self._worker.look(delivery, SWEEP)
        if again is not None and not self._stopping.is_set():
            self.alarm(again)
