"""Which engine says who works when in this process?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from bot.roles import Role
from bot.settings import Queue, Settings
from core.errors import ConfigurationError
from core.storage.engine import postgres_address

if TYPE_CHECKING:
    from core.ports import Clock
    from scheduler.engines.common import Engine, Plans
    from scheduler.worker import Worker

EngineMaker: TypeAlias = "Callable[[Plans, Worker, Clock], Engine]"


def engine_maker(settings: Settings, role: Role) -> EngineMaker:
    """What makes the engine of such a process. Raises ConfigurationError for a role or a queue that the database cannot bear."""
    address = postgres_address(settings.database_url)
    queue = settings.queue or (Queue.EMBEDDED if address is None else Queue.PGQUEUER)
    if address is None and role is not Role.ALL:
        raise ConfigurationError(f"SQLite serves one process, which does everything. For --role {role}, put the database on PostgreSQL.")
    if address is None and queue is Queue.PGQUEUER:
        raise ConfigurationError("MORNINGBELL_QUEUE=pgqueuer needs PostgreSQL. On SQLite leave it out.")
    if address is None or queue is Queue.EMBEDDED:
        return _embedded(role)
    return _shared(address, role)


def _embedded(role: Role) -> EngineMaker:
    if role is not Role.ALL:
        raise ConfigurationError(f"MORNINGBELL_QUEUE=embedded works inside one process. For --role {role}, leave it out.")

    def made(plans: Plans, worker: Worker, clock: Clock) -> Engine:
        from scheduler.engines.embedded import EmbeddedEngine

        return EmbeddedEngine(plans, worker, clock)

    return made


def _shared(address: str, role: Role) -> EngineMaker:
    def made(plans: Plans, worker: Worker, clock: Clock) -> Engine:
        from scheduler.engines.common import Duties
        from scheduler.engines.pgqueuer import QueueEngine

        return QueueEngine(plans, worker, clock, address, Duties(role.plans, role.works))

    return made
