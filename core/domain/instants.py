"""Which instant is it when clocks on a zone's walls show a time? Also where clocks jump over it, or show it twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MIDNIGHT = time()


def exists(day: date, zone: ZoneInfo) -> bool:
    """Whether the zone has that local date at all: Samoa went from 29 to 31 December 2011."""
    return instant_of(day, MIDNIGHT, zone).astimezone(zone).date() == day


def instant_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant in UTC at which local clocks show that time.

    Of two such instants the first. Where clocks jump over the time, the first instant after the jump.
    """
    wall = datetime.combine(day, at)
    shown = wall.replace(tzinfo=zone).astimezone(UTC)
    if shown.astimezone(zone).replace(tzinfo=None) == wall:
        return shown
    # Inside a jump the two readings of the wall time lie on either side of it (PEP 495).
    return _jump(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), shown, zone)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first instant, to the second, that has the later instant's offset."""
    before, offset = before.replace(microsecond=0), after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
