"""Does anything pass that Slack did not sign, now? And does junk ever do more than be refused?"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from anyio import CapacityLimiter
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from starlette.datastructures import Headers
from starlette.types import Message, Scope

from bot.platforms.inbound import BODY_LIMIT, Junk
from bot.platforms.settings import SlackSettings
from bot.platforms.slack.guard import Guard
from bot.platforms.slack.presence import SlackPresence
from core.clock import FixedClock
from core.messages.tokens import Signer
from tests.slack_house import FakeDesk, FakeTies

NOW = datetime(2024, 6, 4, 0, 55, tzinfo=UTC)
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
# 2 000 requests in the test command; `FUZZ_EXAMPLES=50000` for more.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2000"))

COMMAND = {"command": "/ops", "text": "help", "team_id": "T1", "user_id": "U1", "channel_id": "C1", "trigger_id": "1.2.3", "response_url": ""}
PRESS = {
    "type": "block_actions",
    "team": {"id": "T1"},
    "user": {"id": "U1"},
    "channel": {"id": "C1"},
    "container": {"type": "message", "message_ts": "1.0", "is_ephemeral": True},
    "actions": [{"type": "button", "action_id": "press:0", "block_id": "task:1|0", "value": "token", "action_ts": "2.0"}],
}
SUBMISSION = {
    "type": "view_submission",
    "team": {"id": "T1"},
    "user": {"id": "U1"},
    "view": {"id": "V1", "type": "modal", "hash": "1", "callback_id": "form", "private_metadata": '["token","C1",null]', "state": {"values": {}}},
}
EVENT = {
    "type": "event_callback",
    "team_id": "T1",
    "event_id": "E1",
    "event": {"type": "app_mention", "user": "U1", "text": "hi", "channel": "C1", "ts": "1"},
}
REQUESTS = (
    (FORM, urlencode(COMMAND).encode()),
    (FORM, urlencode({"payload": json.dumps(PRESS)}).encode()),
    (FORM, urlencode({"payload": json.dumps(SUBMISSION)}).encode()),
    (JSON, json.dumps(EVENT).encode()),
)


class Door:
    """The whole of Slack's side over ASGI, without a server."""

    def __init__(self, clock: FixedClock) -> None:
        self.clock = clock
        self.desk = FakeDesk()
        self.runner = asyncio.Runner()
        told = SlackSettings(bot_token=SecretStr("xoxb-1"), signing_secret=SecretStr(SECRET), app_token=None, api_url="http://127.0.0.1:9/")
        self.presence = SlackPresence(told, self.desk, FakeTies(), clock, Signer(b"k" * 32), CapacityLimiter(2), lambda: 0.0)

    def signed(self, body: bytes, media_type: str, **headers: str) -> dict[str, str]:
        timestamp = str(int(self.clock.now().timestamp()))
        return {"content-type": media_type, "x-slack-request-timestamp": timestamp, "x-slack-signature": sign(timestamp, body), **headers}

    async def post(self, body: bytes, headers: list[tuple[bytes, bytes]], pieces: int = 1) -> int:
        """The status of the answer, once everything that it set off is done."""
        size = max(1, len(body) // pieces)
        chunks = [body[start : start + size] for start in range(0, len(body), size)] or [b""]
        coming: list[Message] = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
        coming.append({"type": "http.request", "body": b"", "more_body": False})
        said: list[Message] = []

        async def receive() -> Message:
            return coming.pop(0) if coming else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            said.append(message)

        await self.presence(scope_of("POST", headers), receive, send)
        await self.presence.close()
        return int(said[0]["status"])

    def status(self, body: bytes, headers: dict[str, str], pieces: int = 1) -> int:
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        return self.runner.run(self.post(body, raw, pieces))


def sign(timestamp: str, body: bytes, secret: str = SECRET) -> str:
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


def scope_of(method: str, headers: list[tuple[bytes, bytes]]) -> Scope:
    place = {"path": "/slack/events", "raw_path": b"", "query_string": b"", "root_path": "", "server": ("test", 80)}
    return {"type": "http", "http_version": "1.1", "scheme": "http", "method": method, "headers": headers, **place}


@pytest.fixture
def door(clock: FixedClock) -> Iterator[Door]:
    opened = Door(clock)
    with opened.runner:
        yield opened


@pytest.mark.parametrize(("media_type", "body"), REQUESTS)
def test_what_slack_signed_passes(door: Door, media_type: str, body: bytes) -> None:
    assert door.status(body, door.signed(body, media_type)) == 200
    assert len(door.desk.asked) == 1


def test_a_body_in_many_pieces_is_one(door: Door) -> None:
    media_type, body = REQUESTS[0]
    assert door.status(body, door.signed(body, media_type), pieces=50) == 200
    assert len(door.desk.asked) == 1


def test_while_a_secret_is_being_changed_both_are_good(clock: FixedClock) -> None:
    guard, body = Guard(["old", "new"], clock), b"text=hi"
    timestamp = str(int(clock.now().timestamp()))
    for secret in ("old", "new", "other"):
        headers = Headers({"content-type": FORM, "x-slack-request-timestamp": timestamp, "x-slack-signature": sign(timestamp, body, secret)})
        if secret == "other":
            with pytest.raises(Junk):
                guard(headers, body)
        else:
            assert guard(headers, body) == body


@pytest.mark.parametrize("spoilt", ["x-slack-signature", "x-slack-request-timestamp"])
def test_a_request_without_its_proof_is_refused(door: Door, spoilt: str) -> None:
    media_type, body = REQUESTS[0]
    headers = door.signed(body, media_type)
    del headers[spoilt]
    assert door.status(body, headers) == 401
    assert door.desk.untouched


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("x-slack-signature", "v0=" + "0" * 64, 401),
        ("x-slack-signature", "v0=é", 400),
        ("x-slack-signature", "v1=" + "0" * 64, 400),
        ("x-slack-request-timestamp", "soon", 400),
        ("x-slack-request-timestamp", "+1717462500", 400),
        ("x-slack-request-timestamp", "\u00b2\u00b3", 400),
        ("x-slack-request-timestamp", "9" * 40, 400),
        ("content-length", "-1", 400),
        ("content-length", "9999999", 413),
        ("content-type", "multipart/form-data", 400),
        ("content-type", "", 400),
    ],
)
def test_headers_of_another_shape_are_refused(door: Door, name: str, value: str, status: int) -> None:
    media_type, body = REQUESTS[0]
    assert door.status(body, {**door.signed(body, media_type), name: value}) == status
    assert door.desk.untouched


