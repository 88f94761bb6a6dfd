"""How is a row written whether or not its key is there already? In one statement, on either database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table
from sqlalchemy.orm import Session

from core.storage.base import Base

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite
    from sqlalchemy.sql.dml import ReturningInsert


def insert_new(session: Session, row: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An insert that can say what happens when the key is there already."""
    return insert_into(session.get_bind().dialect.name, row)


@cache
def inserting(dialect: str, table: Table) -> ReturningInsert[tuple[object, ...]]:
    """An insert that leaves alone what is there already, and returns the key of what was not. Made once, for statements on tables alone."""
    return insert_into(dialect, table).on_conflict_do_nothing().returning(*table.primary_key)


@cache
def inserting_many(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """The same for many rows at once: its `rowcount` says how many of them were new. Without keys to return, drivers send them much faster."""
    return insert_into(dialect, table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Writes every row, replacing what stands under its primary key. Rows have all of the table's columns."""
    if rows:
        connection.execute(_replacing(connection.dialect.name, table), list(rows))


@cache
def _replacing(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    keys = [column.name for column in table.primary_key]
    statement = insert_into(dialect, table)
    changes = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changes)


def insert_into(dialect: str, table: Table | type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An insert in the words of the database, which can say what happens when the key is there already."""
    # Here and not above: the one that is not in use costs every start a tenth of a second.
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)
