"""How does a database come to have today's tables? By Alembic, from nothing or from any earlier version."""

from __future__ import annotations

from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from core.storage.engine import WRITING


def migrate(engine: Engine) -> None:
    """Brings the database up to date; does nothing where it is."""
    if is_current(engine):
        return
    config = alembic_config()
    # One transaction: SQLite's DDL is transactional, and a migration cut short leaves nothing behind.
    with engine.execution_options(**{WRITING: True}).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(engine: Engine) -> bool:
    """Whether the newest migration has been applied."""
    with engine.connect() as connection:
        applied = MigrationContext.configure(connection).get_current_heads()
    return set(applied) == set(ScriptDirectory.from_config(alembic_config()).get_heads())


def alembic_config() -> Config:
    """Where the migrations stand."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("core.storage").joinpath("migrations")))
    return config
