"""How is the program run in tests? In this process where that is enough, over a database of its own, and truly where it is not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from bot.cli.app import app

PROJECT = Path(__file__).parents[1]
FRONT = "import sys; from bot.cli import main; main()"


@dataclass(frozen=True)
class Ended:
    """What a run of the program left behind."""

    code: int
    out: str
    err: str

    @property
    def object(self) -> Any:
        """The one JSON object on the output, and nothing else."""
        return json.loads(self.out)

    @property
    def messages(self) -> list[Any]:
        return list(self.object["messages"])

    @property
    def data(self) -> dict[str, Any]:
        return dict(self.object["data"])


@dataclass
class Terminal:
    """A person at a terminal in a folder, with a database there."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        return self.folder / "shop.db"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.database}"

    def __call__(self, *arguments: str, environment: Mapping[str, str | None] | None = None, typed: str = "") -> Ended:
        """Runs the program in this process; `typed` is what the person types when asked."""
        given = {"MORNINGBELL_DATABASE_URL": self.url, **self.environment, **(environment or {})}
        result = CliRunner().invoke(app, list(arguments), env=given, input=typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    def json(self, *arguments: str) -> Ended:
        """The same with --json."""
        return self("--json", *arguments)

    def truly(self, *arguments: str, environment: Mapping[str, str] | None = None) -> Ended:
        """Runs the program in a process of its own."""
        result = subprocess.run(
            [sys.executable, "-c", FRONT, *arguments],
            cwd=self.folder,
            env=self.surroundings(environment),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )
        return Ended(result.returncode, result.stdout, result.stderr)

    def surroundings(self, environment: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment of a true process: the machine's, without settings of whoever runs the tests."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("MORNINGBELL_")}
        return {**plain, "PYTHONPATH": str(PROJECT), "MORNINGBELL_DATABASE_URL": self.url, **self.environment, **(environment or {})}


def terminal_on(template: Path, folder: Path) -> Terminal:
    """A terminal with a copy of the template's database and key."""
    terminal = Terminal(folder)
    shutil.copy(template, terminal.database)
    shutil.copy(f"{template}.key", f"{terminal.database}.key")
    return terminal


def presses(message: Any) -> dict[str, str]:
    """The tokens of a message's buttons and forms, by the command that each is for."""
    buttons = [button for block in message["blocks"] if block["type"] == "actions" for button in block["buttons"]]
    buttons += [block["submit"] for block in message["blocks"] if block["type"] == "form"]
    return {button["press"]["command"]: button["token"] for button in buttons}


def numbers(value: Any) -> list[Any]:
    """Every figure of a message, wherever it stands."""
    if isinstance(value, dict):
        inner = [found for part in value.values() for found in numbers(part)]
        return [value, *inner] if value.get("type") == "number" else inner
    return [found for part in value for found in numbers(part)] if isinstance(value, list) else []
