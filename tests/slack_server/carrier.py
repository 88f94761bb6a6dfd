"""How does what happens reach the app? Signed over HTTP to its URL, as Slack documents it, or in an envelope over its socket.

The signature is made here from the documented algorithm, without the SDK: `v0=` + HMAC-SHA256 of `v0:TIMESTAMP:BODY`.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode, urlsplit

from core.ports import Clock
from tests.slack_server.calls import epoch
from tests.slack_server.sockets import Sockets
from tests.slack_server.values import Answer, Json

Kind = Literal["slash_commands", "interactive", "events_api"]
PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Parcel:
    """Something to tell the app. `attempt` counts the retries of an event."""

    kind: Kind
    payload: Json
    attempt: int = 0
    reason: str = ""

    def body(self) -> bytes:
        """The body of the HTTP request."""
        match self.kind:
            case "slash_commands":
                return urlencode(self.payload).encode()
            case "interactive":
                return urlencode({"payload": json.dumps(self.payload, ensure_ascii=False)}).encode()
            case "events_api":
                return json.dumps(self.payload, ensure_ascii=False).encode()

    def headers(self) -> dict[str, str]:
        """The headers that do not depend on time."""
        kind = "application/json" if self.kind == "events_api" else "application/x-www-form-urlencoded"
        said = {"Content-Type": kind, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        return {**said, "X-Slack-Retry-Num": str(self.attempt), "X-Slack-Retry-Reason": self.reason} if self.attempt else said


@dataclass(frozen=True, slots=True)
class Signed:
    """An HTTP request as it goes over the wire."""

    body: bytes
    headers: dict[str, str]


def sign(secret: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The two headers that prove who sends."""
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}


@dataclass
class Carrier:
    """Brings parcels to the app: by HTTP when `app_url` is set, else by socket. `answers` are all that the app has said, oldest first.

    `copies`: how often each parcel is sent, all at once; an act goes on with the first copy's answer.
    """

    clock: Clock
    secret: str
    sockets: Sockets
    app_url: str = ""
    copies: int = 1
    answers: list[Answer] = field(default_factory=list)
    sent: list[Parcel] = field(default_factory=list)
    _wire: list[Signed] = field(default_factory=list)

    def deliver(self, parcel: Parcel) -> Answer:
        """Tells the app; its answer."""
        self.sent.append(parcel)
        if not self.app_url:
            return self._all(lambda: self._by_socket(parcel))
        signed = self.signed(parcel)
        self._wire.append(signed)
        return self._all(lambda: self.post(signed))

    def signed(self, parcel: Parcel) -> Signed:
        """The parcel as an HTTP request, signed now."""
        body = parcel.body()
        return Signed(body, {**parcel.headers(), **sign(self.secret, epoch(self.clock.now()), body)})

    def again(self) -> Answer:
        """Sends what was sent last once more: over HTTP the same bytes with the same signature."""
        return self.post(self._wire[-1]) if self.app_url else self._by_socket(self.sent[-1])

    def retry(self, attempt: int = 1, reason: str = "http_timeout") -> Answer:
        """Sends the last event again as Slack's retry: the same event_id, signed afresh, counted."""
        last = self.sent[-1]
        assert last.kind == "events_api", "only events are retried"
        return self.deliver(Parcel(last.kind, last.payload, attempt, reason))

    def url_verification(self, challenge: str = "3eZbrw1aB") -> Answer:
        """Asks the app to prove that it is there."""
        return self.post(self.signed(Parcel("events_api", {"token": "verification", "challenge": challenge, "type": "url_verification"})))

    def ssl_check(self) -> Answer:
        """Asks for nothing but a good certificate."""
        return self.post(self.signed(Parcel("slash_commands", {"ssl_check": "1", "token": "verification"})))

    def post(self, signed: Signed) -> Answer:
        """One HTTP request to the app, also one that a test has spoilt."""
        place = urlsplit(self.app_url)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
        try:
            connection.request("POST", place.path or "/", signed.body, signed.headers)
            response = connection.getresponse()
            answer = Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        finally:
            connection.close()
        self.answers.append(answer)
        return answer

    def _by_socket(self, parcel: Parcel) -> Answer:
        payload = self.sockets.send(parcel.kind, parcel.payload, parcel.attempt, parcel.reason)
        answer = Answer(200, {"content-type": "application/json"}, json.dumps(payload).encode() if payload else b"")
        self.answers.append(answer)
        return answer

    def _all(self, send: Callable[[], Answer]) -> Answer:
        if self.copies == 1:
            return send()
        with ThreadPoolExecutor(self.copies) as pool:
            first, *_ = [pool.submit(send) for _ in range(self.copies)]
            return first.result()
