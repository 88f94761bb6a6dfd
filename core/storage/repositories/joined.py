"""How is one table's part of a row that joins several read as if it were a row of its own?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace

from sqlalchemy import Table

# Columns by their own names.
Part = SimpleNamespace


class Parts:
    """Takes apart a row that holds every column of the tables, one table after the other."""

    def __init__(self, *tables: Table) -> None:
        self._names = [tuple(table.columns.keys()) for table in tables]

    def __call__(self, row: Sequence[object]) -> Iterator[Part]:
        """Each table's part, in their order. Every act asks for some, and by name the library would look up column after column."""
        values = iter(row)
        return (Part(**dict(zip(names, values, strict=False))) for names in self._names)
