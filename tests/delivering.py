"""What do the tests of deliveries share? A workspace with a morning digest, and workers with fakes around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from core.domain.deliveries import Delivery, Kind, Request
from core.domain.moments import Moment, business_time
from core.domain.schedules import Schedule
from core.domain.workspaces import Channel, Locale, Workspace
from core.messages.model import Chart, Heading, Message
from core.ports import Alive, Clock, Renderer
from core.services.schedules import MORNING, set_schedule
from core.storage.unit_of_work import Database
from scheduler.chain import Chain
from scheduler.ledger import Ledger
from scheduler.planner import Planner
from scheduler.stages.build import Builder
from scheduler.stages.pace import Patience
from scheduler.stages.send import Names
from scheduler.standing import StandingClock
from scheduler.worker import Worker
from tests.fakes import UNPACED, FakePlatform, FakeRenderer

# 08:55 in Shanghai on Tuesday 2024-06-04; the digest is due five minutes later.
OPENING = datetime(2024, 6, 4, 0, 55, tzinfo=UTC)
DUE = datetime(2024, 6, 4, 1, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PICTURE = Chart("leading", "GMV rose", "28 days", ())


class MovingClock:
    """Machine time that a test moves."""

    def __init__(self, instant: datetime = OPENING) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant


class PlainWeek:
    def is_working(self, day: date) -> bool:
        return day.weekday() < 5


def digest(request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
    """A digest that tells for which morning it was built."""
    text = f"Digest of {request.arguments['date']} as of {moment.local:%Y-%m-%d %H:%M}"
    return Message((Heading((text,)), PICTURE), text, locale="en")


def answer(request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
    return Message((Heading((request.arguments["text"],)),), request.arguments["text"], locale="en")


BUILDERS: Mapping[Kind, Builder] = {Kind.DIGEST: digest, Kind.COMMAND: answer}


@dataclass
class Post:
    """One process: a planner and a worker on a database, with a platform."""

    database: Database
    clock: Clock
    platform: FakePlatform = field(default_factory=FakePlatform)
    builders: Mapping[Kind, Builder] = field(default_factory=lambda: BUILDERS)
    renderer: Renderer = field(default_factory=FakeRenderer)
    wrap: Callable[[Ledger], Ledger] = lambda ledger: ledger
    serves: bool = True
    patience: Patience = UNPACED
    names: Names = lambda binding, message: {}

    def _platform(self, binding: int) -> FakePlatform:
        if not self.serves:
            raise LookupError(f"binding {binding}")
        return self.platform

    def __post_init__(self) -> None:
        self.ledger = self.wrap(Ledger(self.database, self.clock))
        self.planner = Planner(self.database, self.clock, lambda workspace, schedule, team, today: PlainWeek())
        self.worker = Worker(
            self.database, self.clock, self.ledger, Chain(self.ledger, self.builders, self.renderer, self._platform, self.names, self.patience)
        )
        self.standing = StandingClock(self.database, self.planner, self.worker)

    def tick(self, override: datetime | None = None) -> list[str]:
        """Plans and works like `tick`; the states that were reached."""
        self.planner.run(override)
        return [outcome.delivery.state.value for outcome in self.worker.run_due(override)]


def open_shop(database: Database, *, frozen_at: datetime | None = None, name: str = "Tea shop") -> tuple[Workspace, Channel, Schedule]:
    """A workspace with a channel and the morning digest in it."""
    with database.write() as uow:
        shop = uow.workspaces.add(
            Workspace(0, name, Locale.EN, "Asia/Shanghai", "CNY", "CN", demo=frozen_at is not None, frozen_at=frozen_at), OPENING
        )
        binding = uow.places.bind(shop.id, "fake", name)
        channel = uow.places.add_channel(shop.id, Channel(0, binding, f"{name}-ops", "ops"))
        schedule = set_schedule(uow, shop, Kind.DIGEST, channel, MORNING, None, business_time(shop, OPENING))
        uow.commit()
    return shop, channel, schedule


def ledger_of(database: Database, workspace: Workspace) -> list[Delivery]:
    with database.read() as uow:
        return list(uow.deliveries.of(workspace.id))


def states(database: Database, workspace: Workspace) -> list[str]:
    return [row.state.value for row in ledger_of(database, workspace)]
