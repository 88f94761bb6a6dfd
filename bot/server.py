"""How does the server start and stop everything that lives in its loop? Open pages and sockets are let go first, then what was begun is finished."""

from __future__ import annotations

import asyncio
import socket
from time import monotonic

import uvicorn

from bot.edges import Edges

# From the signal until all that was begun is done or given up, and how much of it requests in hand may take.
GRACE_SECONDS = 5
REQUEST_SECONDS = 3
# What is left for the engine at the least, though it has had the same signal.
ENGINE_SECONDS = 0.5


class Server(uvicorn.Server):
    """A uvicorn that says goodbye to open pages and sockets before it waits for requests."""

    def __init__(self, edges: Edges) -> None:
        # No access log: an address may carry the token.
        config = uvicorn.Config(
            edges, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=REQUEST_SECONDS, lifespan="off"
        )
        super().__init__(config)
        self._edges = edges
        self._end = 0.0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._edges.open()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._end = asyncio.get_running_loop().time() + GRACE_SECONDS
        self._edges.leave()
        await super().shutdown(sockets)
        await self._edges.close(self._end - ENGINE_SECONDS)

    def left(self) -> float:
        """How many seconds are left for what lives outside of the loop."""
        return max(ENGINE_SECONDS, self._end - monotonic())


def listen(host: str, port: int) -> socket.socket:
    """A socket on the address; port 0 takes a free one. Raises OSError when it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named, since asyncio sends small answers at once (TCP_NODELAY) only then; else they wait 40 ms for one another.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A port that an ended server has just left is free.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        # From here on browsers are kept waiting rather than refused.
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening
