"""Does anything pass that Feishu did not sign for one of our apps? And does junk ever do more than be refused?"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from anyio import CapacityLimiter
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import Message, Scope
from structlog.testing import capture_logs

from bot.platforms.feishu.apps import PLATFORM
from bot.platforms.feishu.bots import Bots
from bot.platforms.feishu.guard import MOST_SEEN, Seen
from bot.platforms.feishu.presence import FeishuPresence
from bot.platforms.feishu.start import feishu_parts
from bot.platforms.inbound import BODY_LIMIT
from bot.platforms.seams import Keys
from bot.platforms.settings import FeishuSettings
from core.clock import FixedClock
from core.errors import Reason, SendError
from tests.feishu_server.cipher import encrypt, sign
from tests.feishu_server.values import App
from tests.slack_house import FakeDesk, FakeTies, words

GOLDEN = json.loads((Path(__file__).parents[1] / "contract" / "golden" / "feishu_node_sdk_event.json").read_text(encoding="utf-8"))
NOW = datetime(2024, 6, 4, 0, 55, tzinfo=UTC)
APP = App()
OTHER = App(app_id="cli_other", encrypt_key="another-key", verification_token="another-token")
# 2 000 requests in the test command; `FUZZ_EXAMPLES=50000` for more.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2000"))
Headers = Mapping[str, str]


def event(kind: str, body: Mapping[str, object], app: App = APP, event_id: str = "ev_1") -> dict[str, Any]:
    header = {"event_id": event_id, "event_type": kind, "app_id": app.app_id, "tenant_key": app.tenant_key, "token": app.verification_token}
    return {"schema": "2.0", "header": header, "event": dict(body)}


SAID = event(
    "im.message.receive_v1",
    {
        "sender": {"sender_id": {"open_id": "ou_lin"}, "sender_type": "user", "tenant_key": APP.tenant_key},
        "message": {"message_id": "om_1", "chat_id": "oc_1", "chat_type": "p2p", "message_type": "text", "content": '{"text": "/ops help"}'},
    },
)
PRESSED = event(
    "card.action.trigger",
    {
        "operator": {"open_id": "ou_lin", "tenant_key": APP.tenant_key},
        "token": "c-1",
        "action": {"tag": "button", "value": {"token": "signed", "subject": "task:1"}, "form_value": {"f0_title": "x"}},
        "context": {"open_message_id": "om_1", "open_chat_id": "ou_lin"},
    },
)
CHOSEN = event("application.bot.menu_v6", {"operator": {"operator_id": {"open_id": "ou_lin"}}, "event_key": "ops_help"})
ADDED = event("im.chat.member.bot.added_v1", {"chat_id": "oc_1", "name": "运营群"})
SHARED = event(
    "im.message.receive_v1",
    {
        "sender": {"sender_id": {"open_id": "ou_lin"}, "sender_type": "user", "tenant_key": APP.tenant_key},
        "message": {
            "message_id": "om_1", "chat_id": "oc_1", "chat_type": "p2p", "message_type": "file",
            "content": '{"file_key": "file_1", "file_name": "a.csv"}', "mentions": [{"key": "@_user_1", "id": {"open_id": "ou_bot"}, "name": "晨钟"}],
        },
    },
)  # fmt: skip
EVENTS = (SAID, PRESSED, CHOSEN, ADDED, SHARED)


def sealed(payload: object, app: App = APP, at: datetime = NOW) -> tuple[bytes, dict[str, str]]:
    """The body and headers of an event, as Feishu makes them."""
    return signed(json.dumps({"encrypt": encrypt(json.dumps(payload, ensure_ascii=False).encode(), app.encrypt_key, bytes(16))}).encode(), app, at)


def signed(body: bytes, app: App = APP, at: datetime = NOW) -> tuple[bytes, dict[str, str]]:
    timestamp, nonce = str(int(at.timestamp())), "nonce"
    proof = {"X-Lark-Request-Timestamp": timestamp, "X-Lark-Request-Nonce": nonce, "X-Lark-Signature": sign(timestamp, nonce, app.encrypt_key, body)}
    return body, {"Content-Type": "application/json;charset=utf-8", **proof}


def challenge(asked: Mapping[str, str], app: App | None) -> bytes:
    payload = json.dumps({"type": "url_verification", **asked}).encode()
    return payload if app is None else json.dumps({"encrypt": encrypt(payload, app.encrypt_key, bytes(16))}).encode()


class KnownBots(Bots):
    """Nobody has to be asked."""

    def account(self, app_id: str) -> str:
        return "ou_bot"


class Door:
    """The whole of Feishu's side over ASGI, without a server. Feishu itself cannot be reached."""

    def __init__(self, clock: FixedClock) -> None:
        self.clock = clock
        self.desk = FakeDesk()
        self.runner = asyncio.Runner()
        ties = FakeTies()
        for number, app in enumerate((OTHER, APP), 1):
            secrets = {"app_secret": "s", "encrypt_key": app.encrypt_key, "verification_token": app.verification_token}
            ties.bound[number] = Keys(number, app.app_id, secrets)
        parts = feishu_parts(FeishuSettings(domain="http://127.0.0.1:9"), ties, clock)
        self.parts = replace(parts, bots=KnownBots(parts.apps, parts.client))
        self.parts.apps.refresh()
        # What is answered by a message would go out to nowhere.
        self.desk.answer = lambda invocation: replace(words("heard"), visible_to=7)
        self.presence = FeishuPresence(FeishuSettings(mode="webhook"), self.parts, self.desk, clock, CapacityLimiter(2), lambda: 0.0)

    async def post(self, body: bytes, headers: list[tuple[bytes, bytes]], pieces: int = 1) -> tuple[int, bytes]:
        """The answer, once everything that the request set off is done."""
        size = max(1, len(body) // pieces)
        coming: list[Message] = [{"type": "http.request", "body": body[at : at + size], "more_body": True} for at in range(0, len(body), size)]
        coming.append({"type": "http.request", "body": b"", "more_body": False})
        said: list[Message] = []

        async def receive() -> Message:
            return coming.pop(0) if coming else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            said.append(message)

        await self.presence(scope_of("POST", headers), receive, send)
        await self.presence.close()
        return int(said[0]["status"]), b"".join(message.get("body", b"") for message in said)

    def answer(self, body: bytes, headers: Headers, pieces: int = 1) -> tuple[int, bytes]:
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        return self.runner.run(self.post(body, raw, pieces))

    def status(self, body: bytes, headers: Headers, pieces: int = 1) -> int:
        return self.answer(body, headers, pieces)[0]


def scope_of(method: str, headers: list[tuple[bytes, bytes]]) -> Scope:
    place = {"path": "/feishu/events", "raw_path": b"", "query_string": b"", "root_path": "", "server": ("test", 80)}
    return {"type": "http", "http_version": "1.1", "scheme": "http", "method": method, "headers": headers, **place}


@pytest.fixture
def door(clock: FixedClock) -> Iterator[Door]:
    opened = Door(clock)
    with opened.runner:
        yield opened
    opened.parts.client.close()


# ------------------------------------------------------------------ what passes


@pytest.mark.parametrize("payload", EVENTS)
def test_what_feishu_signed_passes(door: Door, payload: dict[str, Any]) -> None:
    assert door.status(*sealed(payload)) == 200
    assert not door.desk.untouched


def test_what_the_node_sdks_own_cipher_made_passes(door: Door) -> None:
    for made in GOLDEN["events"]:
        assert door.status(made["body"].encode(), made["headers"]) == 200


def test_each_app_is_known_by_its_own_key(door: Door) -> None:
    assert door.status(*sealed(event("application.bot.menu_v6", CHOSEN["event"], OTHER), OTHER)) == 200
    assert door.desk.asked[0].tenant == OTHER.app_id


def test_a_body_in_many_pieces_is_one(door: Door) -> None:
    assert door.status(*sealed(CHOSEN), pieces=50) == 200
    assert len(door.desk.asked) == 1


def test_events_that_nobody_handles_are_well(door: Door) -> None:
    assert door.status(*sealed(event("im.message.message_read_v1", {}))) == 200
    assert door.desk.untouched


@pytest.mark.parametrize("app", [APP, None])
def test_an_address_is_proved_by_its_challenge(door: Door, app: App | None) -> None:
    status, answer = door.answer(challenge({"challenge": "word", "token": APP.verification_token}, app), {})
    assert (status, json.loads(answer)) == (200, {"challenge": "word"})


@pytest.mark.parametrize("app", [APP, None])
def test_a_challenge_with_another_token_is_refused(door: Door, app: App | None) -> None:
    assert door.status(challenge({"challenge": "word", "token": "guess"}, app), {}) == 401
    assert door.status(challenge({"challenge": "word"}, app), {}) == 401


# ------------------------------------------------------------------ what does not


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("X-Lark-Signature", "0" * 64, 401),
        ("X-Lark-Signature", "", 401),
        ("X-Lark-Signature", "é", 400),
        ("X-Lark-Request-Nonce", "other", 401),
        ("X-Lark-Request-Nonce", "", 401),
        ("X-Lark-Request-Timestamp", "1717462501", 401),
        ("X-Lark-Request-Timestamp", "soon", 400),
        ("X-Lark-Request-Timestamp", "", 401),
        ("X-Lark-Request-Timestamp", "²³", 400),
        ("X-Lark-Request-Timestamp", "9" * 40, 400),
        ("Content-Length", "-1", 400),
        ("Content-Length", "9999999", 413),
    ],
)
def test_headers_of_another_shape_are_refused(door: Door, name: str, value: str, status: int) -> None:
    body, headers = sealed(CHOSEN)
    with capture_logs() as logs:
        assert door.status(body, {**headers, name: value}) == status
    assert door.desk.untouched
    assert [(line["event"], line["status"]) for line in logs] == [("request_refused", status)]


