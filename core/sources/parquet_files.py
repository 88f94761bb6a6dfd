"""What does a Parquet file hold? Its columns, batch by batch, so that a large file never stands in memory whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from core.errors import UserError
from core.sources.cells import Cell
from core.sources.table import PIECE_ROWS, FileKind, Limits, Piece, SourceTable

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types


def open_parquet(opener: Callable[[], BinaryIO], limits: Limits) -> SourceTable:
    """The table of a Parquet file; the line of a row is its number, from 1. Raises UserError for a damaged, too wide or nested file."""
    import pyarrow as pa
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types

    try:
        with opener() as stream, pq.ParquetFile(stream) as file:
            schema, total = file.schema_arrow, file.metadata.num_rows
            unpacked = sum(file.metadata.row_group(group).total_byte_size for group in range(file.num_row_groups))
    except (pa.ArrowException, OSError, ValueError, UnicodeError):
        raise UserError("sources.file.damaged") from None
    _refuse_excess(schema, total, unpacked, limits)
    words = [column.name for column in schema if pa.types.is_string(column.type) or pa.types.is_large_string(column.type)]
    return SourceTable(FileKind.PARQUET, tuple(schema.names), 0, total, lambda: _pieces(opener, words))


def _refuse_excess(schema: pa.Schema, rows: int, unpacked: int, limits: Limits) -> None:
    columns = len(schema.names)
    if columns > limits.columns:
        raise UserError("sources.file.too_many_columns", columns=columns, limit=limits.columns)
    if not columns:
        raise UserError("sources.file.no_table")
    if rows * columns > limits.cells or unpacked > limits.unpacked_bytes:
        raise UserError("sources.file.too_many_cells", rows=rows, columns=columns)


def _pieces(opener: Callable[[], BinaryIO], words: list[str]) -> Iterator[Piece]:
    """`words` are the columns of text. They stay encoded: a long one that stands in every row is a small file, and would be a large memory."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    line = 1
    try:
        with opener() as stream, pq.ParquetFile(stream, read_dictionary=words) as file:
            for batch in file.iter_batches(batch_size=PIECE_ROWS, use_threads=False):
                yield Piece(range(line, line + batch.num_rows), tuple(_cells(column) for column in batch.columns))
                line += batch.num_rows
    except (pa.ArrowException, OSError, ValueError, UnicodeError, OverflowError):
        raise UserError("sources.file.damaged") from None


def _cells(column: pa.Array) -> list[Cell]:
    """Cells of the kinds that tables know; anything else (a flag, bytes, a list) as its text."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        values = _cells(column.dictionary)
        return [None if code is None else values[code] for code in column.indices.to_pylist()]
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    cells: list[Cell] = column.to_pylist()
    known = (pa.types.is_string, pa.types.is_large_string, pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)
    if any(is_kind(column.type) for is_kind in (*known, pa.types.is_date, pa.types.is_timestamp)):
        return cells
    return [None if cell is None else str(cell) for cell in cells]
