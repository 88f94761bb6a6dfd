"""How is a database opened so that readers never wait, writers never deadlock, and both databases behave alike?"""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from core.errors import ConfigurationError, Unreachable


class _Options(TypedDict):
    pool_size: int
    max_overflow: int
    pool_use_lifo: bool
    hide_parameters: bool


# As many as threads mostly work on it: six of the playground's, six of the chat platforms', five of the scheduler's. Those that wait for a platform
# take one for a moment now and then, and wait for it. No thread needs two at once.
POOL_SIZE = 17
BUSY_TIMEOUT_MS = 10_000
WRITING = "morningbell_writing"
_NOT_A_URL = "The database URL is not one. Write sqlite:///path/to/file.db or postgresql://user@host/name, and an @ in a password as %40."
# Parameters are what people typed and what is sealed: no error that a log may show repeats them. The connection that was used last is the warmest.
_COMMON: _Options = {"pool_size": POOL_SIZE, "max_overflow": 0, "pool_use_lifo": True, "hide_parameters": True}


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql://…`. ConfigurationError for anything else, Unreachable where its folder cannot be made."""
    file = sqlite_file(url)
    if file is not None:
        return _sqlite(_parsed(url), file)
    return create_engine(_parsed(url).set(drivername="postgresql+psycopg"), pool_pre_ping=True, **_COMMON)


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite URL; None for PostgreSQL. Raises ConfigurationError for anything else."""
    parsed = _parsed(url)
    match parsed.get_backend_name():
        case "sqlite":
            if not parsed.database or parsed.database == ":memory:":
                raise ConfigurationError("SQLite needs a file, since several threads read it: sqlite:///path/to/file.db")
            return Path(parsed.database).expanduser()
        case "postgresql":
            return None
        case other:
            raise ConfigurationError(f"Databases of the kind {other} are not supported. Use SQLite or PostgreSQL.")


def postgres_address(url: str) -> str | None:
    """The address as PostgreSQL's own library reads it, with its password; None for SQLite. Raises ConfigurationError."""
    if sqlite_file(url) is not None:
        return None
    return _parsed(url).set(drivername="postgresql").render_as_string(hide_password=False)


def reach(engine: Engine) -> None:
    """Connects once. Raises Unreachable, which says where and why, and never the password."""
    try:
        engine.connect().close()
    except DBAPIError as error:
        raise _unreachable(engine.url, error.orig) from None


def answers(engine: Engine) -> bool:
    """Whether the database does what it is asked now."""
    try:
        with engine.connect() as connection:
            connection.execute(select(1))
    except DBAPIError:
        return False
    return True


def _unreachable(url: URL, why: object) -> Unreachable:
    # The password is starred in a URL's text, but one may stand in its query too.
    shown = url.set(drivername=url.get_backend_name(), query={}).render_as_string()
    return Unreachable(f"The database {shown} cannot be opened: {' '.join(str(why).split())}")


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # Not chained: the cause may repeat a part of the password.
        raise ConfigurationError(_NOT_A_URL) from None
    if "@" in (parsed.host or ""):
        # A part of the password, which every error about the host would repeat.
        raise ConfigurationError(_NOT_A_URL)
    return parsed


def reading(engine: Engine) -> Engine:
    """The engine for transactions that only look, and see one state from their first query to their last: SQLite's do so by themselves."""
    return engine if engine.dialect.name == "sqlite" else engine.execution_options(isolation_level="REPEATABLE READ")


def _sqlite(url: URL, path: Path) -> Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unreachable(url, error) from None
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
    # Said to the driver itself: by the library it would take as long as half a query.
    connection.connection.cursor().execute("BEGIN IMMEDIATE" if writing else "BEGIN")
