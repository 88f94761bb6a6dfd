"""What is a process of the suite? The house's planner, worker and engine as they serve, with ears at each point of a digest's way."""

from __future__ import annotations

import os
import resource
import signal
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from threading import Thread, Timer
from time import sleep
from typing import Any

from bot.house import FEISHU, SLACK
from bot.log import configure
from bot.platforms.slack.start import slack_platform
from core.clock import SystemClock
from core.domain.deliveries import OUT, Delivery, DeliveryState, Kind
from core.ports import Address, Platform, Receipt
from scheduler.ledger import Ledger
from scheduler.planner import Planner
from scheduler.stages.build import Build, Builder
from scheduler.stages.pictures import Pictures
from tests.delivering import digest
from tests.fakes import FakeRenderer
from tests.faults.cases import Blow, Point, What
from tests.house import house_on

HOUR = 3600.0
STOPPED = 5.0


@dataclass(frozen=True)
class Shared:
    """What all processes of a case have in common: how many blows have fallen, how often the next one's point was passed, how far clocks are off."""

    fallen: Synchronized[int]
    passed: Synchronized[int]
    offset: Synchronized[float]


@dataclass(frozen=True)
class Told:
    """What a process is told: its database and platforms, and what is to happen."""

    url: str
    slack: Any
    feishu: Any
    blows: tuple[Blow, ...]
    shared: Shared
    log: Path


class SteppingClock:
    """The machine's clock, an hour off when it was stepped."""

    def __init__(self, offset: Synchronized[float]) -> None:
        self._offset = offset

    def now(self) -> datetime:
        return SystemClock().now() + timedelta(seconds=self._offset.value)


@dataclass
class Ears:
    """Hears each point that is passed, in whatever thread, and lets the next blow fall when it is its turn."""

    told: Told

    def __call__(self, point: Point) -> None:
        shared, blows = self.told.shared, self.told.blows
        with shared.fallen.get_lock():
            number = shared.fallen.value
            if number >= len(blows) or blows[number].point is not point:
                return
            shared.passed.value += 1
            if shared.passed.value < blows[number].nth:
                return
            shared.fallen.value, shared.passed.value = number + 1, 0
        _fall(blows[number], self.told)


def _fall(blow: Blow, told: Told) -> None:
    shared = told.shared
    match blow.what:
        case What.KILL if blow.delay_ms:
            Timer(blow.delay_ms / 1000, _die).start()
        case What.KILL:
            _die()
        case What.DISK:
            _fill(Path(told.url.removeprefix("sqlite:///")).parent, blow.seconds)
        case What.NAMES:
            _forget_names(blow.seconds)
        case What.STEP_ON | What.STEP_BACK:
            shared.offset.value = HOUR if blow.what is What.STEP_ON else -HOUR
            Timer(blow.seconds, lambda: setattr(shared.offset, "value", 0.0)).start()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _fill(folder: Path, seconds: float) -> None:
    """There is no room for a while: on a disk of the case's own for nobody, else for no file of this process."""
    if folder.is_mount():
        ballast = folder / "ballast"
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while file.write(bytes(1024)):
                pass
        Timer(seconds, ballast.unlink).start()
        return
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    Timer(seconds, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))).start()


def _forget_names(seconds: float) -> None:
    known = socket.getaddrinfo

    def unknown(*_: object, **__: object) -> Any:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    socket.getaddrinfo = unknown
    Timer(seconds, lambda: setattr(socket, "getaddrinfo", known)).start()


class Watched:
    """A platform with ears around uploading and sending."""

    def __init__(self, inner: Platform[Any], passed: Callable[[Point], None]) -> None:
        self._inner = inner
        self._passed = passed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def upload(self, *given: Any) -> str:
        self._passed(Point.UPLOAD)
        key = self._inner.upload(*given)
        self._passed(Point.UPLOADED)
        return key

    def send(self, address: Address, payload: Any, key: str) -> Receipt:
        self._passed(Point.SEND)
        receipt = self._inner.send(address, payload, key)
        self._passed(Point.ACCEPTED)
        return receipt


def say_one_digest() -> None:
    """Every digest has a picture, and says the same whenever it is built."""
    begin = Build.__init__

    def begun(self: Build, ledger: Ledger, builders: Mapping[Kind, Builder], pictures: Pictures) -> None:
        begin(self, ledger, {**builders, Kind.DIGEST: digest}, pictures)

    Build.__init__ = begun  # type: ignore[method-assign]  # in this process alone


def watch_steps(passed: Callable[[Point], None]) -> None:
    """Ears in the planner and in the ledger."""
    run, take, take_turn, move = Planner.run, Ledger.take, Ledger.take_turn, Ledger.move

    def planned(self: Planner, *given: Any) -> int:
        rows = run(self, *given)
        if rows:
            passed(Point.PLAN)
        return rows

    def taken(self: Ledger, delivery: Delivery) -> Delivery | None:
        held = take(self, delivery)
        passed(Point.TAKE)
        return held

    def in_turn(self: Ledger, *given: Any) -> Any:
        turn = take_turn(self, *given)
        passed(Point.SENDING)
        return turn

    def moved(self: Ledger, before: Delivery, after: Delivery, payload: bytes | None = None) -> bool:
        if after.state in OUT:
            passed(Point.RECORD)
        done = move(self, before, after, payload)
        if after.state in OUT:
            passed(Point.RECORDED)
        elif after.state is DeliveryState.BUILT:
            passed(Point.BUILT)
        return done

    Planner.run, Ledger.take, Ledger.take_turn, Ledger.move = planned, taken, in_turn, moved  # type: ignore[method-assign]  # in this process alone


def serve(told: Told, line: Connection) -> None:
    """Serves until it is told to stop, or killed. Says `ready` when its engine runs."""
    _write_to(told.log)
    house, ears = house_on(told.url), Ears(told)
    vars(house).update(clock=SteppingClock(told.shared.offset), slack=told.slack, feishu=told.feishu)
    house.adopt()
    house.platforms.use(SLACK, Watched(slack_platform(told.slack, house.ties, house.clock), ears))
    house.platforms.use(FEISHU, Watched(house.feishu_parts.platform, ears))
    house.feishu_parts.apps.refresh()
    deliveries = house.deliveries
    deliveries.renderer = FakeRenderer()
    say_one_digest()
    watch_steps(ears)
    deliveries.engine.start()
    while not deliveries.engine.connected:
        sleep(0.01)
    line.send("ready")
    Thread(target=_orphaned, daemon=True).start()
    line.recv()
    deliveries.engine.stop(STOPPED)
    os._exit(0)


def _write_to(log: Path) -> None:
    """What the process says is for whoever wants to know why a case went wrong."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    configure()


def _orphaned() -> None:
    """Ends with whoever plays the case."""
    parent = os.getppid()
    while os.getppid() == parent:
        sleep(1)
    os._exit(1)
