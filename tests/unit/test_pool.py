"""Is all that was submitted done once, by as many threads as are needed and no more, and does nobody have to wait for what hangs?"""

from __future__ import annotations

from concurrent.futures import Future, wait
from threading import Barrier, Event, current_thread

import pytest

from core import pool
from core.pool import Pool

PATIENCE = 10


def test_work_that_meets_is_done_at_the_same_time() -> None:
    together = Barrier(3)
    futures = [(made := Pool(3, "test")).submit(together.wait, PATIENCE)]
    futures += [made.submit(together.wait, PATIENCE) for _ in range(2)]
    assert sorted(future.result(PATIENCE) for future in futures) == [0, 1, 2]


def test_no_more_threads_begin_than_are_allowed() -> None:
    made = Pool(2, "test")
    names = [made.submit(current_thread) for _ in range(50)]
    assert len({future.result(PATIENCE).ident for future in names}) <= 2


def test_an_error_reaches_whoever_asked_and_the_thread_goes_on() -> None:
    made = Pool(1, "test")
    broken: Future[float] = made.submit(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        broken.result(PATIENCE)
    assert made.submit(int, "7").result(PATIENCE) == 7


def test_what_was_cancelled_before_its_turn_is_not_done() -> None:
    made, held, done = Pool(1, "test"), Event(), []
    made.submit(held.wait, PATIENCE)
    late = made.submit(done.append, 1)
    assert late.cancel()
    held.set()
    assert made.submit(int).result(PATIENCE) == 0
    assert done == []


def test_an_idle_thread_ends_and_the_next_work_finds_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "IDLE_SECONDS", 0.01)
    made = Pool(1, "test")
    first = made.submit(current_thread).result(PATIENCE)
    first.join(PATIENCE)
    assert not first.is_alive()
    assert made.submit(current_thread).result(PATIENCE) is not first


def test_after_the_shutdown_what_waits_is_done_and_the_threads_end() -> None:
    made = Pool(2, "test")
    futures = [made.submit(int) for _ in range(20)]
    made.shutdown()
    made.drain(PATIENCE)
    assert not wait(futures, 0).not_done
