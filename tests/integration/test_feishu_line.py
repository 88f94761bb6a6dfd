"""Does the long connection bring every event and take every answer back, however the other side behaves?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Event as Flag
from threading import Thread

import pytest
from structlog.testing import capture_logs

from bot.platforms.feishu.calls import Call
from bot.platforms.feishu.client import Client
from bot.platforms.feishu.line import Pace, pace_of
from bot.platforms.feishu.presence import FeishuPresence
from bot.platforms.feishu.start import feishu_parts
from bot.platforms.fields import Body
from bot.platforms.seams import Keys
from bot.platforms.settings import FeishuSettings
from core.clock import FixedClock
from core.pool import Pool
from core.ports import Invocation
from tests.feishu_house import secrets_of
from tests.feishu_server import AUTHENTICATION_FAILED, CONNECTION_LIMIT, UNLIMITED, ClientConfig, Event, FeishuServer, Message, Refusal
from tests.slack_house import FakeDesk, FakeTies


@pytest.fixture
def server(clock: FixedClock) -> Iterator[FeishuServer]:
    with FeishuServer(clock, limits=UNLIMITED) as server:
        yield server


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


class Replica:
    """One process on the long connection, in a thread with its loop."""

    def __init__(self, server: FeishuServer, desk: FakeDesk, clock: FixedClock, ties: FakeTies | None = None) -> None:
        app = server.app
        settings = FeishuSettings.model_validate({"domain": server.url, "app_id": app.app_id, "mode": "socket", **secrets_of(app)})
        self.parts = feishu_parts(settings, ties or FakeTies(), clock)
        self.presence = FeishuPresence(settings, self.parts, desk, clock, Pool(3, "house"), lambda: 0.0)
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever)
        self._thread.start()
        self._living = asyncio.run_coroutine_threadsafe(self.presence.run(), self._loop)

    def leave(self) -> None:
        """Lets go of what is no answer any more, as the process does on SIGTERM."""
        self._living.cancel()

    def close(self, seconds: float = 5.0) -> None:
        self.leave()
        asyncio.run_coroutine_threadsafe(self.presence.close(), self._loop).result(seconds)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self.parts.client.close()


@contextmanager
def connected(server: FeishuServer, desk: FakeDesk, clock: FixedClock, ties: FakeTies | None = None) -> Iterator[Replica]:
    replica = Replica(server, desk, clock, ties)
    try:
        yield replica
    finally:
        replica.close()


def press(server: FeishuServer) -> Event:
    lin = server.world.add_user("林晓", "ou_lin")
    return server.events.acts(lin, _card(server), {"tag": "button", "value": {"token": "t", "subject": "task:1"}})


def _card(server: FeishuServer) -> Message:
    event = server.events.says(server.world.add_user("林晓", "ou_lin"), None, "/x")
    return server.world.message(event.message_id)


def test_an_event_is_brought_and_acknowledged(server: FeishuServer, desk: FakeDesk, clock: FixedClock) -> None:
    with connected(server, desk, clock):
        server.socket.wait_connected()
        ack = server.socket.push(server.events.says(server.world.add_user("林晓"), None, "/ops help"))
    assert (ack.code, desk.asked[0].payload) == (200, "/ops help")


@pytest.mark.parametrize("parts", [2, 7])
def test_an_event_in_pieces_is_one(server: FeishuServer, desk: FakeDesk, clock: FixedClock, parts: int) -> None:
    with connected(server, desk, clock):
        server.socket.wait_connected()
        server.socket.push(server.events.says(server.world.add_user("林晓"), None, "/ops help"), parts=parts)
    assert [asked.payload for asked in desk.asked] == ["/ops help"]


def test_the_answer_to_a_press_goes_back_in_its_frame(server: FeishuServer, desk: FakeDesk, clock: FixedClock) -> None:
    with connected(server, desk, clock):
        server.socket.wait_connected()
        answer = server.socket.push(press(server)).answer
    assert answer.toast is not None
    assert answer.toast["content"] == "heard t"
    assert answer.shown_error is None


def test_one_slow_answer_keeps_back_no_other(server: FeishuServer, desk: FakeDesk, clock: FixedClock) -> None:
    gate = Flag()
    desk.before = lambda invocation: _wait(gate) if invocation.payload == "/slow" else None
    lin = server.world.add_user("林晓")
    with connected(server, desk, clock):
        server.socket.wait_connected()
        slow = server.socket.start_push(server.events.says(lin, None, "/slow"))
        assert server.socket.push(server.events.says(lin, None, "/quick")).code == 200
        assert not slow.done()
        gate.set()
        assert slow.result(3).code == 200


def test_a_broken_line_is_opened_anew(server: FeishuServer, desk: FakeDesk, clock: FixedClock) -> None:
    with connected(server, desk, clock):
        server.socket.wait_connected()
        server.socket.drop()
        server.socket.wait_connected(0)
        server.socket.wait_connected(1)
        assert server.socket.push(server.events.says(server.world.add_user("林晓"), None, "/ops help")).code == 200


def test_a_line_that_looks_healthy_and_is_dead_is_left(server: FeishuServer, desk: FakeDesk, clock: FixedClock) -> None:
    server.socket.config = ClientConfig(PingInterval=1)
    with connected(server, desk, clock):
        server.socket.wait_connected()
        server.socket.silence()
        server.socket.wait_connected(0, seconds=8)
        server.socket.speak()
        server.socket.wait_connected(1)
    assert server.socket.pings >= 2


@pytest.mark.parametrize("refusal", [CONNECTION_LIMIT, AUTHENTICATION_FAILED])
def test_a_refused_line_is_tried_again(server: FeishuServer, desk: FakeDesk, clock: FixedClock, refusal: Refusal) -> None:
    server.socket.refusal = refusal
    with connected(server, desk, clock):
        server.world.until(lambda: len(server.world.calls()) >= 2)
        server.socket.refusal = None
        server.socket.wait_connected()


def test_a_fault_of_ours_does_not_end_the_line(server: FeishuServer, desk: FakeDesk, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, faults = Client.open, [KeyError("unforeseen")]

    def opened(client: Client, call: Call) -> Body:
        if faults:
            raise faults.pop()
        return asked(client, call)

    monkeypatch.setattr(Client, "open", opened)
    with capture_logs() as logs, connected(server, desk, clock):
        server.socket.wait_connected()
    assert [(line["why"], line["exc_info"]) for line in logs if line["event"] == "feishu_line_failed"] == [("KeyError", True)]


class AwayTies(FakeTies):
    """The database cannot be reached when the app is bound, and again when it is looked up."""

    def __init__(self) -> None:
        super().__init__()
        self.faults = [OSError("away"), OSError("away")]

    def adopt(self, platform: str, tenant: str, secrets: Mapping[str, str]) -> None:
        if len(self.faults) > 1:
            raise self.faults.pop()
        super().adopt(platform, tenant, secrets)

    def every(self, platform: str) -> tuple[Keys, ...]:
        if self.faults:
            raise self.faults.pop()
        return super().every(platform)


def test_a_database_that_is_away_at_the_start_is_waited_for(
    server: FeishuServer, desk: FakeDesk, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.feishu.presence.RETRY_SECONDS", 0.0)
    ties = AwayTies()
    with capture_logs() as logs, connected(server, desk, clock, ties):
        server.socket.wait_connected()
    assert [line["event"] for line in logs] == ["feishu_apps_unknown"] * 2


def test_an_orderly_end_is_no_failure(server: FeishuServer, desk: FakeDesk, clock: FixedClock) -> None:
    with capture_logs() as logs, connected(server, desk, clock):
        server.socket.wait_connected()
        server.socket.end()
        server.world.until(lambda: len(server.world.calls()) >= 2)
    assert [line["log_level"] for line in logs if line["event"].startswith("feishu_line")] == ["info"]


def test_every_replica_has_a_line_of_its_own(server: FeishuServer, desk: FakeDesk, clock: FixedClock) -> None:
    other = FakeDesk()
    with connected(server, desk, clock), connected(server, other, clock):
        server.socket.wait_connected(2)
        for number in range(4):
            server.socket.push(server.events.says(server.world.add_user("林晓", "ou_lin"), None, f"/{number}"))
    assert len(desk.asked) == len(other.asked) == 2


def test_what_is_in_hand_is_answered_before_the_end_and_nothing_new_is_taken(server: FeishuServer, desk: FakeDesk, clock: FixedClock) -> None:
    begun, gate = Flag(), Flag()

    def before(_: Invocation) -> None:
        begun.set()
        _wait(gate)

    desk.before = before
    replica = Replica(server, desk, clock)
    server.socket.wait_connected()
    pushed = server.socket.start_push(press(server))
    _wait(begun)
    replica.leave()
    closing = Thread(target=replica.close)
    closing.start()
    gate.set()
    assert pushed.result(3).answer.toast is not None
    closing.join(5)
    assert not closing.is_alive()
    server.socket.wait_connected(0)


def test_a_frame_for_another_app_is_left_alone(server: FeishuServer, desk: FakeDesk, clock: FixedClock) -> None:
    with connected(server, desk, clock) as replica:
        server.socket.wait_connected()
        known = replica.parts.apps.get(server.app.app_id)
        assert known is not None
        event = server.events.says(server.world.add_user("林晓"), None, "/ops help")
        payload = {**event.payload(), "header": {**event.payload()["header"], "app_id": "cli_other"}}  # type: ignore[dict-item]
        with pytest.raises(TimeoutError):
            server.socket.push(_Other(event, payload), seconds=0.3)  # type: ignore[arg-type]
    assert desk.untouched


class _Other:
    """An event with another payload than its own."""

    def __init__(self, event: Event, payload: object) -> None:
        self._payload = payload
        self.app, self.event_id, self.event_type = event.app, event.event_id, event.event_type

    def payload(self) -> object:
        return self._payload


def _wait(flag: Flag) -> None:
    assert flag.wait(5)


@pytest.mark.parametrize(
    ("config", "pace"),
    [
        ({}, Pace(30.0, 30.0)),
        ({"PingInterval": 120, "ReconnectNonce": 300}, Pace(30.0, 30.0)),
        ({"PingInterval": 5, "ReconnectNonce": 2}, Pace(5.0, 2.0)),
        ({"PingInterval": -1, "ReconnectNonce": "soon"}, Pace(30.0, 30.0)),
    ],
)
def test_the_pace_is_feishus_within_ours(config: dict[str, object], pace: Pace) -> None:
    assert pace_of(config, Pace()) == pace
