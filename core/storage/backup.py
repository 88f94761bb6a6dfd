"""How is an SQLite database copied while others work on it? By the database's own online copy, which is looked through before it counts."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from core.errors import BackupError
from core.storage.repositories.origin import COPY

_MARKS = ("DELETE FROM origin", f"INSERT INTO origin (place) VALUES ('{COPY}')")  # noqa: S608  # a constant


def back_up(source: Path, target: Path, look: Callable[[Path], None]) -> None:
    """Writes a copy as of now, one file without its log, readable by its owner alone, which knows that it is a copy.

    It appears whole or not at all, and not before `look` has opened it. Raises FileExistsError rather than overwrite, and BackupError when the copy
    cannot be made or is not sound.
    """
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _copied(source, fresh)
        look(fresh)
        _checked(fresh)
        _lasting(fresh)
        _named(fresh, target)
        _lasting(target.parent)
    except sqlite3.Error as error:
        raise BackupError(str(error)) from error
    finally:
        fresh.unlink(missing_ok=True)


def _named(fresh: Path, target: Path) -> None:
    # A link would refuse by itself, but not every disk to which people copy has links.
    if target.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    fresh.rename(target)


def _copied(source: Path, fresh: Path) -> None:
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as living, closing(sqlite3.connect(fresh)) as copy:
        # In one go: readers of a write-ahead log hold up nobody, and a copy in pieces begins again whenever somebody writes.
        living.backup(copy)
        for mark in _MARKS:
            copy.execute(mark)
        copy.commit()


def _checked(fresh: Path) -> None:
    with closing(sqlite3.connect(fresh)) as copy:
        # The log is for databases at work.
        copy.execute("PRAGMA journal_mode=DELETE")
        found = [str(line) for (line,) in copy.execute("PRAGMA integrity_check")]
    if found != ["ok"]:
        raise BackupError("; ".join(found[:3]))


def _lasting(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
