"""What does a message look like in a terminal? Plain words, aligned tables, and the commands behind the buttons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never
from unicodedata import east_asian_width

from core.messages.model import Actions, Block, Chart, Column, Context, Divider, Fields, File, Form, Heading, Message, Paragraph, Table
from core.messages.phrases import plain


def render(message: Message) -> str:
    """The message as lines of text."""
    return "\n".join(line for block in message.blocks for line in _block(block)).strip("\n")


def width(text: str) -> int:
    """How many columns of a terminal the text takes; Chinese characters take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _block(block: Block) -> Sequence[str]:
    match block:
        case Heading():
            return (plain(block.text), "")
        case Paragraph():
            return (*(plain(line) for line in block.lines), "")
        case Fields():
            return (*_columns([(label, plain(value)) for label, value in block.pairs]), "")
        case Table():
            return _table(block)
        case Chart():
            return (f"[{block.alt}]", "")
        case File():
            return (f"[{block.name}]", "")
        case Actions():
            return ("  ".join(f"[{button.label}]" for button in block.buttons), "")
        case Form():
            return (block.title, *_form(block), "")
        case Context():
            return (plain(block.text), "")
        case Divider():
            return ("—" * 24,)
        case _:
            assert_never(block)


def _form(form: Form) -> Sequence[str]:
    lines = []
    for field in form.fields:
        mark = "*" if field.required else " "
        lines.append(f" {mark} {field.label} ({field.name}): {field.value}")
        lines += [f"     ! {field.error}"] if field.error else []
    return (*lines, f"[{form.submit.label}]")


def _table(table: Table) -> Sequence[str]:
    cells = [tuple(plain(cell) for cell in row) for row in table.rows]
    lines = _columns([tuple(column.title for column in table.columns), *cells], table.columns)
    more = [f"… {table.total}"] if table.total is not None and table.total > len(table.rows) else []
    return (*lines, *more, "")


def _columns(rows: Sequence[Sequence[str]], columns: Sequence[Column] = ()) -> Sequence[str]:
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    right = [bool(columns) and columns[index].align == "right" for index in range(len(widths))]
    return ["  ".join(_padded(cell, size, to_right) for cell, size, to_right in zip(row, widths, right, strict=True)).rstrip() for row in rows]


def _padded(cell: str, size: int, to_right: bool) -> str:
    space = " " * (size - width(cell))
    return space + cell if to_right else cell + space
