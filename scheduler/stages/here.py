"""Can this process bring it out? What is for a platform that it is not set up for is left for one that is."""

from __future__ import annotations

from core.domain.deliveries import Why
from scheduler.stages.pictures import Platforms
from scheduler.stages.work import Decision, Go, Leave, Work


class Here:
    """The stage that leaves alone what another process has to do."""

    def __init__(self, platforms: Platforms) -> None:
        self._platforms = platforms

    def __call__(self, work: Work) -> Decision:
        try:
            self._platforms(work.delivery.binding)
        except LookupError:
            return Leave(work, Why.ELSEWHERE)
        return Go(work)
