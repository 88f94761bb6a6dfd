"""How does a process speak with PgQueuer? On a loop in a thread of its own, which is all the asyncio that the scheduler has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from threading import Thread
from typing import ParamSpec

import structlog
from pgqueuer.adapters.drivers.psycopg import PsycopgDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.models import Job
from pgqueuer.domain.settings import DBSettings, Durability
from pgqueuer.queries import Queries
from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo

log = structlog.get_logger()

P = ParamSpec("P")
# Does what was asked for of a delivery, with that priority, elsewhere.
Take = Callable[[int, int], Future[None]]

# The ledger is the truth: jobs that a crash of the server forgets are found from it, so they need no log that is written ahead.
SETTINGS = DBSettings(db_schema="morningbell_jobs", durability=Durability.volatile)
LOOK = "look"
BATCH = 8
# How soon others take up what a killed process had taken, how often one that hears nothing asks, and how long after a lost connection it tries again.
HEARTBEAT = timedelta(seconds=15)
ASKING = timedelta(seconds=5)
RETRY_SECONDS = 2.0
TIDY_SECONDS = 600.0
# A server that is gone without a word is noticed after some 20 seconds.
PATIENCE = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3, "tcp_user_timeout": 20_000}


@dataclass(frozen=True, slots=True)
class Ask:
    """A wish that somebody looks at a delivery after that delay. Of those with one `key` that wait, one is kept."""

    delivery: int
    delay: timedelta
    key: str
    priority: int = 0


class Driver(PsycopgDriver):
    """Listens on one connection and asks on another: listening keeps its own for up to a second at a time."""

    def __init__(self, listening: AsyncConnection, asking: AsyncConnection) -> None:
        super().__init__(listening)
        self._asking = PsycopgDriver(asking)
        self._listens = asyncio.Event()

    async def add_listener(self, channel: str, callback: Callable[[str | bytes | bytearray], None]) -> None:
        await super().add_listener(channel, callback)
        self._listens.set()

    async def notify(self, channel: str, payload: str) -> None:
        # On the other connection it could be out before this one listens: the queue's probe of itself would be lost, and count as deafness.
        await self._listens.wait()
        await super().notify(channel, payload)

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        return await self._asking.fetch(query, *args)

    async def execute(self, query: str, *args: object) -> str:
        return await self._asking.execute(query, *args)


class Line:
    """Brings wishes to the queue; with `take`, also has done what it is asked to by it, until it is stopped."""

    def __init__(self, address: str, take: Take | None) -> None:
        self._address = address
        self._take = take
        self._thread = Thread(target=lambda: asyncio.run(self._run()), name="queue", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wishes: asyncio.Queue[Ask] = asyncio.Queue()
        self._stopped = asyncio.Event()
        self.connected = False

    def start(self) -> None:
        """Connects, as often as it takes."""
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """Takes nothing new, and returns when what was taken is done, or after that time."""
        self._soon(self._stopped.set)
        if self._thread.is_alive():
            self._thread.join(seconds)

    def ask(self, wishes: Sequence[Ask]) -> None:
        """From any thread. While there is no connection they wait; what is asked before the start, or is lost with a connection, a sweep finds."""
        self._soon(self._wished, wishes)

    def _soon(self, action: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        if self._loop is not None:
            # A loop that has ended needs nothing any more.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(lambda: action(*args, **kwargs))

    def _wished(self, wishes: Sequence[Ask]) -> None:
        for wish in wishes:
            self._wishes.put_nowait(wish)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        while not self._stopped.is_set():
            try:
                await self._connected()
            except Exception as error:
                # Whatever it was, there is another connection to be had, and the ledger meanwhile.
                log.warning("queue_lost", why=type(error).__name__, exc_info=True)
                await self._rest()
            finally:
                self.connected = False

    async def _connected(self) -> None:
        async with await _connection(self._address) as listening, await _connection(self._address) as asking:
            queries = _queries(Driver(listening, asking))
            await _installed(queries)
            self.connected = True
            async with asyncio.TaskGroup() as group:
                beside = [group.create_task(self._brought(queries)), group.create_task(_tidied(queries))]
                await (self._stopped.wait() if self._take is None else self._taken(queries))
                for task in beside:
                    task.cancel()

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._stopped.wait(), RETRY_SECONDS)
        except TimeoutError:
            return

    async def _brought(self, queries: Queries) -> None:
        while True:
            wishes = [await self._wishes.get()]
            while not self._wishes.empty():
                wishes.append(self._wishes.get_nowait())
            await queries.enqueue(
                [LOOK] * len(wishes),
                [str(wish.delivery).encode() for wish in wishes],
                [wish.priority for wish in wishes],
                [wish.delay for wish in wishes],
                [wish.key for wish in wishes],
                on_conflict="skip",
            )

    async def _taken(self, queries: Queries) -> None:
        manager = QueueManager(queries, SETTINGS.channel)
        manager.entrypoint(LOOK)(self._looked)
        ending = asyncio.create_task(self._ended(manager))
        try:
            await manager.run(
                dequeue_timeout=ASKING,
                batch_size=BATCH,
                max_concurrent_tasks=2 * BATCH,
                shutdown_on_listener_failure=True,
                heartbeat_timeout=HEARTBEAT,
                log_aggregation_interval=timedelta(0),
            )
        finally:
            ending.cancel()

    async def _ended(self, manager: QueueManager) -> None:
        """Its flag is its own: it sets that itself when it hears nothing any more, and another connection is to follow."""
        await self._stopped.wait()
        manager.shutdown.set()

    async def _looked(self, job: Job) -> None:
        if self._take is not None and job.payload is not None and not self._stopped.is_set():
            await asyncio.wrap_future(self._take(int(job.payload), job.priority))


async def _tidied(queries: Queries) -> None:
    """What became of a job is the ledger's to tell: the queue's own log is emptied from time to time."""
    while True:
        await queries.clear_queue_log(LOOK)
        await asyncio.sleep(TIDY_SECONDS)


async def _connection(address: str) -> AsyncConnection:
    return await AsyncConnection.connect(make_conninfo(address, **PATIENCE), autocommit=True)


def _queries(driver: Driver) -> Queries:
    return Queries(driver, QueryBuilderEnvironment(SETTINGS), QueryQueueBuilder(SETTINGS), QuerySchedulerBuilder(SETTINGS))


async def _installed(queries: Queries) -> None:
    """Makes the queue's tables where there are none, and brings older ones up to date; one process at a time."""
    async with queries.schema_lock():
        if await queries.schema_is_installed():
            await queries.upgrade()
        else:
            await queries.install()
