"""What do all verbs share? Global options, choosing workspace and person, printing, and exit codes."""

from __future__ import annotations

import gc
import json
import secrets
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bot.roles import Role
from core.domain.workspaces import Locale, Member, Workspace
from core.errors import ConfigurationError, SealError, SendError, Unreachable, UserError
from core.i18n.texts import text

if TYPE_CHECKING:
    from bot.house import House
    from bot.settings import Settings
    from core.messages.model import Message


class Exit(IntEnum):
    """What the process says when it ends. Settings that cannot work are wrong usage too; a database that does not answer is a fault."""

    DONE = 0
    FAULT = 1
    USAGE = 2
    MISTAKE = 3


class Left(Exception):
    """The verb ends here, with an exit code and a line for the person."""

    def __init__(self, code: Exit, line: str) -> None:
        super().__init__(line)
        self.code = code
        self.line = line


@dataclass
class Run:
    """One run of the program: the global options, what has been said so far, and in which language the person is told of mistakes."""

    database: str | None = None
    now: datetime | None = None
    as_json: bool = False
    locale: Locale = Locale.EN
    messages: list[Message] = field(default_factory=list)
    data: dict[str, object] = field(default_factory=dict)
    closing: ExitStack = field(default_factory=ExitStack)

    def settings(self) -> Settings:
        """The environment's settings, with the chosen database. Raises ConfigurationError."""
        from bot.settings import load_settings

        return load_settings(self.database)

    def house(self, locale: Locale | None = None, role: Role = Role.ALL) -> House:
        """The parts of the process, over the chosen database."""
        from bot.house import House

        gc.freeze()
        gc.enable()
        house = House(self.settings(), self.now, locale, role)
        self.closing.callback(house.close)
        return house

    def say(self, message: Message, platform: str = "text") -> None:
        """Prints a message, or keeps it for the one JSON object."""
        if self.as_json:
            self.messages.append(message)
        else:
            print(_rendered(message, platform))

    def tell(self, line: str, **data: object) -> None:
        """Prints a line for the person at the terminal; with --json the data alone is kept."""
        self.data |= data
        if not self.as_json and line:
            print(line)

    def finish(self) -> None:
        """Closes what was opened, and prints the JSON object where one was asked for."""
        self.closing.close()
        if not self.as_json:
            return
        from core.messages.codec import as_json

        print(json.dumps({"messages": [as_json(message) for message in self.messages], "data": self.data}, ensure_ascii=False, indent=2, default=str))

    def finish_with(self, code: Exit, line: str = "") -> NoReturn:
        """Ends the process, with a line for the person on the error stream; the JSON object has it as `error`, and is printed on the way out."""
        if line:
            print(line, file=sys.stderr)
            self.data["error"] = line
        raise SystemExit(int(code))


def _rendered(message: Message, platform: str) -> str:
    """The message as the platform gets it; pictures are told in words."""
    match platform:
        case "html":
            from bot.platforms.web.render import render as html

            return html(message, {})
        case "slack":
            from bot.platforms.slack.render import render as blocks

            return json.dumps(blocks(message, {}).body(), ensure_ascii=False, indent=2)
        case "feishu":
            from bot.platforms.feishu.render import render as card

            return json.dumps(card(message, {}).card, ensure_ascii=False, indent=2)
        case _:
            from bot.platforms.text import render

            return render(message)


def leave(code: Exit, line: str) -> NoReturn:
    """Ends the verb with a line for the person."""
    raise Left(code, line)


@contextmanager
def told(run: Run) -> Iterator[None]:
    """Turns whatever goes wrong in a verb into a sentence and its exit code. A fault of the house gets a number, and its trace goes to the log."""
    try:
        yield
    except Left as left:
        run.finish_with(left.code, left.line)
    except ConfigurationError as error:
        run.finish_with(Exit.USAGE, str(error))
    except SealError as error:
        run.finish_with(Exit.USAGE, f"The key does not fit this database ({error}). `morningbell doctor` says how to mend it.")
    except Unreachable as error:
        run.finish_with(Exit.FAULT, str(error))
    except SendError as error:
        run.finish_with(Exit.FAULT, f"The platform did not do it ({error.reason.value}). `morningbell doctor` says what is missing.")
    except UserError as error:
        run.finish_with(Exit.MISTAKE, text(run.locale, error.key, **error.args_))
    except BrokenPipeError:
        # Whoever read the output has had enough; typer ends quietly.
        raise
    except Exception:
        run.finish_with(Exit.FAULT, text(run.locale, "kernel.fault", incident=_incident()))


def _incident() -> str:
    from bot.log import log_incident

    number = secrets.token_hex(4)
    log_incident(number)
    return number


def readable(file: Path) -> None:
    """Leaves with exit code 2 where there is no such file, or where it cannot be read."""
    try:
        file.open("rb").close()
    except OSError as error:
        leave(Exit.USAGE, f"{file} cannot be read: {error.strerror}.")


def chosen(run: Run, house: House, workspace: str | None, person: str | None) -> tuple[Workspace, Member]:
    """Where and as whom the verb acts; from here on mistakes are told in that person's language. Leaves with exit code 2 when that is not clear."""
    team = chosen_workspace(house, workspace)
    member = chosen_member(house, team, person)
    run.locale = house.locale or member.locale or team.locale
    return team, member


def chosen_workspace(house: House, name: str | None) -> Workspace:
    """The named workspace, else the one of the settings, else the only one."""
    every, name = house.workspaces(), name or house.settings.workspace or None
    known = ", ".join(workspace.name for workspace in every)
    if not every:
        leave(Exit.USAGE, "There is no workspace yet. Make one: morningbell init NAME, or morningbell init --demo")
    if name is None and len(every) > 1:
        leave(Exit.USAGE, f"There are several workspaces: {known}. Name one with --workspace.")
    found = [workspace for workspace in every if name in (None, workspace.name, str(workspace.id))]
    if not found:
        leave(Exit.USAGE, f"There is no workspace {name}. There are: {known}.")
    return found[0]


def chosen_member(house: House, workspace: Workspace, person: str | None) -> Member:
    """The person who is called so; the owner when none is named."""
    from core.services.people import called

    with house.database.read() as uow:
        everyone, owner = uow.members.all(workspace.id), uow.workspaces.owner(workspace.id)
    if person is None:
        return next(member for member in everyone if member.active and member.id == owner)
    found = called(everyone, person.lstrip("@"))
    if len(found) != 1:
        what = "several people" if found else "nobody"
        handles = ", ".join(member.handle for member in everyone if member.active)
        leave(Exit.USAGE, f"{workspace.name} has {what} called {person}. The handles are: {handles}.")
    return found[0]
