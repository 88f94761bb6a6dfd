"""How long is waited before a lost connection is opened anew? The longer, the more tries have failed; never as long for two replicas."""

from __future__ import annotations

from collections.abc import Callable

LONGEST_PAUSE_SECONDS = 30.0
# Doubled so often, a second is longer than the longest pause.
DOUBLINGS = 5

# A number from 0 up to 1, another one each time.
Jitter = Callable[[], float]


def pause(failures: int, jitter: Jitter, longest: float = LONGEST_PAUSE_SECONDS) -> float:
    """Seconds before the next try, after so many that failed one behind the other."""
    return min(longest, 2.0 ** min(failures, DOUBLINGS)) * jitter()
