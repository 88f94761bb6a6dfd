"""Which of Slack's limits does a payload break? The numbers of the Block Kit reference, written down apart from the renderer's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bot.platforms.slack.payload import Json, Object
from tests.contract.slack_words import objects

# The longest text of each property of an object of that type.
LONGEST = {
    ("header", "text"): 150,
    ("section", "text"): 3_000,
    ("button", "text"): 75,
    ("button", "value"): 2_000,
    ("button", "action_id"): 255,
    ("image", "alt_text"): 2_000,
    ("image", "title"): 2_000,
    ("input", "label"): 2_000,
    ("input", "hint"): 2_000,
    ("plain_text_input", "initial_value"): 3_000,
    ("plain_text_input", "placeholder"): 150,
    ("datepicker", "placeholder"): 150,
    ("static_select", "placeholder"): 150,
    ("multi_static_select", "placeholder"): 150,
    ("modal", "title"): 24,
    ("modal", "submit"): 24,
    ("modal", "close"): 24,
    ("modal", "private_metadata"): 3_000,
    ("modal", "callback_id"): 255,
}
CONFIRM = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
OPTION = {"text": 75, "value": 150}
MOST = {
    ("actions", "elements"): 25,
    ("context", "elements"): 10,
    ("static_select", "options"): 100,
    ("multi_static_select", "options"): 100,
    ("table", "rows"): 100,
}


def breaches(shown: Object) -> list[str]:
    """Every limit that a message or a view breaks, in words."""
    return [*_whole(shown), *(found for part in objects(shown) for found in _part(part))]


def _whole(shown: Object) -> Iterator[str]:
    blocks = shown["blocks"]
    assert isinstance(blocks, Sequence)
    if not 0 < len(blocks) <= (100 if "type" in shown else 50):
        yield f"{len(blocks)} blocks"
    if "type" not in shown and not 0 < size(shown["text"]) <= 4_000:
        yield "text"
    if "type" not in shown and sum(size(part.get("text")) + size(part.get("alt_text")) for block in blocks for part in objects(block)) > 10_000:
        yield "all words"
    kinds = Counter(block["type"] for block in blocks if isinstance(block, Mapping))
    if kinds["table"] > (0 if "type" in shown else 1):
        yield f"{kinds['table']} tables"
    yield from (f"{name} twice" for name in ("block_id", "action_id") for name in _twice(blocks, name))


def _twice(blocks: Json, name: str) -> Iterator[str]:
    """Ids that are not unique; inputs all have one action id, each in a block of its own."""
    found = Counter(part[name] for part in objects(blocks) if name in part and part[name] not in ("value", "form"))
    yield from (str(value) for value, times in found.items() if times > 1)


def _part(part: Object) -> Iterator[str]:
    kind = str(part.get("type"))
    longest: Mapping[str, int] = {name: most for (owner, name), most in LONGEST.items() if owner == kind}
    if "deny" in part:
        longest = CONFIRM
    elif kind == "None" and "value" in part:
        longest = OPTION
    for name, most in longest.items():
        if name in part and not (name != "private_metadata") <= _size(part[name]) <= most:
            yield f"{kind} {name}: {_size(part[name])}"
    yield from (f"{kind} {name}" for (owner, name), most in MOST.items() if owner == kind and name in part and not 0 < _count(part[name]) <= most)
    if kind in ("plain_text", "text", "link") and not size(part["text"]):
        yield f"{kind} is empty"
    if kind == "context" and any(size(text["text"]) > 2_000 for text in objects(part) if "text" in text):
        yield "context text"
    if kind == "table" and any(not 0 < _count(row) <= 20 for row in _rows(part)):
        yield "table columns"
    if size(part.get("block_id")) > 255:
        yield "block_id"


def _rows(table: Object) -> Sequence[Json]:
    rows = table["rows"]
    assert isinstance(rows, Sequence)
    return rows


def _count(value: Json) -> int:
    assert isinstance(value, Sequence)
    return len(value)


def _size(value: Json) -> int:
    """The length of a string or of a text object."""
    return size(value["text"]) if isinstance(value, Mapping) else size(value)


def size(value: Json) -> int:
    return len(value.encode("utf-16-le")) // 2 if isinstance(value, str) else 0
