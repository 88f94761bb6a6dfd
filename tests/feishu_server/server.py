"""Who puts the fake together and keeps it running? A thread with a loop of its own, on a free port of the loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

from aiohttp import web

from core.ports import Clock
from tests.feishu_server.cards import CardRules, documented_rules
from tests.feishu_server.directory import Directory, Files, LateCards
from tests.feishu_server.endpoints import Endpoint
from tests.feishu_server.errors import ApiError
from tests.feishu_server.events import Events
from tests.feishu_server.faults import Faults
from tests.feishu_server.http import LARGEST_BODY, Door, Handler
from tests.feishu_server.limits import DOCUMENTED, Limits, Rates
from tests.feishu_server.long_connection import AUTH_FAILED, SERVICE_ID, LongConnections
from tests.feishu_server.messaging import Messaging
from tests.feishu_server.slash_commands import SlashCommands
from tests.feishu_server.tokens import Tokens
from tests.feishu_server.values import App, Json
from tests.feishu_server.webhook import Sealing, Webhook
from tests.feishu_server.world import World

SOCKET_PATH = "/ws/v2"


class FeishuServer:
    """A Feishu on loopback. Use it as a context manager; `url` is the domain to give the app."""

    def __init__(
        self, clock: Clock, *, apps: Sequence[App] = (App(),), limits: Limits = DOCUMENTED, card_rules: CardRules = documented_rules
    ) -> None:
        self.app = apps[0]
        self.world = World(clock, apps, card_rules)
        self.faults = Faults()
        self.tokens = Tokens(clock, self.world.apps)
        self.events = self.events_of(self.app)
        self.url = ""
        self._rates = Rates(clock, limits)
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="fake-feishu", daemon=True)
        self._runner: web.AppRunner | None = None
        self._webhooks: list[Webhook] = []
        self.socket = LongConnections(self.world, self._loop)

    def events_of(self, app: App) -> Events:
        """The acts of people towards another app's bot."""
        return Events(self.world, app)

    def webhook(self, url: str, app: App | None = None) -> Webhook:
        """The URL at which an app takes events."""
        webhook = Webhook(self.world, app or self.app, url)
        self._webhooks.append(webhook)
        return webhook

    def sealing(self, app: App | None = None) -> Sealing:
        """Makes signed requests that are not sent, for tests of a guard."""
        return Sealing(self.world, app or self.app)

    def __enter__(self) -> Self:
        self._thread.start()
        port = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.faults.release_all()
        for webhook in self._webhooks:
            webhook.close()
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self) -> int:
        door = Door(self.world, self.tokens, self._rates, self.faults)
        application = web.Application(client_max_size=LARGEST_BODY)
        application.add_routes(door.routes(self._handlers(), {Endpoint.TOKEN: self._token, Endpoint.CONNECT: self._connect}))
        application.router.add_get(SOCKET_PATH, self.socket.serve)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def _stop(self) -> None:
        await self.socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def _handlers(self) -> Mapping[Endpoint, Handler]:
        messaging, directory, files = Messaging(self.world, self._rates), Directory(self.world), Files(self.world)
        commands, cards = SlashCommands(self.world), LateCards(self.world)
        return {
            Endpoint.BOT: directory.bot,
            Endpoint.SEND: messaging.send,
            Endpoint.REPLY: messaging.reply,
            Endpoint.EDIT: messaging.edit,
            Endpoint.LIST: messaging.list,
            Endpoint.READ: messaging.read,
            Endpoint.IMAGE: files.image,
            Endpoint.FILE: files.file,
            Endpoint.RESOURCE: files.resource,
            Endpoint.CHATS: directory.chats,
            Endpoint.CHAT: directory.chat,
            Endpoint.USER: directory.user,
            Endpoint.COMMANDS: commands.list,
            Endpoint.ADD_COMMAND: commands.add,
            Endpoint.CHANGE_COMMAND: commands.change,
            Endpoint.REMOVE_COMMAND: commands.remove,
            Endpoint.UPDATE_CARD: cards.update,
        }

    def _token(self, body: Json) -> Json:
        token = self.tokens.issue(str(body.get("app_id")), str(body.get("app_secret")))
        return {"tenant_access_token": token.token, "expire": self.tokens.left(token)}

    def _connect(self, body: Json) -> Json:
        """POST callback/ws/endpoint: the address of the long connection, and how to keep it."""
        app = self.world.apps.get(str(body.get("AppID")))
        if app is None or app.app_secret != body.get("AppSecret"):
            raise ApiError(AUTH_FAILED, "auth failed", status=200)
        keys = {"access_key": app.app_id, "ticket": self.world.number("ticket")}
        query = {"fpid": 493, "aid": 552564, "device_id": self.world.number("device"), "service_id": SERVICE_ID, **keys}
        address = f"{self.url.replace('http', 'ws', 1)}{SOCKET_PATH}?{urlencode(query)}"
        return {"URL": address, "ClientConfig": asdict(self.socket.config)}
