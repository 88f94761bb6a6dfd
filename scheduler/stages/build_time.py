"""How long does it take to build a message that comes by itself?"""

from __future__ import annotations

from datetime import timedelta

# Before anything was measured: a digest with its picture on a small machine. A process that builds nothing stays with it; those that build sweep too.
ASSUMED = timedelta(milliseconds=120)
# The latest twenty or so count.
_WEIGHT = 0.05


class BuildTime:
    """A moving average of what this process measured."""

    def __init__(self) -> None:
        self.each = ASSUMED

    def note(self, seconds: float) -> None:
        """One more was built."""
        self.each += (timedelta(seconds=seconds) - self.each) * _WEIGHT
