"""Is each message sent once, whatever two planners and two workers do, wherever they are killed, whatever platform and clock do meanwhile?"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from itertools import count
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from core.domain.deliveries import GRACE, OPEN, OUT, Delivery, DeliveryState, Kind, Request, rests
from core.domain.load import LEAST_AHEAD
from core.domain.moments import Moment, business_time
from core.domain.paces import Lanes, Pace
from core.domain.workspaces import Workspace
from core.errors import Reason, SendError
from core.messages.model import Message
from core.ports import Address, Alive, Receipt
from core.services.deliveries import order
from core.storage.sealing import Sealer
from core.storage.unit_of_work import Database
from scheduler.ledger import Ledger, Turn
from scheduler.stages.build import Builder
from scheduler.stages.pace import Patience
from tests.conftest import KEY
from tests.delivering import DUE, HOUR, MINUTE, MovingClock, Post, answer, digest, ledger_of, open_shop
from tests.fakes import ABLE, FakePlatform

SECOND = timedelta(seconds=1)
PACED = replace(ABLE, pace=Pace(SECOND, SECOND / 20))
# So many faults may befall the messages of one run: fewer than the tries that each of them has.
FAULTS = 5


class Killed(BaseException):
    """The process is gone in the middle of what it did."""


class Act(StrEnum):
    """What happens at a point that a worker comes to."""

    NOTHING = "nothing"
    KILL = "kill"
    OTHER_WORKS = "other works"
    OTHER_PLANS = "other plans"
    MOMENT = "a moment passes"
    STALL = "the worker is stopped for longer than its lease"
    LIMIT = "429"
    LIMIT_WITHOUT_TIME = "429 without a time"
    DOWN = "503"
    DROP = "the connection drops"


ERRORS = {
    Act.LIMIT: SendError(Reason.RATE_LIMITED, retryable=True, retry_after=7),
    Act.LIMIT_WITHOUT_TIME: SendError(Reason.RATE_LIMITED, retryable=True),
    Act.DOWN: SendError(Reason.UNAVAILABLE, retryable=True),
    Act.DROP: SendError(Reason.AMBIGUOUS, retryable=True),
}
HARMLESS = frozenset({Act.NOTHING, Act.OTHER_WORKS, Act.OTHER_PLANS, Act.MOMENT})
ANYWHERE = HARMLESS | {Act.KILL}
# Nobody is stopped between the look at its lease and the platform: the request itself has a time-out that is shorter.
POINTS: dict[str, frozenset[Act]] = {
    "build": ANYWHERE | {Act.STALL},
    "upload": ANYWHERE | {Act.STALL, Act.DOWN, Act.LIMIT},
    "taken": ANYWHERE | {Act.STALL},
    "before": ANYWHERE | ERRORS.keys(),
    "after": ANYWHERE | {Act.DROP},
    "look": ANYWHERE | {Act.DOWN},
    "record": ANYWHERE | {Act.STALL},
}


class WatchedLedger(Ledger):
    """Comes to a point after each row that it takes and before each that it moves."""

    reached: Callable[[str], None]

    def take_turn(self, delivery: Delivery, lanes: Lanes | None, patience: timedelta) -> Turn | None:
        turn = super().take_turn(delivery, lanes, patience)
        self.reached("taken")
        return turn

    def move(self, before: Delivery, after: Delivery, payload: bytes | None = None) -> bool:
        self.reached("record")
        return super().move(before, after, payload)


class WatchedPlatform(FakePlatform):
    """Comes to a point before each upload and each look."""

    reached: Callable[[str], None]

    def upload(self, address: Address, name: str, media_type: str, content: bytes) -> str:
        self.reached("upload")
        return super().upload(address, name, media_type, content)

    def find(self, address: Address, key: str) -> Receipt | None:
        self.reached("look")
        return super().find(address, key)


class Interleavings(RuleBasedStateMachine):
    """Two processes on one database and one platform. `template` is a migrated database, `folder` where its copies live."""

    template: Path
    folder: Path
    numbers = count()

    @initialize()
    def open(self) -> None:
        path = self.folder / f"{next(self.numbers)}.db"
        shutil.copy(self.template, path)
        self.database = Database.open(f"sqlite:///{path}", Sealer(KEY))
        self.clock = MovingClock(DUE - LEAST_AHEAD)
        self.shop, self.channel, _ = open_shop(self.database)
        self.platform = WatchedPlatform(capabilities=PACED, before=lambda key: self._reached("before"), after=lambda key: self._reached("after"))
        self.platform.reached = self._reached
        self.processes = (self._process(), self._process())
        self.script: Iterator[Act] = iter(())
        self.worker, self.faults, self.asked = 0, 0, 0

    def _process(self) -> Post:
        builders = {Kind.DIGEST: self._built(digest), Kind.COMMAND: self._built(answer)}
        return Post(self.database, self.clock, self.platform, builders=builders, wrap=self._watched, patience=Patience(self._pass))

    def _built(self, builder: Builder) -> Builder:
        def build(request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
            self._reached("build")
            return builder(request, workspace, moment, alive)

        return build

    def _watched(self, ledger: Ledger) -> Ledger:
        watched = WatchedLedger(self.database, self.clock)
        watched.reached = self._reached
        return watched

    def _pass(self, seconds: float) -> None:
        self.clock.instant += timedelta(seconds=seconds)

    def _reached(self, point: str) -> None:
        act = next(self.script, Act.NOTHING)
        if act not in POINTS[point] or (act not in HARMLESS and self.faults >= FAULTS):
            return
        self.faults += act not in HARMLESS
        self._do(act)

    def _do(self, act: Act) -> None:
        other = self.processes[1 - self.worker]
        if act is Act.KILL:
            raise Killed
        if act in ERRORS:
            raise ERRORS[act]
        if act is Act.MOMENT:
            self.clock.instant += 3 * SECOND
        elif act is Act.STALL:
            self.clock.instant += MINUTE
        elif act is Act.OTHER_PLANS:
            other.planner.run()
        elif act is Act.OTHER_WORKS:
            with self._undisturbed():
                other.worker.run_due(ahead=LEAST_AHEAD)

    @contextmanager
    def _undisturbed(self) -> Iterator[None]:
        script, self.script = self.script, iter(())
        yield
        self.script = script

    @rule(process=st.integers(0, 1))
    def plan(self, process: int) -> None:
        self.processes[process].planner.run()

    @precondition(lambda self: self.asked < 3)
    @rule()
    def ask(self) -> None:
        """Somebody gives a slow command."""
        self.asked += 1
        at = business_time(self.shop, self.clock.now())
        with self.database.write() as uow:
            order(uow, self.shop, Address(self.channel.binding, "ops"), str(self.asked), Request({"text": "done"}), at, self.clock.now())
            uow.commit()

    @rule(process=st.integers(0, 1), script=st.lists(st.sampled_from(Act), max_size=12))
    def work(self, process: int, script: list[Act]) -> None:
        self.worker, self.script = process, iter(script)
        with suppress(Killed):
            self.processes[process].worker.run_due(ahead=LEAST_AHEAD)
        self.script = iter(())

    @rule(passes=st.sampled_from([SECOND, 5 * SECOND, 31 * SECOND, 5 * MINUTE]))
    def time_passes(self, passes: timedelta) -> None:
        self.clock.instant += passes

    @rule(hours=st.sampled_from([-1, 1]))
    def clock_is_put(self, hours: int) -> None:
        """While no request is on its way to the platform."""
        self.clock.instant += hours * HOUR

    @invariant()
    def nothing_was_sent_twice(self) -> None:
        if "platform" in vars(self):
            assert [key for key, times in Counter(self.platform.keys()).items() if times > 1] == []

    def teardown(self) -> None:
        if "database" in vars(self):
            try:
                self._everything_comes_to_rest()
            finally:
                self.database.close()

    def _everything_comes_to_rest(self) -> None:
        for _ in range(45):
            for process in self.processes:
                process.worker.run_due()
            self.clock.instant += 5 * MINUTE
        self.nothing_was_sent_twice()
        for row in ledger_of(self.database, self.shop):
            if row.due_at < self.clock.instant - 3 * HOUR:
                self._ended_well(row, self.platform.keys().count(row.key))

    def _ended_well(self, row: Delivery, posts: int) -> None:
        assert row.state not in OPEN or rests(row), row
        if row.state in OUT:
            assert posts == 1, row
        else:
            assert GRACE[row.kind] is not None, row
            assert (row.state, posts) == (DeliveryState.MISSED, 0), row


def test_any_interleaving_sends_each_message_once(sqlite_template: Path, tmp_path: Path) -> None:
    machine = type("Machine", (Interleavings,), {"template": sqlite_template, "folder": tmp_path})
    run_state_machine_as_test(machine, settings=settings(max_examples=40, stateful_step_count=20))
