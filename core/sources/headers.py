"""Where does the table begin in a sheet or text, and what are its columns called?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import UserError
from core.sources.cells import BadCell, Cell, cell_name, is_blank, plain_number

ROWS_LOOKED_AT = 40
JOINED_BY = " / "


@dataclass(frozen=True, slots=True, order=True)
class Merge:
    """A merged range, all bounds included: rows from 1, columns from 0."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def name(self) -> str:
        """`A1:C2`."""
        return f"{cell_name(self.top, self.left)}:{cell_name(self.bottom, self.right)}"


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns, and the last line they stand on."""

    names: tuple[str, ...]
    line: int


def find_header(rows: Sequence[tuple[int, Sequence[Cell]]], merges: Sequence[Merge] = ()) -> Header | None:
    """The header among the first rows of a sheet; None where no table stands.

    It is the first row with at least two different names that fills half of the widest row; titles, notes and blank rows above are passed
    over. Merged header cells are filled across and down, and a header of two rows is joined: 流量 over 访客 is "流量 / 访客".
    Raises UserError where merged cells leave a column without a name of its own.
    """
    filled = [(line, _filled(line, cells, merges)) for line, cells in rows]
    widest = max((_width(cells) for _, cells in filled), default=0)
    for index, (line, cells) in enumerate(filled):
        if _names_columns(cells, widest):
            return _joined(filled[index:], line, _last_line(line, cells, merges))
    return None


def _filled(line: int, cells: Sequence[Cell], merges: Sequence[Merge]) -> list[Cell]:
    """The row with merged ranges that begin in it filled across; the ranges' texts flow down in `_joined`."""
    filled = list(cells)
    for merge in merges:
        if merge.top == line and merge.left < len(filled):
            span = slice(merge.left, min(merge.right + 1, len(filled)))
            filled[span] = [filled[merge.left]] * (span.stop - span.start)
    return filled


def _width(cells: Sequence[Cell]) -> int:
    return sum(not is_blank(cell) for cell in cells)


def _names_columns(cells: Sequence[Cell], widest: int) -> bool:
    names = [cell for cell in cells if not is_blank(cell)]
    words = {cell.strip() for cell in names if isinstance(cell, str)}
    return len(words) >= 2 and 2 * len(words) > len(names) and 2 * len(names) >= widest


def _last_line(line: int, cells: Sequence[Cell], merges: Sequence[Merge]) -> int:
    """The header's last line: where its merged ranges end, and one further where a range runs across, for then names stand below it."""
    named = [merge for merge in merges if merge.top == line and merge.left < len(cells) and not is_blank(cells[merge.left])]
    across = any(merge.right > merge.left and merge.bottom == line for merge in named)
    return max(max((merge.bottom for merge in named), default=line), line + across)


def _joined(rows: Sequence[tuple[int, list[Cell]]], first: int, last: int) -> Header:
    levels = [cells for line, cells in rows if first <= line <= last]
    width = max(len(cells) for cells in levels)
    names = tuple(_name([cells[column] for cells in levels if column < len(cells)]) for column in range(width))
    if len(levels) > 1:
        _refuse_unclear(names, levels[1:], first)
    return Header(names, last)


def _name(parts: Sequence[Cell]) -> str:
    words = ["" if cell is None or isinstance(cell, BadCell) else " ".join(str(cell).split()) for cell in parts]
    return JOINED_BY.join(dict.fromkeys(word for word in words if word))


def _refuse_unclear(names: tuple[str, ...], below: Sequence[list[Cell]], line: int) -> None:
    """Below a merged header cell stand names, each column its own: two columns of one name, or a value there, tell nobody which is which."""
    for column, name in enumerate(names):
        twin = bool(name) and name in names[:column]
        if twin or any(column < len(cells) and _is_value(cells[column]) for cells in below):
            raise UserError("sources.file.merged_header", where=cell_name(line, column), name=name)


def _is_value(cell: Cell) -> bool:
    return not is_blank(cell) and (not isinstance(cell, str) or plain_number(cell) is not None)
