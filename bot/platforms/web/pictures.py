"""How tall will a picture be that has not come yet? Its ref ends with its size, so that a card leaves it the room and nothing moves when it comes."""

from __future__ import annotations

import re
import struct

_SIZE = re.compile(r"\.(\d+)x(\d+)\Z")
# https://www.w3.org/TR/png-3/#5PNG-file-signature and #11IHDR: width and height are the first two numbers of the first chunk.
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEAD = struct.Struct(">8s4x4sII")


def sized(ref: str, content: bytes) -> str:
    """The ref with the size behind it when the content is a PNG: `k3Jx.1080x612`."""
    if len(content) < _HEAD.size:
        return ref
    signature, chunk, width, height = _HEAD.unpack_from(content)
    return f"{ref}.{width}x{height}" if (signature, chunk) == (_SIGNATURE, b"IHDR") else ref


def size(ref: str) -> tuple[int, int] | None:
    """Width and height in pixels; None where the ref does not tell."""
    found = _SIZE.search(ref)
    return None if found is None else (int(found[1]), int(found[2]))
