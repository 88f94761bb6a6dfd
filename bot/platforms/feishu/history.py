"""Did it get out? The conversation is searched for the mark that every card carries.

A chat's history has a thread only by its first message, so a thread is searched by itself. What went out as plain text bears no mark: within the
hour its uuid keeps it from being sent twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.platforms.feishu import calls
from bot.platforms.feishu.apps import App
from bot.platforms.feishu.client import Client
from bot.platforms.feishu.marks import mark
from bot.platforms.fields import part, parts, word
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
    since, sought, page_token = int((now - LOOK_BACK).timestamp()), mark(key), ""
    for _ in range(PAGES):
        page = part(client.ask(app, calls.history(container, container_id, since, page_token)), "data")
        for message in parts(page, "items"):
            if sought in word(message, "body", "content") and word(message, "sender", "id") == app.id:
                return Receipt(word(message, "message_id"))
        page_token = word(page, "page_token")
        if not page_token or page.get("has_more") is not True:
            return None
    raise SendError(Reason.NO_ACCESS, retryable=False)


def _container(client: Client, app: App, chat: str, thread: str | None) -> tuple[str, str]:
    if thread is None:
        return "chat", chat
    answered = parts(client.ask(app, calls.message(thread)), "data", "items")
    thread_id = word(answered[0], "thread_id") if answered else ""
    return ("thread", thread_id) if thread_id else ("chat", chat)
