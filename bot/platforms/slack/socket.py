"""How do Slack's events come in without an address of ours? By a socket that is watched, opened anew, and answered in its own frames.

Slack's kit has a client too; ours because that one takes no jitter, keeps a closed socket for seconds, and drops what is in hand when it is closed.
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.platforms.fields import word
from bot.platforms.reconnecting import Jitter, pause
from bot.platforms.slack.app import dispatched
from bot.platforms.slack.failures import telling
from bot.platforms.slack.teams import web_client
from bot.platforms.tasks import Tasks
from core.errors import SendError

log = structlog.get_logger()

# A ping is sent after so many seconds without a frame, and half as long waited for its answer.
HEARTBEAT_SECONDS = 10.0
TIMEOUT = aiohttp.ClientTimeout(sock_connect=10.0)
CLOSING = aiohttp.ClientWSTimeout(ws_close=1.0)
# What ends a socket without anybody's fault here.
EXPECTED = (SendError, aiohttp.ClientError, OSError, TimeoutError, ValueError)


class Line:
    """One socket at a time, and for a moment two: the next is opened when Slack says that this one is about to close."""

    def __init__(self, app: AsyncApp, tasks: Tasks, app_token: str, api_url: str, jitter: Jitter, heartbeat: float = HEARTBEAT_SECONDS) -> None:
        self._app = app
        self._tasks = tasks
        self._app_token = app_token
        self._api_url = api_url
        self._jitter = jitter
        self._heartbeat = heartbeat
        self._holding: set[asyncio.Task[None]] = set()
        self._open: set[aiohttp.ClientWebSocketResponse] = set()
        self._failures = 0
        self._stopping = False

    @property
    def stands(self) -> bool:
        """Whether a socket is open on which Slack has said hello."""
        return bool(self._open) and not self._failures

    async def run(self) -> None:
        """Opens one socket after the other until it is cancelled. The open ones stay for the answers that are still to be given."""
        try:
            while True:
                leaving = asyncio.Event()
                task = asyncio.create_task(self._held(leaving))
                self._holding.add(task)
                task.add_done_callback(self._holding.discard)
                await leaving.wait()
                await asyncio.sleep(pause(self._failures, self._jitter))
        finally:
            self.stop()

    def stop(self) -> None:
        """Takes nothing new: what is not answered, Slack gives to another socket."""
        self._stopping = True

    async def close(self) -> None:
        """Ends every socket, which takes a second at most."""
        await asyncio.gather(*(stream.close() for stream in tuple(self._open)), return_exceptions=True)
        for task in tuple(self._holding):
            task.cancel()

    async def _held(self, leaving: asyncio.Event) -> None:
        """One socket from its opening to its end. `leaving` is set when another is needed."""
        self._failures += 1
        try:
            address = await self._address()
            # The heartbeat is the watchdog: a socket on which nothing comes back ends the reading.
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT) as session,
                session.ws_connect(address, heartbeat=self._heartbeat, timeout=CLOSING) as stream,
            ):
                await self._read(stream, leaving)
        except Exception as error:
            # Whatever it was, another is opened.
            fault = not isinstance(error, EXPECTED)
            log.warning("slack_socket_failed", why=type(error).__name__, failures=self._failures, exc_info=fault)
        finally:
            leaving.set()

    async def _address(self) -> str:
        def asked() -> str:
            with telling("apps.connections.open"):
                return word(web_client(None, self._api_url).apps_connections_open(app_token=self._app_token).data, "url")

        return await self._tasks.outside(asked)

    async def _read(self, stream: aiohttp.ClientWebSocketResponse, leaving: asyncio.Event) -> None:
        self._open.add(stream)
        try:
            async for frame in stream:
                if frame.type is aiohttp.WSMsgType.TEXT:
                    self._heard(stream, frame.data, leaving)
        finally:
            self._open.discard(stream)

    def _heard(self, stream: aiohttp.ClientWebSocketResponse, text: str, leaving: asyncio.Event) -> None:
        said = json.loads(text)
        match word(said, "type"):
            case "hello":
                self._failures = 0
            case "disconnect":
                log.info("slack_socket_leaving", reason=word(said, "reason"))
                leaving.set()
            case _ if not self._stopping and (asked := SocketModeRequest.from_dict(said)):
                self._tasks.start(self._answered(stream, asked))

    async def _answered(self, stream: aiohttp.ClientWebSocketResponse, asked: SocketModeRequest) -> None:
        """Answers an envelope. One that could not be handled is not acknowledged, and comes again."""
        answer = await dispatched(self._app, AsyncBoltRequest(mode="socket_mode", body=asked.payload))
        if answer.status != HTTPStatus.OK:
            return
        payload = json.loads(answer.body) if answer.body else None
        try:
            await stream.send_str(json.dumps(SocketModeResponse(asked.envelope_id, payload).to_dict()))
        except (aiohttp.ClientError, ConnectionError):
            log.warning("slack_socket_gone", kind=asked.type)
