"""How does a page stay live? One stream of server-sent events a page, which goes on exactly where it was cut."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass, replace

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.platforms.web.hub import Hub
from bot.platforms.web.pages import Pages
from bot.platforms.web.requests import whole
from bot.platforms.web.seams import Seams
from bot.platforms.web.shell import Shell
from bot.platforms.web.threads import Threads
from bot.platforms.web.viewer import Viewer, find_viewer
from bot.platforms.web.views import MessageView, clock_view, message_views
from core.storage.repositories.chat import ChatMessage, Cursor

RETRY_MS = 1_000
HEARTBEAT_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Look:
    """What one look brought: messages with the cursor that each leads to, and what stands around them (the clock, what is unread)."""

    messages: list[tuple[MessageView, Cursor]]
    cursor: Cursor
    around: str


class Live:
    """The event streams."""

    def __init__(self, seams: Seams, pages: Pages, shell: Shell, threads: Threads, hub: Hub, poll_seconds: float) -> None:
        self._seams = seams
        self._pages = pages
        self._shell = shell
        self._threads = threads
        self._hub = hub
        self._poll = poll_seconds

    async def events(self, request: Request) -> Response:
        """Everything after `Last-Event-ID`, or after the page's own cursor, as it comes."""
        viewer = await self._pages.viewer(request)
        channel = viewer.channel(request.path_params["channel"]).id
        after = read_cursor(request.headers.get("last-event-id") or request.query_params.get("after", ""))
        stream = self._stream(viewer, dict(request.cookies), channel, after)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})

    async def _stream(self, viewer: Viewer, cookies: dict[str, str], channel: int, cursor: Cursor) -> AsyncIterator[str]:
        yield f"retry: {RETRY_MS}\n\n"
        around, silent = "", 0.0
        with self._hub.waiting() as waiter:
            while not self._hub.closed:
                look = await self._threads.look(self._look, viewer, cookies, channel, cursor)
                for message, reached in look.messages:
                    html = self._shell.html("message.html", viewer.locale, message=message)
                    yield _event("message", html, f"{reached.message}.{reached.edit}")
                if look.around != around:
                    yield _event("around", look.around)
                silent = 0.0 if look.messages or look.around != around else silent + self._poll
                cursor, around = look.cursor, look.around
                if silent >= HEARTBEAT_SECONDS:
                    yield ":\n\n"
                    silent = 0.0
                await waiter.wait(self._poll)

    def _look(self, opened: Viewer, cookies: dict[str, str], channel: int, cursor: Cursor) -> Look:
        workspace = opened.workspace.id
        # The clock may have been stepped since; the page keeps the language in which it was opened.
        viewer = replace(find_viewer(self._seams.database, self._seams.clock, workspace, cookies), locale=opened.locale)
        with self._seams.database.read() as uow:
            found = uow.chat.since(channel, viewer.member.id, cursor)
            views = message_views(uow, viewer, found)
            unread = uow.chat.newest(workspace, viewer.member.id)
        reached = cursors(found, cursor)
        return Look(list(zip(views, reached, strict=True)), reached[-1] if reached else cursor, _around(viewer, unread))


def _around(viewer: Viewer, newest: dict[int, int]) -> str:
    """JSON: by channel the newest message of others, and the demo's clock (null elsewhere)."""
    clock = clock_view(viewer) if viewer.workspace.demo else None
    seen = {channel.id: newest[channel.id] for channel in viewer.channels if channel.id in newest}
    return json.dumps({"newest": seen, "clock": asdict(clock) if clock else None}, ensure_ascii=False)


def cursors(messages: Sequence[ChatMessage], start: Cursor) -> list[Cursor]:
    """How far one has come with each: edits of old messages move the edit alone; with a new message all edits up to now are known."""
    edits = max([start.edit, *(message.edited for message in messages)])
    old = [Cursor(start.message, message.edited) for message in messages if message.id <= start.message]
    return old + [Cursor(message.id, edits) for message in messages if message.id > start.message]


def _event(name: str, data: str, event_id: str | None = None) -> str:
    lines = [f"event: {name}", *([f"id: {event_id}"] if event_id else []), *(f"data: {line}" for line in data.splitlines())]
    return "\n".join(lines) + "\n\n"


def read_cursor(written: str) -> Cursor:
    """As events and pages write it, message and edit with a dot between; the channel's beginning for anything else."""
    message, edit = (whole(part) for part in written.partition(".")[::2])
    return Cursor() if message is None or edit is None else Cursor(message, edit)
