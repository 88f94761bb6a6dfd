"""What does one see: the workspaces, a channel with its messages, earlier ones, completions, files?"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.platforms.web.requests import page_locale, page_theme, whole
from bot.platforms.web.seams import Seams
from bot.platforms.web.settings import WebSettings
from bot.platforms.web.shell import Shell
from bot.platforms.web.threads import Threads
from bot.platforms.web.viewer import Viewer, find_viewer
from bot.platforms.web.views import MessageView, channel_label, channel_views, clock_view, message_views
from core.domain.workspaces import Channel, Locale, Workspace
from core.storage.repositories.chat import Cursor, StoredFile

PAGE = 60
SEE_OTHER = 303
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class Pages:
    """Everything that is only looked at."""

    def __init__(self, seams: Seams, settings: WebSettings, shell: Shell, threads: Threads) -> None:
        self._seams = seams
        self._settings = settings
        self._shell = shell
        self._threads = threads

    async def index(self, request: Request) -> Response:
        """The only workspace, or a choice of them."""
        workspaces = await self._threads.look(self._workspaces)
        if len(workspaces) == 1:
            return RedirectResponse(f"/w/{workspaces[0].id}/", SEE_OTHER)
        return self._shell.page("workspaces.html", page_locale(request), theme=page_theme(request), workspaces=workspaces)

    async def workspace(self, request: Request) -> Response:
        """The first channel of a workspace."""
        viewer = await self.viewer(request)
        first = channel_views(viewer, 0)[0]
        return RedirectResponse(f"/w/{viewer.workspace.id}/c/{first.id}/", SEE_OTHER)

    async def channel(self, request: Request) -> Response:
        """A channel with its last messages."""
        viewer = await self.viewer(request)
        channel = viewer.channel(request.path_params["channel"])
        cursor, messages, several = await self._threads.look(self._opened, viewer, channel)
        return self._shell.page(
            "channel.html",
            viewer.locale,
            theme=page_theme(request),
            viewer=viewer,
            channel=channel,
            label=channel_label(viewer, channel),
            channels=channel_views(viewer, channel.id),
            clock=clock_view(viewer),
            cursor=cursor,
            messages=messages,
            more=len(messages) == PAGE,
            several=several,
            upload_limit=self._settings.upload_limit,
        )

    async def earlier(self, request: Request) -> Response:
        """Messages before one, as a fragment."""
        viewer = await self.viewer(request)
        channel = viewer.channel(request.path_params["channel"])
        before = whole(request.query_params.get("before", ""))
        messages = await self._threads.look(self._before, viewer, channel, before)
        return HTMLResponse(self._shell.html("earlier.html", viewer.locale, messages=messages, more=len(messages) == PAGE))

    async def complete(self, request: Request) -> Response:
        """How the composer's text could go on, as options of a list."""
        viewer = await self.viewer(request)
        text = request.query_params.get("text", "")
        caret = whole(request.query_params.get("caret", ""))
        caret = len(text) if caret is None else min(caret, len(text))
        suggestions = await self._threads.look(self._seams.complete, viewer.workspace.id, viewer.member.id, text, caret)
        return HTMLResponse(self._shell.html("complete.html", viewer.locale, suggestions=suggestions))

    async def file(self, request: Request) -> Response:
        """A picture, or a file to keep. Whatever it is, the browser runs nothing of it."""
        viewer = await self.viewer(request)
        file = await self._threads.look(self._file, viewer, request.path_params["ref"])
        picture = file.media_type in PICTURES
        headers = {
            "Content-Disposition": f"{'inline' if picture else 'attachment'}; filename*=utf-8''{quote(file.name)}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=3600",
            "Vary": "Cookie",
        }
        return Response(file.content, media_type=file.media_type if picture else "application/octet-stream", headers=headers)

    async def viewer(self, request: Request) -> Viewer:
        """Who looks. LookupError for an unknown workspace."""
        return await self.viewer_with(request, request.cookies)

    async def viewer_with(self, request: Request, cookies: Mapping[str, str]) -> Viewer:
        """Who would look with these cookies."""
        workspace = whole(str(request.path_params["workspace"]))
        if workspace is None:
            raise LookupError("no workspace has such a number")
        return await self._threads.look(find_viewer, self._seams.database, self._seams.clock, workspace, cookies)

    async def missing(self, request: Request, error: Exception) -> Response:
        """What is not there, or not for these eyes: the two look the same."""
        if type(error) in {KeyError, IndexError}:
            # Kinds of LookupError too, but faults of ours.
            raise error
        return self._shell.page("missing.html", await self._locale(request), status=404, theme=page_theme(request))

    async def _locale(self, request: Request) -> Locale:
        """The viewer's language; the browser's where the address names no workspace."""
        if "workspace" not in request.path_params:
            return page_locale(request)
        try:
            return (await self.viewer(request)).locale
        except LookupError:
            return page_locale(request)

    def _workspaces(self) -> tuple[Workspace, ...]:
        with self._seams.database.read() as uow:
            return uow.workspaces.all()

    def _opened(self, viewer: Viewer, channel: Channel) -> tuple[Cursor, list[MessageView], bool]:
        with self._seams.database.read() as uow:
            # The cursor first: what comes in between is then shown twice to the page, which knows it, rather than never.
            cursor = uow.chat.cursor(channel.id)
            messages = message_views(uow, viewer, uow.chat.before(channel.id, viewer.member.id, PAGE))
            return cursor, messages, len(uow.workspaces.all()) > 1

    def _before(self, viewer: Viewer, channel: Channel, before: int | None) -> list[MessageView]:
        with self._seams.database.read() as uow:
            return message_views(uow, viewer, uow.chat.before(channel.id, viewer.member.id, PAGE, before))

    def _file(self, viewer: Viewer, ref: str) -> StoredFile:
        with self._seams.database.read() as uow:
            file = uow.files.get(ref)
        if file is None or file.workspace != viewer.workspace.id or file.visible_to not in {None, viewer.member.id}:
            raise LookupError(f"file {ref}")
        return file
