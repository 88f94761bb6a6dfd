"""What travels on the long connection? Protobuf frames, read and written by the SDK's codec; events may come in several pieces."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field

from lark_oapi.ws.pb.pbbp2_pb2 import Frame as Wire  # type: ignore[import-untyped]  # the SDK has no types

from bot.platforms.fields import Body
from bot.platforms.recent import Recent

CONTROL, DATA = 0, 1
PING, PONG = "ping", "pong"
# Pieces of events that never became whole are forgotten when so many others have begun.
MOST_BEGUN = 100
MOST_PIECES = 1_000


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame. `headers` hold what it is (`type`), of which message it is a piece (`message_id`, `sum`, `seq`), and more."""

    method: int
    service: int
    headers: Mapping[str, str]
    payload: bytes = field(default=b"", repr=False)
    sequence: int = 0
    log_id: int = 0

    @property
    def type(self) -> str:
        """`ping`, `pong`, `event` or `card`."""
        return self.headers.get("type", "")


def decode(data: bytes) -> Frame | None:
    """The frame; None for what is none."""
    wire = Wire()
    try:
        wire.ParseFromString(data)
    except Exception:  # the codec raises errors of several families for what it cannot read
        return None
    return Frame(wire.method, wire.service, {header.key: header.value for header in wire.headers}, wire.payload, wire.SeqID, wire.LogID)


def encode(frame: Frame) -> bytes:
    """The frame as bytes."""
    wire = Wire(SeqID=frame.sequence, LogID=frame.log_id, service=frame.service, method=frame.method, payload=frame.payload)
    for name, value in frame.headers.items():
        header = wire.headers.add()
        header.key, header.value = name, value
    written: bytes = wire.SerializeToString()
    return written


def ping(service: int) -> Frame:
    """A sign of life, which the other side answers."""
    return Frame(CONTROL, service, {"type": PING})


def answered(frame: Frame, code: int, body: Body, milliseconds: int) -> Frame:
    """The answer to an event's last frame: it goes back with the headers of what it answers."""
    said: dict[str, object] = {"code": code}
    if body:
        said["data"] = b64encode(json.dumps(body, ensure_ascii=False).encode()).decode()
    headers = {**frame.headers, "biz_rt": str(milliseconds)}
    return Frame(DATA, frame.service, headers, json.dumps(said).encode(), frame.sequence, frame.log_id)


class Pieces:
    """Puts events together that came in several frames."""

    def __init__(self) -> None:
        self._begun: Recent[str, dict[int, bytes]] = Recent(MOST_BEGUN)

    def add(self, frame: Frame) -> bytes | None:
        """The whole payload once its last piece has come, in whatever order."""
        total, number = _whole(frame.headers.get("sum", "1")), _whole(frame.headers.get("seq", "0"))
        if total <= 1:
            return frame.payload
        if total > MOST_PIECES or number >= total:
            return None
        message_id = frame.headers.get("message_id", "")
        pieces = self._begun.setdefault(message_id, {})
        pieces[number] = frame.payload
        if len(pieces) == total:
            del self._begun[message_id]
            return b"".join(pieces[position] for position in range(total))
        return None


def _whole(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) <= len("1000000") else 0
