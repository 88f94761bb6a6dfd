"""Does Feishu's own Python SDK work against the fake: its client for the API, its client for the long connection?"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from core.clock import FixedClock
from tests.feishu_server import App, Endpoint, FeishuServer
from tests.feishu_server.caller import CARD

CONNECT = """
import sys, warnings
warnings.simplefilter("ignore")
import lark_oapi as lark
from lark_oapi.event.callback.model.p2_card_action_trigger import P2CardActionTriggerResponse
domain, app_id, secret = sys.argv[1:]
answer = lambda event: P2CardActionTriggerResponse({"toast": {"type": "info", "content": event.event.action.form_value["cause"]}})
handler = lark.EventDispatcherHandler.builder("", "").register_p2_card_action_trigger(answer).build()
lark.ws.Client(app_id, secret, event_handler=handler, domain=domain, log_level=lark.LogLevel.CRITICAL).start()
"""


@pytest.fixture
def app() -> App:
    """An app of this file alone: the SDK keeps tokens by app id for the whole process."""
    return replace(App(), app_id="cli_a5ca35a685b01a4c")


def test_the_sdks_client_uploads_a_picture_and_posts_a_card_once_per_uuid(app: App, clock: FixedClock, tmp_path: Path) -> None:
    import lark_oapi as lark
    from lark_oapi.api.im.v1 import CreateImageRequest, CreateImageRequestBody, CreateMessageRequest, CreateMessageRequestBody

    (tmp_path / "gmv.png").write_bytes(b"\x89PNG")
    with FeishuServer(clock, apps=(app,)) as feishu, (tmp_path / "gmv.png").open("rb") as content:
        group = feishu.world.add_group("运营群")
        client = lark.Client.builder().app_id(app.app_id).app_secret(app.app_secret).domain(feishu.url).build()
        picture = CreateImageRequestBody.builder().image_type("message").image(content).build()
        uploaded = client.im.v1.image.create(CreateImageRequest.builder().request_body(picture).build())
        image = {"tag": "img", "img_key": uploaded.data.image_key, "alt": {"tag": "plain_text", "content": "GMV"}}
        card = {**CARD, "body": {"elements": [image]}}
        body = CreateMessageRequestBody.builder().receive_id(group.chat_id).msg_type("interactive").content(json.dumps(card)).uuid("u1").build()
        request = CreateMessageRequest.builder().receive_id_type("chat_id").request_body(body).build()
        first, second = (client.im.v1.message.create(request) for _ in range(2))

    assert first.success()
    assert first.data.message_id == second.data.message_id
    assert [message.body for message in feishu.world.cards(group)] == [card]
    assert [upload.content for upload in feishu.world.uploads()] == [b"\x89PNG"]
    assert len(feishu.world.calls(Endpoint.TOKEN)) == 1


def test_the_sdks_long_connection_puts_a_split_event_together_and_answers_in_the_frame(app: App, clock: FixedClock) -> None:
    with FeishuServer(clock, apps=(app,)) as feishu:
        command = [sys.executable, "-c", CONNECT, feishu.url, app.app_id, app.app_secret]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as client:
            try:
                feishu.socket.wait_connected(seconds=60)
                ann = feishu.world.add_user("安然")
                card = feishu.world.message(feishu.events.says(ann, None, "/任务").message_id)
                event = feishu.events.acts(ann, card, {"tag": "button", "form_value": {"cause": "缺货"}})
                ack = feishu.socket.push(event, parts=4, seconds=30)
            finally:
                client.kill()

    assert (ack.code, ack.answer.shown_error) == (200, None)
    assert ack.answer.toast == {"type": "info", "content": "缺货"}
