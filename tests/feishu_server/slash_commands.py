"""Which native slash commands does an app have? At most 100, each name once. The codes of these refusals are in no page that we know: 99992402."""

from __future__ import annotations

from collections.abc import Mapping

from tests.feishu_server.errors import refused
from tests.feishu_server.requests import Request
from tests.feishu_server.values import App, Json, SlashCommand
from tests.feishu_server.world import World

MOST_COMMANDS = 100
# Feishu's list of icon keys is longer; these are the ones that the tests know.
ICON_KEYS = ("skill_outlined", "member_outlined", "clear_outlined", "home_outlined")
ASIAN = ("zh_cn", "zh_hk", "zh_tw", "ja_jp", "ko_kr", "hi_in", "id_id", "th_th", "vi_vn")
LANGUAGES = frozenset({*ASIAN, "en_us", "de_de", "es_es", "fr_fr", "it_it", "pt_br", "ru_ru"})


class SlashCommands:
    """The calls under application/v7/app_slash_commands."""

    def __init__(self, world: World) -> None:
        self._world = world

    def list(self, request: Request) -> Json:
        """GET: all of them."""
        return {"items": [_shown(command) for command in self._of(request.app).values()]}

    def add(self, request: Request) -> Json:
        """POST: one more. A name that is taken, and the 101st, are refused."""
        commands = self._of(request.app)
        if len(commands) >= MOST_COMMANDS:
            raise refused(99992402, f"at most {MOST_COMMANDS} commands")
        command = self._read(request, self._world.number("cmd"))
        self._check_free(request.app, command)
        commands[command.command_id] = command
        return {"command_id": command.command_id}

    def change(self, request: Request) -> Json:
        """PATCH: replaces what is registered under the id."""
        kept = self._kept(request)
        command = self._read(request, kept.command_id)
        self._check_free(request.app, command)
        self._of(request.app)[kept.command_id] = command
        return {}

    def remove(self, request: Request) -> Json:
        """DELETE."""
        del self._of(request.app)[self._kept(request).command_id]
        return {}

    def _of(self, app: App) -> dict[str, SlashCommand]:
        return self._world.commands[app.app_id]

    def _kept(self, request: Request) -> SlashCommand:
        found = self._of(request.app).get(request.params["command_id"])
        if found is None:
            raise refused(99992402, "command_id not found")
        return found

    def _check_free(self, app: App, command: SlashCommand) -> None:
        same = [other for other in self._of(app).values() if other.command == command.command and other.command_id != command.command_id]
        if same:
            raise refused(99992402, f"command {command.command} exists")

    def _read(self, request: Request, command_id: str) -> SlashCommand:
        name, description, icon = request.text("command"), request.body.get("description"), request.body.get("icon")
        if name.startswith("/") or not isinstance(description, Mapping) or not isinstance(description.get("default_value"), str):
            raise refused(99992402, "command without slash and description.default_value are required")
        i18n = description.get("i18n") or {}
        if not isinstance(i18n, Mapping) or not LANGUAGES.issuperset(i18n):
            raise refused(99992402, "description.i18n")
        icon_key = str(icon.get("icon_key")) if isinstance(icon, Mapping) else ICON_KEYS[0]
        if icon_key not in ICON_KEYS:
            raise refused(40000031)
        return SlashCommand(command_id, name, str(description["default_value"]), {str(key): str(text) for key, text in i18n.items()}, icon_key)


def _shown(command: SlashCommand) -> Json:
    description = {"default_value": command.description, "i18n": dict(command.i18n)}
    return {"command_id": command.command_id, "command": command.command, "description": description, "icon": {"icon_key": command.icon_key}}
