"""How do people sit before each platform in a transcript? They say, press and fill in; what they then read is told apart from how it looks.

    seat.say("/kpi log dau=8.5万")     # a line: by slash command, message or mention, as the seat has it
    seat.press("看板")                  # a button of what was answered last
    seat.fill(values="dau=8.5万")       # the form that was answered last, opened first where it is behind a button

Each gives a `Seen`. Where platforms must differ stands here, and nowhere else:
- A press is answered by a short word on Feishu (a toast), so that of a press only that word is compared.
- A form stands in the message or behind a button, so that what asks with one is compared by its first sentence.
- A form that is sent with a mistake comes back: its labels and the errors beside them are compared. One that is right makes place for the
  answer, in which a Slack modal has no room for tables: that is compared by its first sentence too.
- A row of a table stands in cells or in a line, where dots part it: they are no words.
- Whom a message calls is shown by the platform itself; here it is the name with an @.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

_BLANK = re.compile(r"[\s·]+")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person read, without blanks. `short` is what a notification says, `words` the message; `labels` and `errors` are a form's."""

    short: str = ""
    words: str = ""
    labels: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


class Seat(Protocol):
    """One person before one platform."""

    def say(self, line: str) -> Seen:
        """Says a line to the bot: `short` and `words` of the answer."""
        ...

    def press(self, label: str) -> Seen:
        """Presses a button of the last answer: `short` of what came of it."""
        ...

    def fill(self, **fields: str) -> Seen:
        """Fills in the form of the last answer and sends it: `labels` and `errors`, or `words`."""
        ...

    def leave(self) -> None:
        """Gets up."""
        ...


def together(pieces: Sequence[str]) -> str:
    """Words without any blank or dot between them: platforms break and space their lines as they like."""
    return _BLANK.sub("", "".join(pieces))


def apart(pieces: Sequence[str]) -> tuple[str, ...]:
    """Each without blanks, empty ones left out."""
    return tuple(said for said in map(together, pieces) if said)
