"""What does the environment say? Variables named MORNINGBELL_… or lines of a .env file."""

from __future__ import annotations

import os
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import ConfigurationError
from core.storage.engine import sqlite_file
from core.storage.sealing import Sealer, new_key

DEFAULT_DATABASE = "sqlite:///.data/morningbell.db"
_PREFIX = "MORNINGBELL_"


class Queue(StrEnum):
    """What says who works when: APScheduler in one process, PgQueuer among several on one PostgreSQL."""

    EMBEDDED = "embedded"
    PGQUEUER = "pgqueuer"


class Settings(BaseSettings):
    """Everything that a process can be told. Secrets never show in logs or errors."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore")

    database_url: str = Field(default=DEFAULT_DATABASE, repr=False, description="sqlite:///path/to/file.db or postgresql://user@host/name")
    key: SecretStr | None = Field(default=None, description="32 bytes in URL-safe base64; made beside an SQLite file when not given")
    host: str = Field(default="127.0.0.1", description="where the playground listens")
    port: int = Field(default=8080, ge=0, le=65535, description="the playground's port")
    hosts: str = Field(default="", description="further names by which browsers call the playground, separated by commas")
    workspace: str = Field(default="", description="the workspace of the team on Slack and Feishu, where there are several")
    queue: Queue | None = Field(default=None, description="embedded or pgqueuer; pgqueuer on PostgreSQL when not given, embedded on SQLite")
    metrics: bool = Field(default=True, description="whether /metrics answers")
    token: SecretStr | None = Field(default=None, description="what a browser must show when the playground is open to a network")

    @property
    def host_names(self) -> tuple[str, ...]:
        """The further names, one by one."""
        return tuple(name.strip() for name in self.hosts.split(",") if name.strip())


def load_settings(database: str | None = None) -> Settings:
    """The settings, with the database of the command line where it names one. Raises ConfigurationError, which repeats no value."""
    try:
        settings = Settings()
    except ValidationError as error:
        wrong = "; ".join(f"{_PREFIX}{str(item['loc'][0]).upper()}: {item['msg']}" for item in error.errors(include_input=False))
        raise ConfigurationError(f"A setting cannot be used. {wrong}.") from None
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError("The file .env cannot be read as UTF-8 text. Save it so, or remove it.") from None
    return settings if database is None else settings.model_copy(update={"database_url": database})


def sealer_for(settings: Settings) -> Sealer:
    """The key: from the settings, else from the file beside an SQLite database, made when there is none. Raises ConfigurationError."""
    beside = key_file(settings)
    if settings.key is not None:
        return Sealer.from_text(settings.key.get_secret_value())
    if beside is None:
        raise ConfigurationError("PostgreSQL needs MORNINGBELL_KEY: 32 bytes in URL-safe base64. `morningbell doctor` prints a fresh one.")
    if not beside.exists():
        if database_exists(settings):
            raise ConfigurationError(f"The database is there but its key is not: put back {beside}, or set MORNINGBELL_KEY.")
        _write_key(beside)
    return _read_key(beside)


def key_file(settings: Settings) -> Path | None:
    """The key's file beside an SQLite database; None for PostgreSQL. Raises ConfigurationError."""
    path = sqlite_file(settings.database_url)
    return path and path.with_name(f"{path.name}.key")


def database_exists(settings: Settings) -> bool:
    """Whether there is a database to be opened: always said of PostgreSQL, which alone knows. Raises ConfigurationError."""
    path = sqlite_file(settings.database_url)
    return path is None or path.exists()


def _read_key(path: Path) -> Sealer:
    try:
        return Sealer.from_text(path.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError, ConfigurationError):
        raise ConfigurationError(f"{path} holds no key that can be read. Put back the one that belongs to the database.") from None


def _write_key(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Unreadable for others from its first byte, whole when it appears, and never over one that another process has just made.
        with NamedTemporaryFile("w", encoding="ascii", dir=path.parent, prefix=f".{path.name}.") as fresh:
            fresh.write(new_key())
            fresh.flush()
            with suppress(FileExistsError):
                os.link(fresh.name, path)
    except OSError as error:
        raise ConfigurationError(f"{path.parent} cannot be written to: {error.strerror}. Choose another database with --database.") from None
