"""How does a table look on Slack? As its table block, of which a message takes one; else as lines that read well on a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

from bot.platforms.attachments import Attachment, table_file
from bot.platforms.left_out import left_out
from bot.platforms.slack.limits import CONTEXT, TABLE_COLUMNS, TABLE_ROWS, length
from bot.platforms.slack.payload import Object, weight
from bot.platforms.slack.render_inline import bold, lines_block, phrase, plain_text, rich_block
from core.domain.workspaces import Locale
from core.i18n.texts import text
from core.messages.model import Bold, Column, Phrase, Table
from core.messages.phrases import joined, plain

Shown = TypeVar("Shown")
DOT = " · "


@dataclass(frozen=True, slots=True)
class Manner:
    """How a table is to be shown: as a block or as lines, in how many characters, and under which name its file may hang below (None: it cannot)."""

    block: bool
    room: int
    file: str | None
    locale: Locale


@dataclass(frozen=True, slots=True)
class Drawn:
    """Blocks, and the file with what they could not show."""

    blocks: tuple[Object, ...]
    file: Attachment | None = None


def tabled(tables: Sequence[Table]) -> Table | None:
    """The one table that becomes a block: the first, unless another has the same columns, which would then look unlike it."""
    first = next(iter(tables), None)
    if first is None or any(other.columns == first.columns for other in tables[1:]):
        return None
    return first


def draw_table(table: Table, manner: Manner, refs: Mapping[str, str]) -> Drawn:
    """The rows that there is room for, how many more there are, and the whole table as a file where rows or columns had to go."""
    lines = [_line(table.columns, row) for row in table.rows]
    if manner.block:
        rows = [_row(row, refs) for row in table.rows]
        shown = len(_within(rows, [weight(row) for row in rows], manner.room)[: TABLE_ROWS - 1])
        blocks: tuple[Object, ...] = (_block(table.columns, rows[:shown]),) if shown else ()
    else:
        titles = _titles(table.columns)
        shown = len(_within(lines, [length(plain(line)) for line in lines], manner.room - length(titles)))
        blocks = (*((quiet(titles),) if titles and shown else ()), *lines_block(lines[:shown], refs))
    whole = shown == len(table.rows) and not (manner.block and len(table.columns) > TABLE_COLUMNS)
    file = None if whole or manner.file is None else table_file(manner.file, table)
    note = left_out(table, shown, text(manner.locale, "slack.beside", file=file.name) if file else None, manner.locale)
    return Drawn((*blocks, quiet(note)) if note else blocks, file)


def _within(rows: Sequence[Shown], weights: Sequence[int], room: int) -> Sequence[Shown]:
    return [row for row, reached in zip(rows, accumulate(weights), strict=True) if reached <= room]


def quiet(words: str) -> Object:
    """A quiet line."""
    return {"type": "context", "elements": [plain_text(words, CONTEXT)]}


def _block(columns: tuple[Column, ...], rows: Sequence[Sequence[Object]]) -> Object:
    heads = [rich_block(phrase((Bold(column.title),), {})) for column in columns[:TABLE_COLUMNS]]
    # Words wrap, so that the figures beside them stay in sight on a phone.
    settings = [{"align": column.align, "is_wrapped": column.align == "left"} for column in columns[:TABLE_COLUMNS]]
    return {"type": "table", "rows": [heads, *rows], "column_settings": settings}


def _row(row: Sequence[Phrase], refs: Mapping[str, str]) -> Sequence[Object]:
    # Cells of raw text were answered by server errors; rich text also keeps what is bold.
    return [rich_block(phrase(cell, refs)) for cell in row[:TABLE_COLUMNS]]


def _titles(columns: Sequence[Column]) -> str:
    """The columns' names above the lines; none where the figures in the lines have theirs."""
    return "" if any(column.align == "right" for column in columns) else DOT.join(column.title for column in columns)


def _line(columns: Sequence[Column], row: Sequence[Phrase]) -> Phrase:
    """**DAU** · Actual 85K · Target 100K: what the row is about, then each figure with its column's name."""
    told = [bold(row[0]) if row else ()]
    for column, cell in zip(columns[1:], row[1:], strict=False):
        if plain(cell).strip():
            told.append((f"{column.title} ", *cell) if column.align == "right" else cell)
    return joined(told, DOT)
