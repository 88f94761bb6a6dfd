"""Who answers on Feishu in tests? A small shop bound to the fake Feishu's app, with the real code between it and the database."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

import uvicorn

import handlers.every  # noqa: F401  # declares the commands
from bot.courier import Courier
from bot.deliveries import Deliveries
from bot.desk import HouseDesk
from bot.dispatch import Dispatcher
from bot.door import Door, Threshold
from bot.lates import Lates
from bot.platforms.feishu.apps import PLATFORM, Apps
from bot.platforms.feishu.chats import Chats
from bot.platforms.feishu.client import Client
from bot.platforms.feishu.platform import FeishuPlatform
from bot.platforms.feishu.presence import FeishuPresence
from bot.platforms.feishu.start import Parts, feishu_parts
from bot.platforms.settings import FeishuSettings
from bot.server import listen
from bot.switchboard import Switchboard
from bot.ties import StoredTies
from core.domain.workspaces import Locale, Member, Permission, Workspace
from core.messages.tokens import Signer
from core.pool import Pool
from core.ports import Address, Clock
from core.storage.unit_of_work import Database
from handlers.kernel.command import REGISTRY
from tests.fakes import UNPACED, FakeRenderer, no_engine
from tests.feishu_server import App, FeishuServer, User
from tests.office import Jobs


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
    parts: Parts

    @property
    def apps(self) -> Apps:
        return self.parts.apps

    @property
    def client(self) -> Client:
        return self.parts.client

    @property
    def chats(self) -> Chats:
        return self.parts.chats

    @property
    def platform(self) -> FeishuPlatform:
        return self.parts.platform

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
    parts = feishu_parts(FeishuSettings(domain=feishu.url), ties, clock)
    parts.apps.refresh()
    house = FeishuHouse(database, clock, feishu, workspace, owner, lin, ties, parts)
    with database.write() as uow:
        uow.members.link(workspace.id, owner.id, house.binding, lin.open_id)
        uow.commit()
    try:
        yield house
    finally:
        parts.client.close()


@dataclass
class Office:
    """The shop at work: `desk` answers, `jobs` is told what is to be done later, `deliveries` does it."""

    house: FeishuHouse
    desk: HouseDesk
    jobs: Jobs
    deliveries: Deliveries

    def presence(self, mode: str = "webhook", patience: float = 2.5) -> FeishuPresence:
        """Feishu's side of a process."""
        app = self.house.feishu.app
        settings = FeishuSettings.model_validate({"domain": self.house.feishu.url, "app_id": app.app_id, "mode": mode, **secrets_of(app)})
        return FeishuPresence(settings, self.house.parts, self.desk, self.house.clock, Pool(3, "house"), lambda: 0.0, patience=patience)

    def work(self) -> None:
        """Does what was put off."""
        self.deliveries.tick()


def open_office(house: FeishuHouse) -> Office:
    """The real dispatcher, ledger and sender; pictures are not drawn."""
    signer, jobs = Signer(b"k" * 32), Jobs()
    board = Switchboard(house.database, {PLATFORM: lambda: house.platform})
    door = Door(house.database, board)
    options = {"welcome": Threshold(door), "fetch": lambda binding, ref: house.platform.download(binding, ref)}
    plain = Dispatcher(house.database, house.clock, REGISTRY, signer, **options)  # type: ignore[arg-type]  # options are what they are
    deliveries = Deliveries(house.database, house.clock, signer, plain, board, house.ties.refs, no_engine)
    deliveries.renderer, deliveries.patience = FakeRenderer(), UNPACED
    courier = Courier(house.clock, jobs, deliveries.worker.carry)
    dispatcher = Dispatcher(house.database, house.clock, REGISTRY, signer, courier=courier, **options)  # type: ignore[arg-type]
    lates = Lates(house.database, house.clock, dispatcher, courier, jobs)
    return Office(house, HouseDesk(house.database, house.clock, signer, dispatcher, house.ties, lates), jobs, deliveries)


@contextmanager
def served(presence: FeishuPresence) -> Iterator[str]:
    """The presence behind a real server in a thread; gives its address."""
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(presence, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=3))

    async def lived() -> None:
        living = asyncio.create_task(presence.run())
        await server.serve(sockets=[listening])
        living.cancel()
        await presence.close()

    thread = Thread(target=lambda: asyncio.run(lived()), name="feishu-presence")
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
