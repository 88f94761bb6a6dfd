"""What may be said through a response_url? Five times in 30 minutes: to one person or the channel, in a new message or in the pressed one's place."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.slack_server.chat import edited
from tests.slack_server.checks import check_message, shows_files
from tests.slack_server.values import Ephemeral, Json, Post, Posted, Version
from tests.slack_server.world import Hook, SlackError, World, refused_blocks

MOST_USES = 5
LIFE = timedelta(minutes=30)


def used(world: World, path: str, body: Json) -> None:
    """One use of a response_url; raises `SlackError`, and keeps account of either."""
    error: str | None = None
    try:
        _use(world, path, body)
    except SlackError as refused:
        error = refused.code
        raise
    finally:
        world.posts.append(Post(world.base + path, body, error))


def _use(world: World, path: str, body: Json) -> None:
    hook = world.hooks.get(path)
    if hook is None:
        raise SlackError("invalid_url")
    if world.clock.now() - hook.made_at > LIFE:
        raise SlackError("expired_url")
    if hook.uses >= MOST_USES:
        raise SlackError("used_url")
    world.hooks[path] = replace(hook, uses=hook.uses + 1)
    said(world, hook, body)


def said(world: World, hook: Hook, body: Json) -> None:
    """Does what the body of a response_url, or of a command's acknowledgement, asks for."""
    if body.get("delete_original") and hook.original is not None:
        _drop(world, hook.original)
        return
    text, blocks = str(body.get("text") or ""), check_message(world, body["blocks"]) if body.get("blocks") is not None else ()
    if not text and not blocks:
        raise SlackError("no_text")
    original = _standing(world, hook.original)
    if body.get("replace_original") and original is not None:
        _replace(world, original, text, blocks)
    elif body.get("response_type") == "in_channel":
        _post(world, hook, text, blocks, body.get("thread_ts"))
    else:
        _show(world, hook, text, blocks, body.get("thread_ts"))


def _standing(world: World, original: Posted | Ephemeral | None) -> Posted | Ephemeral | None:
    """The pressed message as it stands now."""
    if original is None:
        return None
    key = (original.channel, original.ts)
    return world.messages.get(key) or world.ephemerals.get(key)


def _drop(world: World, original: Posted | Ephemeral) -> None:
    key = (original.channel, original.ts)
    world.messages.pop(key, None)
    world.ephemerals.pop(key, None)


def _replace(world: World, original: Posted | Ephemeral, text: str, blocks: tuple[Json, ...]) -> None:
    key = (original.channel, original.ts)
    if isinstance(original, Posted):
        world.messages[key] = edited(original, text, blocks)
        return
    _no_files(blocks)
    edits = (*original.edits, Version(original.text, original.blocks))
    world.ephemerals[key] = replace(original, text=text, blocks=blocks, edits=edits)


def _post(world: World, hook: Hook, text: str, blocks: tuple[Json, ...], thread: str | None) -> None:
    posted = Posted(hook.team, hook.channel, world.ts(), world.teams[hook.team].bot_user, text, blocks, thread_ts=thread)
    world.messages[(posted.channel, posted.ts)] = posted


def _show(world: World, hook: Hook, text: str, blocks: tuple[Json, ...], thread: str | None) -> None:
    _no_files(blocks)
    shown = Ephemeral(hook.team, hook.channel, world.ts(), hook.user, text, blocks, thread)
    world.ephemerals[(shown.channel, shown.ts)] = shown


def _no_files(blocks: tuple[Json, ...]) -> None:
    if shows_files(blocks):
        raise refused_blocks("files cannot be shown in ephemeral messages")
