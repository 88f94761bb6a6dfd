"""What lives in the serving process? The playground, and every chat platform that the settings name, over one dispatcher and one ledger.

A process that hears no people has none of these: it plans, or it builds and sends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import random

from bot.backstage import Backstage
from bot.carriers import Carriers
from bot.courier import Courier
from bot.desk import HouseDesk
from bot.edges import Edges, Nobody
from bot.health import Check, Health
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
from core.storage.engine import answers

# With the playground's threads and the scheduler's as many as the connections of a database's pool.
CHAT_THREADS = 6


# A process that has not swept for so long does not keep its times any more.
STALE = timedelta(seconds=60)


def edges(house: House, web: WebSettings, renderer: Renderer, jitter: Callable[[], float] = random, carriers: Carriers | None = None) -> Edges:
    """All of it as one application. `jitter` (0 to 1) spreads reconnections; `carriers` post what is answered by a message."""
    house.deliveries.renderer = renderer
    metrics = _metrics(house)
    if not house.role.hears:
        return _backstage(house, metrics, jitter)
    carriers = carriers or Carriers()
    deliveries = house.deliveries
    courier = Courier(house.clock, deliveries.engine, deliveries.worker.carry, carriers)
    dispatcher = house.dispatcher(courier)
    lates = Lates(house.database, house.clock, dispatcher, courier, deliveries.engine)
    app = WebApp(Seams(house.database, house.clock, dispatcher, house.complete, _stepper(house), renderer), web)
    house.platforms.use(WEB, app.platform)
    desk = HouseDesk(house.database, house.clock, house.signer, dispatcher, house.ties, lates)
    presences = tuple(_presences(house, desk, jitter))
    return Edges(app, presences, carriers, Health(_checks(house, presences), metrics))


def _backstage(house: House, metrics: Callable[[], bytes] | None, jitter: Callable[[], float]) -> Edges:
    if house.role.works:
        _own_teams(house)
    return Edges(Nobody(), [Backstage(house, jitter)] if house.role.works else [], Carriers(), Health(_checks(house, ()), metrics))


def _metrics(house: House) -> Callable[[], bytes] | None:
    """What /metrics tells; None where it is off. Call it before the deliveries are used."""
    if not house.settings.metrics:
        return None
    from bot.metrics import Metrics

    metrics = Metrics(house.clock)
    house.deliveries.observe = metrics.looked
    house.deliveries.missed = metrics.missed
    if house.role.plans:
        metrics.watch(house.deliveries.engine)
    return metrics.text


def _checks(house: House, presences: Sequence[Presence]) -> Mapping[str, Check]:
    checks: dict[str, Check] = {"database": lambda: answers(house.database.engine), "queue": lambda: house.deliveries.engine.connected}
    if house.role.plans:
        checks["scheduler"] = lambda: _swept_lately(house)
    return {**checks, **{presence.path.lstrip("/"): partial(_heard, presence) for presence in presences}}


def _swept_lately(house: House) -> bool:
    swept = house.deliveries.engine.swept
    return swept is not None and house.clock.now() - swept.at < STALE


def _heard(presence: Presence) -> bool:
    return presence.heard


def _presences(house: House, desk: HouseDesk, jitter: Callable[[], float]) -> Iterator[Presence]:
    _own_teams(house)
    threads = Pool(CHAT_THREADS, "chat")
    if house.slack is not None:
        from bot.platforms.slack.presence import SlackPresence

        installs = Signer(house.database.sealer.derive("slack install"))
        yield SlackPresence(house.slack, desk, house.ties, house.clock, installs, threads, jitter)
    if house.feishu is not None:
        from bot.platforms.feishu.presence import FeishuPresence

        yield FeishuPresence(house.feishu, house.feishu_parts, desk, house.clock, threads, jitter)


def _own_teams(house: House) -> None:
    """The settings hold the secrets of teams: those need a workspace. Raises ConfigurationError where that is not clear."""
    own = [SLACK] if house.slack is not None and house.slack.bot_token is not None else []
    for platform in [*own, *([FEISHU] if house.feishu is not None else [])]:
        house.home()
        house.ties.expect(platform)


def _stepper(house: House) -> Step:
    def step(workspace: int, to: datetime) -> None:
        house.deliveries.standing.step(workspace, to)

    return step
