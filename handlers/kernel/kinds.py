"""How does one argument read what a person typed, and what does it offer while they type?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from core.domain.workspaces import Locale
from core.messages.model import Option

FormKind = Literal["text", "multiline", "date", "select"]


class Directory(Protocol):
    """What a workspace has that arguments can name: the value to type, and what it is called."""

    def members(self) -> Sequence[Option]:
        """Handles with names."""
        ...

    def campaigns(self) -> Sequence[Option]:
        """Codes with names."""
        ...

    def tasks(self) -> Sequence[Option]:
        """Numbers of open tasks with titles."""
        ...

    def roles(self) -> Sequence[Option]:
        """Names of jobs."""
        ...

    def channels(self) -> Sequence[Option]:
        """Names of channels, each with its sign."""
        ...

    def schedules(self) -> Sequence[Option]:
        """Numbers of schedules with their channels."""
        ...


@dataclass(frozen=True, slots=True)
class Scope:
    """What reading an argument depends on: the person's language, the local date, and what the workspace has.

    `here` is the channel where it is asked, by its name with its sign; empty where that has no name.
    """

    locale: Locale
    today: date
    directory: Directory
    here: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """The behaviour of a type of argument.

    `read` turns text into a value and raises UserError. `longest` is how many words one value may have. `offers` are the choices
    for completion and select fields. `named` arguments take only `key=value` words, all of those that name no other argument;
    a `rest` argument takes every word that is left. `names` says which words may be such a key without a sign: `gmv 25万`.
    `free` says that the choices are only some of what it understands.
    `ends` says which words at the end of a `rest` belong to this argument instead: `@lin` behind a task's title.
    `usual` is what a form holds where nothing was said of it. A `keyed` argument takes no word without its key: `at` is a country too.
    `meant` says of words that it cannot read that they were written for it all the same: 30 February.
    """

    name: str
    read: Callable[[str, Scope], object]
    form: FormKind = "text"
    longest: int = 1
    offers: Callable[[Scope], Sequence[Option]] = lambda _scope: ()
    free: bool = False
    named: bool = False
    keyed: bool = False
    rest: bool = False
    names: Callable[[str], bool] = lambda _word: False
    usual: Callable[[Scope], str] = lambda _scope: ""
    ends: Callable[[str, Scope], bool] = lambda _words, _scope: False
    meant: Callable[[str, Scope], bool] = lambda _words, _scope: False
