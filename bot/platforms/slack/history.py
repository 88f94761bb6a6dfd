"""Did it get out? The channel is searched for the key that every post carries in its metadata, its thread for the files beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from slack_sdk import WebClient

from bot.platforms.fields import Body, part, parts, word
from bot.platforms.slack.failures import telling
from core.errors import Reason, SendError
from core.ports import Address, Receipt

METADATA_TYPE = "morningbell"
# What is in doubt is looked for within minutes, and after a night's stop in the morning.
LOOK_BACK = timedelta(days=1)
PAGES = 5
PAGE = 200


def find(client: WebClient, place: Address, key: str, now: datetime) -> Receipt | None:
    """The message under the key in the conversation, or in the thread where one is named.

    Raises SendError, AMBIGUOUS where so much was said in a day that not all of it was seen: sent again, it might stand there twice.
    """
    for message in _messages(client, place, f"{(now - LOOK_BACK).timestamp():.6f}"):
        if word(message, "metadata", "event_type") == METADATA_TYPE and word(message, "metadata", "event_payload", "key") == key:
            return Receipt(word(message, "ts"))
    return None


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of a message: whether it shows its pictures, and the titles of the files in its thread."""

    pictured: bool
    titles: frozenset[str]


def standing(client: WebClient, place: Address, receipt: Receipt) -> Standing:
    """Looks at the message and at what came after it in its thread. Raises SendError, AMBIGUOUS where that is too much to be seen."""
    thread = replace(place, thread=place.thread or receipt.message_id)
    messages = tuple(_messages(client, thread, str(Decimal(receipt.message_id) - 1)))
    mine = (message for message in messages if word(message, "ts") == receipt.message_id)
    pictured = any(word(block, "type") == "image" for message in mine for block in parts(message, "blocks"))
    return Standing(pictured, frozenset(word(file, "title") for message in messages for file in parts(message, "files")))


def _messages(client: WebClient, place: Address, oldest: str) -> Iterator[Body]:
    """All that stands in the conversation, or in the thread where one is named, since then."""
    cursor = ""
    for _ in range(PAGES):
        page = _page(client, place, oldest, cursor)
        yield from parts(page, "messages")
        cursor = word(page, "response_metadata", "next_cursor")
        if not cursor:
            return
    raise SendError(Reason.AMBIGUOUS, retryable=True)


def _page(client: WebClient, place: Address, oldest: str, cursor: str) -> Body:
    if place.thread is None:
        with telling("conversations.history"):
            answer = client.conversations_history(
                channel=place.conversation, oldest=oldest, limit=PAGE, cursor=cursor or None, include_all_metadata=True
            )
    else:
        with telling("conversations.replies"):
            answer = client.conversations_replies(
                channel=place.conversation, ts=place.thread, oldest=oldest, limit=PAGE, cursor=cursor or None, include_all_metadata=True
            )
    return part(answer.data)
