"""Why can a cadence not be kept as it was asked for?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import chain, islice, pairwise
from zoneinfo import ZoneInfo

from core.domain.cadences import Cadence, Cron, Every, EveryDays, MonthDay, Once, Timed, WorkingDays, is_cron, walls
from core.domain.instants import exists, instant_of
from core.domain.schedules import FORESEEN, occurrences

OFTEN = timedelta(minutes=15)
# A cron that comes too often does so within this time from its first day on.
_LOOKED_AT = timedelta(days=40)
LONGEST_STEP = 366


class Flaw(StrEnum):
    """What is wrong with it. Each is the end of a text's key."""

    NO_CRON = "no_cron"
    TOO_OFTEN = "too_often"
    NEVER = "never"
    PAST = "past"
    SKIPPED = "skipped"
    TWICE = "twice"
    NO_STEP = "no_step"
    NO_MONTH_DAY = "no_month_day"


def flaw_of(cadence: Cadence, zone: ZoneInfo, now: datetime, calendar: WorkingDays) -> Flaw | None:
    """What speaks against the cadence from that instant on; None where nothing does."""
    match cadence:
        case Timed(at=at, days=Once(day=day)):
            return _flaw_of_once(day, at, zone, now)
        case Timed(days=EveryDays(days=days)) if not 1 <= days <= LONGEST_STEP:
            return Flaw.NO_STEP
        case Timed(days=MonthDay(day=number)) if not 1 <= number <= 31:
            return Flaw.NO_MONTH_DAY
        case Every(every=every) if every < OFTEN:
            return Flaw.TOO_OFTEN
        case Cron():
            return _flaw_of_cron(cadence, zone, now, calendar)
        case _:
            return _never(cadence, zone, now, calendar)


def _flaw_of_once(day: date, at: time, zone: ZoneInfo, now: datetime) -> Flaw | None:
    due_at = instant_of(day, at, zone)
    if not exists(day, zone) or due_at.astimezone(zone).replace(tzinfo=None) != datetime.combine(day, at):
        return Flaw.SKIPPED
    if due_at < now:
        return Flaw.PAST
    second = datetime.combine(day, at, zone).replace(fold=1).astimezone(UTC)
    return Flaw.TWICE if second != due_at else None


def _flaw_of_cron(cadence: Cron, zone: ZoneInfo, now: datetime, calendar: WorkingDays) -> Flaw | None:
    today = now.astimezone(zone).date()
    found = walls(cadence, today, today + FORESEEN, calendar)
    try:
        first = next(found, None)
    except ValueError:
        return Flaw.NEVER if _reads_in_any_month(cadence.expression) else Flaw.NO_CRON
    if first is None:
        return Flaw.NEVER
    return Flaw.TOO_OFTEN if _crowded(chain([first], found), first + _LOOKED_AT) else None


def _reads_in_any_month(expression: str) -> bool:
    """A day that none of its months has makes the library refuse the line like one that cannot be read."""
    match expression.split():
        case [minute, hour, day, _, weekday]:
            return is_cron(f"{minute} {hour} {day} * {weekday}")
        case _:
            return False


def _crowded(found: Iterable[datetime], until: datetime) -> bool:
    for one, other in pairwise(found):
        if other - one < OFTEN:
            return True
        if other > until:
            return False
    return False


def _never(cadence: Cadence, zone: ZoneInfo, now: datetime, calendar: WorkingDays) -> Flaw | None:
    found = islice(occurrences(cadence, zone, now, now + FORESEEN, calendar), 1)
    return None if any(True for _ in found) else Flaw.NEVER
