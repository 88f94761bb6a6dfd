"""What is the playground as one ASGI application? Routes over pages, acts and streams, behind the guard, with the platform that posts into it."""

from __future__ import annotations

from http import HTTPStatus
from uuid import uuid4

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.platforms.web.acts import Acts
from bot.platforms.web.guard import Guard
from bot.platforms.web.hub import Hub
from bot.platforms.web.live import Live
from bot.platforms.web.pages import Pages
from bot.platforms.web.platform import WebPlatform
from bot.platforms.web.posting import Posting
from bot.platforms.web.requests import page_locale
from bot.platforms.web.seams import Seams
from bot.platforms.web.settings import WebSettings
from bot.platforms.web.shell import Shell
from bot.platforms.web.static_files import static_routes
from bot.platforms.web.threads import Threads
from core.errors import UserError
from core.i18n.texts import text

_LOG = structlog.get_logger()


class WebApp:
    """The playground. `platform` is the way to post into it from elsewhere in this process; `close` ends open streams before the server stops."""

    def __init__(self, seams: Seams, settings: WebSettings) -> None:
        self._hub = Hub()
        self.platform = WebPlatform(seams.database, seams.clock, self._hub)
        shell, threads = Shell(), Threads()
        pages = Pages(seams, settings, shell, threads)
        acts = Acts(seams, pages, Posting(seams, self.platform), threads, self._hub)
        live = Live(seams, pages, shell, threads, self._hub, settings.poll_seconds)
        handlers = {LookupError: pages.missing, HTTPStatus.NOT_FOUND: pages.missing, UserError: acts.refused, Exception: _fault}
        routes = [static_routes(shell.version), *_routes(pages, acts, live)]
        starlette = Starlette(routes=routes, exception_handlers=handlers, max_body_size=settings.body_limit)
        self._app = Guard(starlette, settings, shell)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def close(self) -> None:
        """Ends every open page's stream."""
        self._hub.close()


def _routes(pages: Pages, acts: Acts, live: Live) -> list[Route]:
    home, channel = "/w/{workspace:int}", "/w/{workspace:int}/c/{channel:int}"
    return [
        Route("/", pages.index),
        Route("/theme", acts.theme, methods=["POST"]),
        Route(f"{home}/", pages.workspace),
        Route(f"{home}/files/{{ref}}", pages.file),
        Route(f"{home}/clock", acts.clock, methods=["POST"]),
        Route(f"{home}/speak-as", acts.speak_as, methods=["POST"]),
        Route(f"{home}/language", acts.language, methods=["POST"]),
        Route(f"{channel}/", pages.channel),
        Route(f"{channel}/earlier", pages.earlier),
        Route(f"{channel}/complete", pages.complete),
        Route(f"{channel}/events", live.events),
        Route(f"{channel}/say", acts.say, methods=["POST"]),
        Route(f"{channel}/press", acts.press, methods=["POST"]),
        Route(f"{channel}/submit", acts.submit, methods=["POST"]),
        Route(f"{channel}/upload", acts.upload, methods=["POST"]),
    ]


async def _fault(request: Request, error: Exception) -> Response:
    """A number for the person, the trace for the log."""
    incident = uuid4().hex[:8]
    _LOG.error("page_failed", incident=incident, path=request.url.path, exc_info=error)
    return PlainTextResponse(text(page_locale(request), "web.fault", incident=incident), HTTPStatus.INTERNAL_SERVER_ERROR)
