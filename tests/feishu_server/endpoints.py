"""Which calls does the fake Feishu take, and which scope does each need?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Endpoint(StrEnum):
    """A call: method and path. Tests name calls by these, for faults and for questions."""

    TOKEN = "POST /open-apis/auth/v3/tenant_access_token/internal"
    BOT = "GET /open-apis/bot/v3/info"
    SEND = "POST /open-apis/im/v1/messages"
    REPLY = "POST /open-apis/im/v1/messages/{message_id}/reply"
    EDIT = "PATCH /open-apis/im/v1/messages/{message_id}"
    LIST = "GET /open-apis/im/v1/messages"
    READ = "GET /open-apis/im/v1/messages/{message_id}"
    IMAGE = "POST /open-apis/im/v1/images"
    FILE = "POST /open-apis/im/v1/files"
    RESOURCE = "GET /open-apis/im/v1/messages/{message_id}/resources/{key}"
    CHATS = "GET /open-apis/im/v1/chats"
    CHAT = "GET /open-apis/im/v1/chats/{chat_id}"
    USER = "GET /open-apis/contact/v3/users/{user_id}"
    COMMANDS = "GET /open-apis/application/v7/app_slash_commands"
    ADD_COMMAND = "POST /open-apis/application/v7/app_slash_commands"
    CHANGE_COMMAND = "PATCH /open-apis/application/v7/app_slash_commands/{command_id}"
    REMOVE_COMMAND = "DELETE /open-apis/application/v7/app_slash_commands/{command_id}"
    UPDATE_CARD = "POST /open-apis/interactive/v1/card/update"
    CONNECT = "POST /callback/ws/endpoint"

    @property
    def method(self) -> str:
        """GET, POST, PATCH or DELETE."""
        return self.value.split(" ")[0]

    @property
    def path(self) -> str:
        """The path, with {names} for what varies."""
        return self.value.split(" ")[1]


_SENDING = ("im:message", "im:message:send_as_bot", "im:message:send")
_READING = ("im:message", "im:message:readonly")
_COMMANDS_READ = ("application:app_slash_command:read",)
_COMMANDS_WRITE = ("application:app_slash_command:write",)

# One of the scopes named is enough.
SCOPES: Mapping[Endpoint, tuple[str, ...]] = MappingProxyType(
    {
        Endpoint.SEND: _SENDING,
        Endpoint.REPLY: _SENDING,
        Endpoint.EDIT: ("im:message", "im:message:send_as_bot", "im:message:update"),
        Endpoint.LIST: _READING,
        Endpoint.READ: _READING,
        Endpoint.IMAGE: ("im:resource:upload", "im:resource"),
        Endpoint.FILE: ("im:resource:upload", "im:resource"),
        Endpoint.RESOURCE: _READING,
        Endpoint.CHATS: ("im:chat", "im:chat:readonly", "im:chat:read"),
        Endpoint.CHAT: ("im:chat", "im:chat:readonly", "im:chat:read"),
        Endpoint.USER: ("contact:contact.base:readonly", "contact:contact:readonly_as_app"),
        Endpoint.COMMANDS: _COMMANDS_READ,
        Endpoint.ADD_COMMAND: _COMMANDS_WRITE,
        Endpoint.CHANGE_COMMAND: _COMMANDS_WRITE,
        Endpoint.REMOVE_COMMAND: _COMMANDS_WRITE,
    }
)

# Without it the name is left out of a user's profile, though the call succeeds.
NAME_SCOPE = "contact:user.base:readonly"
# Without it a group's history is closed, and a group's messages come only when the bot is mentioned.
GROUP_HISTORY_SCOPE = "im:message.group_msg"

# What an app needs for every call here, without GROUP_HISTORY_SCOPE: few tenants give that one away.
ALL_SCOPES = frozenset(scope for scopes in SCOPES.values() for scope in scopes) | {NAME_SCOPE}

WITHOUT_TOKEN = frozenset({Endpoint.TOKEN, Endpoint.CONNECT})
