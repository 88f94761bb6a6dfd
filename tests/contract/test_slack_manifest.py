"""Would Slack take the manifest?

The schema is slackapi/manifest-schema's schemas/manifest.schema.1.0.0.json at c50cfa8 (MIT), which Slack publishes for editors.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

import handlers.every  # noqa: F401  # declares the commands
from bot.platforms.slack.manifest import EVENTS, SCOPES, manifest
from core.domain.workspaces import Locale
from core.errors import ConfigurationError
from handlers.kernel.command import REGISTRY

SCHEMA = json.loads(Path(__file__).with_name("slack_manifest.schema.json").read_text(encoding="utf-8"))
URL = "https://bot.example.com"
# What each event asks for: https://docs.slack.dev/reference/events
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "channel_left": "channels:read",
    "channel_rename": "channels:read",
    "file_shared": "files:read",
    "group_left": "groups:read",
    "group_rename": "groups:read",
    "member_joined_channel": "channels:read",
    "message.im": "im:history",
}


def made(**given: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(manifest(REGISTRY, **given)))
    return found


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("given", [{"url": URL}, {"socket": True}, {"url": URL, "prefix": "shop-"}, {"socket": True, "url": URL}])
def test_the_manifest_is_valid(given: dict[str, Any], locale: Locale) -> None:
    assert list(Draft7Validator(SCHEMA).iter_errors(made(**given, locale=locale))) == []


def test_the_schema_would_find_a_mistake() -> None:
    spoilt = made(url=URL)
    spoilt["features"]["slash_commands"][0]["command"] = "kpi"
    assert list(Draft7Validator(SCHEMA).iter_errors(spoilt))


def test_every_family_is_a_command_at_the_one_address() -> None:
    commands = made(url=URL + "/", prefix="shop-")["features"]["slash_commands"]
    assert [item["command"] for item in commands] == [f"/shop-{family}" for family in REGISTRY.families()]
    assert {item["url"] for item in commands} == {f"{URL}/slack/events"}
    assert all(item["should_escape"] for item in commands)


def test_a_hint_names_every_verb() -> None:
    hints = {item["command"]: item["usage_hint"] for item in made(url=URL)["features"]["slash_commands"]}
    for command in REGISTRY:
        assert command.path[1] in hints[f"/{command.path[0]}"].split(" | ")


def test_over_a_socket_no_address_is_named() -> None:
    found = made(socket=True)
    assert "request_url" not in json.dumps(found)
    assert found["settings"]["socket_mode_enabled"] is True


def test_every_event_has_its_scope() -> None:
    assert {EVENT_SCOPES[event] for event in EVENTS if event in EVENT_SCOPES} <= set(SCOPES)
    assert set(EVENTS) - EVENT_SCOPES.keys() == {"app_home_opened", "app_uninstalled", "tokens_revoked"}


@pytest.mark.parametrize("given", [{"url": "http://bot.example.com"}, {}, {"url": URL, "prefix": "Shop-"}, {"url": URL, "prefix": "shop"}])
def test_what_slack_would_not_take_is_said_before(given: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        made(**given)


def test_a_prefix_that_makes_a_command_too_long_is_said() -> None:
    with pytest.raises(ConfigurationError, match="longer than"):
        made(url=URL, prefix="a-very-long-prefix-of-a-shop-name-")
