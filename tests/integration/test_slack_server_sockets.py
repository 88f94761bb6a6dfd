"""Does the Slack of the tests speak Socket Mode with the SDK's own client?"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest
from aiohttp import ClientSession, WSServerHandshakeError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.loops import run
from tests.slack_server import SlackServer

T = TypeVar("T")
# The SDK's watchdog waits some intervals; a short one keeps the tests quick.
PING_SECONDS = 0.1


@asynccontextmanager
async def connected(slack: SlackServer, heard: list[SocketModeRequest]) -> AsyncIterator[None]:
    """The SDK's client, which acknowledges everything and answers commands with a word."""
    quiet = logging.getLogger("test.sockets")
    quiet.setLevel(logging.CRITICAL)
    web = AsyncWebClient(base_url=slack.api_url)
    client = SocketModeClient(app_token=slack.app_token, web_client=web, ping_interval=PING_SECONDS, logger=quiet)

    async def acknowledge(_: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        heard.append(request)
        payload = {"text": "好的"} if request.type == "slash_commands" else None
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))

    client.socket_mode_request_listeners.append(acknowledge)
    await client.connect()  # type: ignore[no-untyped-call]  # the SDK gives it no types
    try:
        yield
    finally:
        await client.close()  # type: ignore[no-untyped-call]  # see above


async def beside(work: Callable[[], T]) -> T:
    """Does what blocks in a thread, while the client lives on the loop."""
    return await asyncio.to_thread(work)


def test_a_command_comes_in_an_envelope_and_its_answer_in_the_acknowledgement(slack: SlackServer) -> None:
    ann = slack.add_person("ann")
    heard: list[SocketModeRequest] = []
    ops = slack.add_channel("ops", ann)

    async def story() -> None:
        async with connected(slack, heard):
            await beside(lambda: slack.sockets.wait_for(1))
            await beside(lambda: slack.acts.command(ann, ops, "/ops help"))

    run(story())
    assert (heard[0].type, heard[0].payload["text"], heard[0].accepts_response_payload) == ("slash_commands", "help", True)
    assert [one.text for one in slack.ephemerals(ann, ops)] == ["好的"]
    assert slack.sockets.acknowledged[0].payload == {"text": "好的"}


def test_an_event_and_its_retry_come_as_events_api(slack: SlackServer) -> None:
    ann = slack.add_person("ann")
    heard: list[SocketModeRequest] = []
    slack.acts.subscribed = frozenset({"app_mention"})
    ops = slack.add_channel("ops", ann)

    async def story() -> None:
        async with connected(slack, heard):
            await beside(lambda: slack.sockets.wait_for(1))
            await beside(lambda: slack.acts.mention(ann, ops, "help"))
            await beside(lambda: slack.carrier.retry(1, "timeout"))

    run(story())
    assert [(one.type, one.retry_attempt) for one in heard] == [("events_api", 0), ("events_api", 1)]
    assert heard[0].payload["event_id"] == heard[1].payload["event_id"]


@pytest.mark.parametrize("end", ["refresh", "silence", "drop"])
def test_after_a_refresh_a_silence_or_a_drop_the_client_comes_back(slack: SlackServer, end: str) -> None:
    ann = slack.add_person("ann")
    heard: list[SocketModeRequest] = []
    ops = slack.add_channel("ops", ann)
    what = {"refresh": slack.sockets.disconnect, "silence": slack.sockets.silence, "drop": slack.sockets.drop}[end]

    async def story() -> None:
        async with connected(slack, heard):
            await beside(lambda: slack.sockets.wait_for(1))
            await beside(what)
            await beside(lambda: slack.sockets.wait_opened(2))
            await beside(lambda: slack.acts.command(ann, ops, "/ops help"))

    run(story())
    assert len(heard) == 1
    # The kit may open one more at the same time: any but the first is well.
    (acknowledged,) = slack.sockets.acknowledged
    assert acknowledged.connection > 1


def test_pings_are_answered_both_ways(slack: SlackServer) -> None:
    ann = slack.add_person("ann")
    ops = slack.add_channel("ops", ann)

    async def story() -> None:
        async with connected(slack, []):
            await beside(lambda: slack.sockets.wait_for(1))
            (connection,) = slack.sockets.connections
            await beside(slack.sockets.ping)
            # The client answers in order: once the command is acknowledged, the ping was too.
            await beside(lambda: slack.acts.command(ann, ops, "/ops help"))
            assert (connection.pongs, connection.pings >= 1) == (1, True)

    run(story())


def test_an_address_serves_once_and_ten_sockets_are_the_most(slack: SlackServer) -> None:
    async def story() -> list[str]:
        web = AsyncWebClient(base_url=slack.api_url)
        async with ClientSession() as session:
            urls = [(await web.apps_connections_open(app_token=slack.app_token))["url"] for _ in range(11)]
            streams = [await session.ws_connect(url) for url in urls]
            with pytest.raises(WSServerHandshakeError):
                await session.ws_connect(urls[0])
            return [(await stream.receive_json())["type"] for stream in streams]

    assert run(story()) == ["hello"] * 10 + ["disconnect"]


def test_without_a_socket_an_act_fails_at_once(slack: SlackServer) -> None:
    ann = slack.add_person("ann")
    with pytest.raises(AssertionError, match="no socket"):
        slack.acts.command(ann, slack.direct(ann), "/ops help")
