"""Does anything pass that Feishu did not sign for one of our apps? And does junk ever do more than be refused?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
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
from core.pool import Pool
from tests.doors import Door
from tests.feishu_server.cipher import encrypt, sign
from tests.feishu_server.values import App
from tests.slack_house import FakeDesk, FakeTies, words
from tests.spoiling import EXAMPLES, Spoiler, spoilt_bytes, spoilt_header

GOLDEN = json.loads((Path(__file__).parents[1] / "contract" / "golden" / "feishu_node_sdk_event.json").read_text(encoding="utf-8"))
NOW = datetime(2024, 6, 4, 0, 55, tzinfo=UTC)
APP = App()
OTHER = App(app_id="cli_other", encrypt_key="another-key", verification_token="another-token")


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


class FeishuDoor(Door):
    """The whole of Feishu's side. Feishu itself cannot be reached."""

    def __init__(self, clock: FixedClock) -> None:
        self.clock = clock
        ties = FakeTies()
        for number, app in enumerate((OTHER, APP), 1):
            secrets = {"app_secret": "s", "encrypt_key": app.encrypt_key, "verification_token": app.verification_token}
            ties.bound[number] = Keys(number, app.app_id, secrets)
        parts = feishu_parts(FeishuSettings(domain="http://127.0.0.1:9"), ties, clock)
        self.parts = replace(parts, bots=KnownBots(parts.apps, parts.client))
        self.parts.apps.refresh()
        # What is answered by a message would go out to nowhere.
        desk = FakeDesk(lambda invocation: replace(words("heard"), visible_to=7))
        presence = FeishuPresence(FeishuSettings(mode="webhook"), self.parts, desk, clock, Pool(2, "house"), lambda: 0.0)
        super().__init__(presence, desk, "/feishu/events")


@pytest.fixture
def door(clock: FixedClock) -> Iterator[FeishuDoor]:
    opened = FeishuDoor(clock)
    with opened.loop:
        yield opened
    opened.parts.client.close()


# ------------------------------------------------------------------ what passes


@pytest.mark.parametrize("payload", EVENTS)
def test_what_feishu_signed_passes(door: FeishuDoor, payload: dict[str, Any]) -> None:
    assert door.status(*sealed(payload)) == 200
    assert not door.desk.untouched


def test_what_the_node_sdks_own_cipher_made_passes(door: FeishuDoor) -> None:
    for made in GOLDEN["events"]:
        assert door.status(made["body"].encode(), made["headers"]) == 200


def test_each_app_is_known_by_its_own_key(door: FeishuDoor) -> None:
    assert door.status(*sealed(event("application.bot.menu_v6", CHOSEN["event"], OTHER), OTHER)) == 200
    assert door.desk.asked[0].tenant == OTHER.app_id


def test_a_body_in_many_pieces_is_one(door: FeishuDoor) -> None:
    assert door.status(*sealed(CHOSEN), pieces=50) == 200
    assert len(door.desk.asked) == 1


def test_events_that_nobody_handles_are_well(door: FeishuDoor) -> None:
    assert door.status(*sealed(event("im.message.message_read_v1", {}))) == 200
    assert door.desk.untouched


@pytest.mark.parametrize("app", [APP, None])
def test_an_address_is_proved_by_its_challenge(door: FeishuDoor, app: App | None) -> None:
    status, answer = door.answer(challenge({"challenge": "word", "token": APP.verification_token}, app), {})
    assert (status, json.loads(answer)) == (200, {"challenge": "word"})


@pytest.mark.parametrize("app", [APP, None])
def test_a_challenge_with_another_token_is_refused(door: FeishuDoor, app: App | None) -> None:
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
def test_headers_of_another_shape_are_refused(door: FeishuDoor, name: str, value: str, status: int) -> None:
    body, headers = sealed(CHOSEN)
    with capture_logs() as logs:
        assert door.status(body, {**headers, name: value}) == status
    assert door.desk.untouched
    assert [(line["event"], line["status"]) for line in logs] == [("request_refused", status)]


def test_an_event_without_its_signature_is_refused(door: FeishuDoor) -> None:
    body, _ = sealed(CHOSEN)
    assert door.status(body, {}) == 401
    assert door.status(json.dumps(CHOSEN).encode(), {}) == 401
    assert door.desk.untouched


