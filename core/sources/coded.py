"""How does a large file fit into little memory? Each column keeps its different values once, and for each row only a number."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from core.sources.cells import Cell, CellError

Value = TypeVar("Value")


class CodedColumn:
    """One column of a file: 525 461 prices are 1 606 different ones, so each is understood once."""

    def __init__(self) -> None:
        self.codes = array("i")
        self._numbers = _Numbers()

    def extend(self, cells: Iterable[Cell]) -> None:
        """Adds rows."""
        self.codes.extend(map(self._numbers.__getitem__, cells))

    def values(self) -> list[Cell]:
        """The different cells, by their number."""
        return list(self._numbers)


class _Numbers(dict[Cell, int]):
    def __missing__(self, cell: Cell) -> int:
        self[cell] = number = len(self)
        return number


class Decoded(Generic[Value]):
    """A column understood: `column[row]` is its value, and `instead` where the cell could not be understood."""

    def __init__(self, column: CodedColumn, read: Callable[[Cell], Value], instead: Value) -> None:
        self._codes = column.codes
        self._cells = column.values()
        self._errors: dict[int, CellError] = {}
        self.values = [self._value(code, cell, read, instead) for code, cell in enumerate(self._cells)]

    def __getitem__(self, row: int) -> Value:
        return self.values[self._codes[row]]

    def _value(self, code: int, cell: Cell, read: Callable[[Cell], Value], instead: Value) -> Value:
        try:
            return read(cell)
        except CellError as error:
            self._errors[code] = error
            return instead

    def cell(self, row: int) -> Cell:
        """The cell as the file has it."""
        return self._cells[self._codes[row]]

    def bad_rows(self) -> Iterator[tuple[int, CellError]]:
        """The rows whose cell could not be understood, with the reason."""
        if self._errors:
            yield from ((row, self._errors[code]) for row, code in enumerate(self._codes) if code in self._errors)

    def grouped(self) -> array[int]:
        """For each row a number that rows of equal value share, in the order of first appearance: 489434 and "489434.0" are one."""
        numbers: dict[Value, int] = {}
        shared = [numbers.setdefault(value, len(numbers)) for value in self.values]
        return array("i", map(shared.__getitem__, self._codes))
