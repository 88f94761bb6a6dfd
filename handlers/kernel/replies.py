"""What does the bot say when it cannot do what was asked? What happened, what was kept, how to go on."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.workspaces import Locale
from core.errors import UserError
from core.i18n.texts import text
from core.messages.model import Actions, Block, Button, Message, Paragraph, Press
from core.messages.phrases import phrase
from handlers.kernel.command import Command, Registry
from handlers.kernel.parse import TYPED, Unknown

NEAR = 60
SUGGESTIONS = 2


def refused(error: UserError, locale: Locale) -> Message:
    """The sentence of a mistake alone."""
    return Message((Paragraph((phrase(locale, error.key, **error.args_),)),), text(locale, error.key, **error.args_), "kernel.refused", locale.value)


def fault(incident: str, locale: Locale) -> Message:
    """Something broke in the house: the number under which the log has it."""
    return refused(UserError("kernel.fault", incident=incident), locale)


def working(command: Command, locale: Locale) -> Message:
    """The note that stands until a slow command is done."""
    return refused(UserError("kernel.working", command=command.words(locale)), locale)


def unknown(asked: Unknown, registry: Registry, locale: Locale) -> Message:
    """No such command: the nearest ones as buttons, with what else was typed still in them."""
    near = nearest(asked, registry)
    written = f"/{asked.family} {asked.typed}" if asked.family else f"/{asked.typed}"
    key = "kernel.unknown.near" if near else "kernel.unknown.none"
    blocks: tuple[Block, ...] = (Paragraph((phrase(locale, key, typed=written),)),)
    if near:
        given = {TYPED: asked.rest} if asked.rest and len(asked.rest) <= 500 else {}
        blocks = (*blocks, Actions(tuple(Button(item.words(locale), Press(item.name, given)) for item in near)))
    return Message(blocks, text(locale, key, typed=written), "kernel.unknown", locale.value)


def nearest(asked: Unknown, registry: Registry) -> Sequence[Command]:
    """The commands whose words look most like what was typed, at most two."""
    from rapidfuzz import fuzz, process

    names = {written: command for command in registry for written in (command.name, " ".join(command.zh))}
    typed = f"{asked.family} {asked.typed}" if asked.family else asked.typed
    found = process.extract(typed.casefold(), list(names), scorer=fuzz.WRatio, score_cutoff=NEAR, limit=2 * SUGGESTIONS)
    ordered = dict.fromkeys(names[name].name for name, _, _ in found)
    return tuple(registry[name] for name in list(ordered)[:SUGGESTIONS])