@pytest.mark.parametrize(("seconds", "status"), [(299, 200), (-299, 200), (301, 401), (-301, 401)])
def test_a_request_is_good_for_five_minutes(door: Door, seconds: int, status: int) -> None:
    media_type, body = REQUESTS[0]
    headers = door.signed(body, media_type)
    door.clock.instant += timedelta(seconds=seconds)
    assert door.status(body, headers) == status


def test_a_body_over_the_limit_is_not_read_to_its_end(door: Door) -> None:
    body = b"x" * (BODY_LIMIT + 1)
    assert door.status(body, door.signed(body, FORM), pieces=20) == 413
    assert door.desk.untouched


def test_bytes_that_are_no_text_are_refused_although_they_are_signed(door: Door) -> None:
    body = b"text=\xff\xfe"
    assert door.status(body, door.signed(body, FORM)) == 400
    assert door.desk.untouched


def test_the_address_is_proved_by_its_challenge(door: Door) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "x"}).encode()
    assert door.status(body, door.signed(body, JSON)) == 200
    assert door.status(body, {"content-type": JSON}) == 401


def test_nothing_but_posts_is_answered(door: Door) -> None:
    said: list[Message] = []

    async def send(message: Message) -> None:
        said.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def asked() -> None:
        await door.presence(scope_of("GET", []), receive, send)

    door.runner.run(asked())
    assert said[0]["status"] == 405


# ------------------------------------------------------------ mutations

# Slack's own names and words, under and in which anything may stand.
NAMES = sorted(
    {name for body in (PRESS, SUBMISSION, EVENT, COMMAND) for name in re.findall(r'"([a-z_]+)":', json.dumps(body))} | {"enterprise", "files"}
)
KINDS = ("block_actions", "view_submission", "view_closed", "event_callback", "message", "url_verification", "shortcut", "file_shared", "T1")
STRANGE: tuple[object, ...] = (None, 7, -1.5, "x", "", [], {}, [[]], [None], {"id": 3}, {"type": []}, True)
LATIN = "".join(chr(code) for code in range(32, 256))


def spoilt(random: Random) -> tuple[bytes, dict[str, str], bool]:
    """A request of Slack's with something changed. The last says whether the proof is still right: what was changed is signed again."""
    media_type, body = random.choice(REQUESTS)
    timestamp = str(int(NOW.timestamp()))
    headers = {"content-type": media_type, "x-slack-request-timestamp": timestamp, "x-slack-signature": sign(timestamp, body)}
    match random.randrange(4):
        case 0:
            place = random.randrange(len(body))
            changed = body[:place] + random.randbytes(random.randrange(6)) + body[place + random.randrange(6) :]
            return changed, headers, changed == body
        case 1:
            name = random.choice(sorted(headers))
            value = "".join(random.choices(LATIN, k=random.randrange(70)))
            value = random.choice((value, headers[name] + value, headers[name][1:]))
            return body, {**headers, name: value}, name == "content-type" or value == headers[name]
        case 2:
            fresh = json.dumps(random.choice((changed_values, junk))(random)).encode()
        case _:
            fresh = urlencode({random.choice(("payload", "command")): json.dumps(changed_values(random))}).encode()
    kind = random.choice((JSON, FORM))
    return fresh, {"content-type": kind, "x-slack-request-timestamp": timestamp, "x-slack-signature": sign(timestamp, fresh)}, True


def junk(random: Random, depth: int = 3) -> object:
    """JSON with Slack's own names in it, and anything under them."""
    if depth == 0 or random.random() < 0.2:
        return random.choice((*STRANGE, *KINDS))
    if random.random() < 0.2:
        return [junk(random, depth - 1) for _ in range(random.randrange(3))]
    return {random.choice(NAMES): junk(random, depth - 1) for _ in range(random.randrange(8))}


def changed_values(random: Random) -> object:
    """One of Slack's own requests with something else at some place."""
    whole = json.loads(json.dumps(random.choice((PRESS, SUBMISSION, EVENT, COMMAND))))
    place: Any = whole
    while True:
        key = random.choice(sorted(place)) if isinstance(place, dict) else 0
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or random.random() < 0.4:
            place[key] = junk(random, 2)
            return whole
        place = inner


@settings(max_examples=EXAMPLES)
@given(seed=st.integers(0, 2**63))
def test_a_spoilt_request_breaks_nothing_and_changes_nothing(door: Door, seed: int) -> None:
    body, headers, rightly_signed = spoilt(Random(seed))
    door.desk.forget()
    assert door.status(body, headers) in {200, 400, 401, 413}
    assert rightly_signed or door.desk.untouched
