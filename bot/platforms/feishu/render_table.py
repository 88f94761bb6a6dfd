"""How does a table look on Feishu? As its table component: figures to the right, ten rows a page; what does not fit follows as a file.

A card takes five of them. A further table is told line by line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.platforms.attachments import Attachment, table_file
from bot.platforms.feishu.elements import words
from bot.platforms.feishu.limits import CELL_LETTERS, COLUMNS, PAGE_ROWS, SENTENCE_LETTERS, STANDING_COLUMNS
from bot.platforms.feishu.payload import Json
from bot.platforms.feishu.render_inline import is_plain, paragraph, phrase
from bot.platforms.left_out import left_out
from bot.platforms.shortening import shorten_phrase
from core.domain.workspaces import Locale
from core.i18n.texts import text
from core.messages.model import Bold, Column, Phrase, Table
from core.messages.phrases import joined, plain

SENTENCE_WIDTH = "240px"
DOT = " · "


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a card: how many of its rows are shown, and what its file is called. Without any rows shown there is only the file.

    `told` says that it stands as lines of text.
    """

    table: Table
    rows: int
    name: str
    told: bool
    locale: Locale
    refs: Mapping[str, str]

    def elements(self) -> tuple[Json, ...]:
        """The table and a line on what is left out."""
        if not self.table.columns:
            return ()
        if not self.rows:
            return self._left_out()
        shown = _lines(self.table, self.rows, self.refs) if self.told else (_component(self.table, self.rows, self.refs),)
        return (*shown, *self._left_out())

    def files(self) -> tuple[Attachment, ...]:
        """The whole table, when it is cut here."""
        return (table_file(self.name, self.table),) if self._is_cut() else ()

    def _is_cut(self) -> bool:
        return len(self.table.rows) > self.rows or len(self.table.columns) > COLUMNS

    def _left_out(self) -> tuple[Json, ...]:
        file = text(self.locale, "feishu.beside", file=f"{self.name}.csv") if self._is_cut() else None
        note = left_out(self.table, min(len(self.table.rows), self.rows), file, self.locale)
        return (words(note, "notation", "grey"),) if note else ()


def _lines(table: Table, shown: int, refs: Mapping[str, str]) -> tuple[Json, ...]:
    """The titles, quiet, and a line for each row, which begins with its first cell in bold."""
    columns = range(min(len(table.columns), COLUMNS))
    titles = DOT.join(table.columns[number].title for number in columns)
    rows = [joined([(Bold(plain(row[number])),) if number == 0 else row[number] for number in columns], DOT) for row in table.rows[:shown]]
    return (words(titles, "notation", "grey"), paragraph(rows, CELL_LETTERS, refs)) if rows else ()


def _component(table: Table, shown: int, refs: Mapping[str, str]) -> Json:
    columns = table.columns[:COLUMNS]
    rows = [row[:COLUMNS] for row in table.rows[:shown]]
    marked = [not all(is_plain(row[number], refs) for row in rows) for number in range(len(columns))]
    return {
        "tag": "table",
        "page_size": min(max(len(rows), 1), PAGE_ROWS),
        "row_height": "auto",
        "freeze_first_column": len(columns) > STANDING_COLUMNS,
        "header_style": {"text_align": "left", "text_size": "normal", "background_style": "grey", "text_color": "grey", "bold": False, "lines": 2},
        "columns": [_column(number, column, rows, marked[number]) for number, column in enumerate(columns)],
        "rows": [_row(row, marked, refs) for row in rows],
    }


def _column(number: int, column: Column, rows: Sequence[Sequence[Phrase]], marked: bool) -> Json:
    told = column.align == "left" and any(len(plain(row[number])) > SENTENCE_LETTERS for row in rows)
    return {
        "name": _name(number),
        "display_name": column.title,
        "data_type": "markdown" if marked else "text",
        "horizontal_align": column.align,
        "vertical_align": "top",
        "width": SENTENCE_WIDTH if told else "auto",
    }


def _row(row: Sequence[Phrase], marked: Sequence[bool], refs: Mapping[str, str]) -> Json:
    kept = [shorten_phrase(cell, CELL_LETTERS) for cell in row]
    return {_name(number): phrase(cell, refs) if marked[number] else plain(cell) for number, cell in enumerate(kept)}


def _name(number: int) -> str:
    return f"c{number}"
