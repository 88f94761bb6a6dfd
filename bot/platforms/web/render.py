"""How does a message look in the playground? As one card of HTML, in which every word that a person or a file brought is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import assert_never

from markupsafe import Markup

from bot.platforms.attachments import say_size
from bot.platforms.left_out import left_out
from bot.platforms.text import width
from bot.platforms.web.pictures import size
from bot.platforms.web.render_form import button, form
from bot.platforms.web.render_inline import phrase
from core.domain.workspaces import Locale
from core.messages.model import (
    Actions,
    Block,
    Chart,
    Column,
    Context,
    Divider,
    Fields,
    File,
    Form,
    Heading,
    Message,
    Paragraph,
    Phrase,
    Table,
)
from core.messages.phrases import plain

# In letters' widths, of which a Chinese character takes two; a title or a name is shorter.
LONGEST_CELL = 30


def render(message: Message, refs: Mapping[str, str], folder: str = "../../files/") -> str:
    """The card. `refs` maps a chart's name to its picture's ref, `folder` is where refs are served, as seen from a channel's page."""
    show = partial(_block, refs=refs, folder=folder, locale=Locale(message.locale))
    blocks = Markup("").join(show(block) for block in message.blocks)
    card = Markup('<div class="card" role="group" lang="{}" aria-label="{}" data-card="{}">{}</div>')
    return str(card.format(message.locale, message.fallback, message.card, blocks))


def line(said: str) -> str:
    """What a person typed, as it was typed."""
    return str(Markup('<p class="line" data-line>{}</p>').format(said))


def shared_file(file: File, folder: str = "../../files/") -> str:
    """A file that a person dropped into a channel."""
    return str(_file(file, folder))


def _block(block: Block, refs: Mapping[str, str], folder: str, locale: Locale) -> Markup:  # one case a block
    match block:
        case Heading():
            return Markup('<h3 class="heading">{}</h3>').format(phrase(block.text))
        case Paragraph():
            return Markup("<p>{}</p>").format(Markup("<br>").join(phrase(words) for words in block.lines))
        case Fields():
            return _fields(block)
        case Table():
            return _table(block, locale)
        case Chart():
            return _chart(block, refs, folder)
        case File():
            return _file(block, folder)
        case Actions():
            return Markup('<div class="actions">{}</div>').format(Markup("").join(button(item) for item in block.buttons))
        case Form():
            return form(block, locale)
        case Context():
            return Markup('<p class="context">{}</p>').format(phrase(block.text))
        case Divider():
            return Markup("<hr>")
        case _:
            assert_never(block)


def _fields(block: Fields) -> Markup:
    pair = Markup("<div><dt>{}</dt><dd>{}</dd></div>")
    return Markup('<dl class="fields">{}</dl>').format(Markup("").join(pair.format(label, phrase(value)) for label, value in block.pairs))


def _table(block: Table, locale: Locale) -> Markup:
    heads = Markup("").join(Markup('<th scope="col" class="{}">{}</th>').format(column.align, column.title) for column in block.columns)
    rows = Markup("").join(Markup("<tr>{}</tr>").format(_cells(block.columns, row)) for row in block.rows)
    # A wide table scrolls by itself, and by keyboard too.
    frame = Markup('<div class="scroll" tabindex="0"><table{}><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>')
    table = frame.format(Markup(' class="told"') if _is_told(block) else "", heads, rows)
    note = left_out(block, len(block.rows), None, locale)
    return table + Markup('<p class="context">{}</p>').format(note) if note else table


def _is_told(block: Table) -> bool:
    """Whether the last column has sentences, which take a line of their own on a phone."""
    return block.columns[-1].align == "left" and any(width(plain(row[-1])) > LONGEST_CELL for row in block.rows)


def _cells(columns: tuple[Column, ...], row: tuple[Phrase, ...]) -> Markup:
    cell = Markup('<td class="{}">{}</td>')
    return Markup("").join(cell.format(column.align, phrase(words)) for column, words in zip(columns, row, strict=True))


def _chart(block: Chart, refs: Mapping[str, str], folder: str) -> Markup:
    ref = refs.get(block.name)
    if ref is None:
        return Markup('<p class="alt">{}</p>').format(block.alt)
    known = size(ref)
    room = Markup("") if known is None else Markup(' width="{}" height="{}"').format(*known)
    picture = Markup('<a class="picture" href="{0}" data-picture><img src="{0}" alt="{1}"{2} loading="lazy" decoding="async"></a>')
    return picture.format(f"{folder}{ref}", block.alt, room)


def _file(block: File, folder: str) -> Markup:
    words = Markup('<span class="file-name">{}</span><span class="file-size">{}</span>').format(block.name, say_size(block.size))
    if not block.ref:
        return Markup('<p class="file">{}</p>').format(words)
    return Markup('<a class="file" href="{}" download="{}">{}</a>').format(f"{folder}{block.ref}", block.name, words)
