"""How does a frame of the long connection look on the wire? The protobuf message pbbp2.Frame, by the wire format, without any SDK.

    message Header { required string key = 1; required string value = 2; }
    message Frame  { required uint64 SeqID = 1; required uint64 LogID = 2; required int32 service = 3; required int32 method = 4;
                     repeated Header headers = 5; optional string payload_encoding = 6; optional string payload_type = 7;
                     optional bytes payload = 8; optional string LogIDNew = 9; }

Source of the format: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_SIXTY_FOUR_BITS = (1 << 64) - 1


class Method(IntEnum):
    """What a frame is for."""

    CONTROL = 0
    DATA = 1


class FrameError(ValueError):
    """Bytes that are no frame."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame. Optional fields are None when they are not on the wire."""

    seq_id: int
    log_id: int
    service: int
    method: int
    headers: tuple[tuple[str, str], ...] = ()
    payload_encoding: str | None = None
    payload_type: str | None = None
    payload: bytes | None = None
    log_id_new: str | None = None

    def header(self, key: str) -> str | None:
        """The first header of that name."""
        return next((value for name, value in self.headers if name == key), None)


def encode(frame: Frame) -> bytes:
    """The frame's bytes, fields in the order of their numbers."""
    parts = [_number(1, frame.seq_id), _number(2, frame.log_id), _number(3, frame.service), _number(4, frame.method)]
    parts += [_chunk(5, _chunk(1, key.encode()) + _chunk(2, value.encode())) for key, value in frame.headers]
    texts = ((6, frame.payload_encoding), (7, frame.payload_type))
    parts += [_chunk(number, text.encode()) for number, text in texts if text is not None]
    if frame.payload is not None:
        parts.append(_chunk(8, frame.payload))
    if frame.log_id_new is not None:
        parts.append(_chunk(9, frame.log_id_new.encode()))
    return b"".join(parts)


def decode(data: bytes) -> Frame:
    """The frame in the bytes; unknown fields are passed over. Raises FrameError."""
    numbers: dict[int, int] = {}
    chunks: dict[int, bytes] = {}
    headers: list[tuple[str, str]] = []
    for number, value in _fields(data):
        if isinstance(value, int):
            numbers[number] = value
        elif number == 5:
            headers.append(_header(value))
        else:
            chunks[number] = value
    if not {1, 2, 3, 4} <= numbers.keys():
        raise FrameError("a required field is missing")
    return Frame(
        numbers[1],
        numbers[2],
        _signed(numbers[3]),
        _signed(numbers[4]),
        tuple(headers),
        _text(chunks, 6),
        _text(chunks, 7),
        chunks.get(8),
        _text(chunks, 9),
    )


def _header(data: bytes) -> tuple[str, str]:
    chunks = {number: value for number, value in _fields(data) if isinstance(value, bytes)}
    key, value = _text(chunks, 1), _text(chunks, 2)
    if key is None or value is None:
        raise FrameError("a header without key or value")
    return key, value


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    position = 0
    while position < len(data):
        tag, position = _read_varint(data, position)
        number, kind = tag >> 3, tag & 7
        if kind == VARINT:
            value, position = _read_varint(data, position)
            yield number, value
            continue
        length, position = _length(data, position, kind)
        if position + length > len(data):
            raise FrameError("cut off")
        yield number, data[position : position + length]
        position += length


def _length(data: bytes, position: int, kind: int) -> tuple[int, int]:
    if kind == BYTES:
        return _read_varint(data, position)
    if kind in (FIXED64, FIXED32):
        return (8 if kind == FIXED64 else 4), position
    raise FrameError(f"wire type {kind}")


def _read_varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if position >= len(data) or shift > 63:
            raise FrameError("a number without end")
        byte = data[position]
        value |= (byte & 0x7F) << shift
        position, shift = position + 1, shift + 7
        if byte < 0x80:
            return value & _SIXTY_FOUR_BITS, position


def _varint(value: int) -> bytes:
    rest, out = value & _SIXTY_FOUR_BITS, bytearray()
    while rest > 0x7F:
        out.append(rest & 0x7F | 0x80)
        rest >>= 7
    out.append(rest)
    return bytes(out)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3 | VARINT) + _varint(value)


def _chunk(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | BYTES) + _varint(len(value)) + value


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value


def _text(chunks: Mapping[int, bytes], number: int) -> str | None:
    found = chunks.get(number)
    if found is None:
        return None
    try:
        return found.decode()
    except UnicodeDecodeError as error:
        raise FrameError("text that is not UTF-8") from error
