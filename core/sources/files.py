"""What is this file, and how does one read it as a table? Its first bytes tell, not its name; what is no table is refused by its own sentence."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from core.errors import UserError
from core.sources.table import Limits, Piece, SourceTable

_MAGIC = (
    (b"%PDF", "sources.file.pdf"),
    (b"\x89PNG", "sources.file.picture"),
    (b"\xff\xd8\xff", "sources.file.picture"),
    (b"GIF8", "sources.file.picture"),
    (b"BM", "sources.file.picture"),
    (b"II*\x00", "sources.file.picture"),
    (b"MM\x00*", "sources.file.picture"),
    (b"RIFF", "sources.file.picture"),
    (b"Rar!", "sources.file.archive"),
    (b"7z\xbc\xaf\x27\x1c", "sources.file.archive"),
    (b"\x1f\x8b", "sources.file.archive"),
    (b"{\\rtf", "sources.file.unknown"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = (b"<!doctype html", b"<html", b"<table", b"<?xml", b"<meta", b"<head")
_START = 4096
_OLE_LOOKED_AT = 1 << 20


def open_table(content: bytes | Path, name: str, *, limits: Limits = Limits()) -> SourceTable:  # noqa: B008 (a frozen value)
    """The table in a CSV, TSV, XLSX or Parquet file.

    `name` is what the person calls the file; it only stands in sentences. Raises UserError, and nothing else, for whatever the bytes are.
    """
    opener = _opener(content)
    size = len(content) if isinstance(content, bytes) else content.stat().st_size
    with _named(name):
        table = _opened(opener, size, limits)
    return replace(table, read=lambda: _read(table, name))


def _read(table: SourceTable, name: str) -> Iterator[Piece]:
    with _named(name):
        yield from table.read()


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Every sentence may name the file."""
    try:
        yield
    except UserError as error:
        raise UserError(error.key, field="file", **{"file": name, **error.args_}) from None


def _opened(opener: Callable[[], BinaryIO], size: int, limits: Limits) -> SourceTable:
    if size >= limits.file_bytes:
        raise UserError("sources.file.too_large", size=size // 1_000_000, limit=limits.file_bytes // 1_000_000)
    with opener() as stream:
        start = stream.read(_START)
    if not start.strip():
        raise UserError("sources.file.empty")
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        from core.sources.workbooks import open_workbook

        return open_workbook(opener, limits)
    if start.startswith(b"PAR1"):
        from core.sources.parquet_files import open_parquet

        return open_parquet(opener, limits)
    _refuse_others(start, opener)
    from core.sources.text_files import open_text

    return open_text(opener, limits)


def _refuse_others(start: bytes, opener: Callable[[], BinaryIO]) -> None:
    for magic, key in _MAGIC:
        if start.startswith(magic) and not (len(magic) == 2 and _is_text(start)):
            raise UserError(key)
    if start.startswith(_OLE):
        raise UserError("sources.file.locked" if _is_encrypted(opener) else "sources.file.old_excel")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise UserError("sources.file.markup")


def _is_text(start: bytes) -> bool:
    """Two letters alone (BM of a bitmap) may begin a text as well, which has no control characters."""
    return not any(byte < 9 or 13 < byte < 32 for byte in start)


def _is_encrypted(opener: Callable[[], BinaryIO]) -> bool:
    """A workbook with a password is an OLE file that holds a stream of this name ([MS-OFFCRYPTO] 2.3.4)."""
    with opener() as stream:
        size = stream.seek(0, io.SEEK_END)
        for place in (0, max(size - _OLE_LOOKED_AT, 0)):
            stream.seek(place)
            if "EncryptedPackage".encode("utf-16-le") in stream.read(_OLE_LOOKED_AT):
                return True
    return False


def _opener(content: bytes | Path) -> Callable[[], BinaryIO]:
    if isinstance(content, bytes):
        return lambda: io.BytesIO(content)
    return lambda: content.open("rb")
