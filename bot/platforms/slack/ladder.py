"""What is sent when Slack refuses a message as it is? The same without its pictures, which follow as files; and then its words alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import structlog

from bot.platforms.fields import word
from bot.platforms.slack.failures import Untaken
from bot.platforms.slack.payload import Object, SlackPayload

log = structlog.get_logger()
T = TypeVar("T")
W = TypeVar("W")


@dataclass(frozen=True, slots=True)
class Rung:
    """One way to say it: what is posted, and the ids of the pictures that are then put beside it."""

    payload: SlackPayload
    beside: tuple[str, ...] = ()


def taken(payload: SlackPayload, attempt: Callable[[SlackPayload], T]) -> tuple[T, tuple[str, ...]]:
    """What the first way brought that Slack took, and the pictures to put beside it. Raises SendError, Untaken when it took none."""
    return first_taken(payload.card, rungs(payload), lambda rung: (attempt(rung.payload), rung.beside))


def first_taken(card: str, ways: Iterable[W], attempt: Callable[[W], T]) -> T:
    """What the first of the ways brought that Slack took; the log has the refusals of the others, with the card's name. Raises SendError."""
    *better, last = ways
    for number, way in enumerate(better, 1):
        try:
            return attempt(way)
        except Untaken as error:
            log.warning("payload_refused", card=card, way=number, reason=error.reason.value)
    return attempt(last)


def rungs(payload: SlackPayload) -> Iterator[Rung]:
    """The ways, the best first."""
    yield Rung(payload)
    beside = pictures(payload)
    if beside:
        yield Rung(replace(payload, blocks=tuple(block for block in payload.blocks if not _picture(block))), beside)
    if payload.blocks:
        yield Rung(replace(payload, blocks=()), beside)


def pictures(payload: SlackPayload) -> tuple[str, ...]:
    """The ids of the uploaded pictures that the payload's blocks show."""
    return tuple(picture for block in payload.blocks if (picture := _picture(block)))


def _picture(block: Object) -> str:
    return word(block, "slack_file", "id")
