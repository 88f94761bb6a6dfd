"""What could come next, while a person types?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from core.messages.model import Option
from handlers.kernel.command import Command, Parameter, Registry
from handlers.kernel.kinds import Scope
from handlers.kernel.parse import SLASHES, Routed, call, route
from handlers.kernel.usage import usage
from handlers.kernel.words import quoted

LIMIT = 20
_KEY = re.compile(r"(?:--|——|—|–)?(?P<name>\w+)[=＝]")
_FLAG = re.compile(r"^(?:--|——|—|–)")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One way to go on: put `insert` in the place of the characters from `start` to the caret. `label` is read first, `hint` beside it."""

    insert: str
    start: int
    label: str
    hint: str = ""


def complete(line: str, caret: int, registry: Registry, scope: Scope) -> Sequence[Suggestion]:
    """At most twenty suggestions for the word at the caret."""
    before = line[:caret]
    if not before.lstrip().startswith(tuple(SLASHES)):
        return ()
    last = re.search(r"\S*$", before)
    start = last.start() if last else caret
    found = _begun(before[:start], registry)
    suggestions = _commands(before, registry, scope) if found is None else _arguments(before[start:], start, found, scope)
    return tuple(islice(suggestions, LIMIT))


def _begun(head: str, registry: Registry) -> Routed | None:
    """The command whose words stand in full before the word at the caret."""
    routed = route(head, registry)
    if not isinstance(routed, Routed) or len(head.split()) < 2 or "topic" in routed.given:
        return None
    return routed


def _commands(before: str, registry: Registry, scope: Scope) -> Iterator[Suggestion]:
    typed = before.lstrip().lstrip(SLASHES).casefold().split()
    behind_ops = len(typed) > 1 and registry.family(typed[0]) == "ops"
    start = len(before) - len(before.lstrip())
    for command in registry:
        if _begins(command, typed) or (behind_ops and _begins(command, typed[1:])):
            yield Suggestion(f"{command.words(scope.locale)} ", start, usage(command, scope.locale), command.say(scope.locale, "about"))


def _begins(command: Command, typed: Sequence[str]) -> bool:
    """Whether each word typed begins the command's word at its place, in either language."""
    places = tuple(zip(command.path, command.zh, strict=True))
    return len(typed) <= len(places) and all(any(name.startswith(word) for name in names) for word, names in zip(typed, places, strict=False))


def _arguments(word: str, start: int, routed: Routed, scope: Scope) -> Iterator[Suggestion]:
    key = _KEY.match(word)
    if key:
        named = [item for item in routed.command.parameters if item.name == key["name"].casefold()]
        for item in named:
            yield from _choices(item, word[key.end() :], start + key.end(), scope)
        return
    given = call(routed, scope).typed
    open_ = [item for item in routed.command.inputs if item.kind.named or item.name not in given]
    for item in open_:
        yield from _choices(item, word, start, scope)
    wanted = _FLAG.sub("", word).casefold()
    for item in open_:
        if not item.kind.named and item.name.startswith(wanted):
            yield Suggestion(f"{item.name}=", start, f"{item.name}=", routed.command.say(scope.locale, f"field.{item.name}"))


def _choices(item: Parameter, typed: str, start: int, scope: Scope) -> Iterator[Suggestion]:
    wanted = typed.lstrip("@＠").casefold()
    for option in item.kind.offers(scope):
        if option.value.casefold().startswith(wanted) or (wanted and wanted in option.label.casefold()):
            yield _suggestion(option, start)


def _suggestion(option: Option, start: int) -> Suggestion:
    # What ends in a sign waits for its value; everything else is a word by itself.
    insert = option.value if option.value.endswith("=") else f"{quoted(option.value)} "
    return Suggestion(insert, start, option.value, option.label)
