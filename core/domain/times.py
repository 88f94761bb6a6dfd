"""Which time of day did a person write? 9点半, 下午3点, 9:30, 9am, 21:00."""

from __future__ import annotations

import re
from datetime import time

from core.domain.typed import plain

_TIME = re.compile(
    r"(?P<half>上午|早上|下午|晚上)?\s*(?P<hour>[0-9]{1,2})(?:\s*[:点時时]\s*(?P<minute>[0-9]{2}(?=分?)|半)?分?)?\s*(?P<noon>am|pm)?", re.IGNORECASE
)
_LATER = {"下午", "晚上", "pm"}
_EARLIER = {"上午", "早上", "am"}


def parse_time(typed: str) -> time | None:
    """The time of day; None for what is none, or could be two."""
    found = _TIME.fullmatch(plain(typed))
    if found is None:
        return None
    hour, minute = int(found["hour"]), 30 if found["minute"] == "半" else int(found["minute"] or 0)
    half = (found["noon"] or found["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half in _LATER and hour < 12:
        hour += 12
    if half in _EARLIER and hour == 12:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None
