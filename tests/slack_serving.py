"""How does a test run Slack's side of the process? On a real server in a thread of its own, with fakes for the house."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import uvicorn
from pydantic import SecretStr

from bot.platforms.seams import Keys
from bot.platforms.settings import SlackSettings
from bot.platforms.slack.acts import ACK_SECONDS
from bot.platforms.slack.presence import SlackPresence
from bot.server import listen
from core.messages.tokens import Signer
from core.pool import Pool
from tests.slack_house import BINDING, FakeDesk, FakeTies
from tests.slack_server import SlackServer

PATIENCE = 10.0
SIGNER = Signer(b"k" * 32)


@dataclass
class Serving:
    """Slack's side of a process in a `with` block, told by `slack` what happens there; over its socket with `socket`."""

    slack: SlackServer
    desk: FakeDesk = field(default_factory=FakeDesk)
    ties: FakeTies = field(default_factory=FakeTies)
    socket: bool = False
    oauth: bool = False
    patience: float = ACK_SECONDS
    heartbeat: float = 10.0

    def __enter__(self) -> Self:
        self.ties.bound.setdefault(BINDING, Keys(BINDING, self.slack.team.id, {"bot_token": self.slack.token}))
        self._started: Future[asyncio.AbstractEventLoop] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="slack-presence")
        self._thread.start()
        self._started.result(PATIENCE)
        self.slack.carrier.app_url = "" if self.socket else f"{self.url}/slack/events"
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def settle(self) -> None:
        """Returns when everything that was begun is done."""
        asyncio.run_coroutine_threadsafe(self.presence.close(), self._started.result()).result(PATIENCE)

    def stop(self) -> None:
        """Ends it as the process does, and returns when it has ended."""
        if self._thread.is_alive():
            self._started.result().call_soon_threadsafe(self._stopping.set)
            self._thread.join(PATIENCE)
            assert not self._thread.is_alive()

    async def _serve(self) -> None:
        self._stopping = asyncio.Event()
        self.presence = SlackPresence(
            self._settings(),
            self.desk,
            self.ties,
            self.slack.clock,
            SIGNER,
            Pool(4, "house"),
            lambda: 0.0,
            patience=self.patience,
            heartbeat=self.heartbeat,
        )
        self._listening = listen("127.0.0.1", 0)
        server = uvicorn.Server(uvicorn.Config(self.presence, log_config=None, access_log=False, lifespan="off"))
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # a thread takes no signals
        serving = asyncio.create_task(server.serve(sockets=[self._listening]))
        running = asyncio.create_task(self.presence.run())
        self._started.set_result(asyncio.get_running_loop())
        await self._stopping.wait()
        running.cancel()
        server.should_exit = True
        await serving
        await self.presence.close()
        await asyncio.gather(running, return_exceptions=True)

    def _settings(self) -> SlackSettings:
        return SlackSettings(
            bot_token=SecretStr(self.slack.token),
            signing_secret=None if self.socket else SecretStr(self.slack.signing_secret),
            app_token=SecretStr(self.slack.app_token) if self.socket else None,
            client_id=self.slack.client_id if self.oauth else None,
            client_secret=SecretStr(self.slack.client_secret) if self.oauth else None,
            api_url=self.slack.api_url,
        )
