"""Which native slash commands does an app offer? One for each command of the house, so that choosing it from Feishu's list is enough.

https://open.feishu.cn/document/mcp_open_tools/agent-best-practices/agent-supports-slash-commands
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.platforms.feishu import calls
from bot.platforms.feishu.apps import App
from bot.platforms.feishu.client import Client
from bot.platforms.feishu.incoming import PARTING
from bot.platforms.fields import Body, part, parts, word
from core.domain.workspaces import Locale
from handlers.kernel.command import Command, Registry

LANGUAGES = {"zh_cn": Locale.ZH, "en_us": Locale.EN}


@dataclass(frozen=True, slots=True)
class Synced:
    """How many commands were added, changed, removed, and left as they were."""

    added: int
    changed: int
    removed: int
    kept: int


def sync(client: Client, app: App, registry: Registry) -> Synced:
    """Makes the app's list what the registry says. What somebody else has registered with the app stays. Raises SendError."""
    wanted, standing = _wanted(registry), _standing(client, app, registry)
    gone = [standing[name] for name in standing.keys() - wanted.keys()]
    for command in gone:
        client.ask(app, calls.remove_command(word(command, "command_id")))
    new = [body for name, body in wanted.items() if name not in standing]
    for body in new:
        client.ask(app, calls.add_command(body))
    changed = [(standing[name], body) for name, body in wanted.items() if name in standing and not _same(standing[name], body)]
    for command, body in changed:
        client.ask(app, calls.change_command(word(command, "command_id"), body))
    return Synced(len(new), len(changed), len(gone), len(wanted) - len(new) - len(changed))


def native(command: Command) -> str:
    """What Feishu calls a command: `kpi_board`."""
    return PARTING.join(command.path)


def _wanted(registry: Registry) -> Mapping[str, Body]:
    return {native(command): _body(command) for command in registry}


def _body(command: Command) -> Body:
    words = {name: command.say(locale, "about") for name, locale in LANGUAGES.items()}
    return {"command": native(command), "description": {"default_value": words["zh_cn"], "i18n": words}}


def _standing(client: Client, app: App, registry: Registry) -> Mapping[str, Body]:
    """What is registered under names of ours: those of a family that the house has."""
    families = registry.families()
    return {word(item, "command"): item for item in _every(client, app) if word(item, "command").partition(PARTING)[0] in families}


def _every(client: Client, app: App) -> Iterator[Body]:
    page_token = ""
    while True:
        page = part(client.ask(app, calls.commands(page_token)), "data")
        yield from parts(page, "items")
        page_token = word(page, "page_token")
        if not page_token or page.get("has_more") is not True:
            return


def _same(standing: Body, body: Body) -> bool:
    """Whether a registered command says what it should; Feishu may keep words of further languages beside ours."""
    said, meant = part(standing, "description"), part(body, "description")
    languages = part(meant, "i18n")
    return said.get("default_value") == meant.get("default_value") and all(part(said, "i18n").get(name) == each for name, each in languages.items())
