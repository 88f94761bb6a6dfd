"""Is the fake's frame the frame of both SDKs? Against lark_oapi's protobuf definition, and against an exchange recorded with the Node SDK."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.golden.feishu_node_sdk_frames import PARTS, fresh, pressed
from tests.feishu_server.frames import Frame, FrameError, Method, decode, encode
from tests.feishu_server.long_connection import event_frames

GOLDEN = json.loads((Path(__file__).parent / "golden" / "feishu_node_sdk_frames.json").read_text(encoding="utf-8"))

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
numbers = st.integers(0, 2**64 - 1)
signed = st.integers(-(2**31), 2**31 - 1)
maybe = st.none() | words
headers = st.lists(st.tuples(words, words), max_size=6).map(tuple)
payloads = st.none() | st.binary(max_size=300)
frames = st.builds(Frame, numbers, numbers, signed, signed, headers, maybe, maybe, payloads, maybe)


@given(frames)
def test_lark_oapi_reads_what_the_fake_writes_and_writes_what_the_fake_reads(frame: Frame) -> None:
    from lark_oapi.ws.pb.pbbp2_pb2 import Frame as LarkFrame

    theirs = LarkFrame()
    theirs.ParseFromString(encode(frame))

    assert (theirs.SeqID, theirs.LogID, theirs.service, theirs.method) == (frame.seq_id, frame.log_id, frame.service, frame.method)
    assert tuple((header.key, header.value) for header in theirs.headers) == frame.headers
    assert (theirs.payload if theirs.HasField("payload") else None) == frame.payload
    assert (theirs.payload_type if theirs.HasField("payload_type") else None) == frame.payload_type
    assert decode(theirs.SerializeToString()) == frame
    assert theirs.SerializeToString() == encode(frame)


@given(frames, st.data())
def test_a_frame_cut_short_is_another_frame_or_none_but_never_a_crash(frame: Frame, data: st.DataObject) -> None:
    whole = encode(frame)
    short = whole[: data.draw(st.integers(0, len(whole) - 1))]
    try:
        assert decode(short) != frame
    except FrameError:
        assert True


@pytest.mark.parametrize("junk", [b"", b"\x08", b"\x0b", b"\x08" + b"\xff" * 11, b"\x08\x00\x10\x00\x18\x00", b"\x2a\x02\x0a\x00"])
def test_bytes_that_are_no_frame_are_refused(junk: bytes) -> None:
    with pytest.raises(FrameError):
        decode(junk)


def test_fields_unknown_today_are_passed_over() -> None:
    frame = Frame(1, 2, 3, Method.DATA, payload=b"x")

    assert decode(encode(frame) + b"\x78\x05" + b"\x79" + bytes(8) + b"\x7d" + bytes(4)) == frame


def test_the_node_sdk_understood_the_frames_that_the_fake_makes_today() -> None:
    with fresh() as feishu:
        event = pressed(feishu)
        frames_today = event_frames(event, feishu.world.number("msg"), PARTS)

    assert [encode(frame).hex() for frame in frames_today] == GOLDEN["to_sdk"][1:]
    assert GOLDEN["understood"]["event_id"] == event.event_id
    assert GOLDEN["understood"]["action"] == event.body["action"]


def test_the_node_sdk_took_its_ping_interval_from_the_pong() -> None:
    pong = decode(bytes.fromhex(GOLDEN["to_sdk"][0]))

    assert (pong.method, pong.header("type")) == (Method.CONTROL, "pong")
    assert json.loads(pong.payload or b"")["PingInterval"] * 1000 == GOLDEN["understood"]["ping_interval"]


def test_the_fake_reads_the_node_sdks_ping_and_answer() -> None:
    ping, answer = (decode(bytes.fromhex(frame)) for frame in GOLDEN["from_sdk"])

    assert (ping.method, ping.headers) == (Method.CONTROL, (("type", "ping"),))
    assert answer.method == Method.DATA
    assert answer.header("message_id") == decode(bytes.fromhex(GOLDEN["to_sdk"][1])).header("message_id")
    body = json.loads(answer.payload or b"")
    assert body["code"] == 200
    assert json.loads(base64.b64decode(body["data"])) == {"toast": {"type": "success", "content": "已记下"}}