def test_an_event_without_its_signature_is_refused(door: Door) -> None:
    body, _ = sealed(CHOSEN)
    assert door.status(body, {}) == 401
    assert door.status(json.dumps(CHOSEN).encode(), {}) == 401
    assert door.desk.untouched


def test_an_app_without_a_key_takes_no_webhooks(door: Door) -> None:
    keyless = App(app_id="cli_keyless", encrypt_key="")
    door.parts.ties.install(PLATFORM, keyless.app_id, 1, {"app_secret": "s"}, None)
    door.parts.apps.refresh()
    assert door.parts.apps.get(keyless.app_id) is not None
    asked = event("application.bot.menu_v6", CHOSEN["event"], keyless)
    assert door.status(*sealed(asked, keyless)) == 401
    assert door.status(*signed(json.dumps(asked).encode(), keyless)) == 401
    assert door.desk.untouched


def test_an_event_for_another_app_than_its_key_is_refused(door: Door) -> None:
    assert door.status(*sealed(CHOSEN, OTHER)) == 401
    assert door.status(*sealed(event("application.bot.menu_v6", CHOSEN["event"], replace(APP, verification_token="x")))) == 401
    assert door.desk.untouched


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'"x"', b"\xff", b"{" * 100_000, b'{"encrypt": "no base64"}', b'{"encrypt": "AAAA"}', b'{"encrypt": 7}']
)
def test_junk_is_refused_although_it_is_signed(door: Door, body: bytes) -> None:
    assert door.status(*signed(body)) in {400, 401}
    assert door.desk.untouched


