"""How does running text look in the playground? Every piece is escaped; structure alone becomes markup."""

from __future__ import annotations

from typing import assert_never

from markupsafe import Markup, escape

from bot.platforms.links import is_web
from core.messages.model import Bold, ChannelLink, Code, Date, Inline, Link, Mention, Number, Phrase


def phrase(words: Phrase) -> Markup:
    """A phrase as HTML."""
    return Markup("").join(_inline(piece) for piece in words)


def _inline(piece: Inline) -> Markup:
    match piece:
        case str():
            return escape(piece)
        case Bold(text=text):
            return Markup("<strong>{}</strong>").format(text)
        case Code(text=text):
            return Markup("<code>{}</code>").format(text)
        case Mention(name=name):
            # A name may be written from right to left; it must not turn what stands beside it.
            return Markup('<bdi class="mention">@{}</bdi>').format(name)
        case ChannelLink(channel=channel, name=name):
            return Markup('<a class="mention" href="../{}/">#{}</a>').format(channel, name)
        case Link():
            return _link(piece)
        case Date(text=text, value=value):
            return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), text)
        case Number():
            return _number(piece)
        case _:
            assert_never(piece)


def _link(piece: Link) -> Markup:
    if not is_web(piece.url):
        return escape(piece.text)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(piece.url, piece.text)


def _number(piece: Number) -> Markup:
    classes = f"number {piece.tone} {piece.state.value}"
    if piece.value is None:
        return Markup('<span class="{}">{}</span>').format(classes, piece.text)
    return Markup('<data class="{}" value="{}">{}</data>').format(classes, format(piece.value, "f"), piece.text)
