"""Of what pieces is a card made? One function for each component that is used, and the count of what Feishu counts.

Pages: https://open.feishu.cn/document/feishu-cards/card-json-v2-components/component-json-v2-overview
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.platforms.feishu.limits import BODY_BYTES, ELEMENTS
from bot.platforms.feishu.payload import Json, compact

Size = Literal["normal", "heading", "notation"]
Color = Literal["default", "grey"]


def plain_text(words: str) -> Json:
    """Words in which nothing is markup."""
    return {"tag": "plain_text", "content": words}


def words(content: str, size: Size = "normal", color: Color = "default") -> Json:
    """A paragraph of plain words."""
    return {"tag": "div", "text": {**plain_text(content), "text_size": size, "text_color": color}}


def markdown(content: str, size: Size = "normal") -> Json:
    """A paragraph of Feishu's Markdown, see render_inline."""
    return {"tag": "markdown", "content": content, "text_size": size}


def picture(key: str, alt: str) -> Json:
    """An uploaded picture at full width, enlarged by a press."""
    return {"tag": "img", "img_key": key, "alt": plain_text(alt), "scale_type": "fit_horizontal", "preview": True}


def row(items: Sequence[Json]) -> Json:
    """Elements beside each other, wrapped on a narrow screen."""
    columns = [{"tag": "column", "width": "auto", "elements": [item]} for item in items]
    return {"tag": "column_set", "flex_mode": "flow", "horizontal_spacing": "8px", "columns": columns}


def divider() -> Json:
    """A line across."""
    return {"tag": "hr"}


@dataclass(frozen=True, slots=True)
class Weight:
    """What Feishu counts: bytes of the request's body, and elements."""

    bytes: int
    elements: int

    def __add__(self, other: Weight) -> Weight:
        return Weight(self.bytes + other.bytes, self.elements + other.elements)

    @property
    def fits(self) -> bool:
        """Whether Feishu takes as much."""
        return self.bytes <= BODY_BYTES and self.elements <= ELEMENTS


def weigh(part: Json) -> Weight:
    """What a card, or an element of one, weighs."""
    written = compact(part)
    # Within the request the card is a string, in which each of these takes a backslash more.
    escapes = written.count('"') + written.count("\\")
    return Weight(len(written.encode()) + escapes, tagged(written))


def tagged(written: str) -> int:
    """How many elements a card has, by its JSON: everything with a tag. In people's words the quotes are escaped, so they are not counted."""
    return written.count('"tag":')
