"""What does each block of a message become on Slack? Block Kit blocks, none of them empty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import assert_never

from bot.platforms.attachments import Attachment, say_size
from bot.platforms.slack.limits import ALT_TEXT, CONTEXT, HEADER, IMAGE_TITLE, TABLE_WORDS, Surface, length
from bot.platforms.slack.payload import Object, weight
from bot.platforms.slack.render_actions import actions, form_buttons
from bot.platforms.slack.render_form import told
from bot.platforms.slack.render_inline import bold, can_tap, escaped, lines_block, plain_text
from bot.platforms.slack.render_table import Manner, draw_table, quiet, tabled
from core.domain.workspaces import Locale
from core.messages.model import Actions, Block, Bold, Chart, Context, Divider, Fields, File, Form, Heading, Message, Paragraph, Phrase, Table
from core.messages.phrases import plain


@dataclass(slots=True)
class Drawing:
    """One message being drawn: what goes through all its blocks is the numbers of its buttons, the room for tables, and the files beside it."""

    message: Message
    refs: Mapping[str, str]
    surface: Surface
    files: list[Attachment] = field(default_factory=list)
    room: int = TABLE_WORDS
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def name(self) -> str:
        """What files of the message are called."""
        return self.message.card.replace(".", "-") or "message"

    def blocks(self) -> tuple[Object, ...]:
        """All blocks of the message."""
        return tuple(shown for block in self.message.blocks for shown in self._block(block))

    def _block(self, block: Block) -> Iterable[Object]:
        match block:
            case Heading():
                return self._heading(block.text)
            case Paragraph():
                return lines_block(block.lines, self.refs)
            case Fields():
                return lines_block([(Bold(label), "  ", *words) for label, words in block.pairs], self.refs)
            case Table():
                return self._table(block)
            case Chart():
                return self._chart(block)
            case File():
                return lines_block((("📎 ", Bold(block.name), f"  {say_size(block.size)}"),), self.refs)
            case Actions():
                return actions(block, self.message.subject, self.numbers, Locale(self.message.locale))
            case Form():
                return self._form(block)
            case Context():
                return self._context(block.text)
            case Divider():
                return ({"type": "divider"},)
            case _:
                assert_never(block)

    def _heading(self, words: Phrase) -> Iterable[Object]:
        """A header, which is plain text; a bold line where that would lose a link or the end of it."""
        if can_tap(words, self.refs) or length(escaped(plain(words))) > HEADER:
            return lines_block((bold(words),), self.refs)
        return ({"type": "header", "text": plain_text(plain(words), HEADER)},) if plain(words).strip() else ()

    def _context(self, words: Phrase) -> Iterable[Object]:
        """A quiet line, which is plain text; a common one where that would lose a link or the end of it."""
        if can_tap(words, self.refs) or length(escaped(plain(words))) > CONTEXT:
            return lines_block((words,), self.refs)
        return (quiet(plain(words)),) if plain(words).strip() else ()

    def _table(self, table: Table) -> Iterable[Object]:
        tables = [block for block in self.message.blocks if isinstance(block, Table)]
        as_block = self.surface.tables and table is tabled(tables)
        file = f"{self.name}-{len(self.files) + 1}" if self.files else self.name
        manner = Manner(as_block, self.room, file if self.surface.files else None, Locale(self.message.locale))
        drawn = draw_table(table, manner, self.refs)
        self.room -= sum(weight(block) for block in drawn.blocks)
        self.files += [drawn.file] if drawn.file else []
        return drawn.blocks

    def _chart(self, chart: Chart) -> Iterable[Object]:
        ref, caption = self.refs.get(chart.name), chart.caption.strip()
        if ref is None:
            return lines_block(((chart.alt,),), self.refs)
        title: Object = {"title": plain_text(caption, IMAGE_TITLE)} if caption else {}
        return ({"type": "image", "slack_file": {"id": ref}, "alt_text": escaped(chart.alt or chart.name, ALT_TEXT), **title},)

    def _form(self, form: Form) -> Iterable[Object]:
        """What was typed and what is wrong with it, but for what the message says already; and the buttons that send or open the form."""
        said = {plain(words) for block in self.message.blocks if isinstance(block, Fields) for _, words in block.pairs}
        said |= {plain(block.text) for block in self.message.blocks if isinstance(block, Heading)}
        return (*lines_block(told(form, said), self.refs), form_buttons(form, self.message.subject, self.numbers, Locale(self.message.locale)))
