"""What lives in the serving process? The playground, and every chat platform that the settings name, over one dispatcher and one ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from random import random

from bot.carriers import Carriers
from bot.courier import Courier
from bot.desk import HouseDesk
from bot.edges import Edges
from bot.house import FEISHU, SLACK, House
from bot.lates import Lates
from bot.platforms.seams import Presence
from bot.platforms.web.app import WebApp
from bot.platforms.web.platform import PLATFORM as WEB
from bot.platforms.web.seams import Seams, Step
from bot.platforms.web.settings import WebSettings
from core.messages.tokens import Signer
from core.pool import Pool
from core.ports import Renderer

# With the playground's threads and the scheduler's as many as the connections of a database's pool.
CHAT_THREADS = 6


def edges(house: House, web: WebSettings, renderer: Renderer, jitter: Callable[[], float] = random, carriers: Carriers | None = None) -> Edges:
    """All of it as one application. `jitter` (0 to 1) spreads reconnections; `carriers` post what is answered by a message."""
    deliveries = house.deliveries
    deliveries.renderer = renderer
    carriers = carriers or Carriers()
    courier = Courier(house.clock, deliveries.engine, deliveries.worker.carry, carriers)
    dispatcher = house.dispatcher(courier)
    lates = Lates(house.database, house.clock, dispatcher, courier, deliveries.engine)
    app = WebApp(Seams(house.database, house.clock, dispatcher, house.complete, _stepper(house), renderer), web)
    house.platforms.use(WEB, app.platform)
    desk = HouseDesk(house.database, house.clock, house.signer, dispatcher, house.ties, lates)
    return Edges(app, tuple(_presences(house, desk, jitter)), carriers)


def _presences(house: House, desk: HouseDesk, jitter: Callable[[], float]) -> Iterator[Presence]:
    threads = Pool(CHAT_THREADS, "chat")
    if house.slack is not None:
        from bot.platforms.slack.presence import SlackPresence

        _own_team(house, SLACK, house.slack.bot_token is not None)
        installs = Signer(house.database.sealer.derive("slack install"))
        yield SlackPresence(house.slack, desk, house.ties, house.clock, installs, threads, jitter)
    if house.feishu is not None:
        from bot.platforms.feishu.presence import FeishuPresence

        _own_team(house, FEISHU, has_own=True)
        yield FeishuPresence(house.feishu, house.feishu_parts, desk, house.clock, threads, jitter)


def _own_team(house: House, platform: str, has_own: bool) -> None:
    """The settings hold the secrets of a team: it needs a workspace. Raises ConfigurationError where that is not clear."""
    if has_own:
        house.home()
        house.ties.expect(platform)


def _stepper(house: House) -> Step:
    def step(workspace: int, to: datetime) -> None:
        house.deliveries.standing.step(workspace, to)

    return step
