"""What stands where in what Slack sent? Looked up without trust: a part that is missing or of another shape is empty."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape

Body = Mapping[str, object]

# <@U1|lin>, <#C1|ops>, <!here>, <https://example.org|words>: what Slack makes of mentions and links in what people type.
_MARKED = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
# Slack escapes these three alone.
_ESCAPED = re.compile(r"&(?:amp|lt|gt);")


def part(body: object, *path: str) -> Body:
    """The object at the path."""
    found = body
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def word(body: object, *path: str) -> str:
    """The text at the path."""
    found = part(body, *path[:-1]).get(path[-1])
    return found if isinstance(found, str) else ""


def whole(body: object, *path: str) -> int:
    """The whole number at the path, 0 where there is none."""
    found = part(body, *path[:-1]).get(path[-1])
    return found if isinstance(found, int) else 0


def parts(body: object, *path: str) -> Iterator[Body]:
    """The objects of the list at the path."""
    found = part(body, *path[:-1]).get(path[-1])
    for item in found if isinstance(found, list) else ():
        if isinstance(item, Mapping):
            yield item


def spoken(text: str, handle: Callable[[str], str | None]) -> str:
    """The text as the person typed it: people by their handles, channels by their names, links by their words."""

    def shown(found: re.Match[str]) -> str:
        sign, name, label = found[1], found[2], found[3]
        if sign == "@":
            return f"@{handle(name) or label or name}"
        # A group's words have their @ already.
        return f"@{(label or name).removeprefix('@')}" if sign == "!" else f"{sign}{label or name}"

    return _ESCAPED.sub(lambda found: unescape(found[0]), _MARKED.sub(shown, text))
