"""How is one table's part of a row that joins several read as if it were a row of its own?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import FromClause, Label, Row


class Part:
    """The columns that `labelled` gave the prefix, by their own names."""

    __slots__ = ("_prefix", "_row")

    def __init__(self, row: Row[*tuple[object, ...]], prefix: str) -> None:
        self._row = row
        self._prefix = prefix

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, self._prefix + name)


def labelled(table: FromClause, prefix: str) -> tuple[Label[Any], ...]:
    """Every column of the table under a name of its own."""
    return tuple(column.label(prefix + column.name) for column in table.columns)
