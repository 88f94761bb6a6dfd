"""How does a plain client call the fake? With httpx and a token: for the fake's own tests, which must not lean on the product's client."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import httpx

from tests.feishu_server import App, Chat, FeishuServer
from tests.feishu_server.values import Json

CARD: Json = {"schema": "2.0", "config": {"update_multi": True}, "body": {"elements": [{"tag": "markdown", "content": "今日 GMV"}]}}


class Caller:
    """Calls as one app."""

    def __init__(self, feishu: FeishuServer, app: App | None = None) -> None:
        self._app = app or feishu.app
        self._http = httpx.Client(base_url=feishu.url, trust_env=False)
        self.token = ""

    def __enter__(self) -> Self:
        self.log_in()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._http.close()

    def log_in(self) -> str:
        """Asks for a token and uses it from now on."""
        answer = self._http.post(
            "/open-apis/auth/v3/tenant_access_token/internal", json={"app_id": self._app.app_id, "app_secret": self._app.app_secret}
        )
        self.token = answer.json()["tenant_access_token"]
        return self.token

    def call(self, method: str, path: str, body: Json | None = None, **query: str) -> httpx.Response:
        """Any call under /open-apis/."""
        return self._http.request(method, f"/open-apis/{path}", json=body, params=query, headers=self._headers())

    def code(self, method: str, path: str, body: Json | None = None, **query: str) -> int:
        """The code of a call's answer."""
        return int(self.call(method, path, body, **query).json()["code"])

    def upload(self, path: str, fields: Mapping[str, str], name: str, content: bytes) -> Json:
        """A multipart call; the answer's JSON."""
        answer = self._http.post(f"/open-apis/{path}", data=dict(fields), files={name: ("file", content)}, headers=self._headers())
        return dict(answer.json())

    def say(self, chat: Chat, text: str, uuid: str | None = None) -> Json:
        """Posts words to a chat; the answer's JSON."""
        return self.post(chat.chat_id, "text", {"text": text}, uuid)

    def show(self, chat: Chat, card: Json = CARD) -> Json:
        """Posts a card to a chat; the answer's JSON."""
        return self.post(chat.chat_id, "interactive", card)

    def post(self, receiver: str, msg_type: str, content: Json, uuid: str | None = None) -> Json:
        """Posts a message to a chat or a person; the answer's JSON."""
        body = {"receive_id": receiver, "msg_type": msg_type, "content": json.dumps(content, ensure_ascii=False), "uuid": uuid}
        kind = "open_id" if receiver.startswith("ou_") else "chat_id"
        return dict(self.call("POST", "im/v1/messages", body, receive_id_type=kind).json())

    def _headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self.token}"}
