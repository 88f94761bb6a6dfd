"""Who wakes the planner and the workers while the process serves? APScheduler's threads; what they do is found in the ledger, never in a job."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import BasePoolExecutor  # type: ignore[import-untyped]  # APScheduler 3 has no types
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]  # the same

from core.pool import Pool
from scheduler.planner import Planner
from scheduler.worker import Worker

SWEEP = timedelta(seconds=15)
BUILD_AHEAD = timedelta(minutes=5)
THREADS = 4
GRACE_SECONDS = 5.0


class _Executor(BasePoolExecutor):  # type: ignore[misc]  # the same
    """APScheduler's executor over threads of ours."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)


class Engine:
    """Sweeps the ledger from time to time, and looks at one row when asked. Implements `core.ports.JobQueue`."""

    def __init__(self, planner: Planner, worker: Worker) -> None:
        self._planner = planner
        self._worker = worker
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._pool = Pool(THREADS, "engine")
        self._scheduler = BackgroundScheduler(timezone=UTC, executors={"default": _Executor(self._pool)}, job_defaults=defaults)

    def start(self) -> None:
        """Begins at once with what the ledger holds from before."""
        self._scheduler.add_job(self.sweep, id="first sweep")
        self._scheduler.add_job(self.sweep, "interval", seconds=SWEEP.total_seconds(), id="sweep")
        self._scheduler.start()

    def stop(self, seconds: float = GRACE_SECONDS) -> None:
        """Takes no new work, and returns when what was begun is done, or after that time."""
        self._scheduler.shutdown(wait=True)
        self._pool.drain(seconds)

    def sweep(self) -> None:
        """Plans, works on all that is due, builds ahead, and sets an alarm for what falls due before the next sweep."""
        self._planner.run()
        self._worker.run_due(ahead=BUILD_AHEAD)
        for delivery in self._worker.upcoming(SWEEP):
            self.wake(delivery.id, delivery.due_at)

    def wake(self, delivery: int, at: datetime) -> None:
        """Looks at the delivery at that machine time. Call it after the commit."""
        self._scheduler.add_job(self._worker.run, "date", run_date=at, args=[delivery], id=str(delivery), replace_existing=True)
