"""How is a text cut where a platform has no room for it? Between words, never inside a number, and so that it shows."""

from __future__ import annotations

import re
from dataclasses import replace

from core.messages.model import Bold, Inline, Link, Phrase
from core.messages.phrases import plain

MARK = "…"
# A word or a number at the end: cut through, it would say something else.
_LAST_TOKEN = re.compile(r"[A-Za-z0-9.,:%/+−万亿-]+$")
_IN_TOKEN = re.compile(r"[A-Za-z0-9.,:%/+−万亿-]")


def shorten(text: str, limit: int) -> str:
    """The text in at most `limit` characters, with … at its end when some are left out."""
    if len(text) <= limit:
        return text
    kept = text[: max(limit - len(MARK), 0)]
    if _IN_TOKEN.match(text[len(kept)]):
        # A token longer than half of the room is cut after all: a figure is never that long.
        whole = _LAST_TOKEN.sub("", kept)
        kept = whole if len(whole) > len(kept) // 2 else kept
    return kept.rstrip() + MARK


def shorten_phrase(words: Phrase, limit: int) -> Phrase:
    """The phrase in at most `limit` characters. A mention, a channel, a code and a figure stay whole or go."""
    if len(plain(words)) <= limit:
        return words
    kept: list[Inline] = []
    room = limit
    for piece in words:
        size = len(plain(piece))
        if size >= room:
            kept.append(_shortened(piece, room))
            break
        kept.append(piece)
        room -= size
    return tuple(kept)


def _shortened(piece: Inline, room: int) -> Inline:
    match piece:
        case str():
            return shorten(piece + MARK, room)
        case Bold() | Link():
            return replace(piece, text=shorten(piece.text + MARK, room))
        case _:
            return MARK
