"""What do the bytes of a CSV or TSV say? Its encoding and its delimiter are found in the content, whatever the name ends in."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from core.errors import UserError
from core.sources.cells import BadCell, Cell
from core.sources.headers import ROWS_LOOKED_AT, Header, find_header
from core.sources.table import FileKind, Limits, Piece, SourceTable, in_pieces

DELIMITERS = (",", "\t", ";", "|")
_BLOCK = 1 << 20
# A line of 60 MB, cut at its commas, would take half a minute and a gigabyte.
_LONGEST_LINE = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_EXTRA = BadCell("", "sources.cell.extra")

Opener = Callable[[], BinaryIO]
Rows = Iterator[tuple[int, list[str]]]


def open_text(opener: Opener, limits: Limits) -> SourceTable:
    """The table of a delimited text. Raises UserError for an unknown encoding, no table, or quotes that never close."""
    encoding = find_encoding(opener)
    with _decoded(opener, encoding) as stream:
        sample = stream.read(_BLOCK // 4)
    delimiter = find_delimiter(sample)
    header = _header(opener, encoding, delimiter, limits)
    width = len(header.names)

    def read() -> Iterator[Piece]:
        rows = _rows(opener, encoding, delimiter)
        return in_pieces(((line, _fit(cells, width)) for line, cells in rows if line > header.line), width)

    return SourceTable(FileKind.TEXT, header.names, header.line, None, read)


def find_encoding(opener: Opener) -> str:
    """`utf-8-sig`, `utf-16`, `utf-16-le`, `utf-16-be` or `gb18030`: the first that every byte of the file agrees with."""
    with opener() as stream:
        start = stream.read(4096)
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return _proven(opener, encoding)
    if guessed := _utf16_by_zeros(start):
        return _proven(opener, guessed)
    if _fault(opener, "utf-8") is None:
        return "utf-8"
    return _proven(opener, "gb18030")


def _utf16_by_zeros(start: bytes) -> str | None:
    """UTF-16 without a mark shows in the zero bytes of its ASCII letters, all on even or all on odd places."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if not even + odd:
        return None
    if even and odd:
        raise UserError("sources.file.unknown")
    return "utf-16-be" if even else "utf-16-le"


def _proven(opener: Opener, encoding: str) -> str:
    if (line := _fault(opener, encoding)) is not None:
        raise UserError("sources.file.encoding", line=line)
    return encoding


def _fault(opener: Opener, encoding: str) -> int | None:
    """The line that does not decode; None when all do."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    with opener() as stream:
        while block := stream.read(_BLOCK):
            try:
                lines += decoder.decode(block).count("\n")
            except UnicodeError as error:
                return lines + (block[: error.start].count(b"\n") if isinstance(error, UnicodeDecodeError) else 0)
    try:
        decoder.decode(b"", final=True)
    except UnicodeError:
        return lines
    return None


def find_delimiter(sample: str) -> str:
    """The delimiter that cuts the first lines into the same number of columns most often. Raises UserError where none cuts any line."""
    scores = {delimiter: _score(sample, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: scores[delimiter])
    if scores[best] == (0, 0):
        raise UserError("sources.file.no_table")
    return best


def _score(sample: str, delimiter: str) -> tuple[int, int]:
    """How many of the first rows share one width of two or more, and that width."""
    lines = sample.splitlines()[: 2 * ROWS_LOOKED_AT]
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
    except csv.Error:
        return (0, 0)
    if not widths:
        return (0, 0)
    width, rows = max(widths.items(), key=lambda item: (item[1], item[0]))
    return (rows, width)


def _header(opener: Opener, encoding: str, delimiter: str, limits: Limits) -> Header:
    first = list(islice(_rows(opener, encoding, delimiter), ROWS_LOOKED_AT))
    header = find_header(first)
    if header is None:
        raise UserError("sources.file.no_table")
    if len(header.names) > limits.columns:
        raise UserError("sources.file.too_many_columns", columns=len(header.names), limit=limits.columns)
    return header


def _rows(opener: Opener, encoding: str, delimiter: str) -> Rows:
    """Rows with the line on which each begins; a quoted cell may run over several lines."""
    with _decoded(opener, encoding) as stream:
        reader = csv.reader(_lines(stream), delimiter=delimiter, strict=True)
        line = 1
        try:
            for row in reader:
                yield line, row
                line = reader.line_num + 1
        except csv.Error:
            raise UserError("sources.file.broken_quotes", line=line) from None


def _lines(stream: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := stream.readline(_LONGEST_LINE):
        number += 1
        if len(line) == _LONGEST_LINE:
            raise UserError("sources.file.long_line", line=number)
        yield line


def _fit(cells: Sequence[str], width: int) -> list[Cell]:
    """The row at the header's width. One with more cells than names has a stray delimiter in it: no cell of it can be trusted."""
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        return [_EXTRA] * width
    fitted: list[Cell] = [cell or None for cell in cells[:width]]
    return fitted + [None] * (width - len(fitted))


def _decoded(opener: Opener, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(opener(), encoding=encoding, newline="")
