"""What goes beside a message that a platform cannot show in full? The whole table or the whole message, as a file."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from io import StringIO

from bot.platforms.text import render
from core.messages.model import Message, Table
from core.messages.phrases import plain

KILOBYTE = 1000
# What a spreadsheet would take for a formula. A signed figure is none, as long as nothing else stands in the cell.
FORMULA = re.compile(r"[=@\t\r\n]|[+-](?![¥£$€]?[\d.,]+(?::1)?[ \w%]*\Z)")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is posted into the thread of its message."""

    name: str
    media_type: str
    content: bytes


def table_file(name: str, table: Table) -> Attachment:
    """All rows of the table as CSV, with the mark by which spreadsheets know UTF-8."""
    written = StringIO(newline="")
    rows = csv.writer(written)
    rows.writerow([_cell(column.title) for column in table.columns])
    rows.writerows([_cell(plain(words)) for words in row] for row in table.rows)
    return Attachment(f"{name}.csv", "text/csv", written.getvalue().encode("utf-8-sig"))


def message_file(name: str, message: Message) -> Attachment:
    """All that the message says, as plain text."""
    return Attachment(f"{name}.txt", "text/plain", render(message).encode("utf-8-sig"))


def say_size(size: int) -> str:
    """Bytes as people read them: 812 B, 14 kB, 2.5 MB."""
    if size < KILOBYTE:
        return f"{size} B"
    if size < KILOBYTE**2:
        return f"{size // KILOBYTE} kB"
    return f"{size / KILOBYTE**2:.1f} MB"


def _cell(words: str) -> str:
    return f"'{words}" if FORMULA.match(words) else words
