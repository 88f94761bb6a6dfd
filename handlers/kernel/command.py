"""What is a command? Declared once: its words, arguments, permission and handler; parser, help, forms and completion follow from it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar, get_type_hints

from core.domain.workspaces import Locale, Permission
from core.i18n.texts import area_texts, text
from core.messages.model import Message
from handlers.kernel.arguments import CONFIRMED, Arguments, kind_of
from handlers.kernel.context import Context
from handlers.kernel.kinds import Kind

Given = TypeVar("Given", bound=Arguments)
Handler = Callable[[Context, Given], Message]


@dataclass(frozen=True)
class Parameter:
    """One declared argument."""

    name: str
    kind: Kind
    required: bool

    @property
    def confirms(self) -> bool:
        """Whether it says that the person has seen what the command would do: a button's, never asked for."""
        return self.kind.name == CONFIRMED


@dataclass(frozen=True)
class Command:
    """A declared command. `path` are its English words, `zh` its Chinese ones; `slow` ones are answered later, by a delivery.

    A command that `asks` answers a mistake with its form; another has forms of its own, and says the sentence alone. The answer of a `private` one
    is for the one who asked, wherever they did.
    """

    path: tuple[str, str]
    zh: tuple[str, str]
    permission: Permission
    changes: bool
    slow: bool
    asks: bool
    private: bool
    arguments: type[Arguments]
    handler: Callable[[Context, Arguments], Message]
    parameters: tuple[Parameter, ...] = field(default=())
    also: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Both words, as `Press.command` has them."""
        return " ".join(self.path)

    @property
    def inputs(self) -> tuple[Parameter, ...]:
        """What a person can be asked for."""
        return tuple(item for item in self.parameters if not item.confirms)

    def words(self, locale: Locale) -> str:
        """The command as people of the language type it, with its slash."""
        return "/" + " ".join(self.zh if locale is Locale.ZH else self.path)

    def say(self, locale: Locale, what: str) -> str:
        """One of the command's own texts: title (of its form, short enough for a window), about, example, field.NAME."""
        return text(locale, f"{self.path[0]}.command.{self.path[1]}.{what}")

    def hint(self, locale: Locale, parameter: str) -> str:
        """The hint of a parameter; empty where none is written."""
        return self._written(locale, f"hint.{parameter}")

    def typing(self, locale: Locale, parameter: str) -> str:
        """How a parameter is typed that a form lets people pick, such as a date; empty where none is written."""
        return self._written(locale, f"typing.{parameter}")

    def _written(self, locale: Locale, what: str) -> str:
        return area_texts(locale, self.path[0]).get(f"command.{self.path[1]}.{what}", "")


class Registry:
    """All commands of the house, by path."""

    def __init__(self) -> None:
        self._commands: dict[tuple[str, str], Command] = {}
        self._families: dict[str, str] = {}

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def __getitem__(self, name: str) -> Command:
        """The command of that name, such as `task done`. Raises KeyError."""
        family, _, verb = name.partition(" ")
        return self._commands[family, verb]

    def add(self, command: Command) -> None:
        """Raises ValueError for words that are taken."""
        if command.path in self._commands or any(command.zh == other.zh for other in self):
            raise ValueError(f"{command.name} is declared twice")
        self._commands[command.path] = command
        for word in (command.path[0], command.zh[0]):
            self._families.setdefault(word, command.path[0])

    def families(self) -> tuple[str, ...]:
        """The English words of the families, in the order of declaration."""
        return tuple(dict.fromkeys(command.path[0] for command in self))

    def family(self, word: str) -> str | None:
        """The English word of the family that is called so in any language."""
        return self._families.get(word.casefold())

    def of(self, family: str) -> tuple[Command, ...]:
        """The commands of a family, in the order of declaration."""
        return tuple(command for command in self if command.path[0] == family)

    def find(self, family: str, verb: str) -> Command | None:
        """The command of the family whose verb is called so in any language."""
        return next((command for command in self.of(family) if verb.casefold() in (command.path[1], command.zh[1], *command.also)), None)


REGISTRY = Registry()


def command(
    path: str,
    *,
    zh: str,
    permission: Permission,
    changes: bool = False,
    slow: bool = False,
    asks: bool = True,
    private: bool = False,
    also: tuple[str, ...] = (),
    registry: Registry = REGISTRY,
) -> Callable[[Handler[Given]], Handler[Given]]:
    """Declares a handler as a command. Its signature is checked here, so that a wrong one fails at the start and not at a press."""

    def declare(handler: Handler[Given]) -> Handler[Given]:
        arguments = _arguments(handler)
        registry.add(
            Command(
                path=_pair(path),
                zh=_pair(zh),
                permission=permission,
                changes=changes,
                slow=slow,
                asks=asks,
                private=private,
                arguments=arguments,
                handler=lambda context, given: handler(context, given),  # type: ignore[arg-type]  # parsing makes what the signature asks for
                parameters=tuple(Parameter(name, kind_of(info), info.is_required()) for name, info in arguments.model_fields.items()),
                also=also,
            )
        )
        return handler

    return declare


def _pair(words: str) -> tuple[str, str]:
    first, _, second = words.partition(" ")
    if not first or not second or " " in second:
        raise ValueError(f"a command has two words, not {words!r}")
    return first, second


def _arguments(handler: Callable[..., Message]) -> type[Arguments]:
    hints = get_type_hints(handler)
    names = list(inspect.signature(handler).parameters)
    if len(names) != 2 or hints[names[0]] is not Context or not issubclass(hints[names[1]], Arguments):
        raise TypeError(f"{handler.__name__} must take a Context and its Arguments")
    given: type[Arguments] = hints[names[1]]
    return given
