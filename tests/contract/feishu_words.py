"""What does a person read in a Feishu card, and what would Feishu act upon? The card taken apart again, for the contract suite."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape

from bot.platforms.feishu.payload import FeishuPayload
from tests.contract.feishu_rules import objects

# Tags, links and bold of Feishu's Markdown. People's words have none of these signs: they are entities.
_TAG = re.compile(r"</?[a-z_]+[^>]*>")
_LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
_BOLD = re.compile(r"\*\*")
_EDGE = "\u200b"
# Properties that hold a person's words.
_SAID = ("content", "display_name", "default_value", "initial_date")
# What was typed or can be chosen: words too, whatever they are.
_CHOSEN = ("initial_option", "selected_values")


def words(payload: FeishuPayload) -> str:
    """Everything of it that a person can read, unescaped: title, body, and the summary in the list of conversations."""
    return "\n".join(said for element in objects(payload.card) for said in _read(element))


def skeleton(payload: FeishuPayload) -> object:
    """Its structure without the words: components, their properties, the tags, links and bold of its Markdown. A code span is but a look."""
    return _bare(payload.card)


def targets(payload: FeishuPayload) -> Sequence[str]:
    """Where its links lead."""
    return [unescape(url) for content in _markdown(payload) for _, url in _LINK.findall(content)]


def mentioned(payload: FeishuPayload) -> Sequence[str]:
    """Whom it calls."""
    return [account for content in _markdown(payload) for account in re.findall(r"<at id=([^>]*)>", content)]


def pressed(payload: FeishuPayload) -> Sequence[object]:
    """What its buttons give back, in order."""
    return [found["value"] for found in objects(payload.card) if found.get("type") == "callback"]


def fallback(payload: FeishuPayload) -> str:
    """What a client without cards, or a screen reader, says of it."""
    return payload.text


def unmarked(content: str) -> str:
    """Feishu's Markdown as a person reads it."""
    signless = _TAG.sub("", _BOLD.sub("", _LINK.sub(r"\1", content.replace("<br>", "\n")))).replace("`", "")
    return unescape(signless).replace(_EDGE, "").replace("\xa0", " ")


def _markdown(payload: FeishuPayload) -> Iterator[str]:
    for element in objects(payload.card):
        if element.get("tag") == "markdown":
            yield str(element["content"])
        yield from (cell for marked, cell in _cells(element) if marked)


def _read(element: dict[str, object]) -> Iterator[str]:
    for name in _SAID:
        if name in element:
            yield unmarked(str(element[name])) if element.get("tag") == "markdown" else str(element[name])
    yield from (unmarked(cell) if marked else cell for marked, cell in _cells(element))


def _cells(element: dict[str, object]) -> Iterator[tuple[bool, str]]:
    """A table's cells, and whether each is Markdown."""
    columns, rows = element.get("columns"), element.get("rows")
    if isinstance(columns, list) and isinstance(rows, list):
        marked = {column["name"] for column in columns if column["data_type"] == "markdown"}
        yield from ((name in marked, cell) for row in rows for name, cell in row.items())


def _bare(value: object) -> object:
    match value:
        case dict():
            return _bare_object(value)
        case list():
            return [_bare(part) for part in value]
        case _:
            return value


def _bare_object(element: dict[str, object]) -> object:
    kept = {name: _bare(part) for name, part in element.items() if name not in (*_SAID, *_CHOSEN, "rows", "value")}
    if isinstance(given := element.get("value"), dict):
        kept["value"] = sorted(given)
    if element.get("tag") == "markdown":
        kept["content"] = _signs(str(element["content"]))
    if cells := list(_cells(element)):
        kept["rows"] = [_signs(cell) if marked else [] for marked, cell in cells]
    return kept


def _signs(content: str) -> list[str]:
    return [*_TAG.findall(content), *(url for _, url in _LINK.findall(content)), *_BOLD.findall(content)]