def test_an_app_without_a_key_takes_no_webhooks(door: FeishuDoor) -> None:
    keyless = App(app_id="cli_keyless", encrypt_key="")
    door.parts.ties.install(PLATFORM, keyless.app_id, 1, {"app_secret": "s"}, None)
    door.parts.apps.refresh()
    assert door.parts.apps.get(keyless.app_id) is not None
    asked = event("application.bot.menu_v6", CHOSEN["event"], keyless)
    assert door.status(*sealed(asked, keyless)) == 401
    assert door.status(*signed(json.dumps(asked).encode(), keyless)) == 401
    assert door.desk.untouched


def test_an_event_for_another_app_than_its_key_is_refused(door: FeishuDoor) -> None:
    assert door.status(*sealed(CHOSEN, OTHER)) == 401
    assert door.status(*sealed(event("application.bot.menu_v6", CHOSEN["event"], replace(APP, verification_token="x")))) == 401
    assert door.desk.untouched


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'"x"', b"\xff", b"{" * 100_000, b'{"encrypt": "no base64"}', b'{"encrypt": "AAAA"}', b'{"encrypt": 7}']
)
def test_junk_is_refused_although_it_is_signed(door: FeishuDoor, body: bytes) -> None:
    assert door.status(*signed(body)) in {400, 401}
    assert door.desk.untouched


def test_a_body_over_the_limit_is_not_read_to_its_end(door: FeishuDoor) -> None:
    assert door.status(*signed(b"x" * (BODY_LIMIT + 1)), pieces=20) == 413


def test_nothing_but_posts_is_answered(door: FeishuDoor) -> None:
    assert door.answer(b"", {}, method="GET")[0] == 405


# ------------------------------------------------------------------ when


@pytest.mark.parametrize(("age", "status"), [(-301, 401), (-299, 200), (301, 200), (6 * 3600, 200), (8 * 3600 + 1, 401)])
def test_an_event_that_was_not_seen_may_come_hours_later(door: FeishuDoor, age: int, status: int) -> None:
    body, headers = sealed(CHOSEN)
    door.clock.instant += timedelta(seconds=age)
    assert door.status(body, headers) == status
    assert len(door.desk.asked) == (status == 200)


def test_an_old_request_for_an_event_that_was_seen_does_nothing(door: FeishuDoor) -> None:
    body, headers = sealed(CHOSEN)
    assert door.status(body, headers) == 200
    door.clock.instant += timedelta(seconds=301)
    assert door.answer(body, headers) == (200, b"{}")
    assert len(door.desk.asked) == 1


def test_an_old_request_for_an_event_that_could_not_be_done_is_looked_at_again(door: FeishuDoor, monkeypatch: pytest.MonkeyPatch) -> None:
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

WORDS = ("url_verification", "text", "post", "file", APP.app_id, APP.verification_token, "ou_lin", '{"text": 7}', '{"content": [[7], 8]}')
KINDS = tuple(payload["header"]["event_type"] for payload in EVENTS)
NAMES = frozenset({"challenge", "file_key", "file_name", "form_value", "text", "type"})
FEISHUS = Spoiler(EVENTS, (*WORDS, *KINDS), NAMES)


def spoilt(random: Random) -> tuple[bytes, dict[str, str], bool]:
    """A request of Feishu's with something changed: body, headers, or its content under a right signature. The last says: rightly signed."""
    body, headers = sealed(random.choice(EVENTS))
    match random.randrange(4):
        case 0:
            changed = spoilt_bytes(random, body)
            return changed, headers, changed == body
        case 1:
            name, others = spoilt_header(random, headers)
            return body, others, name == "Content-Type" or others == headers
        case 2:
            content = json.dumps(random.choice((FEISHUS.changed, FEISHUS.junk))(random)).encode()
            return (*signed(json.dumps({"encrypt": encrypt(content, APP.encrypt_key, bytes(16))}).encode()), True)
        case _:
            return (*signed(random.choice((random.randbytes(200), json.dumps(FEISHUS.junk(random)).encode()))), True)


@settings(max_examples=EXAMPLES)
@given(seed=st.integers(0, 2**63))
def test_a_spoilt_request_breaks_nothing_and_changes_nothing(door: FeishuDoor, seed: int) -> None:
    body, headers, rightly_signed = spoilt(Random(seed))
    door.desk.forget()
    with capture_logs() as logs:
        assert door.status(body, headers) in {200, 400, 401, 413}
    assert rightly_signed or door.desk.untouched
    assert not [line for line in logs if "exc_info" in line]
    assert APP.encrypt_key not in str(logs)
