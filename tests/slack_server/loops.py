"""How does a server run beside a test? In a thread with a loop of its own, on a free port of this machine, until the block ends."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Coroutine
from typing import TypeVar

from aiohttp import web

T = TypeVar("T")


class Serving:
    """An aiohttp application that answers on loopback between `start` and `stop`."""

    def __init__(self, app: web.Application, name: str) -> None:
        self._app, self._name = app, name
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def start(self) -> None:
        """Returns when requests are answered."""
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name=self._name, daemon=True)
        self._thread.start()
        # Connections still open at the end are cut at once.
        self._runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        self.run(self._runner.setup())
        self.run(web.SockSite(self._runner, self._listening).start())

    def run(self, work: Coroutine[object, object, T]) -> T:
        """Runs a coroutine on the server's loop, and waits for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    def stop(self) -> None:
        """Ends the server and its thread."""
        self.run(self._runner.cleanup())
        self.run(self.loop.shutdown_default_executor())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()
