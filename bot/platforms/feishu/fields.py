"""What does a JSON value from Feishu hold, when it may hold anything? The part asked for where it has the right shape, else nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

Json = Mapping[str, object]
NONE: Json = {}
# Only behind this can half of a character hide.
ESCAPED = b"\\u"


def read(written: str | bytes) -> Json | None:
    """The JSON object that is written there; None for everything else, and for words that UTF-8 cannot write."""
    try:
        found = json.loads(written)
        if ESCAPED in (written if isinstance(written, bytes) else written.encode(errors="replace")):
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def part(data: Json, *path: str) -> Json:
    """The object at the path, an empty one where there is none."""
    for name in path:
        found = data.get(name)
        data = found if isinstance(found, dict) else NONE
    return data


def word(data: Json, *path: str) -> str:
    """The string at the path, an empty one where there is none."""
    found = part(data, *path[:-1]).get(path[-1])
    return found if isinstance(found, str) else ""


def number(data: Json, *path: str) -> int:
    """The whole number at the path, 0 where there is none."""
    found = part(data, *path[:-1]).get(path[-1])
    return found if isinstance(found, int) else 0


def parts(data: Json, *path: str) -> Sequence[Json]:
    """The objects in the list at the path."""
    found = part(data, *path[:-1]).get(path[-1])
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
