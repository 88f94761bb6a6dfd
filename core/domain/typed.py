"""What did a person type, whatever their keyboard was set to? Chinese keyboards write full-width digits and signs, spreadsheets paste odd spaces."""

from __future__ import annotations

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SIGNS = {ord("￥"): "¥", ord("￡"): "£", ord("−"): "-", ord("。"): "."}
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_PLAIN = _FULL_WIDTH | _SIGNS | _INVISIBLE


def plain(text: str) -> str:
    """The text with half-width digits and signs, single ordinary spaces and nothing invisible."""
    return " ".join(text.translate(_PLAIN).split())
