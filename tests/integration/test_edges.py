"""Does the process end in time, whatever its platforms do?"""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import cast

from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

from bot.carriers import Carriers
from bot.edges import Edges
from bot.platforms.web.app import WebApp
from tests.loops import run


class Stubborn:
    """A platform that lives on when it is told to end, and whose work never does."""

    path = "/stubborn"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError(scope)

    async def run(self) -> None:
        while True:
            try:
                await asyncio.get_running_loop().create_future()
            except asyncio.CancelledError:
                if not self.ending:
                    continue
                raise

    async def close(self) -> None:
        await asyncio.get_running_loop().create_future()

    ending = False


class Broken(Stubborn):
    """A platform that breaks when it begins and when it ends."""

    path = "/broken"

    async def run(self) -> None:
        raise RuntimeError("no such line")

    async def close(self) -> None:
        raise RuntimeError("no such line either")


async def _lived(*presences: Stubborn) -> None:
    edges = Edges(cast(WebApp, SimpleNamespace(close=lambda: None)), presences, Carriers())
    edges.open()
    await asyncio.sleep(0)
    edges.leave()
    await edges.close(asyncio.get_running_loop().time())
    for presence in presences:
        presence.ending = True


def test_what_does_not_end_is_given_up_and_told() -> None:
    with capture_logs() as logs:
        run(_lived(Stubborn()))
    assert sorted(entry["path"] for entry in logs if entry["event"] == "not_finished") == ["/stubborn", "run"]


def test_what_breaks_is_told_and_stops_nobody() -> None:
    with capture_logs() as logs:
        run(_lived(Broken()))
    assert [entry["event"] for entry in logs] == ["presence_ended", "presence_not_closed"]
