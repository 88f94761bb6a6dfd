"""How do words from the catalogue and structured pieces become one phrase? Pieces stay structure; only literals are text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import assert_never

from core.domain.workspaces import Locale
from core.i18n.texts import filled, segments, text
from core.messages.model import (
    Actions,
    Bold,
    ChannelLink,
    Chart,
    Code,
    Context,
    Date,
    Divider,
    Fields,
    File,
    Form,
    Heading,
    Inline,
    Link,
    Mention,
    Message,
    Number,
    Paragraph,
    Phrase,
    Table,
)

PIECES = (Bold, ChannelLink, Code, Date, Link, Mention, Number)


def phrase(locale: Locale, key: str, /, **args: object) -> Phrase:
    """The catalogue's sentence as a phrase: a place filled with an inline piece or a phrase keeps its structure."""
    pieces: list[Inline] = []
    for literal, place, spec in segments(locale, key):
        if literal:
            pieces.append(literal)
        if place is not None:
            pieces.extend(_pieces(args[place], spec))
    return tuple(pieces)


def say(locale: Locale, key: str, /, **args: object) -> str:
    """The catalogue's sentence as plain words; inline pieces become their words."""
    return text(locale, key, **{name: plain(value) if isinstance(value, (*PIECES, tuple)) else value for name, value in args.items()})


def plain(part: Inline | Phrase) -> str:
    """The words of an inline piece or a phrase, without any structure."""
    match part:
        case str():
            return part
        case tuple():
            return "".join(plain(piece) for piece in part)
        case Mention(name=name):
            return f"@{name}"
        case ChannelLink(name=name):
            return f"#{name}"
        case Bold() | Code() | Link() | Date() | Number():
            return part.text
        case _:
            assert_never(part)


def spoken(message: Message) -> Iterator[Inline]:
    """Every inline piece of the message, in order."""
    for block in message.blocks:
        match block:
            case Heading(text=words) | Context(text=words):
                yield from words
            case Paragraph(lines=lines):
                yield from chain.from_iterable(lines)
            case Fields(pairs=pairs):
                yield from chain.from_iterable(words for _, words in pairs)
            case Table(rows=rows):
                yield from chain.from_iterable(chain.from_iterable(rows))
            case Chart() | File() | Actions() | Form() | Divider():
                continue
            case _:
                assert_never(block)


def joined(phrases: list[Phrase], separator: str) -> Phrase:
    """Several phrases as one."""
    pieces: list[Inline] = []
    for index, item in enumerate(phrases):
        if index:
            pieces.append(separator)
        pieces.extend(item)
    return tuple(pieces)


def _pieces(value: object, spec: str) -> Phrase:
    if isinstance(value, tuple):
        return value
    if isinstance(value, PIECES):
        return (value,)
    return (filled(value, spec),)
