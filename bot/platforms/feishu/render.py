"""How does a message look on Feishu? As one card in JSON 2.0, made smaller until it fits, at last in the words of its fallback.

https://open.feishu.cn/document/feishu-cards/card-json-v2-structure
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from bot.platforms.attachments import Attachment, message_file, say_size
from bot.platforms.feishu.elements import divider, fits, markdown, picture, words
from bot.platforms.feishu.limits import LAST_LETTERS, ROOMS, SUMMARY_LETTERS, TABLES, TEXT_LETTERS, TITLE_LETTERS, Room
from bot.platforms.feishu.payload import FeishuPayload, Json
from bot.platforms.feishu.render_form import buttons, form
from bot.platforms.feishu.render_inline import bold, colored, paragraph, phrase
from bot.platforms.feishu.render_table import Sheet
from bot.platforms.shortening import MARK, shorten, shorten_phrase
from core.domain.workspaces import Locale
from core.messages.model import Actions, Block, Chart, Context, Divider, Fields, File, Form, Heading, Message, Paragraph, Phrase, Table
from core.messages.phrases import plain


def render(message: Message, refs: Mapping[str, str]) -> FeishuPayload:
    """The card with what follows it. `refs`: a chart's `img_key` by its name, an open_id by `member:ID`."""
    for room in ROOMS:
        drawing = _Drawing(message, refs, room)
        card = drawing.card()
        if fits(card):
            return FeishuPayload(card, _text(message), drawing.files(), message.card)
    card = _card(message, (words(shorten(message.fallback, LAST_LETTERS) or MARK),), None)
    return FeishuPayload(card, _text(message), (_whole(message),), message.card)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A message drawn into so much room."""

    message: Message
    refs: Mapping[str, str]
    room: Room

    def card(self) -> Json:
        first, *rest = self.message.blocks or (None,)
        title = _title(first)
        body = self._elements(rest if title else self.message.blocks)
        if title and not body:
            return _card(self.message, self._elements(self.message.blocks), None)
        return _card(self.message, body or (words(shorten(self.message.fallback, LAST_LETTERS) or MARK),), title)

    def files(self) -> tuple[Attachment, ...]:
        cut = any(len(plain(line)) > self.room.letters for block in self.message.blocks for line in _lines(block))
        whole = (_whole(self.message),) if cut else ()
        return (*(file for sheet in self._sheets() for file in sheet.files()), *whole)

    def _elements(self, blocks: Sequence[Block]) -> tuple[Json, ...]:
        sheets, forms = iter(self._sheets()), 0
        elements: list[Json] = []
        for block in blocks:
            if isinstance(block, Table):
                elements += next(sheets).elements()
            elif isinstance(block, Form):
                elements += form(block, forms, self.message.subject, Locale(self.message.locale))
                forms += 1
            else:
                elements += self._block(block)
        return tuple(elements)

    def _sheets(self) -> list[Sheet]:
        tables = [block for block in self.message.blocks if isinstance(block, Table)]
        return [self._sheet(table, number) for number, table in enumerate(tables, 1)]

    def _sheet(self, table: Table, number: int) -> Sheet:
        name = f"{_file_name(self.message)}-{number}"
        return Sheet(table, self.room.rows, name, number > TABLES, Locale(self.message.locale), self.refs)

    def _block(self, block: Heading | Paragraph | Fields | Chart | File | Actions | Context | Divider) -> tuple[Json, ...]:
        match block:
            case Heading():
                return (markdown(bold(shorten(plain(block.text), self.room.letters)), "heading"),) if _says(block) else ()
            case Paragraph():
                return (paragraph(block.lines, self.room.letters, self.refs),) if _says(block) else ()
            case Fields():
                return (self._fields(block),) if block.pairs else ()
            case Chart():
                return (self._chart(block),)
            case File():
                return (words(f"{block.name} · {say_size(block.size)}"),)
            case Actions():
                return (buttons(block.buttons, self.message.subject, Locale(self.message.locale)),) if block.buttons else ()
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
        key = self.refs.get(block.name)
        return words(shorten(block.alt, self.room.letters)) if key is None else picture(key, block.alt)


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
