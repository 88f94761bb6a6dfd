"""How is a database opened so that readers never wait, writers never deadlock, and both databases behave alike?"""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from core.errors import ConfigurationError


class _Options(TypedDict):
    pool_size: int
    max_overflow: int
    hide_parameters: bool


POOL_SIZE = 8
BUSY_TIMEOUT_MS = 10_000
WRITING = "morningbell_writing"
# Parameters are what people typed and what is sealed: no error that a log may show repeats them.
_COMMON: _Options = {"pool_size": POOL_SIZE, "max_overflow": 0, "hide_parameters": True}


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql://…`. Raises ConfigurationError for anything else."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError("The database URL is not one. Write sqlite:///path/to/file.db or postgresql://user@host/name.") from error
    match parsed.get_backend_name():
        case "sqlite":
            return _sqlite(parsed)
        case "postgresql":
            return create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, **_COMMON)
        case other:
            raise ConfigurationError(f"Databases of the kind {other} are not supported. Use SQLite or PostgreSQL.")


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ConfigurationError("SQLite needs a file, since several threads read it: sqlite:///path/to/file.db")
    path = Path(url.database).expanduser()
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url.set(database=str(path)), connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, **_COMMON)
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN comes too late and is never IMMEDIATE; _begin_sqlite says it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON", "cache_size=-16000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that turns into a writer can fail at once, whatever the time-out; a writer says so from the start.
    writing = connection.get_execution_options().get(WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
