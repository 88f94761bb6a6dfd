"""Is this the database that was at work here, or a copy of one?"""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, text

from core.storage.base import table_of
from core.storage.tables.origin import OriginRow
from core.storage.transaction import Transaction
from core.storage.upsert import inserting

ORIGIN = table_of(OriginRow)
# A file does not know where it stands: a copy that is made on purpose says that it is one.
FILE, COPY = "file", "copy"
# The server and the database on it. A dump that is read back has another of either.
_SERVED = text(
    "SELECT system_identifier || '/' || pg_database.oid FROM pg_control_system(), pg_catalog.pg_database WHERE datname = current_database()"
)


class Origin:
    """Where the database was last at work, and where it is now."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    @property
    def _connection(self) -> Connection:
        return self._transaction.connection

    def last(self) -> str | None:
        """The place where it was last at work; None where it never was."""
        return self._connection.execute(select(ORIGIN.c.place)).scalar()

    def here(self) -> str:
        """The place where it is now."""
        if self._connection.dialect.name == "sqlite":
            return FILE
        return str(self._connection.execute(_SERVED).scalar_one())

    def keep(self, place: str) -> None:
        """Says that it is at work at that place from now on."""
        self._connection.execute(delete(ORIGIN).where(ORIGIN.c.place != place))
        self._connection.execute(inserting(self._connection.dialect.name, ORIGIN), {"place": place})
