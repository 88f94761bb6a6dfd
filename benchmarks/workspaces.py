"""What do benchmarks run on? Fresh SQLite databases with a workspace, and as many years of made-up figures as asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from uuid import uuid4

import handlers.every  # noqa: F401  # declares the commands
from bot.dispatch import Dispatcher
from core.clock import FixedClock
from core.domain.catalogue import METRICS
from core.domain.metrics import Aggregation
from core.domain.periods import Grain, Period
from core.domain.readings import Reading
from core.domain.targets import Target
from core.domain.workspaces import Locale, Member, Permission, Workspace
from core.messages.tokens import Signer
from core.ports import Invocation, InvocationKind
from core.services import workspaces
from core.storage.migrate import migrate
from core.storage.sealing import Sealer
from core.storage.unit_of_work import Database
from handlers.kernel.answer import Answer, Outcome
from handlers.kernel.command import REGISTRY

NOW = datetime(2024, 6, 4, 1, tzinfo=UTC)
YESTERDAY = date(2024, 6, 3)
KEPT = 20
BATCH = 50_000


@dataclass(frozen=True)
class Bench:
    """A workspace to talk to, as its owner."""

    database: Database
    workspace: Workspace
    owner: Member
    dispatcher: Dispatcher

    def say(self, line: str) -> Answer:
        """One command through the same dispatch as a platform's. Raises when it is not answered as hoped."""
        answer = self.dispatcher(_invocation(self.workspace, self.owner, line))
        if answer.outcome is not Outcome.DONE:
            raise AssertionError(answer.message.fallback)
        return answer


def bench(folder: Path, years: int) -> Bench:
    """A workspace with that many years of 20 daily metrics up to yesterday, and targets on six of them."""
    database = Database.open(f"sqlite:///{folder / f'{years}-{uuid4().hex[:6]}.db'}", Sealer(bytes(32)))
    migrate(database.engine)
    with database.write() as uow:
        shop = Workspace(0, "Bench", Locale.ZH, "Asia/Shanghai", "CNY", "CN")
        workspace, owner, _ = workspaces.create(uow, shop, Member(0, "Owner", Permission.ADMIN, handle="owner"), NOW)
        uow.commit()
    _fill(database, workspace, years)
    return Bench(database, workspace, owner, Dispatcher(database, FixedClock(NOW), REGISTRY, Signer(bytes(32))))


def _invocation(workspace: Workspace, owner: Member, line: str) -> Invocation:
    return Invocation("web", str(workspace.id), str(owner.id), "ops", uuid4().hex, InvocationKind.COMMAND, line, {})


def _fill(database: Database, workspace: Workspace, years: int) -> None:
    daily = [metric for metric in METRICS if metric.grain is Grain.DAY and metric.aggregation is not Aggregation.RATIO][:KEPT]
    with database.write() as uow:
        uow.targets.put(workspace.id, [Target(metric.code, Grain.DAY, Decimal(900), date(1900, 1, 1)) for metric in daily[:6]], None, NOW)
        uow.commit()
    random = Random(618)
    days = [YESTERDAY - timedelta(days=back) for back in range(years * 365)]
    size = BATCH // len(daily)
    for first in range(0, len(days), size):
        with database.write() as uow:
            readings = [_reading(metric.code, day, random) for day in days[first : first + size] for metric in daily]
            uow.readings.put(workspace.id, readings)
            uow.commit()


def _reading(code: str, day: date, random: Random) -> Reading:
    known = datetime.combine(day + timedelta(days=1), time(), UTC)
    return Reading(code, Period(Grain.DAY, day), Decimal(random.randint(500, 1500)), "file", min(known, NOW))
