"""What is sent when Slack refuses a message as it is? The same without its pictures, which follow as files; and then its words alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import structlog

from bot.platforms.fields import word
from bot.platforms.slack.failures import Untaken
from bot.platforms.slack.payload import Object, SlackPayload

log = structlog.get_logger()
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rung:
    """One way to say it: what is posted, and the ids of the pictures that are then put beside it."""

    payload: SlackPayload
    beside: tuple[str, ...] = ()


def taken(payload: SlackPayload, attempt: Callable[[SlackPayload], T]) -> tuple[T, tuple[str, ...]]:
    """What the first way brought that Slack took, and the pictures to put beside it. Raises SendError, Untaken when it took none."""
    *better, last = rungs(payload)
    for rung in better:
        try:
            return attempt(rung.payload), rung.beside
        except Untaken as error:
            log.warning("payload_refused", card=payload.card, blocks=len(rung.payload.blocks), reason=error.reason.value)
    return attempt(last.payload), last.beside


def rungs(payload: SlackPayload) -> Iterator[Rung]:
    """The ways, the best first."""
    yield Rung(payload)
    beside = tuple(picture for block in payload.blocks if (picture := _picture(block)))
    if beside:
        yield Rung(replace(payload, blocks=tuple(block for block in payload.blocks if not _picture(block))), beside)
    if payload.blocks:
        yield Rung(replace(payload, blocks=()), beside)


def _picture(block: Object) -> str:
    """The id of the uploaded picture that the block shows."""
    return word(block, "slack_file", "id")
