"""What does the Slack of the tests hold? Frozen values: a change is a new value in the world."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

# JSON as tests read it: they index into payloads freely, so its leaves are not typed.
Json = dict[str, Any]

BOT_SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "users:read",
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What Slack allows, as far as tests may want it otherwise.

    `burst`: messages that a channel takes at once before one a second holds. `per_minute`: further limits by method.
    `history_page`: the most messages that one page of a history holds (15 for apps sold outside the Marketplace).
    `looks`: how often files.info is asked before a file counts as processed. `unshared_files`: whether a block may show a file shared to no channel.
    `rotation`: whether tokens handed out by OAuth expire after 12 hours.
    """

    burst: int = 1
    per_minute: dict[str, int] = field(default_factory=dict)
    history_page: int = 999
    looks: int = 1
    unshared_files: bool = True
    rotation: bool = False


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace that has the app. `token` is what its bot began with; OAuth and rotation hand out others."""

    id: str
    name: str
    domain: str
    bot_user: str
    bot: str
    token: str


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token: `bot` (xoxb, of a team) or `app` (xapp, opens sockets)."""

    value: str
    kind: Literal["bot", "app"]
    team: str
    scopes: frozenset[str]
    expires_at: datetime | None = None
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A user of a team. `standing` is what makes somebody no full member."""

    id: str
    team: str
    name: str
    real_name: str
    tz: str = "Asia/Shanghai"
    locale: str = "zh-CN"
    standing: Literal["full", "restricted", "ultra_restricted", "stranger", "bot", "deleted"] = "full"


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation: public, private or direct. `members` are user ids, the bot's too where it was invited."""

    id: str
    team: str
    name: str
    kind: Literal["channel", "group", "im"]
    members: frozenset[str]
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """What a message said before an edit."""

    text: str
    blocks: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that stands in a channel for everyone in it. `edits` are its former versions, oldest first."""

    team: str
    channel: str
    ts: str
    author: str
    text: str
    blocks: tuple[Json, ...] = ()
    metadata: Json | None = None
    thread_ts: str | None = None
    files: tuple[str, ...] = ()
    edits: tuple[Version, ...] = ()


@dataclass(frozen=True, slots=True)
class Ephemeral:
    """A message that one person sees, "only visible to you". `edits` as above: only a response_url makes them."""

    team: str
    channel: str
    ts: str
    user: str
    text: str
    blocks: tuple[Json, ...] = ()
    thread_ts: str | None = None
    edits: tuple[Version, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file. It exists from the upload, counts from `complete`, shows from `looks_left` 0, and is shared to `channels`."""

    id: str
    team: str
    name: str
    title: str
    length: int
    media_type: str
    owner: str
    content: bytes = b""
    complete: bool = False
    looks_left: int = 0
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """A modal or a home page. `payload` is what the app gave; `errors` what it last said beside fields; `open` until submitted or closed."""

    id: str
    team: str
    user: str
    payload: Json
    hash: str
    root: str
    previous: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    open: bool = True
    updates: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Web API as it came, with how it ended: `error` is None when it was well, "dropped" when the connection was cut."""

    method: str
    team: str | None
    arguments: Json
    at: datetime
    error: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app said to something that it was sent: over HTTP its response, over a socket the acknowledgement (status 200)."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        """The body as a JSON object; empty when there is none."""
        parsed = json.loads(self.body or b"{}")
        assert isinstance(parsed, dict)
        return parsed


@dataclass(frozen=True, slots=True)
class Post:
    """A response_url's use: what was sent there, and how Slack answered it."""

    url: str
    body: Json
    error: str | None
