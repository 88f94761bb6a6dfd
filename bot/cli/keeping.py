"""How are the database and its key kept safe, and what if a copy is put back?"""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from bot.cli.run import Exit, Run, leave
from bot.settings import Settings, database_exists, key_file, sealer_for
from core.errors import BackupError
from core.services.copies import settle_all
from core.storage.backup import back_up
from core.storage.engine import sqlite_file
from core.storage.unit_of_work import Database

APART = "Without it nobody can read what the database holds. Keep it where backups are not: in a password manager, or with the machine's secrets."
DUMP = """PostgreSQL is copied by its own tools:
  pg_dump --format=custom --file={file} "$MORNINGBELL_DATABASE_URL"
and put back into a new database:
  createdb morningbell && pg_restore --no-owner --dbname=morningbell {file}
The key is in no dump. The restored database knows at its first start that it is one, and sends nothing again."""


def backup(run: Run, file: Path) -> None:
    """Copies an SQLite database while it is at work. Wrong usage: a file that is there, no database, or PostgreSQL, whose own tools are named."""
    settings = run.settings()
    source = sqlite_file(settings.database_url)
    if source is None:
        leave(Exit.USAGE, DUMP.format(file=shlex.quote(str(file))))
    _check_there(settings)
    _check_free(file)
    # Brought up to date first: the copy is to hold the mark of copies.
    run.house().database.close()
    try:
        back_up(source, file, lambda copy: _open(copy, settings))
    except (OSError, BackupError) as error:
        leave(Exit.FAULT, f"{file} could not be written: {_why(error)}. There is no backup there.")
    kept = "in MORNINGBELL_KEY" if settings.key else f"in {key_file(settings)}"
    run.tell(f"The database is copied to {file}, which was looked through and is sound.\nIts key is not in it. It is {kept}; save it apart:")
    run.tell("  morningbell keys export FILE", backup=str(file), bytes=file.stat().st_size)


def restored(run: Run) -> None:
    """Settles what a copy that was put back has open and due: it may have gone out meanwhile."""
    _check_there(run.settings())
    house = run.house()
    settled = settle_all(house.database, house.clock.now())
    run.tell(f"{settled} open deliveries were settled. What was due is not sent again; what comes next goes out as planned.", settled=settled)


def export_key(run: Run, file: Path) -> None:
    """Writes the key to a file of its own, which others cannot read. Wrong usage: a file that is there, or no key."""
    settings = run.settings()
    if settings.key is None:
        _check_there(settings)
    sealer_for(settings)
    _check_free(file)
    try:
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as fresh:
            fresh.write(_key(settings) + "\n")
    except OSError as error:
        leave(Exit.FAULT, f"{file} could not be written: {error.strerror}.")
    run.tell(
        f"The key is in {file}. {APART}\nTo use it: MORNINGBELL_KEY=$(cat {shlex.quote(str(file))}), or put it beside the database as NAME.db.key."
    )
    run.data["key"] = str(file)


def _key(settings: Settings) -> str:
    if settings.key is not None:
        return settings.key.get_secret_value().strip()
    beside = key_file(settings)
    return beside.read_text(encoding="ascii").strip() if beside else ""


def _check_there(settings: Settings) -> None:
    if not database_exists(settings):
        leave(Exit.USAGE, "There is no database yet. Make one: morningbell init NAME, or morningbell init --demo")


def _check_free(file: Path) -> None:
    if file.exists():
        leave(Exit.USAGE, f"{file} is there already, and nothing is written over it. Name another file.")


def _open(file: Path, settings: Settings) -> None:
    """Whether the copy opens with the key that the database has. Raises SealError."""
    database = Database.open(f"sqlite:///{file}", sealer_for(settings))
    try:
        with database.read() as uow:
            for workspace in uow.workspaces.all():
                uow.members.all(workspace.id)
    finally:
        database.close()


def _why(error: OSError | BackupError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
