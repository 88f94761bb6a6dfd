"""What can be asked about people and conversations? auth.test, users.*, conversations.*, team.info."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.slack_server.calls import Request, method
from tests.slack_server.values import Channel, Json, Person, Posted
from tests.slack_server.world import SlackError, World

FAMILY = {"channel": "channels", "group": "groups", "im": "im"}


@method("auth.test")
def auth_test(request: Request) -> Json:
    """Who the token is."""
    team = request.team
    url = f"https://{team.domain}.slack.com/"
    return {"url": url, "team": team.name, "user": "morningbell", "team_id": team.id, "user_id": team.bot_user, "bot_id": team.bot}


@method("team.info", "team:read")
def team_info(request: Request) -> Json:
    """The team's name."""
    return {"team": {"id": request.team.id, "name": request.team.name, "domain": request.team.domain}}


@method("users.info", "users:read")
def users_info(request: Request) -> Json:
    """A person."""
    return {"user": described_person(request, request.world.person(request.team.id, request.text("user")))}


@method("users.list", "users:read")
def users_list(request: Request) -> Json:
    """Everyone of the team."""
    people = [person for person in request.world.people.values() if person.team == request.team.id]
    return {"members": [described_person(request, person) for person in people], "response_metadata": {"next_cursor": ""}}


def described_person(request: Request, person: Person) -> Json:
    """A person as users.info says it."""
    offset = request.world.clock.now().astimezone(ZoneInfo(person.tz)).utcoffset()
    assert offset is not None
    said: Json = {
        "id": person.id,
        "team_id": person.team,
        "name": person.name,
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_offset": int(offset.total_seconds()),
        "profile": {"real_name": person.real_name, "display_name": person.name},
        "deleted": person.standing == "deleted",
        "is_bot": person.standing == "bot",
        "is_restricted": person.standing in {"restricted", "ultra_restricted"},
        "is_ultra_restricted": person.standing == "ultra_restricted",
    }
    if person.standing == "stranger":
        said["is_stranger"] = True
    return {**said, "locale": person.locale} if request.flag("include_locale") else said


@method("conversations.open", "im:write")
def conversations_open(request: Request) -> Json:
    """The direct conversation with one person."""
    users = request.text("users")
    if not users:
        raise SlackError("users_list_not_supplied")
    person = request.world.person(request.team.id, users)
    if person.standing == "deleted":
        raise SlackError("user_disabled")
    return {"channel": {"id": request.world.direct(request.team, person.id).id}}


@method("conversations.info")
def conversations_info(request: Request) -> Json:
    """A conversation. A private one that the bot is not in does not exist for it."""
    return {"channel": described_channel(request, seen(request))}


@method("conversations.list")
def conversations_list(request: Request) -> Json:
    """The conversations of the team that the bot can see."""
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im"}
    wanted = {kinds[kind] for kind in request.text("types", "public_channel").split(",") if kind in kinds}
    request.need(*(f"{FAMILY[kind]}:read" for kind in wanted))
    found = [one for one in request.world.channels.values() if one.team == request.team.id and one.kind in wanted and _visible(request, one)]
    return {"channels": [described_channel(request, one) for one in found], "response_metadata": {"next_cursor": ""}}


@method("conversations.join", "channels:join")
def conversations_join(request: Request) -> Json:
    """Takes the bot into a public channel."""
    channel = seen(request)
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    joined = replace(channel, members=channel.members | {request.team.bot_user})
    request.world.channels[channel.id] = joined
    return {"channel": described_channel(request, joined)}


@method("conversations.members")
def conversations_members(request: Request) -> Json:
    """Who is in a conversation."""
    return {"members": sorted(seen(request).members), "response_metadata": {"next_cursor": ""}}


def seen(request: Request) -> Channel:
    """The conversation that the call names, when the bot may know of it."""
    channel = request.world.channel(request.team.id, request.text("channel"))
    request.need(f"{FAMILY[channel.kind]}:read")
    if not _visible(request, channel):
        raise SlackError("channel_not_found")
    return channel


def _visible(request: Request, channel: Channel) -> bool:
    return channel.kind == "channel" or request.team.bot_user in channel.members


def described_channel(request: Request, channel: Channel) -> Json:
    """A conversation as conversations.info says it."""
    said: Json = {"id": channel.id, "is_archived": channel.archived, "is_im": channel.kind == "im"}
    if channel.kind == "im":
        (user,) = channel.members - {request.team.bot_user}
        return {**said, "user": user}
    return {
        **said,
        "name": channel.name,
        "is_channel": channel.kind == "channel",
        "is_private": channel.kind == "group",
        "is_member": request.team.bot_user in channel.members,
    }


@method("conversations.history")
def conversations_history(request: Request) -> Json:
    """The messages that stand in the channel itself, newest first."""
    channel = _readable(request)
    standing = [one for one in channel_messages(request.world, channel.id) if one.thread_ts in {None, one.ts}]
    return _page(request, standing[::-1])


@method("conversations.replies")
def conversations_replies(request: Request) -> Json:
    """A thread: its first message and the answers, oldest first."""
    channel, ts = _readable(request), request.text("ts")
    thread = [one for one in channel_messages(request.world, channel.id) if ts in {one.ts, one.thread_ts}]
    if not thread:
        raise SlackError("thread_not_found")
    return _page(request, thread)


def channel_messages(world: World, channel: str) -> list[Posted]:
    """All that stands in a conversation, threads too, oldest first."""
    return [message for (place, _), message in world.messages.items() if place == channel]


def _readable(request: Request) -> Channel:
    channel = request.world.channel(request.team.id, request.text("channel"))
    request.need(f"{FAMILY[channel.kind]}:history")
    if request.team.bot_user not in channel.members:
        raise SlackError("not_in_channel" if channel.kind == "channel" else "channel_not_found")
    return channel


def _page(request: Request, messages: list[Posted]) -> Json:
    """The part of the messages between `oldest` and `latest`, from `cursor` on, at most `limit` of them."""
    oldest, latest = Decimal(request.text("oldest", "0")), Decimal(request.text("latest") or "Infinity")
    inclusive = request.flag("inclusive")
    within = [one for one in messages if oldest < Decimal(one.ts) < latest or (inclusive and Decimal(one.ts) in {oldest, latest})]
    start, size = request.number("cursor", 0), min(request.number("limit", 100), request.world.rules.history_page)
    more = start + size < len(within)
    page = [described_message(request.world, one, metadata=request.flag("include_all_metadata")) for one in within[start : start + size]]
    return {"messages": page, "has_more": more, "response_metadata": {"next_cursor": str(start + size) if more else ""}}


def described_message(world: World, message: Posted, *, metadata: bool = False) -> Json:
    """A message as the API and payloads say it."""
    said: Json = {"type": "message", "ts": message.ts, "text": message.text, "blocks": list(message.blocks), "team": message.team}
    team = world.teams[message.team]
    if message.author == team.bot_user:
        said |= {"user": message.author, "bot_id": team.bot, "app_id": world.app_id}
    else:
        said |= {"user": message.author}
    if message.thread_ts is not None:
        said["thread_ts"] = message.thread_ts
    if message.files:
        said["files"] = [world.share(world.uploads[file]) for file in message.files]
    if message.edits:
        said["edited"] = {"user": message.author, "ts": message.ts}
    return {**said, "metadata": message.metadata} if metadata and message.metadata is not None else said