def test_a_body_over_the_limit_is_not_read_to_its_end(door: Door) -> None:
    assert door.status(*signed(b"x" * (BODY_LIMIT + 1)), pieces=20) == 413


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


# ------------------------------------------------------------------ when


@pytest.mark.parametrize(("age", "status"), [(-301, 401), (-299, 200), (301, 200), (6 * 3600, 200), (8 * 3600 + 1, 401)])
def test_an_event_that_was_not_seen_may_come_hours_later(door: Door, age: int, status: int) -> None:
    body, headers = sealed(CHOSEN)
    door.clock.instant += timedelta(seconds=age)
    assert door.status(body, headers) == status
    assert len(door.desk.asked) == (status == 200)


def test_an_old_request_for_an_event_that_was_seen_does_nothing(door: Door) -> None:
    body, headers = sealed(CHOSEN)
    assert door.status(body, headers) == 200
    door.clock.instant += timedelta(seconds=301)
    assert door.answer(body, headers) == (200, b"{}")
    assert len(door.desk.asked) == 1


def test_an_old_request_for_an_event_that_could_not_be_done_is_looked_at_again(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    body, headers = sealed(ADDED)
    faults, meet = [OSError("away"), SendError(Reason.UNAVAILABLE, retryable=True)], door.desk.meet

    def met(*said: str) -> None:
        if faults:
            raise faults.pop()
        meet(*said)

    monkeypatch.setattr(door.desk, "meet", met)
    with capture_logs():
        assert door.status(body, headers) == 503
        door.clock.instant += timedelta(hours=1)
        assert door.status(body, headers) == 503
    door.clock.instant += timedelta(hours=6)
    assert door.status(body, headers) == 200
    assert door.desk.met == [("oc_1", "运营群")]


def test_the_memory_of_events_is_bounded_in_number_and_in_time() -> None:
    seen = Seen()
    assert not seen.add("first", NOW)
    assert seen.add("first", NOW + timedelta(hours=8))
    assert not seen.add("first", NOW + timedelta(hours=8, seconds=1))
    for number in range(MOST_SEEN):
        seen.add(str(number), NOW + timedelta(hours=9))
    assert not seen.add("first", NOW + timedelta(hours=9))


# ------------------------------------------------------------------ mutations

LATIN = st.text(st.characters(max_codepoint=255, exclude_characters="\x00\r\n"), max_size=80)
NAMES = sorted(
    {
        "sender",
        "message",
        "operator",
        "operator_id",
        "action",
        "context",
        "value",
        "token",
        "subject",
        "form_value",
        "content",
        "mentions",
        "key",
        "id",
    }
    | {"open_id", "header", "event", "event_id", "event_type", "app_id", "type", "challenge", "schema", "chat_id", "file_key", "file_name", "name"}
)
WORDS = (
    "url_verification",
    "im.message.receive_v1",
    "card.action.trigger",
    "text",
    "post",
    "file",
    APP.app_id,
    APP.verification_token,
    "ou_lin",
    "\ud800",
)


LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.text(max_size=8), st.sampled_from(WORDS))
NAMED = st.dictionaries(
    st.sampled_from(NAMES), st.one_of(LEAVES, st.lists(LEAVES, max_size=3), st.dictionaries(st.sampled_from(NAMES), LEAVES, max_size=5))
)


