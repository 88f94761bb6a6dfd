"""How do files come in and get shown? The three steps of an upload, files.info with its slow processing, and who may download."""

from __future__ import annotations

import mimetypes
from dataclasses import replace

from tests.slack_server.calls import Request, authorised, method
from tests.slack_server.chat import keep, open_to_post
from tests.slack_server.values import Json, Posted, Upload
from tests.slack_server.world import SlackError, World


@method("files.getUploadURLExternal", "files:write")
def get_upload_url(request: Request) -> Json:
    """A place to put the bytes of a file whose name and length are known."""
    name, length = request.text("filename"), request.number("length", 0)
    if not name or length <= 0:
        raise SlackError("invalid_arguments")
    world, team = request.world, request.team
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    upload = Upload(world.ident("F"), team.id, name, name, length, media_type, team.bot_user, looks_left=world.rules.looks)
    world.uploads[upload.id] = upload
    return {"upload_url": f"{world.base}/upload/{upload.id}", "file_id": upload.id}


def receive(world: World, ident: str, content: bytes) -> str:
    """Takes the bytes of a file; the answer's words."""
    upload = world.uploads.get(ident)
    if upload is None or upload.complete or len(content) != upload.length:
        raise SlackError("upload_failed", 400)
    world.uploads[ident] = replace(upload, content=content)
    return f"OK - {len(content)}"


@method("files.completeUploadExternal", "files:write")
def complete_upload(request: Request) -> Json:
    """Makes uploads count, and shares them to a channel or thread when one is named: that posts a message with them."""
    world, channel = request.world, request.text("channel_id")
    target = open_to_post(request, world.channel(request.team.id, channel)) if channel else None
    done = [_completed(request, given) for given in request.arguments.get("files") or []]
    if not done:
        raise SlackError("invalid_arguments")
    if target is not None:
        done = [replace(one, channels=(target.id,)) for one in done]
    world.uploads |= {one.id: one for one in done}
    if target is not None:
        names, thread = tuple(one.id for one in done), request.text("thread_ts") or None
        comment = request.text("initial_comment")
        keep(request, Posted(request.team.id, target.id, world.ts(), request.team.bot_user, comment, thread_ts=thread, files=names))
    return {"files": [{"id": one.id, "title": one.title} for one in done]}


def _completed(request: Request, given: Json) -> Upload:
    upload = _file(request, str(given.get("id")))
    if upload.complete or len(upload.content) != upload.length:
        raise SlackError("invalid_arguments")
    return replace(upload, complete=True, title=given.get("title") or upload.name)


@method("files.info", "files:read")
def info(request: Request) -> Json:
    """A file. Until it is processed its type is empty and it is shared nowhere; each look brings that nearer."""
    upload = _file(request, request.text("file"))
    said = {**request.world.share(upload), "shares": {}, "channels": [], "groups": [], "ims": []}
    if upload.looks_left:
        request.world.uploads[upload.id] = replace(upload, looks_left=upload.looks_left - 1)
        return {"file": {**said, "mimetype": "", "filetype": ""}}
    messages = [one for one in request.world.messages.values() if upload.id in one.files]
    shares = {channel: [{"ts": one.ts} for one in messages if one.channel == channel] for channel in upload.channels}
    return {"file": {**said, "shares": {"public": shares} if shares else {}, "channels": list(upload.channels)}}


@method("files.delete", "files:write")
def delete(request: Request) -> Json:
    """Takes a file away."""
    del request.world.uploads[_file(request, request.text("file")).id]
    return {}


def _file(request: Request, ident: str) -> Upload:
    upload = request.world.uploads.get(ident)
    if upload is None or upload.team != request.team.id:
        raise SlackError("file_not_found")
    return upload


def content(world: World, place: str, bearer: str | None) -> Upload | None:
    """The file under `TEAM-FILE` of a private address; None when the bearer may not read it, and a login page is shown instead."""
    team, _, ident = place.partition("-")
    try:
        token = authorised(world, bearer)
    except SlackError:
        return None
    upload = world.uploads.get(ident)
    return upload if upload is not None and upload.team == team == token.team and "files:read" in token.scopes else None
