"""By what does a message tell under which key it was sent? By the uuid that Feishu keeps for an hour, and by a mark in the card that stays."""

from __future__ import annotations

from hashlib import sha256

from bot.platforms.feishu.payload import FeishuPayload, compact
from bot.platforms.fields import part, parts

# An element's id has at most 20 letters, digits and underscores, a letter first; a uuid at most 50 characters.
MARK_DIGITS = 18
UUID_DIGITS = 40


def uuid(key: str, part: str = "") -> str:
    """What Feishu knows a message by for an hour; `part` tells what belongs to one key apart."""
    return sha256(f"{key}\n{part}".encode()).hexdigest()[:UUID_DIGITS]


def mark(key: str) -> str:
    """What a card carries for good."""
    return f"k{sha256(key.encode()).hexdigest()[:MARK_DIGITS]}"


def marked(payload: FeishuPayload, key: str) -> str:
    """The card as JSON text, with the key's mark as the id of its first element."""
    body = part(payload.card, "body")
    first, *rest = parts(body, "elements")
    return compact({**payload.card, "body": {**body, "elements": [{**first, "element_id": mark(key)}, *rest]}})
