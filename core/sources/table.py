"""What does every file look like once it is open? A header, and columns of cells that come in pieces, each row with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.sources.cells import Cell

PIECE_ROWS = 16_384


class FileKind(StrEnum):
    """The formats that are read."""

    TEXT = "text"
    WORKBOOK = "workbook"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is too much, in bytes, columns and cells. `ratio` is unpacked to packed bytes, from `ratio_from` unpacked on.

    `parsed_bytes` is for a workbook's lists of sheets and styles, which become objects many times their size.
    """

    file_bytes: int = 200_000_000
    unpacked_bytes: int = 1_000_000_000
    parsed_bytes: int = 16_000_000
    ratio: int = 250
    ratio_from: int = 20_000_000
    columns: int = 500
    cells: int = 30_000_000
    merges: int = 50_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows: the line of each, and for each column of the header its cells."""

    lines: Sequence[int]
    columns: tuple[Sequence[Cell], ...]

    def rows(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """Line by line."""
        return zip(self.lines, zip(*self.columns, strict=True), strict=True)


@dataclass(frozen=True, slots=True)
class SourceTable:
    """An open file.

    `header_line` is the line of the header as people see it, 0 in Parquet, which has none. `total` counts the rows where that is known
    beforehand. `read` starts to read from the first row; its pieces may raise UserError where a file is damaged further down.
    """

    kind: FileKind
    header: tuple[str, ...]
    header_line: int
    total: int | None
    read: Callable[[], Iterator[Piece]]

    def pieces(self) -> Iterator[Piece]:
        """The rows below the header, in order."""
        return self.read()

    def rows(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """Every row with its line, for small tables."""
        for piece in self.pieces():
            yield from piece.rows()


def in_pieces(rows: Iterable[tuple[int, Sequence[Cell]]], width: int) -> Iterator[Piece]:
    """Rows, each of `width` cells, gathered into pieces."""
    lines: list[int] = []
    gathered: list[Sequence[Cell]] = []
    for line, cells in rows:
        lines.append(line)
        gathered.append(cells)
        if len(lines) == PIECE_ROWS:
            yield Piece(lines, tuple(zip(*gathered, strict=True)))
            lines, gathered = [], []
    if lines:
        yield Piece(lines, tuple(zip(*gathered, strict=True)))
