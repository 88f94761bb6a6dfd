"""Does a serving process find its work in the ledger, and end in order?"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from queue import SimpleQueue
from threading import Event, Thread
from types import SimpleNamespace
from typing import cast

import pytest

from bot.platforms.web.threads import ACTING, LOOKING
from core.clock import FixedClock
from core.domain.deliveries import Request
from core.domain.moments import business_time
from core.ports import Address, JobQueue
from core.services.deliveries import order
from core.storage.engine import POOL_SIZE
from core.storage.unit_of_work import Database
from scheduler.engines import embedded as engines
from scheduler.engines.common import THREADS, Swept
from scheduler.engines.embedded import EmbeddedEngine
from scheduler.planner import Planner
from scheduler.worker import Look, Worker
from tests.delivering import DUE, OPENING, MovingClock, Post, open_shop, states
from tests.fakes import FakePlatform

PATIENCE = 20


def telling(event: Event) -> Callable[[str], None]:
    return lambda key: event.set()


def test_what_the_ledger_holds_goes_out_at_start(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)
    out = Event()
    post = Post(embedded, MovingClock(DUE), FakePlatform(after=telling(out)))
    engine = EmbeddedEngine(post.planner, post.worker, post.clock)
    engine.start()
    assert out.wait(PATIENCE)
    engine.stop()
    assert states(embedded, shop)[0] == "sent"


class Unswept(EmbeddedEngine):
    """Never finds anything by itself."""

    def sweep(self) -> None:
        """Nothing."""


def test_a_row_that_is_woken_goes_out_without_a_sweep(embedded: Database) -> None:
    shop, channel, _ = open_shop(embedded)
    out = Event()
    post = Post(embedded, MovingClock(OPENING), FakePlatform(after=telling(out)))
    engine = Unswept(post.planner, post.worker, post.clock)
    queue: JobQueue = engine
    engine.start()
    with embedded.write() as uow:
        request, address = Request({"text": "done"}), Address(channel.binding, channel.external_id)
        row = order(uow, shop, address, "ask", request, business_time(shop, OPENING), OPENING)
        uow.after_commit(lambda: queue.wake(row, OPENING))
        uow.commit()
    assert out.wait(PATIENCE)
    engine.stop()
    assert post.platform.keys() == ["command:ask"]


def test_stopping_waits_for_what_was_begun(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)
    begun, go_on = Event(), Event()

    def slow(key: str) -> None:
        begun.set()
        assert go_on.wait(PATIENCE)

    post = Post(embedded, MovingClock(DUE), FakePlatform(before=slow))
    engine = EmbeddedEngine(post.planner, post.worker, post.clock)
    engine.start()
    assert begun.wait(PATIENCE)
    stopping = Thread(target=engine.stop)
    stopping.start()
    assert states(embedded, shop)[0] == "sending"
    go_on.set()
    stopping.join(PATIENCE)
    assert states(embedded, shop)[0] == "sent"


def test_a_sweep_sets_an_alarm_for_what_falls_due_before_the_next(embedded: Database) -> None:
    open_shop(embedded)
    alarms: SimpleQueue[object] = SimpleQueue()

    class Heard(EmbeddedEngine):
        def alarm(self, look: Look) -> None:
            alarms.put(look.at)

    clock = MovingClock(OPENING)
    post = Post(embedded, clock)
    engine = Heard(post.planner, post.worker, post.clock)
    engine.sweep()
    assert alarms.empty()
    clock.instant = DUE.replace(hour=0, minute=59, second=50)
    engine.sweep()
    assert alarms.get(timeout=PATIENCE) == DUE
    assert post.platform.posts == []


def test_every_thread_finds_a_connection_of_the_pool() -> None:
    assert LOOKING + ACTING + THREADS <= POOL_SIZE


class Stuck:
    """A worker whose slow rows take until the gate is open."""

    def __init__(self, slow: Collection[int]) -> None:
        self.gate, self.done, self._slow = Event(), SimpleQueue[int](), slow

    def ahead(self) -> timedelta:
        return timedelta(0)

    def agenda(self, ahead: timedelta, within: timedelta) -> tuple[Look, ...]:
        return tuple(Look(row, DUE, row in self._slow) for row in range(8))

    def look(self, delivery: int, within: timedelta) -> None:
        if delivery in self._slow:
            self.gate.wait(PATIENCE)
        self.done.put(delivery)


def test_slow_commands_keep_neither_sweeps_nor_what_these_find_waiting() -> None:
    worker, plans = Stuck(range(6)), SimpleNamespace(run=lambda: 0)
    engine = EmbeddedEngine(plans, cast(Worker, worker), FixedClock(DUE))
    engine.start()
    for row in range(6):
        engine.wake(row, DUE)
    for _ in range(2):
        assert {worker.done.get(timeout=PATIENCE) for _ in range(2)} == {6, 7}
        engine.sweep()
    worker.gate.set()
    engine.stop()


def test_a_sweep_does_not_wait_without_end_for_what_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.01)
    worker = Stuck(())
    worker.look = lambda delivery, within: worker.gate.wait(PATIENCE)  # type: ignore[method-assign,assignment]  # hangs
    engine = EmbeddedEngine(SimpleNamespace(run=lambda: 0), cast(Worker, worker), FixedClock(DUE))
    engine.sweep()
    assert engine.swept == Swept(DUE, 8)
    worker.gate.set()


def test_what_hangs_does_not_keep_the_process_from_ending(embedded: Database) -> None:
    gate, begun = Event(), Event()

    def hangs() -> None:
        begun.set()
        gate.wait(PATIENCE)

    engine = EmbeddedEngine(cast(Planner, SimpleNamespace(run=hangs)), cast(Worker, SimpleNamespace()), FixedClock(DUE))
    engine.start()
    assert begun.wait(PATIENCE)
    engine.stop(0)
    assert not gate.is_set()
    gate.set()
