"""What does the dispatcher hand back for one invocation?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.messages.model import Message


class Outcome(StrEnum):
    """How it went, for exit codes and for the one who replaces a working note."""

    DONE = "done"
    MISTAKE = "mistake"
    FAULT = "fault"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class Answer:
    """The message, how it went, and the member who alone sees it (None: everyone in the channel).

    `delivery` is the ledger row that will bring the result when the outcome is WORKING, or the picture that words cannot carry. `changed` says that a
    changing command was done: then a pressed card is drawn anew, and the words alone tell the rest. `edited` are the posted messages, by the
    platform's ids, that the ledger is about to change with it. `asks` says that nothing is wrong: the message is a form for what is missing.
    """

    message: Message
    outcome: Outcome = Outcome.DONE
    visible_to: int | None = None
    delivery: int | None = None
    changed: bool = False
    edited: frozenset[str] = frozenset()
    asks: bool = False
