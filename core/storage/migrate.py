"""How does a database come to have today's tables? By Alembic, from nothing or from any earlier version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, func, inspect, select, text

from core.storage.engine import WRITING

if TYPE_CHECKING:
    from alembic.config import Config

# The last migration. Known here, so that a database that is current need not wait a third of a second for Alembic to be imported.
NEWEST = "0006"
_VERSIONS = "alembic_version"
# What processes that start together on PostgreSQL wait for: any number that nobody else uses.
_TURN = 6_174_001


def migrate(engine: Engine) -> None:
    """Brings the database up to date; does nothing where it is."""
    if is_current(engine):
        return
    from alembic import command

    with changing_tables(engine) as config:
        command.upgrade(config, "head")


@contextmanager
def changing_tables(engine: Engine) -> Iterator[Config]:
    """What Alembic needs to bring the tables to another version, in one transaction: cut short, it leaves nothing behind, on SQLite too."""
    config = alembic_config()
    with engine.execution_options(**{WRITING: True}).connect() as connection, _free_to_replace(connection), connection.begin():
        _take_turn(connection)
        config.attributes["connection"] = connection
        yield config
        if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise RuntimeError("a migration lost rows that others refer to")


@contextmanager
def _free_to_replace(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew, and does not drop one that others refer to, unless told so before a transaction."""
    if connection.dialect.name != "sqlite":
        yield
        return
    # Said to the driver itself: the library would begin a transaction first.
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")


def _take_turn(connection: Connection) -> None:
    """One process at a time: whoever comes second finds everything done. On SQLite a writer is alone anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_TURN)))


def is_current(engine: Engine) -> bool:
    """Whether the newest migration has been applied."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(_VERSIONS):
            return False
        return connection.scalars(text(f"SELECT version_num FROM {_VERSIONS}")).all() == [NEWEST]  # noqa: S608  # a constant


def alembic_config() -> Config:
    """Where the migrations stand."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(resources.files("core.storage").joinpath("migrations")))
    return config
