"""When may somebody be reached again who has quiet hours?"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from core.domain.calendars import DAY
from core.domain.instants import instant_of
from core.domain.workspaces import Quiet


def after_quiet(instant: datetime, zone: ZoneInfo, quiet: Quiet | None) -> datetime:
    """The instant itself, or the end of the quiet hours in which it lies, in UTC.

    They end at the first instant at which local clocks show their end: where clocks show it twice that night, the second time is not waited for.
    """
    local = instant.astimezone(zone)
    if quiet is None or not quiet.holds(local.time()):
        return instant
    morning = local.date() if local.time() < quiet.until else local.date() + DAY
    return max(instant, instant_of(morning, quiet.until, zone))
