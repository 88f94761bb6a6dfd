"""Who makes up a herd? Workspaces on PostgreSQL with a digest at nine, with figures to draw or without."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import psycopg

from core.domain.cadences import Daily, Timed
from core.domain.catalogue import METRICS
from core.domain.deliveries import Kind
from core.domain.metrics import Aggregation
from core.domain.moments import business_time
from core.domain.periods import Grain, Period
from core.domain.readings import Reading
from core.domain.schedules import Schedule
from core.domain.workspaces import Locale, Member, Permission, Workspace
from core.services import schedules, workspaces
from core.storage.unit_of_work import Database, UnitOfWork

ZONE = "Asia/Shanghai"
NINE = time(9)
DAYS, KEPT, BATCH = 15, 6, 100
FIGURES = [metric for metric in METRICS if metric.grain is Grain.DAY and metric.aggregation is not Aggregation.RATIO][:KEPT]


def nine(now: datetime) -> datetime:
    """Today's nine o'clock where the herd lives."""
    return datetime.combine(now.astimezone(ZoneInfo(ZONE)).date(), NINE, ZoneInfo(ZONE)).astimezone(UTC)


def settle(database: Database, count: int, pictures: bool, since: datetime) -> None:
    """Makes so many teams, as they are at that time."""
    for first in range(0, count, BATCH):
        with database.write() as uow:
            for number in range(first, min(first + BATCH, count)):
                _settled(uow, number, pictures, since)
            uow.commit()


def _settled(uow: UnitOfWork, number: int, pictures: bool, since: datetime) -> None:
    wanted = Workspace(0, f"Team {number}", Locale.ZH, ZONE, "CNY", "CN")
    team, owner, channel = workspaces.create(uow, wanted, Member(0, "Owner", Permission.ADMIN, handle="owner"), since)
    schedule = Schedule(0, 0, Kind.DIGEST, Timed(NINE, Daily()), channel.id, owner.id)
    schedules.add(uow, team, schedule, business_time(team, since))
    if pictures:
        uow.readings.put(team.id, _readings(nine(since).date(), Random(number)))


def _readings(today: date, random: Random) -> list[Reading]:
    days = [today - timedelta(days=back) for back in range(1, DAYS + 1)]
    return [
        Reading(metric.code, Period(Grain.DAY, day), Decimal(random.randint(500, 1500)), "file", datetime.combine(day, time(18), UTC))
        for metric in FIGURES
        for day in days
    ]


def forget(url: str, since: datetime) -> None:
    """As if nothing had been planned yet."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("TRUNCATE deliveries")
        connection.execute("UPDATE schedules SET planned_until = %s", [since])
        if connection.execute("SELECT to_regclass('morningbell_jobs.pgqueuer')").fetchone() != (None,):
            connection.execute("TRUNCATE morningbell_jobs.pgqueuer, morningbell_jobs.pgqueuer_log")
        connection.execute("VACUUM ANALYZE")
