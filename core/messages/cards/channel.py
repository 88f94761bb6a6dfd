"""What does a person see of a channel: how the bot posts in it?"""

from __future__ import annotations

from datetime import time

from core.domain.workspaces import Channel, Locale
from core.i18n.texts import text
from core.messages.model import Block, Context, Fields, Form, Heading, Message, Paragraph


def asking_card(channel: Channel | None, form: Form, locale: Locale) -> Message:
    """The form, which holds how things are."""
    return _message(form, *_gone(channel, locale), locale=locale)


def changed_card(channel: Channel, team: Locale, digest: tuple[time, str] | None, locale: Locale) -> Message:
    """The channel's language and its morning digest, with the word that they were changed. `digest` is its time and the schedule's number."""
    language = text(locale, f"ops.language.{(channel.locale or team).value}")
    pairs = (
        (text(locale, "ops.channel.language"), (language if channel.locale else text(locale, "ops.channel.of_team", language=language),)),
        (text(locale, "ops.channel.digest"), (_digest(digest, locale),)),
    )
    return _message(Fields(pairs), Context((text(locale, "ops.settings.saved"),)), *_gone(channel, locale), locale=locale)


def _digest(held: tuple[time, str] | None, locale: Locale) -> str:
    if held is None:
        return text(locale, "ops.channel.off")
    at, number = held
    return text(locale, "ops.channel.on", at=f"{at:%H:%M}", number=number)


def _gone(channel: Channel | None, locale: Locale) -> tuple[Block, ...]:
    """The word that nothing comes here by itself, and what to do about it."""
    return (Paragraph(((text(locale, "ops.channel.gone"),),)),) if channel is not None and channel.gone else ()


def _message(*blocks: Block, locale: Locale) -> Message:
    # It is read where it was asked, which may be a direct conversation or a channel whose name nobody told.
    heading = text(locale, "ops.channel.heading")
    return Message((Heading((heading,)), *blocks), heading, "ops.channel", locale.value)
