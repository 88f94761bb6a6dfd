"""How much does Feishu take? The numbers of its documents, and what is given up first when a card is too large.

Pages are named as under https://open.feishu.cn/document/feishu-cards/; sizes of messages: /document/server-docs/im-v1/message/create.
"""

from __future__ import annotations

from dataclasses import dataclass

# A card message: the whole body of the request, in which the card is a string within JSON. The rest of the body takes less than a kilobyte.
REQUEST_BYTES = 30_000
BODY_BYTES = REQUEST_BYTES - 1_000
# card-json-v2-structure: elements and components, everything that has a tag.
ELEMENTS = 200
# card-json-v2-components/content-components/table: tables of a card, rows of a page, columns.
TABLES = 5
PAGE_ROWS = 10
COLUMNS = 50
# card-json-v2-components/interactive-components/input: what can be typed, and the words in an empty field.
INPUT_LETTERS = 1_000
PLACEHOLDER_LETTERS = 100

# Not documented: what reads well on a phone, in characters.
TITLE_LETTERS = 60
BUTTON_LETTERS = 40
SUMMARY_LETTERS = 200
CELL_LETTERS = 300
# A cell as long as this holds a sentence.
SENTENCE_LETTERS = 24
# Each choice counts as an element; nobody scrolls through more of them on a phone.
CHOICES = 60
# A plain message may be five times as large as a card.
TEXT_LETTERS = 4_000
# A table wider than this keeps its first column in sight while it is scrolled.
STANDING_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Room:
    """What a card may take: rows of each table, and characters of each line of text."""

    rows: int
    letters: int


# Tried one after the other until the card fits: tables are shortened first, then they go into their files, then lines are cut.
ROOMS = (Room(50, 4_000), Room(20, 4_000), Room(10, 4_000), Room(5, 4_000), Room(3, 1_000), Room(0, 1_000), Room(0, 300), Room(0, 100))
