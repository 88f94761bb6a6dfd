"""How do Feishu's settings become its parts?"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from bot.platforms.feishu import calls
from bot.platforms.feishu.apps import App, Apps
from bot.platforms.feishu.bots import Bots
from bot.platforms.feishu.chats import Chats
from bot.platforms.feishu.client import Client
from bot.platforms.feishu.domain import domain_url
from bot.platforms.feishu.platform import FeishuPlatform
from bot.platforms.fields import word
from bot.platforms.seams import Ties
from bot.platforms.settings import FeishuSettings
from core.ports import Clock


@dataclass(frozen=True, slots=True)
class Parts:
    """What posting and answering share in one process."""

    ties: Ties
    apps: Apps
    client: Client
    chats: Chats
    bots: Bots
    platform: FeishuPlatform


def feishu_parts(settings: FeishuSettings, ties: Ties, clock: Clock) -> Parts:
    """The parts, `platform` to post with among them. Raises ConfigurationError."""
    client = Client(domain_url(settings.domain), clock)
    apps = Apps(ties)
    chats = Chats(ties, client)
    return Parts(ties, apps, client, chats, Bots(apps, client), FeishuPlatform(ties, apps, client, chats, clock))


def introduced(settings: FeishuSettings, app_id: str, secret: str, clock: Clock) -> str:
    """The name of the app's bot, by the secret that is tried with it. Raises SendError, and ConfigurationError for a domain that is none."""
    with closing(Client(domain_url(settings.domain), clock, quiet=True)) as client:
        return word(client.ask(App(0, app_id, secret), calls.bot()), "bot", "app_name")


def secrets_of(settings: FeishuSettings) -> dict[str, str]:
    """The settings' secrets by the names under which bindings keep them."""
    given = {"app_secret": settings.app_secret, "encrypt_key": settings.encrypt_key, "verification_token": settings.verification_token}
    return {name: secret.get_secret_value() for name, secret in given.items() if secret is not None}
