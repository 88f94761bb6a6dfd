"""What do all verbs share? Global options, choosing workspace and person, printing, and exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING, NoReturn

from core.domain.workspaces import Locale, Member, Workspace
from core.errors import ConfigurationError, UserError
from core.i18n.texts import text

if TYPE_CHECKING:
    from bot.house import House
    from bot.settings import Settings
    from core.messages.model import Message


class Exit(IntEnum):
    """What the process says when it ends."""

    DONE = 0
    FAULT = 1
    USAGE = 2
    MISTAKE = 3


@dataclass
class Run:
    """One run of the program: the global options, and what has been said so far."""

    database: str | None = None
    now: datetime | None = None
    as_json: bool = False
    messages: list[Message] = field(default_factory=list)
    data: dict[str, object] = field(default_factory=dict)

    def settings(self) -> Settings:
        """The environment's settings, with the chosen database."""
        from bot.settings import Settings

        settings = Settings()
        return settings.model_copy(update={"database_url": self.database}) if self.database else settings

    def house(self, locale: Locale | None = None) -> House:
        """The parts of the process, over the chosen database."""
        from bot.house import House

        return House(self.settings(), self.now, locale)

    def say(self, message: Message, platform: str = "text") -> None:
        """Prints a message, or keeps it for the one JSON object."""
        if self.as_json:
            self.messages.append(message)
        elif platform == "html":
            from bot.platforms.web.render import render as html

            print(html(message, {}))
        else:
            from bot.platforms.text import render

            print(render(message))

    def tell(self, line: str, **data: object) -> None:
        """Prints a line for the person at the terminal; with --json the data alone is kept."""
        self.data |= data
        if not self.as_json and line:
            print(line)

    def finish(self) -> None:
        """Prints the JSON object, where one was asked for."""
        if not self.as_json:
            return
        from core.messages.codec import as_json

        print(json.dumps({"messages": [as_json(message) for message in self.messages], "data": self.data}, ensure_ascii=False, indent=2, default=str))

    def finish_with(self, code: Exit) -> NoReturn:
        """Ends the process; the JSON object is printed on the way out."""
        raise SystemExit(int(code))


def leave(code: Exit, line: str = "") -> NoReturn:
    """Ends the process with a line for the person."""
    if line:
        print(line, file=sys.stderr)
    raise SystemExit(int(code))


@contextmanager
def told(locale: Locale = Locale.EN) -> Iterator[None]:
    """Turns what people and settings got wrong into a sentence and its exit code."""
    try:
        yield
    except ConfigurationError as error:
        leave(Exit.USAGE, str(error))
    except UserError as error:
        leave(Exit.MISTAKE, text(locale, error.key, **error.args_))


def chosen_workspace(house: House, name: str | None) -> Workspace:
    """The named workspace, or the only one. Leaves with exit code 2 when that is not clear."""
    every = house.workspaces()
    if name is None and len(every) == 1:
        return every[0]
    known = ", ".join(workspace.name for workspace in every)
    if not every:
        leave(Exit.USAGE, "There is no workspace yet. Make one: morningbell init, or morningbell init --demo")
    if name is None:
        leave(Exit.USAGE, f"There are several workspaces: {known}. Name one with --workspace.")
    found = [workspace for workspace in every if name in (workspace.name, str(workspace.id))]
    if not found:
        leave(Exit.USAGE, f"There is no workspace {name}. There are: {known}.")
    return found[0]


def chosen_member(house: House, workspace: Workspace, person: str | None) -> Member:
    """The person of that handle or name, or the owner. Leaves with exit code 2 when there is none."""
    with house.database.read() as uow:
        if person is None:
            return uow.members.get(workspace.id, uow.workspaces.owner(workspace.id) or 0)
        everyone = uow.members.all(workspace.id)
    wanted = person.lstrip("@").casefold()
    found = [member for member in everyone if wanted in (member.handle.casefold(), member.name.casefold())]
    handles = ", ".join(member.handle for member in everyone)
    if not found:
        leave(Exit.USAGE, f"{workspace.name} has nobody called {person}. There are: {handles}.")
    return found[0]
