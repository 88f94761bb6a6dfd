"""What does the house hand to Slack? Plain JSON values, with the files that go into the message's thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.platforms.attachments import Attachment
from bot.platforms.slack.limits import length

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
Object: TypeAlias = Mapping[str, Json]

# The properties that hold words.
WORDED = frozenset({"text", "alt_text", "user_id", "channel_id"})


@dataclass(frozen=True, slots=True)
class SlackPayload:
    """A message for chat.postMessage or an answer by response_url.

    `text` is what notifications and screen readers say, and what is sent alone when Slack refuses the blocks; it is escaped. `files` hold what
    had to be cut. `card` names what was built, for the log.
    """

    text: str
    blocks: tuple[Object, ...]
    files: tuple[Attachment, ...] = ()
    card: str = ""

    def body(self) -> Object:
        """The arguments of the call."""
        return {"text": self.text, "blocks": self.blocks}


def weight(value: Json) -> int:
    """How many characters of words the value holds, as far as Slack's limit on all of them is known to count."""
    match value:
        case str() | int() | float() | None:
            return 0
        # What nearly all of them are is asked for first: an abstract class takes longer to say.
        case dict() | Mapping():
            return sum(length(part) if name in WORDED and isinstance(part, str) else weight(part) for name, part in value.items())
        case _:
            return sum(weight(part) for part in value)
