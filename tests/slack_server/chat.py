"""How do messages get posted, changed and taken away? chat.*; and what response_url does with the same bodies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.slack_server.calls import Request, method, pace
from tests.slack_server.checks import check_message, shows_files
from tests.slack_server.conversations import channel_messages, described_message
from tests.slack_server.values import Channel, Ephemeral, Json, Posted, Version
from tests.slack_server.world import SlackError, refused_blocks

MOST_TEXT = 40_000
MOST_EDITED_TEXT = 4_000


@method("chat.postMessage", "chat:write")
def post_message(request: Request) -> Json:
    """Posts for everyone; to a person's id it posts in the direct conversation."""
    channel = open_to_post(request, _place(request))
    text, blocks = _said(request)
    metadata = _metadata(request)
    pace(request.world, f"post {channel.id}", request.world.rules.burst, timedelta(seconds=1))
    thread = request.text("thread_ts") or None
    posted = Posted(request.team.id, channel.id, request.world.ts(), request.team.bot_user, text[:MOST_TEXT], blocks, metadata, thread)
    keep(request, posted)
    return {"channel": channel.id, "ts": posted.ts, "message": described_message(request.world, posted, metadata=True)}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(request: Request) -> Json:
    """Shows a message to one person in a channel where both are. It takes no files."""
    channel = open_to_post(request, request.world.channel(request.team.id, request.text("channel")))
    user = request.text("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks = _said(request)
    if shows_files(blocks):
        raise refused_blocks("files cannot be shown in ephemeral messages")
    shown = Ephemeral(request.team.id, channel.id, request.world.ts(), user, text, blocks, request.text("thread_ts") or None)
    request.world.ephemerals[(channel.id, shown.ts)] = shown
    return {"message_ts": shown.ts}


@method("chat.update", "chat:write")
def update(request: Request) -> Json:
    """Edits a message of the bot's own. Text without blocks takes the old blocks away; metadata stays."""
    message = _own(request)
    text, blocks = _said(request)
    if len(text) > MOST_EDITED_TEXT:
        raise SlackError("msg_too_long")
    metadata = _metadata(request) or message.metadata
    request.world.messages[(message.channel, message.ts)] = edited(replace(message, metadata=metadata), text, blocks)
    return {"channel": message.channel, "ts": message.ts, "text": text, "message": {"text": text, "blocks": list(blocks)}}


@method("chat.delete", "chat:write")
def delete(request: Request) -> Json:
    """Takes away a message of the bot's own."""
    message = _own(request)
    del request.world.messages[(message.channel, message.ts)]
    return {"channel": message.channel, "ts": message.ts}


@method("chat.getPermalink")
def permalink(request: Request) -> Json:
    """The web address of a message."""
    channel, ts = request.text("channel"), request.text("message_ts")
    if (channel, ts) not in request.world.messages:
        raise SlackError("message_not_found")
    return {"channel": channel, "permalink": f"https://{request.team.domain}.slack.com/archives/{channel}/p{ts.replace('.', '')}"}


def edited(message: Posted, text: str, blocks: tuple[Json, ...]) -> Posted:
    """The message with new words; the old ones among its edits."""
    return replace(message, text=text, blocks=blocks, edits=(*message.edits, Version(message.text, message.blocks)))


def keep(request: Request, posted: Posted) -> None:
    """Puts a message where it belongs. An answer makes its first message a thread's head."""
    world = request.world
    if posted.thread_ts is not None:
        head = next((one for one in channel_messages(world, posted.channel) if one.ts == posted.thread_ts), None)
        if head is None:
            raise SlackError("thread_not_found")
        world.messages[(head.channel, head.ts)] = replace(head, thread_ts=head.ts)
    world.messages[(posted.channel, posted.ts)] = posted


def open_to_post(request: Request, channel: Channel) -> Channel:
    """The channel, when the bot may post there."""
    if channel.archived:
        raise SlackError("is_archived")
    if request.team.bot_user not in channel.members:
        raise SlackError("not_in_channel" if channel.kind == "channel" else "channel_not_found")
    return channel


def _place(request: Request) -> Channel:
    ident = request.text("channel")
    if ident in request.world.people:
        return request.world.direct(request.team, request.world.person(request.team.id, ident).id)
    return request.world.channel(request.team.id, ident)


def _said(request: Request) -> tuple[str, tuple[Json, ...]]:
    """The text and the blocks of a call."""
    given = request.arguments.get("blocks")
    blocks = check_message(request.world, given) if given is not None else ()
    text = request.text("text")
    if not text and not blocks:
        raise SlackError("no_text")
    return text, blocks


def _metadata(request: Request) -> Json | None:
    given = request.arguments.get("metadata")
    if given is None:
        return None
    if not isinstance(given, dict) or not isinstance(given.get("event_type"), str) or not isinstance(given.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    return given


def _own(request: Request) -> Posted:
    channel = request.world.channel(request.team.id, request.text("channel"))
    message = request.world.messages.get((channel.id, request.text("ts")))
    if message is None:
        raise SlackError("message_not_found")
    if message.author != request.team.bot_user:
        raise SlackError("cant_update_message")
    return message
