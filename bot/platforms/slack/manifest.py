"""What has to be entered at Slack for the app to work? A manifest made from the commands that the house has.

https://docs.slack.dev/reference/app-manifest; its published schema stands beside the tests.
"""

from __future__ import annotations

import re

from bot.platforms.slack.payload import Object
from core.domain.workspaces import Locale
from core.errors import ConfigurationError
from core.i18n.texts import text
from handlers.kernel.command import Registry

COMMAND_NAME = 32
DESCRIPTION = 2_000
USAGE_HINT = 1_000
COLOUR = "#1f3a5f"
# Events and commands come here.
EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"

# Each scope with what it is needed for: nothing is asked that is not used.
SCOPES = {
    "app_mentions:read": "hear @mentions",
    "channels:history": "find a message again after a doubtful send",
    "channels:read": "know the names of channels",
    "chat:write": "post",
    "commands": "take slash commands",
    "files:read": "read files that are offered for import",
    "files:write": "show pictures and long tables",
    "groups:history": "find a message again in private channels",
    "groups:read": "know the names of private channels",
    "im:history": "hear direct messages",
    "im:write": "write to one person",
    "users:read": "know who speaks",
}
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_left",
    "channel_rename",
    "file_shared",
    "group_left",
    "group_rename",
    "member_joined_channel",
    "message.im",
    "tokens_revoked",
)
# The runtime takes what stands behind the last hyphen for the family.
_PREFIX = re.compile(r"(?:[a-z0-9]+-)*")


def manifest(registry: Registry, prefix: str = "", url: str = "", *, socket: bool = False, locale: Locale = Locale.EN) -> Object:
    """The manifest. `url` is where the house is reached from outside, without a path; Socket Mode needs none. Raises ConfigurationError."""
    if not _PREFIX.fullmatch(prefix):
        raise ConfigurationError(f"The prefix {prefix!r} cannot be used: lower-case letters and digits with a hyphen at the end, such as shop-.")
    if not socket and not url.startswith("https://"):
        raise ConfigurationError("Say with --url where Slack reaches this house, such as https://bot.example.com, or use Socket Mode.")
    base = url.rstrip("/")
    name = text(locale, "web.bot")
    redirect: Object = {"redirect_urls": [base + REDIRECT_PATH]} if base else {}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {"name": name, "description": text(locale, "slack.manifest.description"), "background_color": COLOUR},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
            "bot_user": {"display_name": name, "always_online": True},
            "slash_commands": [_command(registry, family, prefix, "" if socket else base, locale) for family in registry.families()],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}, **redirect},
        "settings": _settings("" if socket else base, socket),
    }


def _command(registry: Registry, family: str, prefix: str, base: str, locale: Locale) -> Object:
    command = f"/{prefix}{family}"
    if len(command) > COMMAND_NAME:
        raise ConfigurationError(f"{command} is longer than the {COMMAND_NAME} characters that Slack takes. Choose a shorter prefix.")
    verbs = " | ".join(item.path[1] for item in registry.of(family))
    address: Object = {"url": base + EVENTS_PATH} if base else {}
    return {
        "command": command,
        "description": text(locale, f"ops.help.family.{family}")[:DESCRIPTION],
        "usage_hint": verbs[:USAGE_HINT],
        # People and channels come with their ids, so that names cannot be mistaken.
        "should_escape": True,
        **address,
    }


def _settings(base: str, socket: bool) -> Object:
    address: Object = {"request_url": base + EVENTS_PATH} if base else {}
    return {
        "event_subscriptions": {**address, "bot_events": list(EVENTS)},
        "interactivity": {"is_enabled": True, **address},
        "org_deploy_enabled": False,
        "socket_mode_enabled": socket,
        "token_rotation_enabled": False,
    }
