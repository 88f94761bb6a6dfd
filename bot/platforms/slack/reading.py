"""What did a person type, behind the marks that Slack puts into their text?"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

# <@U1|lin>, <#C1|ops>, <!here>, <https://example.org|words>: what Slack makes of mentions and links in what people type.
_MARKED = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
# Slack escapes these three alone.
_ESCAPED = re.compile(r"&(?:amp|lt|gt);")


def spoken(text: str, handle: Callable[[str], str | None]) -> str:
    """The text as the person typed it: people by their handles, channels by their names, links by their words."""

    def shown(found: re.Match[str]) -> str:
        sign, name, label = found[1], found[2], found[3]
        if sign == "@":
            return f"@{handle(name) or label or name}"
        # A group's words have their @ already.
        return f"@{(label or name).removeprefix('@')}" if sign == "!" else f"{sign}{label or name}"

    return _ESCAPED.sub(lambda found: unescape(found[0]), _MARKED.sub(shown, text))
