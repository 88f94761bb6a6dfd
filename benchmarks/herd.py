"""What does nine o'clock cost, when many teams' digests fall due at once? `python -m benchmarks.herd [--plain 1000] [--drawn 100]`

On a PostgreSQL of its own, with one and two worker processes beside a planning one, and a platform on loopback. Each case is run from nine on, to
see how fast they go; then once from before nine with two workers, to see how long after nine the last one comes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic, perf_counter, sleep

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

from benchmarks.herd_teams import forget, nine, settle
from benchmarks.herd_worker import KEY, AheadClock, Meter, parts
from benchmarks.loopback import tally
from core.clock import SystemClock
from core.storage.migrate import migrate
from core.storage.sealing import Sealer
from core.storage.unit_of_work import Database
from scheduler.engines.common import Duties
from tests.postgres import PostgresServer

EARLY = timedelta(minutes=20)
MOST_SECONDS = 1800.0


@dataclass(frozen=True, slots=True)
class Ran:
    """One case: when each key was posted, counted in seconds from nine o'clock, what planning took, and what the workers cost."""

    posts: list[tuple[str, float]]
    planning: float
    cores: float
    megabytes: list[float]
    spent: dict[str, float]

    @property
    def rate(self) -> float:
        """Digests a second, between the first and the last."""
        times = [at for _, at in self.posts]
        return (len(times) - 1) / max(max(times) - min(times), 0.001)


class Herd:
    """The teams, and the processes that serve them."""

    def __init__(self, url: str, port: int, count: int) -> None:
        self._url = url
        self._port = port
        self._count = count

    def run(self, workers: int, start: timedelta) -> Ran:
        """Plans, and lets that many workers begin so long after nine o'clock."""
        real = SystemClock().now()
        at_nine = nine(real)
        forget(self._url, at_nine - EARLY)
        begun = perf_counter()
        parts(self._url, self._port, AheadClock(at_nine - EARLY - real), Duties(works=False), Meter()).planner.run()
        planning = perf_counter() - begun
        with ExitStack() as stack:
            # The clock is set when the workers are up: what they need to start is not measured.
            offset = at_nine + start - SystemClock().now() - timedelta(seconds=8)
            processes = [stack.enter_context(_worker(self._url, self._port, offset)) for _ in range(workers)]
            while SystemClock().now() + offset < at_nine + start:
                sleep(0.01)
            at = monotonic() - (SystemClock().now() + offset - at_nine).total_seconds()
            before = [_cpu(process.pid) for process in processes]
            engine = parts(self._url, self._port, AheadClock(offset), Duties(works=False), Meter()).engine
            engine.start()
            posts = self._awaited(at)
            cores = sum(_cpu(process.pid) for process in processes) - sum(before)
            megabytes = [_megabytes(process.pid) for process in processes]
            engine.stop()
            spent = [json.loads(process.communicate()[0].splitlines()[-1]) for process in processes]
        return Ran(posts, planning, cores, megabytes, {name: sum(each.get(name, 0.0) for each in spent) for name in ("process", "look", "digest")})

    def _awaited(self, at: float) -> list[tuple[str, float]]:
        posts: list[tuple[str, float]] = []
        end = monotonic() + MOST_SECONDS
        while len(posts) < self._count and monotonic() < end:
            sleep(0.5)
            posts += [(key, when - at) for key, when in tally(self._port)]
        # One that is sent twice would come about now.
        sleep(2)
        return posts + [(key, when - at) for key, when in tally(self._port)]


def report(url: str, port: int, count: int, pictures: bool) -> str:
    """Lines of one kind of herd."""
    herd = Herd(url, port, count)
    one, two = herd.run(1, timedelta(seconds=5)), herd.run(2, timedelta(seconds=5))
    lead = max(timedelta(seconds=20), timedelta(seconds=count / two.rate * 1.5))
    ahead = herd.run(2, -lead)
    return "\n".join(
        [
            f"{count} digests {'with' if pictures else 'without'} pictures",
            f"{'posts, distinct keys':<44}{len(one.posts):>8}{len({key for key, _ in one.posts}):>8}",
            f"{'the same by two':<44}{len(two.posts):>8}{len({key for key, _ in two.posts}):>8}",
            f"{'planning':<44}{one.planning:>8.2f} s",
            f"{'one worker':<44}{one.rate:>8.1f} digests/s",
            f"{'two workers':<44}{two.rate:>8.1f} digests/s, {two.rate / one.rate:.2f} ×",
            f"{'for each core that one worker uses':<44}{len(one.posts) / one.cores:>8.1f} digests/s",
            f"{'engine and ledger, of a worker with its child':<46}{_overhead(one):>6.1%}",
            f"{'memory of a worker with its child':<44}{max(one.megabytes + two.megabytes):>8.0f} MB",
            f"{f'built from {lead.total_seconds():.0f} s before, last post after nine':<44}{max(at for _, at in ahead.posts):>8.1f} s",
            f"{'posts before nine':<44}{sum(at < 0 for _, at in ahead.posts):>8}",
        ]
    )


def _overhead(ran: Ran) -> float:
    """All that the worker did beside making and posting digests, as a part of what it and its drawing child cost."""
    return (ran.spent["process"] - ran.spent["digest"]) / ran.cores


@contextmanager
def _worker(url: str, port: int, offset: timedelta) -> Iterator[subprocess.Popen[str]]:
    words = ["-m", "benchmarks.herd_worker", url, str(port), str(offset.total_seconds())]
    with subprocess.Popen([sys.executable, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def _family(pid: int) -> list[psutil.Process]:
    return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]


def _cpu(pid: int) -> float:
    return sum(float(times.user + times.system) for times in (process.cpu_times() for process in _family(pid)))


def _megabytes(pid: int) -> float:
    return sum(float(process.memory_info().rss) for process in _family(pid)) / 2**20


@contextmanager
def _platform() -> Iterator[int]:
    with subprocess.Popen([sys.executable, "-m", "benchmarks.loopback"], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline().rpartition(":")[2])
        finally:
            process.kill()


def main() -> None:
    """Both kinds of herd, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plain", type=int, default=1000, help="teams whose digests have no picture")
    parser.add_argument("--drawn", type=int, default=100, help="teams whose digests have one")
    sizes = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, PostgresServer(Path(folder)) as server, _platform() as port:
        for name, count in (("plain", sizes.plain), ("drawn", sizes.drawn)):
            url, pictures = server.create(f"herd_{name}"), name == "drawn"
            database = Database.open(url, Sealer(KEY))
            migrate(database.engine)
            settle(database, count, pictures, nine(SystemClock().now()) - EARLY)
            database.close()
            print(report(url, port, count, pictures), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
