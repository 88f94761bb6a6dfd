"""What did a look at a platform's set-up find? One line each, in English, for the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

# Long before requests are refused, half a minute is already a clock that nobody sets.
WORRYING = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, whether it is well, and what was seen or what to do about it. No secret stands in it."""

    name: str
    well: bool
    said: str


@dataclass(frozen=True, slots=True)
class Added:
    """A team that came by a link or a command: its binding, the platform's name for it, and its `channels`.

    These are id and name of each channel to which something is posted by itself.
    """

    binding: int
    tenant: str
    channels: Mapping[str, str]


def clock_finding(platform: str, now: datetime, told: str, window: timedelta) -> Finding:
    """How far the machine's clock, which says `now`, is off the platform's.

    `told` is the Date header of one of its answers, `window` how old a request of it may be.
    """
    name = f"{platform.lower()} clock"
    try:
        skew = now - parsedate_to_datetime(told)
    except (ValueError, TypeError):
        return Finding(name, True, f"{platform} told no time to compare with")
    if abs(skew) < WORRYING:
        return Finding(name, True, f"within half a minute of {platform}'s")
    late = "fast" if skew > timedelta() else "slow"
    limit = f"From {window // timedelta(minutes=1)} minutes on, requests from {platform} are refused."
    return Finding(name, False, f"this machine's clock is {abs(skew).total_seconds():.0f} seconds {late}. Let it be set by NTP. {limit}")
