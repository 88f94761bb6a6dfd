"""What does Feishu's JSON say? An object that can be kept and shown, or nothing."""

from __future__ import annotations

import json

from bot.platforms.fields import Body

# Only behind this can half of a character hide.
ESCAPED = b"\\u"


def read(written: str | bytes) -> Body | None:
    """The JSON object that is written there; None for everything else, and for words that UTF-8 cannot write."""
    try:
        found = json.loads(written)
        if ESCAPED in (written if isinstance(written, bytes) else written.encode(errors="replace")):
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
