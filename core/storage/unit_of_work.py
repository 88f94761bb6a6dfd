"""What does one use case see of the database? Typed repositories over one transaction; leaving without commit undoes everything."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from types import TracebackType
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.storage.engine import WRITING, open_engine, reading
from core.storage.repositories.campaigns import Campaigns
from core.storage.repositories.chat import Chat, Files
from core.storage.repositories.credentials import Credentials, Uploads
from core.storage.repositories.days_off import DaysOff
from core.storage.repositories.deliveries import Deliveries
from core.storage.repositories.inbox import Inbox
from core.storage.repositories.links import Links
from core.storage.repositories.orders import Orders
from core.storage.repositories.origin import Origin
from core.storage.repositories.paces import Paces
from core.storage.repositories.places import Places
from core.storage.repositories.readings import Readings
from core.storage.repositories.receipts import Receipts
from core.storage.repositories.roles import Roles
from core.storage.repositories.schedules import Schedules
from core.storage.repositories.targets import Targets
from core.storage.repositories.tasks import Tasks
from core.storage.repositories.workspaces import Members, Workspaces
from core.storage.sealing import Sealer
from core.storage.transaction import Transaction


class Database:
    """One database with the key that seals its fields. Safe to share between threads."""

    def __init__(self, engine: Engine, sealer: Sealer) -> None:
        self.engine = engine
        self.sealer = sealer
        self._reader = reading(engine)
        self._writer = engine.execution_options(**{WRITING: True})

    @classmethod
    def open(cls, url: str, sealer: Sealer) -> Database:
        """Raises ConfigurationError for a URL that cannot be used. Migrations are `core.storage.migrate`'s."""
        return cls(open_engine(url), sealer)

    def read(self) -> UnitOfWork:
        """A consistent look; nothing is written."""
        return UnitOfWork(self._reader, self.sealer)

    def write(self) -> UnitOfWork:
        """A transaction that writes from its start. Keep it below half a second: on SQLite others wait for it."""
        return UnitOfWork(self._writer, self.sealer)

    def close(self) -> None:
        """Closes every connection."""
        self.engine.dispose()


class UnitOfWork:
    """A transaction in a `with` block."""

    def __init__(self, engine: Engine, sealer: Sealer) -> None:
        self._transaction = Transaction(engine)
        self.sealer = sealer
        self._after: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._transaction.close()

    def commit(self) -> None:
        """Makes everything lasting, then runs what waits for it."""
        self._transaction.commit()
        waiting, self._after = self._after, []
        for action in waiting:
            action()

    def release(self) -> None:
        """Ends what was looked at so far, before slow work: as long as a look is open, the database keeps everything that others replace."""
        self._transaction.rollback()

    def after_commit(self, action: Callable[[], None]) -> None:
        """Runs the action once the commit stands; never when it does not."""
        self._after.append(action)

    @property
    def session(self) -> Session:
        """The session of repositories that load rows as objects."""
        return self._transaction.session

    @cached_property
    def workspaces(self) -> Workspaces:
        return Workspaces(self.session)

    @cached_property
    def members(self) -> Members:
        return Members(self.session, self.sealer)

    @cached_property
    def places(self) -> Places:
        return Places(self._transaction, self.sealer)

    @cached_property
    def links(self) -> Links:
        return Links(self.session, self.sealer)

    @cached_property
    def roles(self) -> Roles:
        return Roles(self.session)

    @cached_property
    def credentials(self) -> Credentials:
        return Credentials(self.session, self.sealer)

    @cached_property
    def uploads(self) -> Uploads:
        return Uploads(self.session)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self._transaction, self.sealer)

    @cached_property
    def campaigns(self) -> Campaigns:
        return Campaigns(self.session)

    @cached_property
    def tasks(self) -> Tasks:
        return Tasks(self._transaction)

    @cached_property
    def chat(self) -> Chat:
        return Chat(self.session, self.sealer)

    @cached_property
    def files(self) -> Files:
        return Files(self.session, self.sealer)

    @cached_property
    def schedules(self) -> Schedules:
        return Schedules(self.session)

    @cached_property
    def days_off(self) -> DaysOff:
        return DaysOff(self.session)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self._transaction, self.sealer)

    @cached_property
    def receipts(self) -> Receipts:
        return Receipts(self._transaction)

    @cached_property
    def paces(self) -> Paces:
        return Paces(self._transaction)

    @cached_property
    def origin(self) -> Origin:
        return Origin(self._transaction)

    @cached_property
    def readings(self) -> Readings:
        return Readings(self._transaction)

    @cached_property
    def targets(self) -> Targets:
        return Targets(self._transaction)

    @cached_property
    def orders(self) -> Orders:
        return Orders(self.session)
