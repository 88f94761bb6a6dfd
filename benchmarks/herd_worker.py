"""What is one worker of a herd? `python -m benchmarks.herd_worker URL PORT OFFSET`: the house's own parts, a platform on loopback, a clock set ahead.

Says `ready`, works until its input ends, and then tells what it cost as one line of JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from threading import Lock
from time import process_time, sleep, thread_time
from typing import ParamSpec, TypeVar

import handlers.every  # noqa: F401  # declares the commands
from benchmarks.loopback import LoopbackPlatform
from bot.deliveries import Deliveries
from bot.dispatch import Dispatcher
from bot.log import configure
from bot.renderer import ProcessRenderer
from core.clock import SystemClock
from core.domain.deliveries import Kind
from core.messages.tokens import Signer
from core.ports import Clock
from core.storage.engine import postgres_address
from core.storage.sealing import Sealer
from core.storage.unit_of_work import Database
from handlers.kernel.command import REGISTRY
from scheduler.engines.common import Duties, Engine, Plans
from scheduler.engines.pgqueuer import QueueEngine
from scheduler.stages.build import Builder
from scheduler.worker import Worker

P = ParamSpec("P")
T = TypeVar("T")
KEY = bytes(32)


@dataclass(frozen=True, slots=True)
class AheadClock:
    """The system's time and some more."""

    offset: timedelta

    def now(self) -> datetime:
        return SystemClock().now() + self.offset


@dataclass
class Meter:
    """Seconds of processor time, by what they were spent on, over all threads."""

    seconds: dict[str, float] = field(default_factory=dict)
    changing: Lock = field(default_factory=Lock)

    def on(self, name: str, work: Callable[P, T]) -> Callable[P, T]:
        """The same work, measured."""

        def measured(*args: P.args, **kwargs: P.kwargs) -> T:
            begun = thread_time()
            try:
                return work(*args, **kwargs)
            finally:
                with self.changing:
                    self.seconds[name] = self.seconds.get(name, 0.0) + thread_time() - begun

        return measured


class Measured(Deliveries):
    """Deliveries whose digests are metered."""

    meter: Meter

    @cached_property
    def builders(self) -> Mapping[Kind, Builder]:
        """The house's, metered."""
        return {kind: self.meter.on("digest", build) for kind, build in super().builders.items()}


def parts(url: str, port: int, clock: Clock, duties: Duties, meter: Meter) -> Deliveries:
    """The deliveries of a process with these duties."""
    database, signer = Database.open(url, Sealer(KEY)), Signer(KEY)
    platform = LoopbackPlatform(port)
    for name in ("render", "upload", "send"):
        setattr(platform, name, meter.on("digest", getattr(platform, name)))

    def made(plans: Plans, worker: Worker, clock: Clock) -> Engine:
        worker.look = meter.on("look", worker.look)  # type: ignore[method-assign]  # measured from outside
        return QueueEngine(plans, worker, clock, postgres_address(url) or "", duties)

    house = Measured(
        database, clock, signer, Dispatcher(database, clock, REGISTRY, signer), lambda binding: platform, lambda binding, message: {}, made
    )
    house.meter = meter
    return house


def main(url: str, port: int, offset: float) -> None:
    """Works until the input ends."""
    configure()
    meter, renderer = Meter(), ProcessRenderer()
    with closing(renderer):
        house = parts(url, port, AheadClock(timedelta(seconds=offset)), Duties(plans=False), meter)
        house.renderer = renderer
        engine = house.engine
        engine.start()
        while not engine.connected:
            sleep(0.01)
        begun = process_time()
        print("ready", flush=True)
        sys.stdin.read()
        engine.stop()
    print(json.dumps({"process": process_time() - begun, **meter.seconds}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
