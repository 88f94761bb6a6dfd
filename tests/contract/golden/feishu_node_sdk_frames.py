"""Does Feishu's own Node SDK understand the fake's frames, and the fake the SDK's? Records one exchange between the two, byte for byte.

To make the file anew:
    npm install --prefix DIR @larksuiteoapi/node-sdk@1.74.0
    python -m tests.contract.golden.feishu_node_sdk_frames DIR/node_modules
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from core.clock import FixedClock
from tests.feishu_server import ClientConfig, Event, FeishuServer

HERE = Path(__file__).parent
GOLDEN = HERE / "feishu_node_sdk_frames.json"
PARTS = 3
PONG = ClientConfig(PingInterval=7)


def pressed(feishu: FeishuServer) -> Event:
    """The event of the exchange: a press on a card, with a form."""
    ann = feishu.world.add_user("安然")
    card = feishu.events.says(ann, None, "{}").message_id
    action = {"value": {"token": "t"}, "tag": "button", "name": "submit", "form_value": {"cause": "缺货 😀"}}
    return feishu.events.acts(ann, feishu.world.message(card), action)


def fresh() -> FeishuServer:
    """A fake at the hour of the exchange."""
    return FeishuServer(FixedClock(datetime(2024, 6, 4, 0, 55, tzinfo=UTC)))


def main(modules: str) -> None:
    """Runs the SDK against the fake and writes down what went over the wire."""
    with fresh() as feishu:
        feishu.socket.config = PONG
        client = [str(HERE / "feishu_node_sdk_client.cjs"), feishu.url, feishu.app.app_id, feishu.app.app_secret]
        environment = {**os.environ, "NODE_PATH": modules, "NO_PROXY": "127.0.0.1"}
        with subprocess.Popen(["node", *client], env=environment, stdout=subprocess.PIPE, text=True) as node:
            assert node.stdout is not None
            feishu.world.until(lambda: feishu.socket.pings == 1, 30)
            event = pressed(feishu)
            feishu.socket.push(event, parts=PARTS)
            understood = json.loads(node.stdout.readline())
            node.terminate()
        sent, came = ([data.hex() for data in frames] for frames in (feishu.socket.sent, feishu.socket.came))
    exchange = {"sdk": "@larksuiteoapi/node-sdk 1.74.0", "to_sdk": sent, "understood": understood, "from_sdk": came}
    GOLDEN.write_text(json.dumps(exchange, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
