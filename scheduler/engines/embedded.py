"""Who wakes the planner and the workers in the one process of a team? APScheduler's threads; what they do is found in the ledger, never in a job."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from threading import Event, Semaphore
from time import monotonic

from apscheduler.executors.pool import BasePoolExecutor  # type: ignore[import-untyped]  # APScheduler 3 has no types
from apscheduler.jobstores.base import JobLookupError  # type: ignore[import-untyped]  # the same
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]  # the same

from core.pool import Pool
from core.ports import Clock
from scheduler.engines.common import GRACE_SECONDS, SWEEP, THREADS, Plans, Swept
from scheduler.worker import Look, Worker

# One thread sweeps, so many do what the sweep found, and the rest is left for what somebody waits for.
ABREAST = THREADS - 2
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
        self._pool = Pool(THREADS, "engine")
        self._abreast = Semaphore(ABREAST)
        self._stopping = Event()
        self._scheduler = _Scheduler(timezone=UTC, executors={"default": _Executor(self._pool)}, job_defaults=defaults)

    def start(self) -> None:
        """Begins at once with what the ledger holds from before."""
        self._scheduler.add_job(self.sweep, id="first sweep")
        self._scheduler.add_job(self.sweep, "interval", seconds=SWEEP.total_seconds(), id="sweep")
        self._scheduler.start()

    def stop(self, seconds: float = GRACE_SECONDS) -> None:
        """Takes no new work, and returns when what was begun is done, or after that time."""
        self._stopping.set()
        self._scheduler.shutdown(wait=True)
        self._pool.drain(seconds)

    def sweep(self) -> None:
        """Plans, sets alarms for what is to be done before the next sweep, and does what can be done now."""
        self._plans.run()
        now = self._clock.now()
        agenda = self._worker.agenda(self._worker.ahead(), SWEEP)
        ready = [look for look in agenda if look.at <= now]
        for look in agenda[len(ready) :]:
            self.wake(look.delivery, look.at)
        self.swept = Swept(now, len(ready))
        self._work(ready)

    def wake(self, delivery: int, at: datetime) -> None:
        """Looks at the delivery at that machine time. Call it after the commit."""
        # An alarm may ring before the look that set it has quite ended: skipped, it would be lost. The row itself keeps two looks apart.
        job = {"id": str(delivery), "replace_existing": True, "max_instances": ALARMS}
        self._scheduler.add_job(self._look, "date", run_date=at, args=[delivery], **job)

    def _work(self, looks: Sequence[Look]) -> None:
        """What is not begun in good time before the next sweep is found by that one."""
        end = monotonic() + BUSY_SECONDS
        for look in looks:
            if self._stopping.is_set() or monotonic() > end:
                return
            self._abreast.acquire()
            self._pool.submit(self._found, look.delivery)

    def _found(self, delivery: int) -> None:
        try:
            self._look(delivery)
        finally:
            self._abreast.release()

    def _look(self, delivery: int) -> None:
        again = self._worker.look(delivery, SWEEP)
        if again is not None and not self._stopping.is_set():
            self.wake(again.delivery, again.at)
