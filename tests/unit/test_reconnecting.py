"""Is a lost connection sought again soon, then seldom, and for ever?"""

from __future__ import annotations

import pytest

from bot.platforms.reconnecting import pause


@pytest.mark.parametrize(("failures", "seconds"), [(0, 1.0), (1, 2.0), (4, 16.0), (5, 30.0), (100_000, 30.0)])
def test_the_pause_doubles_up_to_the_longest(failures: int, seconds: float) -> None:
    assert pause(failures, lambda: 1.0) == seconds


def test_no_two_replicas_wait_alike_and_a_platform_may_ask_for_less() -> None:
    assert pause(3, lambda: 0.25) == 2.0
    assert pause(3, lambda: 1.0, longest=5.0) == 5.0
