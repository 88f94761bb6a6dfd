"""How does an app get its tokens? A code is exchanged once, a refresh token once; a socket's address is given to an app token."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.slack_server.calls import Request, method
from tests.slack_server.values import Json, Team, Token
from tests.slack_server.world import Grant, SlackError, World

TOKEN_LIFE = timedelta(hours=12)
CODE_LIFE = timedelta(minutes=10)


@method("oauth.v2.access", caller="nobody")
def access(request: Request) -> Json:
    """Tokens for a code or for a refresh token, to the app that knows its secret."""
    world = request.world
    if request.text("client_id") != world.client_id:
        raise SlackError("invalid_client_id")
    if request.text("client_secret") != world.client_secret:
        raise SlackError("bad_client_secret")
    if request.text("grant_type") == "refresh_token":
        return handed_out(world, _refresh(world, request.text("refresh_token")))
    return handed_out(world, _code(world, request.text("code"), request.text("redirect_uri") or None))


def _refresh(world: World, refresh: str) -> Grant:
    grant = world.refreshes.pop(refresh, None)
    if grant is None:
        raise SlackError("invalid_refresh_token")
    return grant


def _code(world: World, code: str, redirect_uri: str | None) -> Grant:
    grant = world.codes.get(code)
    if grant is None:
        raise SlackError("invalid_code")
    if code in world.spent_codes:
        raise SlackError("code_already_used")
    if world.clock.now() - grant.made_at > CODE_LIFE:
        raise SlackError("invalid_code")
    if grant.redirect_uri is not None and redirect_uri != grant.redirect_uri:
        raise SlackError("bad_redirect_uri")
    world.spent_codes.add(code)
    return grant


def handed_out(world: World, grant: Grant) -> Json:
    """A new token of the team, with a refresh token where tokens rotate."""
    team, now = world.teams[grant.team], world.clock.now()
    rotating = world.rules.rotation
    value = f"{'xoxe.' if rotating else ''}xoxb-{world.ident('')}"
    world.tokens[value] = Token(value, "bot", team.id, grant.scopes, now + TOKEN_LIFE if rotating else None)
    said = _said(world, team, value, grant)
    if rotating:
        refresh = f"xoxe-1-{world.ident('')}"
        world.refreshes[refresh] = Grant(team.id, grant.scopes, now)
        said |= {"refresh_token": refresh, "expires_in": int(TOKEN_LIFE.total_seconds())}
    return said


def _said(world: World, team: Team, value: str, grant: Grant) -> Json:
    said: Json = {"app_id": world.app_id, "authed_user": {"id": team.bot_user}, "scope": ",".join(sorted(grant.scopes)), "token_type": "bot"}
    said |= {"access_token": value, "bot_user_id": team.bot_user, "team": {"id": team.id, "name": team.name}}
    return said | {"enterprise": None, "is_enterprise_install": False}


@method("auth.revoke")
def revoke(request: Request) -> Json:
    """Ends the token that calls."""
    assert request.token is not None
    revoke_all(request.world, request.token.value)
    return {"revoked": True}


def revoke_all(world: World, *values: str) -> None:
    """Ends tokens."""
    for value in values:
        world.tokens[value] = replace(world.tokens[value], revoked=True)


@method("apps.connections.open", "connections:write", caller="app")
def connections_open(request: Request) -> Json:
    """The address of a socket, good once."""
    ticket = request.world.ident("")
    request.world.tickets.add(ticket)
    return {"url": f"{request.world.base.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={request.world.app_id}"}
