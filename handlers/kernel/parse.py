"""Which command did a person mean, and with which arguments? Text, a press and a form all end as the same typed call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.errors import UserError
from handlers.kernel.command import Command, Parameter, Registry
from handlers.kernel.kinds import Scope
from handlers.kernel.words import Word, words

# What a press may carry besides named arguments: words to be read as if they had been typed.
TYPED = "_"


@dataclass(frozen=True)
class Call:
    """A command with what was given for each parameter, as typed, read, or wrong."""

    command: Command
    typed: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, object] = field(default_factory=dict)
    mistakes: Mapping[str, UserError] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[Parameter, ...]:
        """Required parameters that nothing was given for."""
        return tuple(item for item in self.command.parameters if item.required and item.name not in self.typed)


@dataclass(frozen=True)
class Unknown:
    """No command is called so. `family` is known when its first word was; `typed` are the words tried, `rest` what follows them."""

    family: str | None
    typed: str
    rest: str


@dataclass(frozen=True)
class Routed:
    """The command that a line names, and the words that follow it. `given` are arguments that the way there implies."""

    command: Command
    words: Sequence[Word] = ()
    given: Mapping[str, str] = field(default_factory=dict)


def route(line: str, registry: Registry) -> Routed | Unknown:
    """The command that a line of text names. `/ops kpi board` is `/kpi board`; a family alone is its help."""
    line = line.strip().lstrip("/／").strip()
    found = words(line)
    if len(found) > 1 and registry.family(found[0].text) == "ops" and registry.family(found[1].text):
        found = found[1:]
    if not found:
        return Routed(registry["ops help"])
    family = registry.family(found[0].text)
    if family is None:
        return Unknown(None, " ".join(word.text for word in found[:2]), line[found[min(2, len(found)) - 1].end :].strip())
    if len(found) == 1:
        return Routed(registry["ops help"], given={} if family == "ops" else {"topic": family})
    command = registry.find(family, found[1].text)
    if command is None:
        return Unknown(family, found[1].text, line[found[1].end :].strip())
    return Routed(command, found[2:])


def routed_press(command: Command, arguments: Mapping[str, str]) -> Routed:
    """What a press or a submitted form names; empty fields count as not given."""
    given = {name: value for name, value in arguments.items() if name != TYPED and value.strip()}
    return Routed(command, words(arguments.get(TYPED, "")), given)


def call(routed: Routed, scope: Scope) -> Call:
    """The routed command with its words given out to its parameters."""
    sorter = _Sorter(routed.command, scope)
    sorter.keyed(routed.words)
    sorter.placed()
    return _given(routed.command, {**sorter.typed, **routed.given}, scope, sorter.mistakes)


def _given(command: Command, typed: Mapping[str, str], scope: Scope, wrong: Mapping[str, UserError] | None = None) -> Call:
    values: dict[str, object] = {}
    mistakes: dict[str, UserError] = dict(wrong or {})
    known = {item.name: item for item in command.parameters}
    for name, written in typed.items():
        if name not in known:
            mistakes[name] = UserError("kernel.argument.unknown", name=name, known=_named(command))
            continue
        try:
            values[name] = known[name].kind.read(written, scope)
        except UserError as error:
            mistakes[name] = error
    return Call(command, typed, values, mistakes)


class _Sorter:
    """Gives each word to a parameter: by its key, else to the first open parameter that understands it."""

    def __init__(self, command: Command, scope: Scope) -> None:
        self._command = command
        self._scope = scope
        self._places: list[Word] = []
        self.typed: dict[str, str] = {}
        self.mistakes: dict[str, UserError] = {}

    def keyed(self, found: Sequence[Word]) -> None:
        """Words with a key; those whose key names no parameter are assignments where the command takes any, else ordinary words."""
        names = {item.name.casefold(): item for item in self._command.parameters}
        named = next((item for item in self._command.parameters if item.kind.named), None)
        rest = any(item.kind.rest for item in self._command.parameters)
        for word in found:
            if word.key is None:
                self._places.append(word)
            elif word.key.casefold() in names:
                self.typed[names[word.key.casefold()].name] = word.text
            elif named is not None:
                self.typed[named.name] = f"{self.typed.get(named.name, '')} {word.key}={_quoted(word.text)}".strip()
            elif rest and not word.flag:
                self._places.append(Word(word.raw, word.raw, word.end))
            else:
                self.mistakes[word.key] = UserError("kernel.argument.unknown", name=word.key, known=_named(self._command))

    def placed(self) -> None:
        """Words without a key, in order."""
        left = self._places
        while left:
            taken = self._place(left)
            left = left[taken:]

    def _place(self, left: Sequence[Word]) -> int:
        first_mistake: tuple[Parameter, UserError] | None = None
        for item in self._open():
            if item.kind.rest:
                self.typed[item.name] = " ".join(word.text for word in left)
                return len(left)
            for size in range(min(item.kind.longest, len(left)), 0, -1):
                written = " ".join(word.text for word in left[:size])
                try:
                    item.kind.read(written, self._scope)
                except UserError as error:
                    # Of several readings that fail, the shortest says best what is wrong.
                    if size == 1 and first_mistake is None:
                        first_mistake = (item, error)
                    continue
                self.typed[item.name] = written
                return size
        self._refuse(left[0], first_mistake)
        return 1

    def _open(self) -> Iterator[Parameter]:
        return (item for item in self._command.parameters if item.name not in self.typed and not item.kind.named)

    def _refuse(self, word: Word, mistake: tuple[Parameter, UserError] | None) -> None:
        if mistake is None:
            self.mistakes[word.text] = UserError("kernel.argument.extra", typed=word.text)
        else:
            item, error = mistake
            self.typed[item.name] = word.text
            self.mistakes[item.name] = error


def _quoted(text: str) -> str:
    return f'"{text}"' if any(character.isspace() for character in text) else text


def _named(command: Command) -> str:
    return ", ".join(item.name for item in command.parameters) or "—"
