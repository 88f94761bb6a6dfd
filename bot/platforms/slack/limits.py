"""How much does Slack take? Each number as its Block Kit reference has it, unless said otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

# chat.postMessage: the top-level text; longer ones are accepted but cut in clients.
TEXT = 4_000
# All words of a message's blocks together. The limit is not documented: `msg_blocks_too_long` was seen from some 11 000 characters.
WORDS = 10_000
# Our share of that for tables, so that a long one leaves room for what stands around it.
TABLE_WORDS = 6_000

BLOCK_ID = 255
HEADER = 150
# Each text of a context block.
CONTEXT = 2_000
ALT_TEXT = 2_000
IMAGE_TITLE = 2_000

TABLE_ROWS = 100
TABLE_COLUMNS = 20

# An actions block takes 25 elements; more than five are a wall on a phone.
BUTTONS = 5
BUTTON_LABEL = 75
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_LABEL = 30

VIEW_TITLE = 24
VIEW_BUTTON = 24
PRIVATE_METADATA = 3_000

INPUT_LABEL = 2_000
INPUT_HINT = 2_000
INPUT_VALUE = 3_000
PLACEHOLDER = 150
OPTIONS = 100
OPTION_LABEL = 75
OPTION_VALUE = 150
# A section's text, and any text object that has no smaller limit.
SECTION = 3_000


@dataclass(frozen=True, slots=True)
class Surface:
    """Where blocks are shown: how many of them fit, and whether the table block may stand and files may hang there."""

    blocks: int
    tables: bool
    files: bool


MESSAGE = Surface(50, tables=True, files=True)
# What only one person sees has no thread.
PRIVATE = Surface(50, tables=True, files=False)
# A modal or the home tab.
VIEW = Surface(100, tables=False, files=False)


def length(text: str) -> int:
    """The text's length at worst, as clients and servers in different languages count it: in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def begin(text: str, limit: int) -> str:
    """As much of the text's beginning as the limit takes."""
    return "".join(character for character, reached in zip(text, accumulate(map(length, text)), strict=True) if reached <= limit)
