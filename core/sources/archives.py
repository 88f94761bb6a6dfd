"""Is a zip safe to open, and what do its parts hold? Sizes are counted while unpacking: what an archive says of itself is not believed."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from core.errors import UserError
from core.sources.table import Limits

_BLOCK = 1 << 18
_LOCAL_HEADER = 30


def entries(stream: BinaryIO, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """The parts by name. Raises UserError for a damaged or locked archive, and for one that says it unpacks to too much."""
    try:
        with zipfile.ZipFile(stream) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, OverflowError, RuntimeError, UnicodeError):
        raise UserError("sources.file.damaged") from None
    # Some readers take XL\Sheet.XML for xl/sheet.xml: two such parts are one name, and no telling which of them is read.
    if len({info.filename.replace("\\", "/").casefold() for info in infos}) != len(infos):
        raise UserError("sources.file.damaged")
    if any(info.flag_bits & 1 for info in infos):
        raise UserError("sources.file.locked")
    _refuse_excess(sum(info.file_size for info in infos), sum(info.compress_size for info in infos), limits)
    return {info.filename: info for info in infos}


def unpacked(stream: BinaryIO, info: zipfile.ZipInfo, limits: Limits) -> Iterator[bytes]:
    """The part's bytes in blocks. Raises UserError as soon as it has grown beyond the limits, or does not unpack."""
    size = 0
    for block in _blocks(stream, info):
        size += len(block)
        _refuse_excess(size, info.compress_size, limits)
        yield block


def _blocks(stream: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The unpacked bytes. Read by hand, since zipfile stops at the size that the archive states and so would not see more."""
    _seek(stream, info)
    left = info.compress_size
    stored = info.compress_type == zipfile.ZIP_STORED
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0 and (packed := stream.read(min(_BLOCK, left))):
        left -= len(packed)
        if stored:
            yield packed
        else:
            yield from _inflated(inflater, packed)


def _inflated(inflater: zlib._Decompress, packed: bytes) -> Iterator[bytes]:
    while packed:
        try:
            block = inflater.decompress(packed, _BLOCK)
        except zlib.error:
            raise UserError("sources.file.damaged") from None
        if block:
            yield block
        if inflater.eof:
            return
        packed = inflater.unconsumed_tail


def _seek(stream: BinaryIO, info: zipfile.ZipInfo) -> None:
    """To the part's first packed byte, behind its local header (APPNOTE.TXT 4.3.7)."""
    if info.header_offset < 0 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UserError("sources.file.damaged")
    stream.seek(info.header_offset)
    local = stream.read(_LOCAL_HEADER)
    if len(local) < _LOCAL_HEADER or not local.startswith(b"PK\x03\x04"):
        raise UserError("sources.file.damaged")
    stream.seek(info.header_offset + _LOCAL_HEADER + int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little"))


def _refuse_excess(unpacked_bytes: int, packed_bytes: int, limits: Limits) -> None:
    bomb = unpacked_bytes > limits.ratio_from and unpacked_bytes > limits.ratio * max(packed_bytes, 1)
    if bomb or unpacked_bytes > limits.unpacked_bytes:
        raise UserError("sources.file.unpacks_too_large", limit=limits.unpacked_bytes // 1_000_000)
