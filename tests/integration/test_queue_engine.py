"""Does PgQueuer bring work from one process to another, and does nothing hang on it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from threading import Event
from time import monotonic, sleep
from uuid import uuid4

import psycopg
import pytest
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import FailingListenerError
from pgqueuer.domain.models import HealthCheckEvent

from core.domain.deliveries import Request
from core.domain.moments import business_time
from core.ports import Address
from core.services.deliveries import order
from core.storage.sealing import Sealer
from core.storage.unit_of_work import Database
from scheduler.engines.common import Duties
from scheduler.engines.pgqueuer import QueueEngine
from scheduler.stages import build_time
from tests.conftest import KEY
from tests.delivering import DUE, HOUR, OPENING, MovingClock, Post, open_shop, states
from tests.fakes import FakePlatform
from tests.postgres import PostgresServer

PATIENCE = 20
WEB, WORKER, SCHEDULER = Duties(plans=False, works=False), Duties(plans=False), Duties(works=False)


@pytest.fixture
def address(postgres: PostgresServer) -> str:
    return postgres.create(f"queue_{uuid4().hex[:8]}", "template_morningbell")


@pytest.fixture
def shared(address: str) -> Iterator[Database]:
    opened = Database.open(address, Sealer(KEY))
    yield opened
    opened.close()


@pytest.fixture
def begin(address: str) -> Iterator[Callable[[Post, Duties], QueueEngine]]:
    """Starts an engine and waits for its queue. It stops with the test."""
    with ExitStack() as stack:

        def begun(post: Post, duties: Duties) -> QueueEngine:
            engine = QueueEngine(post.planner, post.worker, post.clock, address, duties)
            stack.callback(engine.stop)
            engine.start()
            wait_until(lambda: engine.connected)
            return engine

        yield begun


def wait_until(holds: Callable[[], bool]) -> None:
    end = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < end, "it did not come about"
        sleep(0.01)


def plan_a_command(database: Database, key: str) -> int:
    shop, channel, _ = open_shop(database)
    with database.write() as uow:
        address = Address(channel.binding, channel.external_id)
        row = order(uow, shop, address, key, Request({"text": "done"}), business_time(shop, OPENING), OPENING)
        uow.commit()
    return row


def test_one_process_wakes_and_another_works_once(shared: Database, begin: Callable[[Post, Duties], QueueEngine]) -> None:
    out = Event()
    web, worker = Post(shared, MovingClock(OPENING)), Post(shared, MovingClock(OPENING), FakePlatform(after=lambda key: out.set()))
    ear, hands = begin(web, WEB), begin(worker, WORKER)
    row = plan_a_command(shared, "ask")
    for _ in range(5):
        ear.wake(row, OPENING)
        hands.wake(row, OPENING)
    assert out.wait(PATIENCE)
    hands.stop()
    assert (web.platform.keys(), worker.platform.keys()) == ([], ["command:ask"])


def test_what_one_process_plans_another_sends_when_it_is_due(shared: Database, begin: Callable[[Post, Duties], QueueEngine]) -> None:
    shop, *_ = open_shop(shared)
    out, clock = Event(), MovingClock(DUE - timedelta(seconds=1))
    worker = Post(shared, clock, FakePlatform(after=lambda key: out.set()))
    begin(worker, WORKER)
    begin(Post(shared, clock), SCHEDULER)
    wait_until(lambda: states(shared, shop) != [] and states(shared, shop)[0] == "built")
    clock.instant = DUE
    assert out.wait(PATIENCE)
    wait_until(lambda: states(shared, shop)[0] == "sent")
    assert len(worker.platform.keys()) == 1


def test_a_worker_begins_to_build_as_early_as_its_own_measured_time_wants(
    shared: Database, begin: Callable[[Post, Duties], QueueEngine], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, *_ = open_shop(shared)
    monkeypatch.setattr(build_time, "ASSUMED", HOUR)
    worker = Post(shared, MovingClock(DUE - HOUR))
    worker.planner.run()
    begin(worker, WORKER)
    wait_until(lambda: states(shared, shop)[0] == "built")


def test_a_lost_connection_is_opened_anew(address: str, shared: Database, begin: Callable[[Post, Duties], QueueEngine]) -> None:
    out = Event()
    worker = Post(shared, MovingClock(OPENING), FakePlatform(after=lambda key: out.set()))
    engine = begin(worker, WORKER)
    with psycopg.connect(address, autocommit=True) as connection:
        mine = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(mine)
    wait_until(lambda: not engine.connected)
    wait_until(lambda: engine.connected)
    engine.wake(plan_a_command(shared, "ask"), OPENING)
    assert out.wait(PATIENCE)


def test_a_queue_that_hears_nothing_any_more_is_opened_anew(
    shared: Database, begin: Callable[[Post, Duties], QueueEngine], monkeypatch: pytest.MonkeyPatch
) -> None:
    deaf, out, heard = Event(), Event(), QueueManager.listener_healthy

    async def once_deaf(manager: QueueManager, timeout: timedelta) -> HealthCheckEvent:
        if not deaf.is_set():
            deaf.set()
            raise FailingListenerError
        return await heard(manager, timeout)

    monkeypatch.setattr(QueueManager, "listener_healthy", once_deaf)
    worker = Post(shared, MovingClock(OPENING), FakePlatform(after=lambda key: out.set()))
    engine = begin(worker, WORKER)
    wait_until(deaf.is_set)
    wait_until(lambda: not engine.connected)
    wait_until(lambda: engine.connected)
    engine.wake(plan_a_command(shared, "ask"), OPENING)
    assert out.wait(PATIENCE)


def test_stopping_leaves_what_was_not_begun(shared: Database, begin: Callable[[Post, Duties], QueueEngine]) -> None:
    post = Post(shared, MovingClock(OPENING))
    engine = begin(post, WORKER)
    engine.stop()
    row = plan_a_command(shared, "ask")
    engine.wake(row, OPENING)
    assert post.platform.keys() == []
    assert not engine.connected
