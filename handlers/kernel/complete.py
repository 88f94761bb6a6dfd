"""What could come next, while a person types?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from core.messages.model import Option
from handlers.kernel.command import Command, Registry
from handlers.kernel.kinds import Scope
from handlers.kernel.usage import usage
from handlers.kernel.words import words

LIMIT = 8


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One way to go on: put `insert` in the place of the characters from `start` to the caret. `label` is read first, `hint` beside it."""

    insert: str
    start: int
    label: str
    hint: str = ""


def complete(line: str, caret: int, registry: Registry, scope: Scope) -> Sequence[Suggestion]:
    """At most eight suggestions for the word at the caret."""
    before = line[:caret]
    if not before.lstrip().startswith(("/", "／")):
        return ()
    found = words(before.strip().lstrip("/／"))
    family = registry.family(found[0].text) if found else None
    command = registry.find(family, found[1].text) if family and len(found) > 1 else None
    if command is None or (len(found) == 2 and not before[-1:].isspace()):
        return tuple(islice(_commands(before, registry, scope), LIMIT))
    return tuple(islice(_arguments(before, command, scope), LIMIT))


def _commands(before: str, registry: Registry, scope: Scope) -> Iterator[Suggestion]:
    typed = " ".join(before.strip().lstrip("/／").casefold().split())
    start = len(before) - len(before.lstrip())
    for command in registry:
        written = (" ".join(command.path), " ".join(command.zh))
        if any(name.startswith(typed) for name in written):
            yield Suggestion(f"{command.words(scope.locale)} ", start, usage(command, scope.locale), command.say(scope.locale, "about"))


def _arguments(before: str, command: Command, scope: Scope) -> Iterator[Suggestion]:
    last = "" if before[-1:].isspace() else before.split()[-1]
    start = len(before) - len(last)
    key, sign, value = last.partition("=")
    if sign:
        chosen = [item for item in command.parameters if item.name == key.removeprefix("--").casefold()]
        start, last = start + len(key) + 1, value
    else:
        chosen = [item for item in command.parameters if not item.kind.rest]
    for item in chosen:
        yield from (_suggestion(option, start) for option in item.kind.offers(scope) if _matches(option, last))
    if not sign:
        named = [item for item in command.parameters if not item.required and not item.kind.named and item.name.startswith(last.removeprefix("--"))]
        yield from (Suggestion(f"{item.name}=", start, f"{item.name}=", command.say(scope.locale, f"field.{item.name}")) for item in named)


def _matches(option: Option, typed: str) -> bool:
    wanted = typed.lstrip("@").casefold()
    return option.value.casefold().startswith(wanted) or (bool(wanted) and wanted in option.label.casefold())


def _suggestion(option: Option, start: int) -> Suggestion:
    insert = option.value if option.value.endswith("=") else f"{option.value} "
    return Suggestion(insert, start, option.value, option.label)
