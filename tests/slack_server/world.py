"""What is true in the Slack of the tests? Everything it holds, by id, behind one lock; and what of it is asked for everywhere."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field
from datetime import datetime

from core.ports import Clock
from tests.slack_server.values import Call, Channel, Ephemeral, Json, Person, Post, Posted, Rules, Team, Token, Upload, View


class SlackError(Exception):
    """Slack's answer is a refusal: `code` in the body, perhaps another HTTP status, headers, and further fields of the body."""

    def __init__(self, code: str, status: int = 200, headers: dict[str, str] | None = None, **extra: object) -> None:
        super().__init__(code)
        self.code, self.status, self.headers, self.extra = code, status, headers or {}, extra


def refused_blocks(*problems: str) -> SlackError:
    """`invalid_blocks`, with every problem and where it is."""
    return SlackError("invalid_blocks", errors=list(problems), response_metadata={"messages": [f"[ERROR] {problem}" for problem in problems]})


def refused_arguments(*problems: str) -> SlackError:
    """`invalid_arguments`, as views answer what is wrong with them."""
    return SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {problem}" for problem in problems]})


@dataclass(frozen=True, slots=True)
class Trigger:
    """The right to open one view, for 3 seconds. `view` is the one in which the press was made, if any."""

    team: str
    user: str
    made_at: datetime
    view: str | None = None


@dataclass(frozen=True, slots=True)
class Hook:
    """A response_url: where and for whom it speaks, which message it may replace, how often it was used."""

    team: str
    channel: str
    user: str
    made_at: datetime
    original: Posted | Ephemeral | None = None
    uses: int = 0


@dataclass(frozen=True, slots=True)
class Grant:
    """What OAuth can be asked to exchange once: a code or a refresh token."""

    team: str
    scopes: frozenset[str]
    made_at: datetime
    redirect_uri: str | None = None


@dataclass
class World:
    """The state. Whoever reads or changes it holds `lock`."""

    clock: Clock
    rules: Rules
    app_id: str
    client_id: str
    client_secret: str
    base: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)
    teams: dict[str, Team] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[tuple[str, str], Posted] = field(default_factory=dict)
    ephemerals: dict[tuple[str, str], Ephemeral] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    homes: dict[tuple[str, str], View] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    spent_triggers: set[str] = field(default_factory=set)
    hooks: dict[str, Hook] = field(default_factory=dict)
    codes: dict[str, Grant] = field(default_factory=dict)
    spent_codes: set[str] = field(default_factory=set)
    refreshes: dict[str, Grant] = field(default_factory=dict)
    tickets: set[str] = field(default_factory=set)
    calls: list[Call] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    paces: dict[str, list[datetime]] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def ident(self, prefix: str) -> str:
        """A fresh id as Slack makes them: a letter for the kind, then capitals and digits."""
        return f"{prefix}0MB{next(self._numbers):06d}"

    def ts(self) -> str:
        """A fresh message id: seconds, and a number that tells messages of one second apart and in order."""
        return f"{int(self.clock.now().timestamp())}.{next(self._numbers):06d}"

    def channel(self, team: str, ident: str) -> Channel:
        """The conversation of a team, by its id; raises channel_not_found."""
        found = self.channels.get(ident)
        if found is None or found.team != team:
            raise SlackError("channel_not_found")
        return found

    def person(self, team: str, ident: str) -> Person:
        """The user of a team, by id; raises user_not_found."""
        found = self.people.get(ident)
        if found is None or found.team != team:
            raise SlackError("user_not_found")
        return found

    def direct(self, team: Team, user: str) -> Channel:
        """The direct conversation of the bot with a user; opened when there is none."""
        pair = frozenset({team.bot_user, user})
        found = next((one for one in self.channels.values() if one.kind == "im" and one.team == team.id and one.members == pair), None)
        if found is None:
            found = Channel(self.ident("D"), team.id, "", "im", pair)
            self.channels[found.id] = found
        return found

    def trigger(self, team: str, user: str, view: str | None = None) -> str:
        """A fresh trigger_id."""
        ident = f"{next(self._numbers)}.{next(self._numbers)}.trigger"
        self.triggers[ident] = Trigger(team, user, self.clock.now(), view)
        return ident

    def hook(self, team: str, channel: str, user: str, original: Posted | Ephemeral | None = None) -> str:
        """A fresh response_url."""
        path = f"/hooks/{team}/{next(self._numbers)}"
        self.hooks[path] = Hook(team, channel, user, self.clock.now(), original)
        return self.base + path

    def share(self, upload: Upload) -> Json:
        """How a file is described where the processing is not looked at: in messages and in answers."""
        return {
            "id": upload.id,
            "name": upload.name,
            "title": upload.title,
            "mimetype": upload.media_type,
            "filetype": upload.name.rpartition(".")[2],
            "size": upload.length,
            "user": upload.owner,
            "mode": "hosted",
            "file_access": "visible",
            "url_private": f"{self.base}/files-pri/{upload.team}-{upload.id}/{upload.name}",
            "url_private_download": f"{self.base}/files-pri/{upload.team}-{upload.id}/download/{upload.name}",
        }
