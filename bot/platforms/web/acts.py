"""What can one do on the page? Say, press, submit, drop a file, step the demo's clock, choose a language, a theme, a speaker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from bot.platforms.web.demo_clock import stepped
from bot.platforms.web.hub import Hub
from bot.platforms.web.pages import SEE_OTHER, Pages
from bot.platforms.web.posting import Posting, Upload, act
from bot.platforms.web.render_form import PREFIX, SEPARATOR
from bot.platforms.web.requests import whole
from bot.platforms.web.seams import Seams
from bot.platforms.web.threads import Threads
from bot.platforms.web.viewer import LANGUAGE_COOKIE, THEME_COOKIE, THEMES, Viewer, chosen_locale, remember_language, speaker_cookie
from bot.platforms.web.views import quiet_step
from core.errors import UserError
from core.i18n.texts import text

YEAR = 365 * 24 * 3600
MOST_FILES = 5
MOST_FIELDS = 100
DONE = 204
NOT_UNDERSTOOD = 422


class Acts:
    """Everything that changes something. What is new reaches the page by its event stream, so most answers are empty."""

    def __init__(self, seams: Seams, pages: Pages, posting: Posting, threads: Threads, hub: Hub) -> None:
        self._seams = seams
        self._pages = pages
        self._posting = posting
        self._threads = threads
        self._hub = hub

    async def say(self, request: Request) -> Response:
        """A line from the composer."""
        viewer = await self._pages.viewer(request)
        async with _form(request) as form:
            done = act(viewer, request.path_params["channel"], _word(form, "key"))
            await self._threads.act(self._posting.say, done, _word(form, "text"))
        return Response(status_code=DONE)

    async def press(self, request: Request) -> Response:
        """A button of a card."""
        viewer = await self._pages.viewer(request)
        async with _form(request) as form:
            done = act(viewer, request.path_params["channel"], _word(form, "key"))
            await self._threads.act(self._posting.press, done, _word(form, "token"))
        return Response(status_code=DONE)

    async def submit(self, request: Request) -> Response:
        """A form of a card; `message` is the card's."""
        viewer = await self._pages.viewer(request)
        async with _form(request) as form:
            done = act(viewer, request.path_params["channel"], _word(form, "key"))
            given = (_word(form, "token"), _typed(form), await _uploads(form))
            await self._threads.act(self._posting.submit, done, *given, whole(_word(form, "message")))
        return Response(status_code=DONE)

    async def upload(self, request: Request) -> Response:
        """Files dropped into the composer."""
        viewer = await self._pages.viewer(request)
        async with _form(request) as form:
            files = [await _upload(item) for item in form.getlist("file") if isinstance(item, UploadFile)]
            for number, file in enumerate(files):
                done = act(viewer, request.path_params["channel"], f"{_word(form, 'key')}-{number}")
                await self._threads.act(self._posting.share, done, file)
        return Response(status_code=DONE)

    async def clock(self, request: Request) -> Response:
        """Steps the clock of a demo workspace, and says so when that brings the viewer nothing. LookupError elsewhere: there is no such thing."""
        viewer = await self._pages.viewer(request)
        if not viewer.workspace.demo:
            raise LookupError("no clock to step")
        async with _form(request) as form:
            target = stepped(viewer.moment, _word(form, "to"))
        before = await self._threads.look(self._newest, viewer)
        await self._threads.act(self._seams.step, viewer.workspace.id, target.astimezone(UTC))
        self._hub.wake()
        if await self._threads.look(self._newest, viewer) != before:
            return Response(status_code=DONE)
        return PlainTextResponse(quiet_step(await self._pages.viewer(request)))

    async def speak_as(self, request: Request) -> Response:
        """Chooses as whom one speaks, in a demo workspace. Whoever sits there keeps their language."""
        viewer = await self._pages.viewer(request)
        async with _form(request) as form:
            chosen = next((member for member in viewer.members if str(member.id) == _word(form, "member")), None)
            back = _back(form)
        if chosen is None:
            raise LookupError("no such speaker")
        cookies = {**request.cookies, speaker_cookie(viewer.workspace.id): str(chosen.id)}
        speaker = await self._pages.viewer_with(request, cookies)
        if chosen_locale(request.cookies.get(LANGUAGE_COOKIE)):
            await self._threads.act(remember_language, self._seams.database, speaker, speaker.locale)
        response = RedirectResponse(back if _sees(speaker, back) else f"/w/{viewer.workspace.id}/", SEE_OTHER)
        _remember(response, speaker_cookie(viewer.workspace.id), str(chosen.id))
        return response

    async def language(self, request: Request) -> Response:
        """Chooses the language of the page, and of the answers."""
        viewer = await self._pages.viewer(request)
        async with _form(request) as form:
            locale = chosen_locale(_word(form, "language")) or viewer.locale
            response = RedirectResponse(_back(form), SEE_OTHER)
        await self._threads.act(remember_language, self._seams.database, viewer, locale)
        _remember(response, LANGUAGE_COOKIE, locale.value)
        return response

    async def theme(self, request: Request) -> Response:
        """Chooses light, dark, or as the system says."""
        async with _form(request) as form:
            response = RedirectResponse(_back(form), SEE_OTHER)
            if _word(form, "theme") in THEMES:
                _remember(response, THEME_COOKIE, _word(form, "theme"))
        return response

    def _newest(self, viewer: Viewer) -> dict[int, int]:
        with self._seams.database.read() as uow:
            return uow.chat.newest(viewer.workspace.id, viewer.member.id)

    async def refused(self, request: Request, error: Exception) -> Response:
        """A mistake's sentence in the page's language, which the page shows beside the composer."""
        assert isinstance(error, UserError)
        viewer = await self._pages.viewer(request)
        return PlainTextResponse(text(viewer.locale, error.key, **error.args_), NOT_UNDERSTOOD)


@asynccontextmanager
async def _form(request: Request) -> AsyncIterator[FormData]:
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS) as form:
        yield form


def _word(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _typed(form: FormData) -> dict[str, str]:
    """What stands in a form's fields; several choices of one field joined."""
    found: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if name.startswith(PREFIX) and isinstance(value, str):
            found.setdefault(name.removeprefix(PREFIX), []).append(value)
    return {name: SEPARATOR.join(values) for name, values in found.items()}


async def _uploads(form: FormData) -> dict[str, Upload]:
    """Files given in a form's fields; an empty file field sends a file without a name."""
    given = [(name.removeprefix(PREFIX), value) for name, value in form.multi_items() if name.startswith(PREFIX)]
    return {name: await _upload(value) for name, value in given if isinstance(value, UploadFile) and value.filename}


async def _upload(file: UploadFile) -> Upload:
    # Some browsers send a path; a name is its last part.
    name = (file.filename or "file").replace("\\", "/").rpartition("/")[2]
    return Upload(name[:200] or "file", file.content_type or "application/octet-stream", await file.read())


def _back(form: FormData) -> str:
    """The page to return to: only ever one of ours."""
    path = _word(form, "back")
    return path if path.startswith("/w/") and "\\" not in path else "/"


def _sees(viewer: Viewer, path: str) -> bool:
    return any(path.startswith(f"/w/{viewer.workspace.id}/c/{channel.id}/") for channel in viewer.channels)


def _remember(response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="strict")
