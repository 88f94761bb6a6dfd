"""/ops help: what can I say here?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from core.domain.workspaces import Locale, Permission
from core.errors import UserError
from core.i18n.texts import text
from core.messages.model import Actions, Block, Bold, Button, Code, Divider, Heading, Message, Paragraph, Phrase, Press
from core.messages.model import Context as Quiet
from core.messages.phrases import phrase
from handlers.kernel.arguments import Arguments, Rest
from handlers.kernel.command import REGISTRY, Command, command
from handlers.kernel.context import Context
from handlers.kernel.parse import HELP, SLASHES
from handlers.kernel.usage import example, usage


class HelpArguments(Arguments):
    """What to explain: a family or a command; everything when empty."""

    topic: Rest = ""


@command("ops help", zh="运营 帮助", permission=Permission.VIEWER)
def help_(context: Context, arguments: HelpArguments) -> Message:
    """All commands, a family's, or one command in full."""
    locale = context.locale
    if not arguments.topic.strip():
        return _overview(locale)
    family, _, verb = arguments.topic.strip().lstrip(SLASHES).partition(" ")
    known = REGISTRY.family(family)
    found = REGISTRY.find(known, verb.strip()) if known else None
    if known is None or (verb and found is None):
        raise UserError("ops.help.unknown", field="topic", typed=arguments.topic)
    return _one(found, locale) if found else _family(known, locale)


@cache
def _overview(locale: Locale) -> Message:
    blocks: list[Block] = [Heading(phrase(locale, "ops.help.title")), Paragraph((phrase(locale, "ops.help.intro"),))]
    for family in REGISTRY.families():
        blocks.append(Divider())
        blocks.append(Paragraph(((Bold(text(locale, f"ops.help.family.{family}")),), *_lines(REGISTRY.of(family), locale))))
    blocks.append(_tries(locale))
    blocks.append(Quiet(phrase(locale, "ops.help.more", command=Code(example(REGISTRY[HELP], locale)))))
    return Message(tuple(blocks), text(locale, "ops.help.fallback"), "ops.help", locale.value)


def _family(family: str, locale: Locale) -> Message:
    title = text(locale, f"ops.help.family.{family}")
    lines: list[Phrase] = []
    for item in REGISTRY.of(family):
        lines += [(Code(usage(item, locale)),), (item.say(locale, "about"),)]
    return Message((Heading((title,)), Paragraph(tuple(lines))), title, "ops.help.family", locale.value)


def _one(item: Command, locale: Locale) -> Message:
    about = item.say(locale, "about")
    lines: list[Phrase] = [(about,), (Code(usage(item, locale)),)]
    if item.say(locale, "example"):
        lines.append(phrase(locale, "ops.help.example", line=Code(example(item, locale))))
    for parameter in item.inputs:
        label = item.say(locale, f"field.{parameter.name}")
        told = (label, item.typing(locale, parameter.name), item.hint(locale, parameter.name))
        lines.append((Code(parameter.name), f" {' · '.join(filter(None, told))}"))
    return Message((Heading((item.words(locale),)), Paragraph(tuple(lines))), about, "ops.help.command", locale.value)


def _lines(commands: Sequence[Command], locale: Locale) -> Sequence[Phrase]:
    return [(Code(item.words(locale)), f"  {item.say(locale, 'about')}") for item in commands]


def _tries(locale: Locale) -> Actions:
    names = ("kpi board", "task mine", "ops digest")
    return Actions(tuple(Button(text(locale, f"ops.help.try.{name.replace(' ', '_')}"), Press(name, {})) for name in names))
