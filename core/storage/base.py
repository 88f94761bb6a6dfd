"""What do all tables have in common? Named constraints, typed columns, and no query that nobody asked for."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import BigInteger, Date, Integer, MetaData, Table, Text
from sqlalchemy.orm import DeclarativeBase

from core.storage.types import Exact, UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite gives out keys by itself only for INTEGER.
Serial = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """The root of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {datetime: UtcDateTime, date: Date, Decimal: Exact, int: BigInteger, str: Text}


def table_of(row: type[Base]) -> Table:
    """The row's table, for queries without objects; the class itself declares it as a wider type."""
    return Base.metadata.tables[row.__tablename__]


def new_id() -> int:
    """A row's id known before the row is written, so that what is sealed in it can be bound to it."""
    return secrets.randbits(62)
