"""On what is a case played? A database of its own with a shop in it, whose digest is due in a moment on both platforms."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Lock, Timer
from time import sleep
from urllib.parse import urlsplit

import psycopg

from core.clock import SystemClock
from core.domain.cadences import Once, Timed
from core.domain.deliveries import Delivery, Kind
from core.domain.schedules import Schedule
from core.domain.workspaces import Channel, Locale, Member, Permission, Workspace
from core.storage.migrate import migrate
from core.storage.sealing import Sealer
from core.storage.unit_of_work import Database
from tests.conftest import KEY
from tests.postgres import PostgresServer

TEMPLATE = "template_faults"
# So long until a digest is due: enough to be planned by a sweep, and built.
LEAD = timedelta(seconds=3.5)
SHORTLY = timedelta(seconds=0.3)


@dataclass(frozen=True)
class Place:
    """A channel on a platform."""

    platform: str
    tenant: str
    conversation: str


class Grounds:
    """Makes databases of both kinds, quickly, from templates."""

    def __init__(self, folder: Path, postgres: PostgresServer) -> None:
        self._folder, self._postgres = folder, postgres
        self._numbers, self._making = count(), Lock()
        # What the processes say.
        self.log = folder / "log"
        for url in (f"sqlite:///{folder / 'template.db'}", postgres.create(TEMPLATE)):
            with closing(Database.open(url, Sealer(KEY))) as template:
                migrate(template.engine)

    @contextmanager
    def small_disk(self) -> Iterator[str]:
        """The URL of an empty SQLite database on a disk of a few megabytes; on the common one where nothing can be mounted."""
        folder = self._folder / f"disk_{next(self._numbers)}"
        folder.mkdir()
        mounted = _mounted(folder)
        try:
            shutil.copy(self._folder / "template.db", folder / "case.db")
            yield f"sqlite:///{folder / 'case.db'}"
        finally:
            if mounted:
                subprocess.run(["umount", "--lazy", folder], check=True)

    def fresh(self, database: str) -> str:
        """The URL of an empty database."""
        name = f"case_{next(self._numbers)}"
        if database == "sqlite":
            shutil.copy(self._folder / "template.db", self._folder / f"{name}.db")
            return f"sqlite:///{self._folder / name}.db"
        with self._making:
            return self._postgres.create(name, TEMPLATE)


def _mounted(folder: Path) -> bool:
    if shutil.which("mount") is None:
        return False
    return subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", folder], capture_output=True, check=False).returncode == 0


def open_shop(database: Database, places: Sequence[Place]) -> Workspace:
    """A shop with a channel at each of the places."""
    now = SystemClock().now()
    with database.write() as uow:
        shop = uow.workspaces.add(Workspace(0, "半山茶铺", Locale.ZH, _noon(now), "CNY", "CN"), now)
        owner = uow.members.add(shop.id, Member(0, "林晓", Permission.ADMIN, "运营经理", "lin"))
        uow.workspaces.set_owner(shop.id, owner.id)
        for place in places:
            binding = uow.places.bind(shop.id, place.platform, place.tenant)
            uow.places.add_channel(shop.id, Channel(0, binding, place.conversation, "ops"))
        uow.commit()
    return shop


def order_digests(database: Database, shop: Workspace) -> datetime:
    """In a moment a digest comes to each of the shop's channels, once. Returns when."""
    now = SystemClock().now()
    due = now + LEAD
    local = due.astimezone(shop.zone)
    with database.write() as uow:
        for channel in uow.places.channels(shop.id):
            cadence = Timed(local.time(), Once(local.date()))
            uow.schedules.add(shop.id, Schedule(0, 0, Kind.DIGEST, cadence, channel.id, planned_until=now))
        uow.commit()
    return due


def _noon(now: datetime) -> str:
    """A zone in which it is about noon, so that no case runs over midnight."""
    return f"Etc/GMT{now.astimezone(UTC).hour - 12:+d}"


def digests(database: Database) -> list[Delivery]:
    """The shop's digests in the ledger."""
    with database.read() as uow:
        return [row for row in uow.deliveries.of(uow.workspaces.all()[0].id) if row.kind is Kind.DIGEST]


@contextmanager
def away(url: str, seconds: float, at: datetime) -> Iterator[None]:
    """From shortly before that instant on, for so many seconds, nobody can use the database.

    SQLite is locked; PostgreSQL cuts everybody off and lets nobody in.
    """
    wait = max(0.0, (at - SHORTLY - SystemClock().now()).total_seconds())
    close = _lock if url.startswith("sqlite") else _shut
    timer = Timer(wait, close, (url, seconds))
    if seconds:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if seconds:
            timer.join()


def _lock(url: str, seconds: float) -> None:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        sleep(seconds)
        connection.execute("ROLLBACK")


def _shut(url: str, seconds: float) -> None:
    name = urlsplit(url).path.strip("/")
    with psycopg.connect(url.replace(f"/{name}?", "/template1?"), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        sleep(seconds)
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
