"""What does Slack tell the app? The bodies of commands, presses, submitted views and events, field for field as the reference gives them."""

from __future__ import annotations

from collections.abc import Mapping

from tests.slack_server.calls import epoch
from tests.slack_server.conversations import described_message
from tests.slack_server.fields import Typed, values
from tests.slack_server.values import Channel, Ephemeral, Json, Person, Posted, Team, View
from tests.slack_server.views import described
from tests.slack_server.world import World

VERIFICATION = "verification"


def command(world: World, person: Person, channel: Channel, name: str, text: str) -> Json:
    """The fields of a slash command."""
    team = world.teams[person.team]
    return {
        "token": VERIFICATION,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": {"channel": channel.name, "group": "privategroup", "im": "directmessage"}[channel.kind],
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": world.app_id,
        "is_enterprise_install": "false",
        "response_url": world.hook(team.id, channel.id, person.id),
        "trigger_id": world.trigger(team.id, person.id),
    }


def press(world: World, person: Person, place: Posted | Ephemeral | View, action: Json, typed: Mapping[str, Typed]) -> Json:
    """A block_actions payload. A message for one person is not told in it: Slack keeps no such message."""
    said = {**_interaction(world, person, "block_actions"), "actions": [{**action, "action_ts": world.ts()}]}
    if isinstance(place, View):
        view = described(world, place, values(world, place.payload["blocks"], typed))
        trigger = world.trigger(person.team, person.id, place.id)
        return {**said, "trigger_id": trigger, "container": {"type": "view", "view_id": place.id}, "view": view}
    channel = world.channels[place.channel]
    ephemeral = isinstance(place, Ephemeral)
    container: Json = {"type": "message", "message_ts": place.ts, "channel_id": place.channel, "is_ephemeral": ephemeral}
    if place.thread_ts is not None:
        container["thread_ts"] = place.thread_ts
    said |= {"container": container, "channel": {"id": channel.id, "name": channel.name or "directmessage"}}
    said |= {"trigger_id": world.trigger(person.team, person.id), "response_url": world.hook(place.team, place.channel, person.id, place)}
    if isinstance(place, Posted):
        said["message"] = described_message(world, place, metadata=True)
    return {**said, "state": {"values": values(world, place.blocks, typed)}}


def submission(world: World, person: Person, view: View, stated: Json) -> Json:
    """A view_submission payload."""
    said = _interaction(world, person, "view_submission")
    trigger = world.trigger(person.team, person.id, view.id)
    return {**said, "trigger_id": trigger, "view": described(world, view, stated), "response_urls": []}


def closing(world: World, person: Person, view: View, *, cleared: bool) -> Json:
    """A view_closed payload."""
    return {**_interaction(world, person, "view_closed"), "view": described(world, view), "is_cleared": cleared}


def _interaction(world: World, person: Person, kind: str) -> Json:
    team = world.teams[person.team]
    user = {"id": person.id, "username": person.name, "name": person.name, "team_id": team.id}
    said: Json = {"type": kind, "user": user, "api_app_id": world.app_id, "token": VERIFICATION}
    return {**said, "team": {"id": team.id, "domain": team.domain}, "enterprise": None, "is_enterprise_install": False}


def event(world: World, team: Team, inner: Json) -> Json:
    """An event in its envelope."""
    authorization = {"enterprise_id": None, "team_id": team.id, "user_id": team.bot_user, "is_bot": True, "is_enterprise_install": False}
    said: Json = {"token": VERIFICATION, "team_id": team.id, "api_app_id": world.app_id, "event": inner, "type": "event_callback"}
    said |= {"event_id": world.ident("Ev"), "event_time": epoch(world.clock.now()), "authorizations": [authorization]}
    return {**said, "is_ext_shared_channel": False, "event_context": "4-event"}


def spoken(world: World, channel: Channel, posted: Posted) -> Json:
    """The `message` event of what stands in a conversation."""
    said = described_message(world, posted)
    kind = {"channel": "channel", "group": "group", "im": "im"}[channel.kind]
    said |= {"channel": channel.id, "channel_type": kind, "event_ts": posted.ts, "client_msg_id": f"client-{posted.ts}"}
    if "bot_id" in said:
        del said["client_msg_id"]
    return {**said, "subtype": "file_share", "upload": False} if posted.files else said


def mention(world: World, channel: Channel, posted: Posted) -> Json:
    """The `app_mention` event of a message that names the bot."""
    said = spoken(world, channel, posted)
    return {name: value for name, value in said.items() if name not in {"channel_type", "subtype", "upload"}} | {"type": "app_mention"}
