"""What does the answer to a press look like? A toast of words, the pressed card's new state, and what needs a message of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.platforms.feishu.incoming import Pressed
from bot.platforms.feishu.payload import FeishuPayload
from bot.platforms.fields import Body
from bot.platforms.shortening import shorten
from core.domain.workspaces import Locale
from core.i18n.texts import text
from core.messages.model import Actions, Form, Message, Paragraph
from handlers.kernel.answer import Answer, Outcome

# Not documented; more is not read in the seconds for which a toast stands.
TOAST_LETTERS = 120
LANGUAGES = {Locale.ZH: "zh_cn", Locale.EN: "en_us"}
TYPES: dict[Outcome, Literal["success", "error", "info"]] = {
    Outcome.DONE: "success",
    Outcome.MISTAKE: "error",
    Outcome.FAULT: "error",
    Outcome.WORKING: "info",
}


# What remains to be told, in a thread that may wait for Feishu.
Telling = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Reaction:
    """What is told of a press: a toast, the pressed card's new look, and what is left to `tell` to one whom no delivery reaches.

    `answer` is what the house said, for when the toast would come too late. It `replaces` the pressed card where the card shows that very answer.
    """

    press: Pressed
    toast: Body
    card: FeishuPayload | None = None
    answer: Answer | None = None
    replaces: bool = False
    tell: Telling | None = None

    @property
    def body(self) -> Body:
        """What Feishu is answered: https://open.feishu.cn/document/feishu-cards/card-callback-communication"""
        if self.card is None:
            return {"toast": self.toast}
        return {"toast": self.toast, "card": {"type": "raw", "data": self.card.card}}


def toast(answer: Answer) -> Body:
    """The answer in words. That something is still missing is no error."""
    return {"type": "info" if answer.asks else TYPES[answer.outcome], "content": shorten(answer.message.fallback, TOAST_LETTERS)}


def told_in_both(outcome: Outcome, key: str) -> Body:
    """A catalogue's sentence for somebody whose language is not known: Feishu shows the one of their client."""
    words = {name: text(locale, key) for locale, name in LANGUAGES.items()}
    return {"type": TYPES[outcome], "content": words[LANGUAGES[Locale.ZH]], "i18n": words}


def is_more_than_words(message: Message) -> bool:
    """Whether a toast cannot say it all."""
    return len(message.fallback) > TOAST_LETTERS or len(message.blocks) > 1 or not all(isinstance(block, Paragraph) for block in message.blocks)


def asks_further(message: Message) -> bool:
    """Whether there is something to fill in or to press."""
    return any(isinstance(block, (Form, Actions)) for block in message.blocks)
