"""What does the fake Feishu know of? Apps, people, chats, messages, and what was done to them. Frozen values only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tests.feishu_server.endpoints import ALL_SCOPES, Endpoint

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class App:
    """A self-built app of one tenant, with its bot."""

    app_id: str = "cli_a5ca35a685b0826e"
    app_secret: str = "baBqE5um9LbFGDy3X7LcfxQX1sqpXlwy"
    tenant_key: str = "2d520d3b434f175e"
    encrypt_key: str = "kudryavka"
    verification_token: str = "rvaYgkND1GOiu5MM0E1rncYC6PLtF7JV"
    bot_open_id: str = "ou_bot"
    name: str = "晨钟"
    scopes: frozenset[str] = ALL_SCOPES


class UserState(StrEnum):
    """How an account stands with its tenant."""

    ACTIVE = "active"
    FROZEN = "frozen"
    RESIGNED = "resigned"


@dataclass(frozen=True, slots=True)
class User:
    """A person. `reachable` is False for whom the app's range of availability leaves out."""

    open_id: str
    name: str
    en_name: str = ""
    state: UserState = UserState.ACTIVE
    reachable: bool = True

    def ids(self) -> Json:
        """The person's ids as events give them. `user_id` needs a scope of its own and is null without it."""
        return {"union_id": self.open_id.replace("ou_", "on_", 1), "user_id": None, "open_id": self.open_id}


@dataclass(frozen=True, slots=True)
class Chat:
    """A group, or one person's direct conversation with a bot. `bots` holds app ids, `members` open ids."""

    chat_id: str
    name: str
    direct: bool
    members: frozenset[str]
    bots: frozenset[str]


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stands now. `sender` is an app's id for a bot, else an open id. `content` is JSON text, as on the wire."""

    message_id: str
    chat_id: str
    sender: str
    msg_type: str
    content: str
    created: datetime
    updated: datetime | None = None
    root_id: str | None = None
    parent_id: str | None = None
    thread_id: str | None = None
    uuid: str | None = None

    @property
    def body(self) -> Json:
        """The content, parsed: the card, or {"text": …}, {"image_key": …}, {"file_key": …}."""
        parsed: dict[str, object] = json.loads(self.content)
        return parsed

    @property
    def text(self) -> str:
        """The words of a text message; empty for any other."""
        return str(self.body.get("text", ""))


class EditWay(StrEnum):
    """By which of Feishu's three ways a card was replaced."""

    PATCH = "patch"
    CALLBACK = "callback"
    TOKEN = "token"


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement of a card's content."""

    message_id: str
    content: str
    way: EditWay
    at: datetime


@dataclass(frozen=True, slots=True)
class Upload:
    """An image or file. `kind` is the image_type or file_type it was given with."""

    key: str
    kind: str
    name: str
    content: bytes
    app_id: str | None


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A native slash command as it is registered. `i18n` maps zh_cn, en_us … to descriptions."""

    command_id: str
    command: str
    description: str
    i18n: Mapping[str, str]
    icon_key: str


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP call as it came and as it was answered. `code` is None when the connection was dropped or a gateway answered."""

    endpoint: Endpoint
    path: str
    query: Mapping[str, str]
    body: Json
    authorization: str | None
    at: datetime
    status: int | None
    code: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app said to an event. `shown_error` is the code that the person who pressed sees when the answer to a press is no good."""

    event_id: str
    event_type: str
    status: int | None
    body: Json | None
    shown_error: int | None = None

    @property
    def toast(self) -> Json | None:
        """The toast of an answer to a press."""
        return _part(self.body, "toast")

    @property
    def card(self) -> Json | None:
        """The card of an answer to a press, in place of the pressed one."""
        return _part(_part(self.body, "card"), "data")


def _part(body: Json | None, name: str) -> Json | None:
    found = (body or {}).get(name)
    return found if isinstance(found, Mapping) else None
