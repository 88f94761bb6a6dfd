"""What does the environment say? Variables named MORNINGBELL_… or lines of a .env file."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import ConfigurationError
from core.storage.sealing import Sealer, new_key

DEFAULT_DATABASE = "sqlite:///.data/morningbell.db"
_SQLITE = "sqlite:///"


class Settings(BaseSettings):
    """Everything that a process can be told. Secrets never show in logs or errors."""

    model_config = SettingsConfigDict(env_prefix="MORNINGBELL_", env_file=".env", extra="ignore")

    database_url: str = Field(default=DEFAULT_DATABASE, description="sqlite:///path/to/file.db or postgresql://user@host/name")
    key: SecretStr | None = Field(default=None, description="32 bytes in URL-safe base64; made beside an SQLite file when not given")
    host: str = Field(default="127.0.0.1", description="where the playground listens")
    port: int = Field(default=8080, description="the playground's port")
    hosts: str = Field(default="", description="further names by which browsers call the playground, separated by commas")
    token: SecretStr | None = Field(default=None, description="what a browser must show when the playground is open to a network")

    @property
    def host_names(self) -> tuple[str, ...]:
        """The further names, one by one."""
        return tuple(name.strip() for name in self.hosts.split(",") if name.strip())


def sealer_for(settings: Settings) -> Sealer:
    """The key: from the settings, else from the file beside an SQLite database, made when there is none. Raises ConfigurationError."""
    if settings.key is not None:
        return Sealer.from_text(settings.key.get_secret_value())
    beside = key_file(settings)
    if beside is None:
        raise ConfigurationError("PostgreSQL needs MORNINGBELL_KEY: 32 bytes in URL-safe base64. `morningbell doctor` prints a fresh one.")
    if not beside.exists():
        if database_file(settings).exists():
            raise ConfigurationError(f"The database is there but its key is not: put back {beside}, or set MORNINGBELL_KEY.")
        _write_key(beside)
    return Sealer.from_text(beside.read_text(encoding="ascii"))


def key_file(settings: Settings) -> Path | None:
    """The key's file beside an SQLite database; None for PostgreSQL."""
    if not settings.database_url.startswith(_SQLITE):
        return None
    path = database_file(settings)
    return path.with_name(f"{path.name}.key")


def database_file(settings: Settings) -> Path:
    """The file of an SQLite database."""
    return Path(settings.database_url.removeprefix(_SQLITE)).expanduser()


def _write_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Made unreadable for others from its first byte, and never over one that another process has just made.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(new_key())
