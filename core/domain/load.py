"""How early must messages be built, and in which order is it fair to work on them?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from core.domain.deliveries import UNASKED, Delivery

LEAST_AHEAD, MOST_AHEAD = timedelta(minutes=5), timedelta(hours=2)
# Building takes longer than measured when the machine has other things to do.
ROOM = 1.5


def ahead(planned: int, each: timedelta) -> timedelta:
    """How long before their due time messages are to be built when so many are planned and one worker takes so long for each."""
    return min(max(LEAST_AHEAD, each * planned * ROOM), MOST_AHEAD)


def fairly(rows: Iterable[Delivery]) -> list[Delivery]:
    """The rows with one of each workspace first, then the second of each, and so on: a long queue of one keeps no other waiting.

    Within a workspace that for which somebody waits comes first, and then the order in which they came.
    """
    before: Counter[int] = Counter()
    ranked: list[tuple[int, Delivery]] = []
    for row in sorted(rows, key=lambda row: row.kind in UNASKED):
        ranked.append((before[row.workspace], row))
        before[row.workspace] += 1
    return [row for _, row in sorted(ranked, key=lambda pair: pair[0])]
