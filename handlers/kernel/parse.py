"""Which command did a person mean, and with which arguments? Text, a press and a form all end as the same typed call."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.errors import UserError
from handlers.kernel.command import Command, Parameter, Registry
from handlers.kernel.kinds import Scope
from handlers.kernel.smalltalk import is_small_talk
from handlers.kernel.sorter import COMMAS, Sorter
from handlers.kernel.words import Word, words

# What a press may carry besides named arguments: words to be read as if they had been typed.
TYPED = "_"
SLASHES = "/／"
HELP = "ops help"
# `/任务，完成 T-15`
_COMMA_FIRST = re.compile(rf"(?P<family>\w+)[{COMMAS}]\s*")


@dataclass(frozen=True)
class Call:
    """A command with what was given for each parameter, as typed and as read.

    `mistakes` say what is wrong, by parameter; `stray` what is wrong with words that belong to no parameter.
    """

    command: Command
    typed: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, object] = field(default_factory=dict)
    mistakes: Mapping[str, UserError] = field(default_factory=dict)
    stray: Sequence[UserError] = ()

    @property
    def missing(self) -> tuple[Parameter, ...]:
        """Required parameters that nothing was given for."""
        return tuple(item for item in self.command.parameters if item.required and item.name not in self.typed)

    @property
    def complete(self) -> bool:
        """Whether the command can run."""
        return not (self.mistakes or self.stray or self.missing)

    @property
    def unfilled(self) -> bool:
        """Whether nothing is wrong with it, and the command's form asks for what is missing."""
        return self.command.asks and bool(self.missing) and not (self.mistakes or self.stray)


@dataclass(frozen=True)
class Unknown:
    """No command is called so. `family` is known when its first word was; `words` are all that was typed, behind `slash` if there was one."""

    family: str | None
    words: Sequence[Word]
    slash: str = ""


@dataclass(frozen=True)
class Routed:
    """The command that a line names, and the words that follow it. `given` are arguments that the way there implies."""

    command: Command
    words: Sequence[Word] = ()
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SmallTalk:
    """Nothing is asked: a greeting, thanks, or the bot's name alone."""


def route(line: str, registry: Registry) -> Routed | Unknown | SmallTalk:
    """The command that a line of text names. `/ops kpi board` is `/kpi board`, `/help` is `/ops help`, `/tasks` is `/task list`.

    A family alone, or with help, is its help.
    """
    typed = line.strip()
    found, slash = words(_spaced(typed.lstrip(SLASHES), registry)), "/" if typed.startswith(tuple(SLASHES)) else ""
    if len(found) > 1 and registry.family(found[0].raw) == "ops" and (registry.family(found[1].raw) or _listing(found[1].raw, registry)):
        found = found[1:]
    if not slash and is_small_talk(typed):
        return SmallTalk()
    if not found:
        return Routed(registry[HELP])
    family = registry.family(found[0].raw)
    if family is None:
        own = registry.find("ops", found[0].raw) or _listing(found[0].raw, registry)
        return Routed(own, found[1:]) if own else Unknown(None, found, slash)
    if len(found) == 1:
        return _help(registry, family)
    command = registry.find(family, found[1].raw)
    if command is not None:
        return Routed(command, found[2:])
    if len(found) == 2 and registry.find("ops", found[1].raw) is registry[HELP]:
        return _help(registry, family)
    return Unknown(family, found, slash)


def routed_press(command: Command, arguments: Mapping[str, str]) -> Routed:
    """What a press or a submitted form names; empty fields count as not given."""
    given = {name: value for name, value in arguments.items() if name != TYPED and value.strip()}
    return Routed(command, words(arguments.get(TYPED, "")), given)


def unconfirmed(routed: Routed) -> Routed:
    """The same without any confirmation in it."""
    confirming = {item.name for item in routed.command.parameters if item.confirms}
    return replace(routed, given={name: value for name, value in routed.given.items() if name not in confirming})


def call(routed: Routed, scope: Scope) -> Call:
    """The routed command with its words given out to its parameters."""
    sorter = Sorter(routed.command, scope)
    for name, written in routed.given.items():
        sorter.give(name, written)
    sorter.sort(routed.words)
    return Call(routed.command, sorter.typed, sorter.values, sorter.mistakes, tuple(sorter.stray))


def _spaced(line: str, registry: Registry) -> str:
    """The line with a space in place of a comma behind the family's word."""
    found = _COMMA_FIRST.match(line)
    return f"{found['family']} {line[found.end() :]}" if found and registry.family(found["family"]) else line


def _listing(word: str, registry: Registry) -> Command | None:
    """The list of the family whose plural the word is."""
    family = registry.family(word[:-1]) if word.casefold().endswith("s") else None
    return registry.find(family, "list") if family else None


def _help(registry: Registry, family: str) -> Routed:
    return Routed(registry[HELP], given={} if family == "ops" else {"topic": family})
