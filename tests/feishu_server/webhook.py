"""How does an event reach an app's URL? Encrypted, signed, in 3 seconds, and again under the same id when it was not taken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from tests.feishu_server.answers import take_answer
from tests.feishu_server.cipher import BLOCK, encrypt, sign
from tests.feishu_server.events import Event
from tests.feishu_server.values import Answer, App, Json
from tests.feishu_server.world import World

ANSWER_WITHIN = 3.0


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """A request as it goes out: to be sent as it is, changed by a test of the guard, or sent again later with its old signature."""

    headers: Mapping[str, str]
    body: bytes


class Sealing:
    """Makes requests of events, by the app's key and the world's clock."""

    def __init__(self, world: World, app: App) -> None:
        self._world = world
        self._app = app

    def event(self, event: Event, *, lower_case: bool = False) -> WebhookRequest:
        """The event, encrypted and signed at this moment."""
        return self._signed(self._encrypted(event.payload()), lower_case)

    def plain(self, event: Event, *, lower_case: bool = False) -> WebhookRequest:
        """The event as an app without an encrypt key would get it: readable, and with nothing in the signature headers."""
        names = {"X-Lark-Request-Timestamp": "", "X-Lark-Request-Nonce": "", "X-Lark-Signature": ""}
        return WebhookRequest(_cased({**_JSON, **names}, lower_case), _compact(event.payload()))

    def challenge(self, word: str, *, encrypted: bool = True, token: str | None = None) -> WebhookRequest:
        """The question whether the URL is the app's. It carries no signature; the token says whose it is."""
        asked = {"challenge": word, "token": self._app.verification_token if token is None else token, "type": "url_verification"}
        return WebhookRequest(dict(_JSON), self._encrypted(asked) if encrypted else _compact(asked))

    def _encrypted(self, payload: Json) -> bytes:
        iv = int(self._world.number("iv").split("_")[1]).to_bytes(BLOCK, "big")
        return _compact({"encrypt": encrypt(_compact(payload), self._app.encrypt_key, iv)})

    def _signed(self, body: bytes, lower_case: bool) -> WebhookRequest:
        timestamp, nonce = str(int(self._world.clock.now().timestamp())), self._world.number("nonce")
        signature = sign(timestamp, nonce, self._app.encrypt_key, body)
        headers = {"X-Lark-Request-Timestamp": timestamp, "X-Lark-Request-Nonce": nonce, "X-Lark-Signature": signature}
        return WebhookRequest(_cased({**_JSON, **headers}, lower_case), body)


class Webhook:
    """An app's URL for events. Called from the test's thread."""

    def __init__(self, world: World, app: App, url: str) -> None:
        self._world = world
        self._url = url
        self._client = httpx.Client(timeout=ANSWER_WITHIN, trust_env=False)
        self.seal = Sealing(world, app)

    def deliver(self, event: Event, *, lower_case: bool = False) -> Answer:
        """Sends the event, signed now, and gives the answer. The same event again is a retry: Feishu comes after 15 s, 5 min, 1 h and 6 h."""
        return self.deliver_request(event, self.seal.event(event, lower_case=lower_case))

    def deliver_request(self, event: Event, request: WebhookRequest) -> Answer:
        """Sends a request that was made before: a retry that keeps its old signature."""
        try:
            response = self.send(request)
        except httpx.TransportError:
            return take_answer(self._world, event, None, b"")
        return take_answer(self._world, event, response.status_code, response.content)

    def send(self, request: WebhookRequest) -> httpx.Response:
        """Sends any request, as it is."""
        return self._client.post(self._url, content=request.body, headers=dict(request.headers))

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()


_JSON = {"Content-Type": "application/json;charset=utf-8"}


def _compact(payload: Json) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def _cased(headers: Mapping[str, str], lower_case: bool) -> Mapping[str, str]:
    return {name.lower(): value for name, value in headers.items()} if lower_case else headers
