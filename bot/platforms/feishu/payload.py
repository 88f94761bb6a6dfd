"""What is sent to Feishu for a message? A card, the same in plain words, and the files that follow it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.platforms.attachments import Attachment

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class FeishuPayload:
    """A card in JSON 2.0; `text` for when the card is refused; `files` go into its thread. `name` is the card's, for the log."""

    card: Json
    text: str
    files: tuple[Attachment, ...] = ()
    name: str = ""

    @property
    def content(self) -> str:
        """The card as it stands in a request of type `interactive`."""
        return compact(self.card)


def compact(value: object) -> str:
    """JSON without a space too many, in UTF-8 letters: what the limits are counted in."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
