"""What does a person see of a channel: how the bot posts in it?"""

from __future__ import annotations

from datetime import time

from core.domain.workspaces import Channel, Locale
from core.i18n.texts import text
from core.messages.model import Block, Context, Fields, Form, Heading, Message


def channel_card(name: str, channel: Channel | None, team: Locale, digest: time | None, form: Form | None, locale: Locale) -> Message:
    """The channel's language and its morning digest; with the form to change them, or with the word that they were changed."""
    heading = text(locale, "ops.channel.heading", name=name)
    own = channel.locale if channel else None
    language = text(locale, f"ops.language.{(own or team).value}")
    pairs = (
        (text(locale, "ops.channel.language"), (language if own else text(locale, "ops.channel.of_team", language=language),)),
        (text(locale, "ops.channel.digest"), (_digest(digest, locale),)),
    )
    last: Block = form or Context((text(locale, "ops.settings.saved"),))
    return Message((Heading((heading,)), Fields(pairs), last), heading, "ops.channel", locale.value)


def _digest(at: time | None, locale: Locale) -> str:
    return text(locale, "ops.channel.on", at=f"{at:%H:%M}") if at else text(locale, "ops.channel.off")
