"""Who answers on Feishu in tests? A small shop bound to the fake Feishu's app, with the real code between it and the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.platforms.feishu.apps import PLATFORM, Apps
from bot.platforms.feishu.chats import Chats
from bot.platforms.feishu.client import Client
from bot.platforms.feishu.platform import FeishuPlatform
from bot.ties import StoredTies
from core.domain.workspaces import Locale, Member, Permission, Workspace
from core.ports import Address, Clock
from core.storage.unit_of_work import Database
from tests.feishu_server import App, FeishuServer, User


def secrets_of(app: App) -> dict[str, str]:
    """The app's secrets as the settings give them."""
    return {"app_secret": app.app_secret, "encrypt_key": app.encrypt_key, "verification_token": app.verification_token}


@dataclass
class FeishuHouse:
    """The shop and its ways to Feishu. 林晓 runs it; who else speaks is a newcomer."""

    database: Database
    clock: Clock
    feishu: FeishuServer
    workspace: Workspace
    owner: Member
    lin: User
    ties: StoredTies
    apps: Apps
    client: Client
    chats: Chats
    platform: FeishuPlatform

    @property
    def binding(self) -> int:
        """The binding of the first app."""
        app = self.apps.get(self.feishu.app.app_id)
        assert app is not None
        return app.binding

    def address(self, conversation: str, thread: str | None = None, visible_to: int | None = None) -> Address:
        """A place on Feishu."""
        return Address(self.binding, conversation, thread, visible_to)

    def join(self, member: Member, user: User) -> Member:
        """A further person of the shop with their account."""
        with self.database.write() as uow:
            kept = uow.members.add(self.workspace.id, member)
            uow.members.link(self.workspace.id, kept.id, self.binding, user.open_id)
            uow.commit()
        return kept


@contextmanager
def feishu_house(database: Database, clock: Clock, feishu: FeishuServer, locale: Locale = Locale.ZH) -> Iterator[FeishuHouse]:
    """The shop, bound to the server's first app."""
    with database.write() as uow:
        workspace = uow.workspaces.add(Workspace(0, "半山茶铺", locale, "Asia/Shanghai", "CNY", "CN"), clock.now())
        owner = uow.members.add(workspace.id, Member(0, "林晓", Permission.ADMIN, "运营经理", "lin"))
        uow.commit()
    ties = StoredTies(database, clock, lambda: workspace.id)
    ties.adopt(PLATFORM, feishu.app.app_id, secrets_of(feishu.app))
    lin = feishu.world.add_user("林晓", "ou_lin")
    apps = Apps(ties)
    apps.refresh()
    client = Client(feishu.url, clock)
    chats = Chats(ties, client)
    platform = FeishuPlatform(ties, apps, client, chats, clock)
    house = FeishuHouse(database, clock, feishu, workspace, owner, lin, ties, apps, client, chats, platform)
    with database.write() as uow:
        uow.members.link(workspace.id, owner.id, house.binding, lin.open_id)
        uow.commit()
    try:
        yield house
    finally:
        client.close()
