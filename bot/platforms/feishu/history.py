"""Did it get out? The conversation is searched for the mark that every card carries.

A chat's history has a thread only by its first message, so a thread is searched by itself. What went out as plain text bears no mark: within the
hour its uuid keeps it from being sent twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.platforms.feishu import calls
from bot.platforms.feishu.apps import App
from bot.platforms.feishu.client import Client
from bot.platforms.feishu.marks import mark
from bot.platforms.feishu.reading import read
from bot.platforms.fields import Body, part, parts, word
from core.errors import Reason, SendError
from core.ports import Receipt

# What is in doubt is looked for within minutes, and after a night's stop in the morning.
LOOK_BACK = timedelta(days=1)
PAGES = 20


def find(client: Client, app: App, chat: str, thread: str | None, key: str, now: datetime) -> Receipt | None:
    """The message under the key in the chat, or in the thread of the message named.

    Raises SendError: NO_ACCESS too where so much was said since that not all of it is looked through.
    """
    container, container_id = _container(client, app, chat, thread)
    sought = mark(key)
    for message in _messages(client, app, container, container_id, int((now - LOOK_BACK).timestamp())):
        if sought in word(message, "body", "content") and word(message, "sender", "id") == app.id:
            return Receipt(word(message, "message_id"))
    return None


def beside(client: Client, app: App, receipt: Receipt) -> frozenset[str]:
    """The names of the files in the message's thread. Raises SendError, NO_ACCESS where the app may not look."""
    thread = _thread(client, app, receipt.message_id)
    found = _messages(client, app, "thread", thread, 0) if thread else ()
    # A file that was taken back stands there still, with words for its content.
    contents = (read(word(message, "body", "content")) for message in found if word(message, "msg_type") == "file")
    return frozenset(word(content, "file_name") for content in contents if content is not None)


def _messages(client: Client, app: App, container: str, container_id: str, since: int) -> Iterator[Body]:
    """What stands in the chat since then, or in the thread from its beginning, the newest first."""
    page_token = ""
    for _ in range(PAGES):
        page = part(client.ask(app, calls.history(container, container_id, since, page_token)), "data")
        yield from parts(page, "items")
        page_token = word(page, "page_token")
        if not page_token or page.get("has_more") is not True:
            return
    raise SendError(Reason.NO_ACCESS, retryable=False)


def _container(client: Client, app: App, chat: str, thread: str | None) -> tuple[str, str]:
    if thread is None:
        return "chat", chat
    thread_id = _thread(client, app, thread)
    return ("thread", thread_id) if thread_id else ("chat", chat)


def _thread(client: Client, app: App, message_id: str) -> str:
    """The thread in which the message stands, or which it began; empty where there is none."""
    answered = parts(client.ask(app, calls.message(message_id)), "data", "items")
    return word(answered[0], "thread_id") if answered else ""
