"""Does the fake tell of events as Feishu does? lark_oapi's own dispatcher takes them, and answers to presses have Feishu's consequences."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from core.clock import FixedClock
from tests.feishu_server import App, EditWay, Event, FeishuServer, Message, WebhookRequest
from tests.feishu_server.answers import BAD_BODY, BAD_CARD, BAD_STATUS
from tests.feishu_server.caller import CARD, Caller
from tests.feishu_server.cipher import encrypt, sign
from tests.feishu_server.values import Json

GOLDEN = json.loads((Path(__file__).parent / "golden" / "feishu_node_sdk_event.json").read_text(encoding="utf-8"))
Respond = Callable[[Json], tuple[int, bytes]]


@contextmanager
def app_answering(respond: Respond) -> Iterator[str]:
    """An app's URL: what it gets is handed to `respond`, which gives status and body."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = respond({"headers": dict(self.headers.items()), "body": body})
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/feishu/events"
        finally:
            server.shutdown()
            thread.join()


def lark_takes(feishu: FeishuServer, request: WebhookRequest, heard: list[object] | None = None) -> tuple[int, bytes]:
    """What lark_oapi's own dispatcher answers to the request."""
    import lark_oapi as lark
    from lark_oapi.core.model import RawRequest
    from lark_oapi.event.callback.model.p2_card_action_trigger import P2CardActionTriggerResponse

    hear = (heard if heard is not None else []).append

    def pressed(event: object) -> P2CardActionTriggerResponse:
        hear(event)
        return P2CardActionTriggerResponse({"toast": {"type": "info", "content": "好"}})

    builder = lark.EventDispatcherHandler.builder(feishu.app.encrypt_key, feishu.app.verification_token, lark.LogLevel.CRITICAL)
    builder.register_p2_im_message_receive_v1(hear).register_p2_application_bot_menu_v6(hear)
    builder.register_p2_im_chat_member_bot_added_v1(hear).register_p2_im_chat_member_bot_deleted_v1(hear)
    builder.register_p2_card_action_trigger(pressed)
    raw = RawRequest()
    raw.uri, raw.headers, raw.body = "/feishu/events", dict(request.headers), request.body
    answer = builder.build().do(raw)
    return answer.status_code, answer.content


def card_in(feishu: FeishuServer, card: Json = CARD) -> Message:
    """A card in a group, posted by the bot."""
    group = feishu.world.add_group("运营群")
    with Caller(feishu) as caller:
        assert caller.show(group, card)["code"] == 0
    return feishu.world.cards(group)[-1]


def every_event(feishu: FeishuServer) -> list[Event]:
    ann, bob = feishu.world.add_user("安然"), feishu.world.add_user("鲍勃")
    group, acts = feishu.world.add_group("运营群", [ann, bob]), feishu.events
    return [
        acts.says(ann, None, "/任务 列表 8.5万"),
        acts.says(ann, group, "@_user_1 /任务 给 @_user_2", mentions=(feishu.app, bob)),
        acts.says_richly(ann, None, [[{"tag": "text", "text": "看"}, {"tag": "a", "href": "https://example.com", "text": "这里"}]]),
        acts.shares_file(ann, None, "日报.xlsx", b"PK"),
        acts.acts(ann, card_in(feishu), {"tag": "button", "value": {"token": "t"}, "form_value": {"cause": "缺货"}}),
        acts.picks_from_menu(ann, "today"),
        acts.removes_bot(ann, group),
        acts.adds_bot(ann, group),
    ]


def test_lark_oapi_takes_every_event_of_the_fake(feishu: FeishuServer) -> None:
    for event in every_event(feishu):
        heard: list[object] = []
        status, _ = lark_takes(feishu, feishu.sealing().event(event), heard)

        assert (status, len(heard)) == (200, 1), event.event_type


def test_lark_oapi_refuses_an_event_whose_body_was_touched(feishu: FeishuServer) -> None:
    request = feishu.sealing().event(feishu.events.says(feishu.world.add_user("安然"), None, "hi"))

    assert lark_takes(feishu, WebhookRequest(request.headers, request.body + b" "))[0] == 500


@pytest.mark.parametrize("encrypted", [True, False])
def test_lark_oapi_echoes_the_challenge(feishu: FeishuServer, encrypted: bool) -> None:
    status, body = lark_takes(feishu, feishu.sealing().challenge("wow", encrypted=encrypted))

    assert (status, json.loads(body)) == (200, {"challenge": "wow"})


