"""How do modals and home pages open and change? views.*, within the rights that a press or command gave."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.slack_server.calls import Request, method
from tests.slack_server.checks import check_view
from tests.slack_server.values import Json, View
from tests.slack_server.world import SlackError, Trigger, World

TRIGGER_LIFE = timedelta(seconds=3)
MOST_STACKED = 3


@method("views.open")
def open_view(request: Request) -> Json:
    """A modal for the person whose act gave the trigger."""
    payload = check_view(request.world, request.arguments.get("view"), "modal")
    trigger = _trigger(request)
    ident = request.world.ident("V")
    return _kept(request.world, View(ident, request.team.id, trigger.user, payload, request.world.ts(), ident))


@method("views.push")
def push_view(request: Request) -> Json:
    """A modal above the one in which the press was made."""
    payload = check_view(request.world, request.arguments.get("view"), "modal")
    trigger = _trigger(request)
    below = request.world.views.get(trigger.view or "")
    if below is None or not below.open:
        raise SlackError("not_found")
    return _kept(request.world, stacked(request.world, below, payload))


def stacked(world: World, below: View, payload: Json) -> View:
    """A view above another; at most three stand on each other."""
    if sum(1 for one in world.views.values() if one.root == below.root and one.open) >= MOST_STACKED:
        raise SlackError("push_limit_reached")
    return View(world.ident("V"), below.team, below.user, payload, world.ts(), below.root, below.id)


@method("views.update")
def update_view(request: Request) -> Json:
    """Another content of an open view."""
    payload = check_view(request.world, request.arguments.get("view"), "modal")
    ident, external = request.text("view_id"), request.text("external_id")
    team = request.team.id
    found = [one for one in request.world.views.values() if one.team == team and one.open and _meant(one, ident, external)]
    if not found:
        raise SlackError("not_found")
    _same_hash(request, found[-1])
    return _kept(request.world, changed(request.world, found[-1], payload))


@method("views.publish")
def publish_view(request: Request) -> Json:
    """A person's home page."""
    person = request.world.person(request.team.id, request.text("user_id"))
    payload = check_view(request.world, request.arguments.get("view"), "home")
    old = request.world.homes.get((request.team.id, person.id))
    if old is None:
        ident = request.world.ident("V")
        return _kept(request.world, View(ident, request.team.id, person.id, payload, request.world.ts(), ident))
    _same_hash(request, old)
    return _kept(request.world, changed(request.world, old, payload))


def changed(world: World, view: View, payload: Json) -> View:
    """The view with another content; what was said beside its fields is gone."""
    return replace(view, payload=payload, hash=world.ts(), errors={}, updates=view.updates + 1)


def _same_hash(request: Request, view: View) -> None:
    if (given := request.text("hash")) and given != view.hash:
        raise SlackError("hash_conflict")


def _meant(view: View, ident: str, external: str) -> bool:
    return view.id == ident if ident else bool(external) and view.payload.get("external_id") == external


def _kept(world: World, view: View) -> Json:
    keep(world, view)
    return {"view": described(world, view)}


def keep(world: World, view: View) -> None:
    """Puts a view where it is shown."""
    if view.payload["type"] == "home":
        world.homes[(view.team, view.user)] = view
    world.views[view.id] = view


def described(world: World, view: View, values: Json | None = None) -> Json:
    """A view as the API and payloads say it; `values` is what stands in its fields."""
    said: Json = {"private_metadata": "", "callback_id": "", "external_id": "", "clear_on_close": False, "notify_on_close": False}
    said |= {"submit": None, "close": None, **view.payload}
    said |= {"id": view.id, "team_id": view.team, "app_id": world.app_id, "bot_id": world.teams[view.team].bot, "hash": view.hash}
    return said | {"root_view_id": view.root, "previous_view_id": view.previous, "state": {"values": values or {}}}


def _trigger(request: Request) -> Trigger:
    """Uses up the trigger that the call names."""
    world, ident = request.world, request.text("trigger_id")
    trigger = world.triggers.get(ident)
    if trigger is None or trigger.team != request.team.id:
        raise SlackError("invalid_trigger_id")
    if ident in world.spent_triggers:
        raise SlackError("exchanged_trigger_id")
    if world.clock.now() - trigger.made_at > TRIGGER_LIFE:
        raise SlackError("expired_trigger_id")
    world.spent_triggers.add(ident)
    return trigger
