"""In which order does a delivery pass its stages? mute → here → build → pace → send, and whatever they decide is recorded."""

from __future__ import annotations

from collections.abc import Mapping

from core.domain.deliveries import Kind
from core.ports import Renderer
from scheduler.ledger import Ledger
from scheduler.stages.build import Build, Builder
from scheduler.stages.here import Here
from scheduler.stages.mute import mute
from scheduler.stages.pace import Pace, Patience
from scheduler.stages.pictures import Pictures, Platforms
from scheduler.stages.record import Outcome, Record
from scheduler.stages.send import Names, Send
from scheduler.stages.work import Go, Leave, Settle, Stage, Work


class Chain:
    """The stages in their order."""

    def __init__(
        self, ledger: Ledger, builders: Mapping[Kind, Builder], renderer: Renderer, platforms: Platforms, names: Names, patience: Patience
    ) -> None:
        build = Build(ledger, builders, Pictures(renderer, platforms))
        pace, send = Pace(ledger, platforms, patience), Send(ledger, platforms, names)
        self._stages: tuple[Stage, ...] = (mute, Here(platforms), build, pace, send)
        self._carrying: tuple[Stage, ...] = (pace.carry, send)
        self._record = Record(ledger)
        self.build_time = build.time

    def __call__(self, work: Work) -> Outcome:
        """Brings the delivery as far as it can go now."""
        return self._record(_decided(self._stages, work))

    def carry(self, work: Work) -> Outcome:
        """Sends what was written into the ledger as already held, and records what became of it."""
        return self._record(_decided(self._carrying, work))


def _decided(stages: tuple[Stage, ...], work: Work) -> Leave | Settle:
    for stage in stages:
        match stage(work):
            case Go(work=further):
                work = further
            case decision:
                return decision
    raise AssertionError("the last stage always decides")