def test_the_cipher_agrees_with_the_key_and_signature_of_the_node_sdk() -> None:
    for event in GOLDEN["events"]:
        sealed = json.loads(event["body"])["encrypt"]
        plain = json.dumps(event["payload"], ensure_ascii=False, separators=(",", ":")).encode()
        assert encrypt(plain, GOLDEN["encrypt_key"], base64.b64decode(sealed)[:16]) == sealed
        times = event["headers"]["X-Lark-Request-Timestamp"], event["headers"]["X-Lark-Request-Nonce"]
        assert sign(*times, GOLDEN["encrypt_key"], event["body"].encode()) == event["headers"]["X-Lark-Signature"]


def test_lower_case_headers_and_retries_keep_the_event_id_but_not_the_signature(feishu: FeishuServer, clock: FixedClock) -> None:
    event = feishu.events.says(feishu.world.add_user("安然"), None, "hi")
    first = feishu.sealing().event(event)
    clock.instant += timedelta(minutes=5)
    again = feishu.sealing().event(event, lower_case=True)

    assert first.headers["X-Lark-Signature"] != again.headers["x-lark-signature"]
    assert int(again.headers["x-lark-request-timestamp"]) - int(first.headers["X-Lark-Request-Timestamp"]) == 300


def test_a_group_message_without_a_mention_of_the_bot_is_not_told_without_the_scope(clock: FixedClock) -> None:
    with FeishuServer(clock, apps=(replace(App(), scopes=frozenset()),)) as feishu:
        ann = feishu.world.add_user("安然")
        group = feishu.world.add_group("运营群", [ann])
        with pytest.raises(ValueError, match="not mentioned"):
            feishu.events.says(ann, group, "大家好")


def test_an_answer_with_a_card_replaces_the_pressed_card(feishu: FeishuServer) -> None:
    card = card_in(feishu)
    event = feishu.events.acts(feishu.world.add_user("安然"), card, {"tag": "button", "value": {}})
    after = {**CARD, "body": {"elements": [{"tag": "markdown", "content": "完成"}]}}
    body = {"toast": {"type": "success", "content": "已记下"}, "card": {"type": "raw", "data": after}}
    with app_answering(lambda _: (200, json.dumps(body).encode())) as url:
        answer = feishu.webhook(url).deliver(event)

    assert answer.shown_error is None
    assert (answer.toast, answer.card) == ({"type": "success", "content": "已记下"}, after)
    assert feishu.world.message(card.message_id).body == after
    assert [edit.way for edit in feishu.world.edits(card.message_id)] == [EditWay.CALLBACK]


@pytest.mark.parametrize(
    ("status", "body", "shown"),
    [
        (500, b"{}", BAD_STATUS),
        (200, b"oops", BAD_BODY),
        (200, b'{"msg": "success"}', BAD_BODY),
        (200, b'{"card": {"type": "raw", "data": {"schema": "1.0"}}}', BAD_CARD),
        (200, b"", None),
        (200, b"{}", None),
    ],
)
def test_a_bad_answer_to_a_press_shows_the_person_an_error(feishu: FeishuServer, status: int, body: bytes, shown: int | None) -> None:
    event = feishu.events.acts(feishu.world.add_user("安然"), card_in(feishu), {"tag": "button", "value": {}})
    with app_answering(lambda _: (status, body)) as url:
        assert feishu.webhook(url).deliver(event).shown_error == shown
    assert feishu.world.edits() == []


def test_a_pressed_button_is_found_by_its_label_and_a_form_sends_its_values(feishu: FeishuServer) -> None:
    callback = [{"type": "callback", "value": {"token": "t1"}}]
    submit = {"tag": "button", "name": "go", "form_action_type": "submit", "text": {"tag": "plain_text", "content": "提交"}, "behaviors": callback}
    field = {"tag": "input", "name": "cause"}
    card = card_in(feishu, {"schema": "2.0", "body": {"elements": [{"tag": "form", "name": "f", "elements": [field, submit]}]}})
    event = feishu.events.presses(feishu.world.add_user("安然"), card, "提交", {"cause": "缺货"})

    action = {"tag": "button", "timezone": "Asia/Shanghai", "value": {"token": "t1"}, "name": "go", "form_value": {"cause": "缺货"}}
    assert event.body["action"] == action
    with pytest.raises(LookupError, match="提交"):
        feishu.events.presses(feishu.world.add_user("鲍勃"), card, "取消")
