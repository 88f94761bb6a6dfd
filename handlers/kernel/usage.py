"""How is a command written? One line of usage, made from its declaration, for help, for completion and for other platforms' menus."""

from __future__ import annotations

from core.domain.workspaces import Locale
from core.i18n.texts import text
from handlers.kernel.command import Command, Parameter


def usage(command: Command, locale: Locale) -> str:
    """`/kpi log [DATE] code=value…`, in the person's language; a command with forms of its own is written by its words alone."""
    places = (_place(command, item, locale) for item in command.inputs if command.asks)
    return " ".join((command.words(locale), *places))


def example(command: Command, locale: Locale) -> str:
    """A line that can be sent as it stands."""
    return f"{command.words(locale)} {command.say(locale, 'example')}".strip()


def _place(command: Command, item: Parameter, locale: Locale) -> str:
    if item.kind.named:
        return text(locale, "kernel.usage.assignments")
    label = command.say(locale, f"field.{item.name}")
    word = f"{label}…" if item.kind.rest else label
    return f"<{word}>" if item.required else f"[{word}]"
