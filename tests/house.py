"""How does a test run the whole process? The real house behind a real port, in a thread; only Slack and Feishu are ours.

    with Process(url, clock, slack=slack_settings(slack), feishu=feishu_settings(feishu)) as process:
        slack.carrier.app_url = f"{process.address}/slack/events"
        slack.acts.command(lin, ops, "/kpi log dau=8.5万")
        process.settle()

The engine's alarms do not ring: `settle` does by hand what they would do, so that a test knows when it is done.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import holidays  # noqa: F401  # what a first command would have to load: on a busy machine that takes longer than a platform waits
import rapidfuzz  # noqa: F401
from pydantic import SecretStr

import core.services.imports  # noqa: F401
from bot.carriers import Carriers
from bot.house import House
from bot.platforms.settings import FeishuSettings, SlackSettings
from bot.platforms.web.settings import WebSettings
from bot.server import Server, listen
from bot.serving import edges
from bot.settings import Settings
from core.clock import FixedClock
from core.domain.workspaces import Locale, Member, Permission, Workspace
from core.ports import Renderer
from core.services import workspaces
from core.storage.unit_of_work import Database
from tests.conftest import KEY
from tests.fakes import UNPACED, FakeRenderer
from tests.feishu_server import App, FeishuServer
from tests.slack_server import SlackServer

PATIENCE = 10.0


def nothing(house: House) -> None:
    """Leaves the house as it is."""


class AtOnce(Carriers):
    """Carries answers out in the thread of the act, so that a story knows when they stand."""

    def __call__(self, work: Callable[[], None]) -> None:
        work()


@dataclass
class Process:
    """One serving process in a `with` block. `workspace` is whose team the settings' secrets are for; `before` may change parts of the house."""

    url: str
    clock: FixedClock
    slack: SlackSettings | None = None
    feishu: FeishuSettings | None = None
    workspace: str = ""
    renderer: Renderer = field(default_factory=FakeRenderer)
    before: Callable[[House], None] = nothing

    def __post_init__(self) -> None:
        self.house = house_on(self.url, self.workspace)
        vars(self.house).update(clock=self.clock, slack=self.slack, feishu=self.feishu)

    def __enter__(self) -> Self:
        self.house.deliveries.patience = UNPACED
        self.before(self.house)
        self._served = edges(self.house, WebSettings(), self.renderer, jitter=lambda: 0.0, carriers=AtOnce())
        self._listening = listen("127.0.0.1", 0)
        self._server = WatchedServer(self._served)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listening]}, name="house")
        self._thread.start()
        assert self._server.began.wait(PATIENCE), "the server did not start"
        try:
            self._adopt()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _adopt(self) -> None:
        """The presences do it too, each in its time."""
        self.house.adopt()
        if self.feishu is not None:
            self.house.feishu_parts.apps.refresh()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def finish(self) -> None:
        """Returns when all that was begun is done, what took longer than a platform waits for it too."""
        for presence in self._served._presences.values():
            draining = presence._tasks.drain()  # type: ignore[attr-defined]  # every platform has them
            asyncio.run_coroutine_threadsafe(draining, self._server.loop).result(PATIENCE)

    def settle(self) -> None:
        """Finishes what was begun, and then all that is planned and due has gone out."""
        self.finish()
        self.house.deliveries.worker.run_due()

    def pass_to(self, local: str) -> None:
        """It is that time in Shanghai now, and what is due has gone out."""
        self.clock.instant = datetime.fromisoformat(f"{local}+08:00").astimezone(UTC)
        self.house.deliveries.tick()

    def stop(self) -> None:
        """Ends it as a supervisor does, and returns when it has ended."""
        self._server.should_exit = True
        self._thread.join(PATIENCE)
        self._listening.close()
        self.house.close()
        assert not self._thread.is_alive(), "the server did not stop"


class WatchedServer(Server):
    """The server, which says when it has begun and in which loop it lives."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # as the server takes them
        self.began = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.loop = asyncio.get_running_loop()
        self.began.set()


def house_on(url: str, workspace: str = "") -> House:
    """The parts of a process on that database, with the key of the tests."""
    return House(Settings(database_url=url, key=SecretStr(urlsafe_b64encode(KEY).decode()), workspace=workspace))


def slack_settings(slack: SlackServer, *, socket: bool = False, own: bool = True, oauth: bool = False) -> SlackSettings:
    """What the process is told of Slack: its `own` team's token, by HTTP or by socket, and whether others may install the app."""
    return SlackSettings(
        bot_token=SecretStr(slack.token) if own else None,
        signing_secret=None if socket else SecretStr(slack.signing_secret),
        app_token=SecretStr(slack.app_token) if socket else None,
        client_id=slack.client_id if oauth else None,
        client_secret=SecretStr(slack.client_secret) if oauth else None,
        api_url=slack.api_url,
    )


def feishu_settings(feishu: FeishuServer, app: App | None = None, mode: str = "webhook") -> FeishuSettings:
    """What the process is told of Feishu."""
    told = app or feishu.app
    secrets = {"app_secret": told.app_secret, "encrypt_key": told.encrypt_key, "verification_token": told.verification_token}
    return FeishuSettings.model_validate({"app_id": told.app_id, "domain": feishu.url, "mode": mode, **secrets})


TEAM = (
    Member(0, "林晓", Permission.ADMIN, "运营经理", "lin"),
    Member(0, "周航", Permission.MEMBER, "投放", "zhou"),
    Member(0, "顾言", Permission.VIEWER, "财务", "gu"),
)


@dataclass(frozen=True)
class Shop:
    """A workspace with its people, by handle."""

    workspace: Workspace
    people: dict[str, Member]


def open_shop(database: Database, clock: FixedClock, name: str = "半山茶铺", *, demo: bool = False) -> Shop:
    """A workspace in Shanghai with an admin, a member and a viewer, at home in the playground. A demo's clock stands where the machine's does."""
    told = Workspace(0, name, Locale.ZH, "Asia/Shanghai", "CNY", "CN", demo=demo, frozen_at=clock.now() if demo else None)
    with database.write() as uow:
        kept, owner, _ = workspaces.create(uow, told, TEAM[0], clock.now())
        others = [workspaces.join(uow, kept, member) for member in TEAM[1:]]
        uow.commit()
    return Shop(kept, {member.handle: member for member in (owner, *others)})


def give_account(database: Database, shop: Shop, handle: str, platform: str, tenant: str, account: str) -> None:
    """Ties a person of the shop to an account on a bound team."""
    with database.write() as uow:
        bound = uow.places.binding(platform, tenant)
        assert bound is not None, "bind the team first"
        uow.members.link(shop.workspace.id, shop.people[handle].id, bound[0], account)
        uow.commit()
