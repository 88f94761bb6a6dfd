"""Does anything pass that Slack did not sign, now? And does junk ever do more than be refused?"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from starlette.datastructures import Headers

from bot.platforms.inbound import BODY_LIMIT, Junk
from bot.platforms.settings import SlackSettings
from bot.platforms.slack.guard import Guard
from bot.platforms.slack.presence import SlackPresence
from core.clock import FixedClock
from core.messages.tokens import Signer
from core.pool import Pool
from tests.doors import Door
from tests.slack_house import FakeDesk, FakeTies
from tests.spoiling import EXAMPLES, Spoiler, spoilt_bytes, spoilt_header

NOW = datetime(2024, 6, 4, 0, 55, tzinfo=UTC)
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"

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


class SlackDoor(Door):
    """The whole of Slack's side."""

    def __init__(self, clock: FixedClock) -> None:
        self.clock = clock
        told = SlackSettings(bot_token=SecretStr("xoxb-1"), signing_secret=SecretStr(SECRET), app_token=None, api_url="http://127.0.0.1:9/")
        desk = FakeDesk()
        presence = SlackPresence(told, desk, FakeTies(), clock, Signer(b"k" * 32), Pool(2, "house"), lambda: 0.0)
        super().__init__(presence, desk, "/slack/events")

    def signed(self, body: bytes, media_type: str, **headers: str) -> dict[str, str]:
        return {**proof(self.clock.now(), body, media_type), **headers}


def proof(at: datetime, body: bytes, media_type: str) -> dict[str, str]:
    timestamp = str(int(at.timestamp()))
    return {"content-type": media_type, "x-slack-request-timestamp": timestamp, "x-slack-signature": sign(timestamp, body)}


def sign(timestamp: str, body: bytes, secret: str = SECRET) -> str:
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


@pytest.fixture
def door(clock: FixedClock) -> Iterator[SlackDoor]:
    opened = SlackDoor(clock)
    with opened.loop:
        yield opened


@pytest.mark.parametrize(("media_type", "body"), REQUESTS)
def test_what_slack_signed_passes(door: SlackDoor, media_type: str, body: bytes) -> None:
    assert door.status(body, door.signed(body, media_type)) == 200
    assert len(door.desk.asked) == 1


def test_a_body_in_many_pieces_is_one(door: SlackDoor) -> None:
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
def test_a_request_without_its_proof_is_refused(door: SlackDoor, spoilt: str) -> None:
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
def test_headers_of_another_shape_are_refused(door: SlackDoor, name: str, value: str, status: int) -> None:
    media_type, body = REQUESTS[0]
    assert door.status(body, {**door.signed(body, media_type), name: value}) == status
    assert door.desk.untouched


@pytest.mark.parametrize(("seconds", "status"), [(299, 200), (-299, 200), (301, 401), (-301, 401)])
def test_a_request_is_good_for_five_minutes(door: SlackDoor, seconds: int, status: int) -> None:
    media_type, body = REQUESTS[0]
    headers = door.signed(body, media_type)
    door.clock.instant += timedelta(seconds=seconds)
    assert door.status(body, headers) == status


def test_a_body_over_the_limit_is_not_read_to_its_end(door: SlackDoor) -> None:
    body = b"x" * (BODY_LIMIT + 1)
    assert door.status(body, door.signed(body, FORM), pieces=20) == 413
    assert door.desk.untouched


def test_bytes_that_are_no_text_are_refused_although_they_are_signed(door: SlackDoor) -> None:
    body = b"text=\xff\xfe"
    assert door.status(body, door.signed(body, FORM)) == 400
    assert door.desk.untouched


def test_the_address_is_proved_by_its_challenge(door: SlackDoor) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "x"}).encode()
    assert door.status(body, door.signed(body, JSON)) == 200
    assert door.status(body, {"content-type": JSON}) == 401


def test_nothing_but_posts_is_answered(door: SlackDoor) -> None:
    assert door.answer(b"", {}, method="GET")[0] == 405


# ------------------------------------------------------------ mutations

KINDS = ("block_actions", "view_submission", "view_closed", "event_callback", "message", "url_verification", "shortcut", "file_shared", "T1")
SLACKS = Spoiler((PRESS, SUBMISSION, EVENT, COMMAND), KINDS, frozenset({"enterprise", "files"}))


def spoilt(random: Random) -> tuple[bytes, dict[str, str], bool]:
    """A request of Slack's with something changed. The last says whether the proof is still right: what was changed is signed again."""
    media_type, body = random.choice(REQUESTS)
    headers = proof(NOW, body, media_type)
    match random.randrange(4):
        case 0:
            changed = spoilt_bytes(random, body)
            return changed, headers, changed == body
        case 1:
            name, others = spoilt_header(random, headers)
            return body, others, name == "content-type" or others == headers
        case 2:
            fresh = json.dumps(random.choice((SLACKS.changed, SLACKS.junk))(random)).encode()
        case _:
            fresh = urlencode({random.choice(("payload", "command")): json.dumps(SLACKS.changed(random))}).encode()
    return fresh, proof(NOW, fresh, random.choice((JSON, FORM))), True


@settings(max_examples=EXAMPLES)
@given(seed=st.integers(0, 2**63))
def test_a_spoilt_request_breaks_nothing_and_changes_nothing(door: SlackDoor, seed: int) -> None:
    body, headers, rightly_signed = spoilt(Random(seed))
    door.desk.forget()
    assert door.status(body, headers) in {200, 400, 401, 413}
    assert rightly_signed or door.desk.untouched
