"""How is a method of the Web API declared and called? By its name and scopes; token, scopes and limits are looked at before it runs."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from tests.slack_server.values import Json, Team, Token
from tests.slack_server.world import SlackError, World

# Arguments that a form body carries as JSON text.
NESTED = ("attachments", "blocks", "files", "metadata", "view")


@dataclass(frozen=True, slots=True)
class Request:
    """One call: who calls, and with what."""

    world: World
    token: Token | None
    arguments: Json

    @property
    def team(self) -> Team:
        """The team whose token this is."""
        assert self.token is not None
        return self.world.teams[self.token.team]

    def text(self, name: str, default: str = "") -> str:
        """An argument as text; `default` when it was not given."""
        value = self.arguments.get(name)
        return default if value is None else str(value)

    def flag(self, name: str) -> bool:
        """An argument as yes or no, in each way that a body can say it."""
        return str(self.arguments.get(name, "")).lower() in {"1", "true"}

    def number(self, name: str, default: int) -> int:
        """An argument as a whole number."""
        return int(self.text(name) or default)

    def need(self, *scopes: str) -> None:
        """Refuses a token that lacks a scope."""
        assert self.token is not None
        missing = [scope for scope in scopes if scope not in self.token.scopes]
        if missing:
            raise SlackError("missing_scope", needed=",".join(missing), provided=",".join(sorted(self.token.scopes)))


Handler = Callable[[Request], Json]
Caller = Literal["bot", "app", "nobody"]


@dataclass(frozen=True, slots=True)
class Method:
    """A method: who may call it, with which scopes."""

    run: Handler
    scopes: tuple[str, ...]
    caller: Caller


METHODS: dict[str, Method] = {}


def method(name: str, *scopes: str, caller: Caller = "bot") -> Callable[[Handler], Handler]:
    """Declares a method."""

    def declare(run: Handler) -> Handler:
        METHODS[name] = Method(run, scopes, caller)
        return run

    return declare


def call(world: World, name: str, bearer: str | None, arguments: Json) -> tuple[Token | None, Json]:
    """Runs a method. Returns the token that called and the answer's fields; raises `SlackError`."""
    known = METHODS.get(name)
    if known is None:
        raise SlackError("unknown_method", req_method=name)
    token = None if known.caller == "nobody" else authorised(world, bearer, known.caller)
    request = Request(world, token, arguments)
    if token is not None:
        request.need(*known.scopes)
    if (most := world.rules.per_minute.get(name)) is not None:
        pace(world, f"{name} {bearer}", most, timedelta(minutes=1))
    return token, known.run(request)


def authorised(world: World, bearer: str | None, caller: Caller = "bot") -> Token:
    """The token that a bearer header names, if it still stands."""
    if bearer is None:
        raise SlackError("not_authed")
    token = world.tokens.get(bearer)
    if token is None:
        raise SlackError("invalid_auth")
    if token.revoked:
        raise SlackError("account_inactive")
    if token.expires_at is not None and world.clock.now() >= token.expires_at:
        raise SlackError("token_expired")
    if token.kind != caller:
        raise SlackError("not_allowed_token_type")
    return token


def pace(world: World, key: str, most: int, window: timedelta) -> None:
    """Counts one more use of `key`; raises 429 when the last `window` has seen `most` already."""
    now = world.clock.now()
    recent = [moment for moment in world.paces.get(key, []) if now - moment < window]
    if len(recent) >= most:
        raise limited(recent[-most] + window - now)
    world.paces[key] = [*recent, now]


def limited(wait: timedelta) -> SlackError:
    """The refusal of a call that came too early: 429, and the whole seconds to wait."""
    return SlackError("ratelimited", 429, {"Retry-After": str(max(1, math.ceil(wait.total_seconds())))})


def epoch(moment: datetime) -> int:
    """Seconds since 1970."""
    return int(moment.timestamp())


def opened(arguments: Json) -> Json:
    """Arguments as methods read them: what a form body carries as JSON text is parsed."""
    return {key: _parsed(key, value) if key in NESTED and isinstance(value, str) else value for key, value in arguments.items()}


def _parsed(key: str, value: str) -> object:
    try:
        return json.loads(value)
    except ValueError as error:
        raise SlackError("invalid_blocks_format" if key == "blocks" else "invalid_arguments") from error
