"""Does the fake's long connection behave as Feishu's? Seen by the websockets client with lark_oapi's frames."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.feishu_server import AUTHENTICATION_FAILED, CONNECTION_LIMIT, ClientConfig, Event, FeishuServer, Refusal
from tests.feishu_server.long_connection import SERVICE_ID


@dataclass(frozen=True, slots=True)
class Came:
    """A frame as lark_oapi's definition reads it."""

    method: int
    headers: dict[str, str]
    payload: bytes


def endpoint(feishu: FeishuServer, secret: str | None = None) -> dict[str, object]:
    body = {"AppID": feishu.app.app_id, "AppSecret": secret or feishu.app.app_secret}
    return dict(httpx.post(f"{feishu.url}/callback/ws/endpoint", json=body).json())


def address(feishu: FeishuServer) -> str:
    data = endpoint(feishu)["data"]
    assert isinstance(data, dict)
    return str(data["URL"])


@contextmanager
def connected(feishu: FeishuServer) -> Iterator[ClientConnection]:
    client = connect(address(feishu), proxy=None)
    try:
        yield client
    finally:
        client.close()


def frame(method: int, headers: dict[str, str], payload: bytes = b"") -> bytes:
    from lark_oapi.ws.pb.pbbp2_pb2 import Frame

    made = Frame(SeqID=0, LogID=0, service=SERVICE_ID, method=method, payload=payload)
    for key, value in headers.items():
        made.headers.add(key=key, value=value)
    return bytes(made.SerializeToString())


def receive(client: ClientConnection) -> Came:
    from lark_oapi.ws.pb.pbbp2_pb2 import Frame

    data = client.recv(timeout=5)
    assert isinstance(data, bytes)
    read = Frame()
    read.ParseFromString(data)
    return Came(read.method, {header.key: header.value for header in read.headers}, read.payload)


def acknowledge(client: ClientConnection, came: Came, data: object, code: int = 200) -> None:
    response = {"code": code, "headers": None, "data": base64.b64encode(json.dumps(data).encode()).decode()}
    client.send(frame(1, {**came.headers, "biz_rt": "3"}, json.dumps(response).encode()))


def said(feishu: FeishuServer) -> Event:
    return feishu.events.says(feishu.world.add_user("安然"), None, "/任务 列表 😀")


def test_the_endpoint_gives_an_address_with_device_and_service_and_the_clients_settings(feishu: FeishuServer) -> None:
    data = endpoint(feishu)["data"]
    assert isinstance(data, dict)
    query = parse_qs(urlsplit(data["URL"]).query)

    assert query["service_id"] == [str(SERVICE_ID)]
    assert query["device_id"][0]
    assert data["ClientConfig"] == {"ReconnectCount": -1, "ReconnectInterval": 120, "ReconnectNonce": 30, "PingInterval": 120}
    assert endpoint(feishu, "wrong")["code"] == 514


def test_a_ping_is_answered_with_the_settings_of_the_moment(feishu: FeishuServer) -> None:
    feishu.socket.config = ClientConfig(PingInterval=5)
    with connected(feishu) as client:
        client.send(frame(0, {"type": "ping"}))
        pong = receive(client)

    assert (pong.method, pong.headers) == (0, {"type": "pong"})
    assert json.loads(pong.payload)["PingInterval"] == 5
    assert feishu.socket.pings == 1


@pytest.mark.parametrize("parts", [1, 2, 7])
def test_an_event_comes_in_so_many_frames_and_its_answer_is_noted(feishu: FeishuServer, parts: int) -> None:
    event = said(feishu)
    with connected(feishu) as client:
        feishu.socket.wait_connected()
        coming = feishu.socket.start_push(event, parts=parts)
        came = [receive(client) for _ in range(parts)]
        acknowledge(client, came[-1], {})
        ack = coming.result(5)

    assert [part.headers["seq"] for part in came] == [str(number) for number in range(parts)]
    assert {(part.headers["sum"], part.headers["type"]) for part in came} == {(str(parts), "event")}
    assert len({part.headers["message_id"] for part in came}) == 1
    assert json.loads(b"".join(part.payload for part in came)) == event.payload()
    assert (ack.code, ack.frame.header("biz_rt")) == (200, "3")
    assert [answer.body for answer in feishu.world.answers(event.event_id)] == [{}]


def test_each_event_goes_to_one_connection_in_turn(feishu: FeishuServer) -> None:
    with connected(feishu) as one, connected(feishu) as two:
        feishu.socket.wait_connected(2)
        pushed = [feishu.socket.start_push(said(feishu)) for _ in range(2)]
        for client in (one, two):
            acknowledge(client, receive(client), {})
        assert [future.result(5).code for future in pushed] == [200, 200]


def test_without_an_answer_the_push_times_out(feishu: FeishuServer) -> None:
    with connected(feishu):
        feishu.socket.wait_connected()
        with pytest.raises(TimeoutError):
            feishu.socket.push(said(feishu), seconds=0.01)


def test_nobody_connected_is_told_at_once(feishu: FeishuServer) -> None:
    with pytest.raises(ConnectionError):
        feishu.socket.push(said(feishu))


def test_a_silent_connection_stands_but_says_nothing_until_it_speaks_again(feishu: FeishuServer) -> None:
    with connected(feishu) as client:
        feishu.socket.wait_connected()
        feishu.socket.silence()
        client.send(frame(0, {"type": "ping"}))
        feishu.world.until(lambda: feishu.socket.pings == 1)
        with pytest.raises(TimeoutError):
            client.recv(timeout=0.05)
        assert feishu.socket.count == 1
        feishu.socket.speak()
        client.send(frame(0, {"type": "ping"}))
        assert receive(client).headers == {"type": "pong"}


def test_a_dropped_connection_ends_without_a_goodbye(feishu: FeishuServer) -> None:
    with connected(feishu) as client:
        feishu.socket.wait_connected()
        feishu.socket.drop()
        with pytest.raises(ConnectionClosed) as gone:
            client.recv(timeout=5)
        feishu.socket.wait_connected(0)

    assert gone.value.rcvd is None


@pytest.mark.parametrize(("refusal", "auth_code"), [(CONNECTION_LIMIT, "1000040350"), (AUTHENTICATION_FAILED, "0")])
def test_a_refused_handshake_says_why_in_its_headers(feishu: FeishuServer, refusal: Refusal, auth_code: str) -> None:
    url = address(feishu)
    feishu.socket.refusal = refusal
    with pytest.raises(InvalidStatus) as refused:
        connect(url, proxy=None)

    headers = refused.value.response.headers
    assert (headers["handshake-status"], headers["handshake-autherrcode"]) == ("514", auth_code)
    assert headers["handshake-msg"] == refusal.message
