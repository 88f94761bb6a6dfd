"""Did it get out? The channel is searched for the key that every post carries in its metadata."""

from __future__ import annotations

from datetime import datetime, timedelta

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
    cursor = ""
    for _ in range(PAGES):
        page = _page(client, place, f"{(now - LOOK_BACK).timestamp():.6f}", cursor)
        for message in parts(page, "messages"):
            if word(message, "metadata", "event_type") == METADATA_TYPE and word(message, "metadata", "event_payload", "key") == key:
                return Receipt(word(message, "ts"))
        cursor = word(page, "response_metadata", "next_cursor")
        if not cursor:
            return None
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
