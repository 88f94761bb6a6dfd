"""Which files stand beside a message, when somebody has taken one of them back?"""

from __future__ import annotations

import json
from typing import cast

from bot.platforms.feishu.apps import App
from bot.platforms.feishu.calls import Call
from bot.platforms.feishu.client import Client
from bot.platforms.feishu.history import beside
from bot.platforms.fields import Body
from core.ports import Receipt


class Told:
    """A client to which Feishu names a thread and what stands in it."""

    def __init__(self, *contents: str) -> None:
        self._contents = contents

    def ask(self, app: App, call: Call) -> Body:
        if call.path.endswith("/om_1"):
            return {"data": {"items": [{"thread_id": "omt_1"}]}}
        return {"data": {"items": [{"msg_type": "file", "body": {"content": content}} for content in self._contents]}}


def test_a_file_that_was_taken_back_hides_no_other() -> None:
    client = cast("Client", Told("This message was recalled", json.dumps({"file_name": "board.csv"}), "[]"))
    assert beside(client, cast("App", None), Receipt("om_1")) == {"board.csv"}
