"""How are many cases played in a short time? Side by side: most of a case's time is waiting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue

from tests.faults.cases import Case
from tests.faults.grounds import Grounds
from tests.faults.lane import ALLOWED, Lane, Verdict, warm_up
from tests.postgres import PostgresServer

LANES = 8


def played(cases: Sequence[Case], folder: Path, postgres: PostgresServer, lanes: int = LANES, allowed: float = ALLOWED) -> Iterator[Verdict]:
    """The verdict on each case, in the order of the cases; a recovery may take `allowed` seconds."""
    grounds, free = Grounds(folder, postgres), SimpleQueue[Lane]()
    warm_up()
    with ExitStack() as open_lanes, ThreadPoolExecutor(lanes, "lane") as threads:
        for _ in range(lanes):
            free.put(open_lanes.enter_context(Lane(grounds, allowed)))
        yield from threads.map(lambda case: _in_a_free_one(case, free), cases)


def _in_a_free_one(case: Case, free: SimpleQueue[Lane]) -> Verdict:
    lane = free.get()
    try:
        return lane.play(case)
    finally:
        free.put(lane)
