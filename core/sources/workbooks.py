"""Which sheet of an Excel workbook holds the table, and what stands in its cells?

Values come from calamine (4 s where openpyxl takes 69); what calamine hides comes from `workbook_scan`. Both read the same sheet.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from core.errors import UserError
from core.sources.archives import entries, unpacked
from core.sources.cells import BadCell, Cell, cell_name, plain_number
from core.sources.headers import ROWS_LOOKED_AT, Header, Merge, find_header
from core.sources.table import FileKind, Limits, Piece, SourceTable, in_pieces
from core.sources.workbook_parts import Sheet, percent_styles, sheets
from core.sources.workbook_scan import SheetFacts, scan_sheet

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_MERGED = "sources.cell.merged"
_MOST_MERGES_AT_ONCE = 1_000

Opener = Callable[[], BinaryIO]
RawCell = int | float | str | bool | time | date | datetime | timedelta


@dataclass(slots=True)
class _Values:
    """The values of one sheet: held from finding its header until they are read, then let go, for they may be 300 MB."""

    opener: Opener
    number: int
    held: CalamineSheet | None = None

    def sheet(self) -> CalamineSheet:
        """The sheet, loaded once."""
        if self.held is None:
            self.held = _load(self.opener, self.number)
        return self.held

    def take(self) -> CalamineSheet:
        """The sheet for its last reader."""
        sheet, self.held = self.sheet(), None
        return sheet


def open_workbook(opener: Opener, limits: Limits) -> SourceTable:
    """The first visible sheet that holds a table. Raises UserError for other archives, bombs, damage, and workbooks without a table."""
    with opener() as stream:
        parts = entries(stream, limits)
        _refuse_other_archives(parts)
        _unpack_small_parts(stream, parts, limits)
        styles = percent_styles(_content(stream, parts.get("xl/styles.xml"), limits))
        for sheet in sheets(lambda name: _content(stream, parts.get(name), limits)):
            facts = scan_sheet(unpacked(stream, _part(parts, sheet), limits), styles, limits)
            if table := _table(opener, sheet, facts):
                return table
    raise UserError("sources.file.no_table")


def _refuse_other_archives(parts: dict[str, zipfile.ZipInfo]) -> None:
    if "xl/workbook.xml" in parts:
        return
    if "xl/workbook.bin" in parts or "content.xml" in parts:
        raise UserError("sources.file.other_workbook")
    raise UserError("sources.file.archive")


def _unpack_small_parts(stream: BinaryIO, parts: dict[str, zipfile.ZipInfo], limits: Limits) -> None:
    """Counts what the reader of values unpacks besides the sheet: a bomb hides in shared texts as well."""
    for name, info in parts.items():
        if name.casefold().endswith((".xml", ".rels")) and not name.startswith("xl/worksheets/"):
            for _ in unpacked(stream, info, limits):
                pass


def _content(stream: BinaryIO, info: zipfile.ZipInfo | None, limits: Limits) -> bytes:
    return b"" if info is None else b"".join(unpacked(stream, info, replace(limits, unpacked_bytes=limits.parsed_bytes)))


def _part(parts: dict[str, zipfile.ZipInfo], sheet: Sheet) -> zipfile.ZipInfo:
    if sheet.part not in parts:
        raise UserError("sources.file.damaged")
    return parts[sheet.part]


def _table(opener: Opener, sheet: Sheet, facts: SheetFacts) -> SourceTable | None:
    values = _Values(opener, sheet.number)
    if not facts.rows or (end := values.sheet().end) is None:
        return None
    first = list(islice(_numbered(values.sheet()), ROWS_LOOKED_AT))
    header = find_header(first, facts.merges)
    if header is None:
        return None
    total = max(end[0] + 1 - header.line, 0)
    return SourceTable(FileKind.WORKBOOK, header.names, header.line, total, lambda: _pieces(values, header, facts))


def _pieces(values: _Values, header: Header, facts: SheetFacts) -> Iterator[Piece]:
    width = len(header.names)
    below = (row for row in _numbered(values.take()) if row[0] > header.line)
    rows = ((line, _overlaid(line, cells, facts)) for line, cells in below)
    return in_pieces(_with_merges(rows, facts.merges, width), width)


def _numbered(sheet: CalamineSheet) -> Iterator[tuple[int, list[Cell]]]:
    """Rows by their number in the sheet, each from column A."""
    left: list[Cell] = [None] * (sheet.start[1] if sheet.start else 0)
    for line, cells in enumerate(sheet.iter_rows(), 1):
        yield line, left + [_cell(cell) for cell in cells]


def _cell(cell: RawCell) -> Cell:
    """Flags and spans of time as their text; True would else pass for 1."""
    return str(cell) if isinstance(cell, bool | time | timedelta) else cell


def _overlaid(line: int, cells: list[Cell], facts: SheetFacts) -> list[Cell]:
    """The row with what the scan knows better: bad cells, and percentages as they are shown (0.035 as 3.5%)."""
    for column in facts.percent.get(line, ()):
        if column < len(cells) and not isinstance(cells[column], str | None):
            cells[column] = _percentage(cells[column])
    for column, reason in facts.bad.get(line, ()):
        if column < len(cells):
            cells[column] = BadCell(cell_name(line, column), reason)
    return cells


def _percentage(cell: Cell) -> Cell:
    number = plain_number(cell)
    return cell if number is None else f"{(number * 100).normalize():f}%"


def _with_merges(rows: Iterator[tuple[int, list[Cell]]], merges: Sequence[Merge], width: int) -> Iterator[tuple[int, list[Cell]]]:
    """Rows in which the covered cells of a merged range are bad: the value may be meant for each row or for all together."""
    waiting = list(reversed(merges))
    active: list[Merge] = []
    for line, cells in rows:
        while waiting and waiting[-1].top <= line:
            active.append(waiting.pop())
        if active:
            active = [merge for merge in active if merge.bottom >= line]
            _mark_covered(line, cells, active)
        yield line, cells[:width]


def _mark_covered(line: int, cells: list[Cell], merges: list[Merge]) -> None:
    if len(merges) > _MOST_MERGES_AT_ONCE:
        raise UserError("sources.file.too_many_merges", count=len(merges))
    for merge in merges:
        for column in range(merge.left, min(merge.right + 1, len(cells))):
            if (line, column) != (merge.top, merge.left):
                cells[column] = BadCell(merge.name, _MERGED)


def _load(opener: Opener, number: int) -> CalamineSheet:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return CalamineWorkbook.from_filelike(opener()).get_sheet_by_index(number)
    except (CalamineError, OSError, ValueError, IndexError):
        raise UserError("sources.file.damaged") from None
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":
            raise
        raise UserError("sources.file.damaged") from None
