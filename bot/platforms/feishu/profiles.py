"""Who is an account of the tenant? What the directory tells, a neutral name where the app may not read it."""

from __future__ import annotations

from bot.platforms.feishu import calls
from bot.platforms.feishu.apps import App
from bot.platforms.feishu.client import Client
from bot.platforms.feishu.failures import Refused
from bot.platforms.fields import Body, part, word
from core.errors import Reason
from core.ports import Profile

GONE = ("is_frozen", "is_resigned", "is_exited")
TAIL = 4


def profile(client: Client, app: App, open_id: str) -> Profile | None:
    """The person of the account; None for those who left. Raises SendError."""
    try:
        user = part(client.ask(app, calls.user(open_id)), "data", "user")
    except Refused as error:
        if error.reason is not Reason.NO_ACCESS:
            raise
        # The edge lets in nobody of another tenant: this one belongs to the team, in a part of it that the app may not read.
        return Profile(_neutral(open_id))
    if any(part(user, "status").get(mark) for mark in GONE):
        return None
    return Profile(word(user, "name") or word(user, "en_name") or _neutral(open_id), handle=_handle(user))


def _handle(user: Body) -> str:
    """The name before the @ of their address at work, where the app may read it."""
    return (word(user, "enterprise_email") or word(user, "email")).partition("@")[0]


def _neutral(open_id: str) -> str:
    return f"Feishu {open_id[-TAIL:]}"
