"""How does a message look on Slack? As Block Kit within every limit, in which nothing that somebody typed is markup."""

from __future__ import annotations

from collections.abc import Mapping

from bot.platforms.attachments import Attachment, message_file
from bot.platforms.slack.drawing import Drawing
from bot.platforms.slack.fit import fits, shortened
from bot.platforms.slack.limits import MESSAGE, PRIVATE, SECTION, TEXT, VIEW, VIEW_BUTTON, VIEW_TITLE, Surface
from bot.platforms.slack.payload import Object, SlackPayload
from bot.platforms.slack.render_inline import escaped, lines_block, plain_text
from bot.platforms.slack.render_table import quiet
from core.domain.workspaces import Locale
from core.i18n.texts import text
from core.messages.model import Message


def render(message: Message, refs: Mapping[str, str]) -> SlackPayload:
    """The message for a channel or a direct message. `refs`: a chart's name → its picture's file id; `member:ID`, `channel:ID` → their ids there."""
    blocks, files = _drawn(message, refs, MESSAGE)
    return SlackPayload(escaped(_in_short(message), TEXT), blocks, files, message.card)


def render_private(message: Message) -> SlackPayload:
    """The message for the eyes of the one who acted, without anything that would need a thread or an uploaded picture."""
    return SlackPayload(escaped(_in_short(message), TEXT), _drawn(message, {}, PRIVATE)[0], card=message.card)


def render_view(message: Message, refs: Mapping[str, str]) -> Object:
    """A modal that shows the message: what came of a form."""
    return _modal(message, _drawn(message, refs, VIEW)[0])


def render_home(message: Message, refs: Mapping[str, str]) -> Object:
    """A member's home tab."""
    return {"type": "home", "blocks": _drawn(message, refs, VIEW)[0]}


def view_in_words(message: Message) -> Object:
    """A modal with the message's words alone, for when Slack refuses the one that shows it all."""
    return _modal(message, (_words(message),))


def home_in_words(message: Message) -> Object:
    """The same for the home tab."""
    return {"type": "home", "blocks": (_words(message),)}


def _modal(message: Message, blocks: tuple[Object, ...]) -> Object:
    locale = Locale(message.locale)
    title, close = plain_text(text(locale, "web.bot"), VIEW_TITLE), plain_text(text(locale, "slack.view.close"), VIEW_BUTTON)
    return {"type": "modal", "title": title, "close": close, "blocks": blocks}


def _words(message: Message) -> Object:
    return {"type": "section", "text": plain_text(_in_short(message), SECTION)}


def _drawn(message: Message, refs: Mapping[str, str], surface: Surface) -> tuple[tuple[Object, ...], tuple[Attachment, ...]]:
    """The blocks, and the files with what they could not hold, where the surface has a thread for them."""
    drawing = Drawing(message, refs, surface)
    blocks = drawing.blocks() or tuple(lines_block(((_in_short(message),),), refs))
    if fits(blocks, surface.blocks):
        return blocks, tuple(drawing.files)
    locale = Locale(message.locale)
    if not surface.files:
        return shortened(blocks, surface.blocks, quiet(text(locale, "slack.shortened"))), ()
    whole = message_file(drawing.name, message)
    return shortened(blocks, surface.blocks, quiet(text(locale, "slack.whole", file=text(locale, "slack.beside", file=whole.name)))), (
        *drawing.files,
        whole,
    )


def _in_short(message: Message) -> str:
    return message.fallback.strip() or message.card or "…"
