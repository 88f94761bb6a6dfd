"""How does a message look on Feishu? As one card in JSON 2.0, made smaller until it fits; what has no room follows as a file.

https://open.feishu.cn/document/feishu-cards/card-json-v2-structure
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import assert_never

from bot.platforms.attachments import Attachment, message_file, say_size
from bot.platforms.feishu.elements import divider, markdown, picture, weigh, words
from bot.platforms.feishu.fit import Part, most_needed
from bot.platforms.feishu.limits import ROOMS, SUMMARY_LETTERS, TABLES, TEXT_LETTERS, TITLE_LETTERS, Room
from bot.platforms.feishu.payload import FeishuPayload, Json
from bot.platforms.feishu.render_form import buttons, form
from bot.platforms.feishu.render_inline import bold, colored, paragraph, phrase
from bot.platforms.feishu.render_table import Sheet
from bot.platforms.shortening import MARK, shorten, shorten_phrase
from core.domain.workspaces import Locale
from core.i18n.texts import text
from core.messages.model import Actions, Block, Chart, Context, Divider, Fields, File, Form, Heading, Message, Paragraph, Phrase, Table
from core.messages.phrases import plain


def render(message: Message, refs: Mapping[str, str]) -> FeishuPayload:
    """The card with what follows it. `refs`: a chart's `img_key` by its name, an open_id by `member:ID`."""
    for room in ROOMS:
        drawing = _Drawing(message, refs, room)
        card = drawing.card()
        if weigh(card).fits:
            return FeishuPayload(card, _text(message), drawing.files(), message.card)
    smallest = _Drawing(message, refs, ROOMS[-1])
    return FeishuPayload(smallest.part_of_it(), _text(message), (*smallest.tables(), _whole(message)), message.card)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A message drawn into so much room."""

    message: Message
    refs: Mapping[str, str]
    room: Room

    def card(self) -> Json:
        """All of the message."""
        title, parts = self._parts()
        return _card(self.message, _elements(parts) or (self._in_short(),), title)

    def part_of_it(self) -> Json:
        """What a card takes of a message that is too large for one, and where the rest is. It never lacks words: then it is told in short."""
        title, parts = self._parts()
        locale = Locale(self.message.locale)
        there = text(locale, "feishu.beside", file=_whole(self.message).name)
        note = words(text(locale, "card.whole", file=there), "notation", "grey")
        frame = _card(self.message, (self._in_short(), note), title)
        kept = most_needed(parts, weigh(frame))
        told = title is not None or any(_says(part.block) for part in kept)
        return _card(self.message, (*(() if told else (self._in_short(),)), *_elements(kept), note), title)

    def files(self) -> tuple[Attachment, ...]:
        """What could not be shown whole."""
        cut = any(len(plain(line)) > self.room.letters for block in self.message.blocks for line in _lines(block))
        return (*self.tables(), _whole(self.message)) if cut else self.tables()

    def tables(self) -> tuple[Attachment, ...]:
        """The tables that could not be shown whole."""
        return tuple(file for sheet in self._sheets() for file in sheet.files())

    def _in_short(self) -> Json:
        return words(shorten(self.message.fallback, self.room.letters) or MARK)

    def _parts(self) -> tuple[str | None, list[Part]]:
        """The title, and what stands below it; without anything below, a title stands in the card."""
        first, *rest = self.message.blocks or (None,)
        title = _title(first)
        below = self._drawn(rest) if title else []
        return (title, below) if _elements(below) else (None, self._drawn(self.message.blocks))

    def _drawn(self, blocks: Sequence[Block]) -> list[Part]:
        sheets, numbers = iter(self._sheets()), count()
        return [Part(block, self._block(block, sheets, numbers)) for block in blocks]

    def _sheets(self) -> list[Sheet]:
        tables = [block for block in self.message.blocks if isinstance(block, Table)]
        return [self._sheet(table, number) for number, table in enumerate(tables, 1)]

    def _sheet(self, table: Table, number: int) -> Sheet:
        name = f"{_file_name(self.message)}-{number}"
        return Sheet(table, self.room.rows, name, number > TABLES, Locale(self.message.locale), self.refs)

    def _block(self, block: Block, sheets: Iterator[Sheet], numbers: Iterator[int]) -> tuple[Json, ...]:
        """The block's elements; `sheets` has its table, `numbers` the number of its form."""
        match block:
            case Heading():
                return (markdown(bold(shorten(plain(block.text), self.room.letters)), "heading"),) if _says(block) else ()
            case Paragraph():
                return (paragraph(block.lines, self.room.letters, self.refs),) if _says(block) else ()
            case Fields():
                return (self._fields(block),) if block.pairs else ()
            case Table():
                return next(sheets).elements()
            case Chart():
                return (self._chart(block),)
            case File():
                return (words(f"{block.name} · {say_size(block.size)}"),)
            case Actions():
                return (buttons(block.buttons, self.message.subject, Locale(self.message.locale)),) if block.buttons else ()
            case Form():
                return form(block, next(numbers), self.message.subject, Locale(self.message.locale))
            case Context():
                return (paragraph((block.text,), self.room.letters, self.refs, "notation", "grey"),) if _says(block) else ()
            case Divider():
                return (divider(),)
            case _:
                assert_never(block)

    def _fields(self, block: Fields) -> Json:
        """A line for each pair: two columns would leave a phone no room."""
        return markdown("<br>".join(f"{colored(label, 'grey')}&ensp;{self._shown(value)}" for label, value in block.pairs))

    def _shown(self, value: Phrase) -> str:
        return phrase(shorten_phrase(value, self.room.letters), self.refs)

    def _chart(self, block: Chart) -> Json:
        key, alt = self.refs.get(block.name), shorten(block.alt, self.room.letters)
        return words(alt) if key is None else picture(key, alt)


def _elements(parts: Sequence[Part]) -> tuple[Json, ...]:
    return tuple(element for part in parts for element in part.elements)


def _card(message: Message, body: Sequence[Json], title: str | None) -> Json:
    header: Json = {} if title is None else {"header": {"title": {"tag": "plain_text", "content": title}}}
    return {
        "schema": "2.0",
        "config": {"update_multi": True, "summary": {"content": shorten(message.fallback, SUMMARY_LETTERS)}},
        **header,
        "body": {"direction": "vertical", "vertical_spacing": "8px", "elements": list(body)},
    }


def _title(block: Block | None) -> str | None:
    """A heading's words when they have room in the title bar, which ends after some lines without saying so."""
    if not isinstance(block, Heading):
        return None
    said = plain(block.text).strip()
    return said if 0 < len(said) <= TITLE_LETTERS else None


def _lines(block: Block) -> Sequence[Phrase]:
    """The running text of a block, which is cut where there is no room for it."""
    match block:
        case Heading() | Context():
            return (block.text,)
        case Paragraph():
            return block.lines
        case Fields():
            return tuple(value for _, value in block.pairs)
        case Chart():
            return ((block.alt,),)
        case Table() | File() | Actions() | Form() | Divider():
            return ()
        case _:
            assert_never(block)


def _says(block: Block) -> bool:
    """Whether there is anything to read in it."""
    return any(plain(line).strip() for line in _lines(block))


def _whole(message: Message) -> Attachment:
    return message_file(_file_name(message), message)


def _text(message: Message) -> str:
    """The fallback as a text message takes it: there a tag would call people, and nothing is documented that escapes one."""
    return shorten(message.fallback, TEXT_LETTERS).replace("<", "＜")


def _file_name(message: Message) -> str:
    return message.card.replace(".", "-") or "message"