@st.composite
def changed_values(draw: st.DrawFn) -> object:
    """One of Feishu's own events with another value at some place."""
    whole = json.loads(json.dumps(draw(st.sampled_from(EVENTS))))
    place: Any = whole
    strange: object = draw(st.sampled_from((None, 7, "x", [], {}, [[]], [None], {"id": 3}, True, "\ud800", '{"text": 7}', '{"content": [[7], 8]}')))
    while True:
        key = draw(st.sampled_from(sorted(place))) if isinstance(place, dict) else 0
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or draw(st.booleans()):
            place[key] = strange
            return whole
        place = inner


# JSON with Feishu's own names in it, and anything under them.
JUNK = st.one_of(LEAVES, NAMED, st.dictionaries(st.sampled_from(NAMES), NAMED, max_size=8), changed_values())
JUNK_BYTES = st.one_of(st.binary(max_size=200), JUNK.map(lambda value: json.dumps(value).encode()))


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[bytes, dict[str, str], bool]:
    """A request of Feishu's with something changed: body, headers, or its content under a right signature. The last says: rightly signed."""
    body, headers = sealed(draw(st.sampled_from(EVENTS)))
    match draw(st.sampled_from(("bytes", "header", "content", "outside"))):
        case "bytes":
            place = draw(st.integers(0, len(body) - 1))
            changed = body[:place] + draw(st.binary(max_size=6)) + body[place + draw(st.integers(0, 6)) :]
            return changed, headers, changed == body
        case "header":
            name = draw(st.sampled_from(sorted(headers)))
            value = draw(st.one_of(LATIN, st.none()))
            rest = {key: item for key, item in headers.items() if key != name}
            return body, rest if value is None else {**rest, name: value}, name == "Content-Type" or value == headers[name]
        case "content":
            content = json.dumps(draw(JUNK)).encode()
            return (*signed(json.dumps({"encrypt": encrypt(content, APP.encrypt_key, bytes(16))}).encode()), True)
        case _:
            return (*signed(draw(JUNK_BYTES)), True)


@settings(max_examples=EXAMPLES)
@given(spoiled=spoilt())
def test_a_spoilt_request_breaks_nothing_and_changes_nothing(door: Door, spoiled: tuple[bytes, dict[str, str], bool]) -> None:
    body, headers, rightly_signed = spoiled
    door.desk.asked.clear()
    door.desk.met.clear()
    door.desk.offered.clear()
    with capture_logs() as logs:
        assert door.status(body, headers) in {200, 400, 401, 413}
    assert rightly_signed or door.desk.untouched
    assert not [line for line in logs if "exc_info" in line]
    assert APP.encrypt_key not in str(logs)
