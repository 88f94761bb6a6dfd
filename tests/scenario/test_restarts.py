"""Does a digest go out once, whenever the process dies and however many look at it at the same time?"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from core.domain.deliveries import OPEN, SEND_LEASE, Delivery, DeliveryState
from core.domain.paces import Lanes
from core.storage.sealing import Sealer
from core.storage.unit_of_work import Database
from scheduler.ledger import Ledger, Turn
from tests.conftest import KEY
from tests.delivering import DUE, HOUR, MovingClock, Post, ledger_of, open_shop
from tests.fakes import FakePlatform

POINTS = ("plan", "taken", "built", "sending", "before_send", "after_send", "stands", "attaching", "recorded")


class Killed(BaseException):
    """The process is gone: no handler of the program sees it."""


class Interrupted(Ledger):
    """A ledger at whose steps something happens: what the hook raises ends the process there."""

    def __init__(self, inner: Ledger, hook: Callable[[str], None]) -> None:
        super().__init__(inner._database, inner.clock)
        self._hook = hook

    def take_turn(self, delivery: Delivery, lanes: Lanes | None, patience: timedelta) -> Turn | None:
        turn = super().take_turn(delivery, lanes, patience)
        if turn is not None and turn.held:
            self._hook("sending")
        return turn

    def move(self, before: Delivery, after: Delivery, payload: bytes | None = None) -> bool:
        moved = super().move(before, after, payload)
        self._hook(point_of(before, after))
        return moved


def point_of(before: Delivery, after: Delivery) -> str:
    """Which of the points a step of the ledger is."""
    match after.state:
        case DeliveryState.PLANNED:
            return "taken"
        case DeliveryState.BUILT:
            return "built"
        case DeliveryState.IN_DOUBT if after.receipt is not None and before.receipt is None:
            return "stands"
        case DeliveryState.SENDING | DeliveryState.IN_DOUBT:
            return "sending"
        case _:
            return "recorded"


def hooked(database: Database, clock: MovingClock, platform: FakePlatform, hook: Callable[[str], None]) -> Post:
    """A process in which the hook is told each point that is passed."""
    platform.before, platform.after = (lambda key: hook("before_send")), (lambda key: hook("after_send"))
    platform.attaching = lambda key: hook("attaching")
    return Post(database, clock, platform, wrap=lambda ledger: Interrupted(ledger, hook))


def killing(point: str, by: Callable[[], None]) -> Callable[[str], None]:
    return lambda passed: by() if passed == point else None


def die() -> None:
    raise Killed


def run_once(post: Post, hook: Callable[[str], None]) -> None:
    post.planner.run()
    hook("plan")
    post.worker.run_due()


@pytest.mark.parametrize("point", POINTS)
def test_a_restarted_process_neither_repeats_nor_skips(database: Database, point: str) -> None:
    shop, *_ = open_shop(database)
    clock, platform = MovingClock(DUE), FakePlatform(files=True)
    hook = killing(point, die)
    with pytest.raises(Killed):
        run_once(hooked(database, clock, platform, hook), hook)
    restarted = hooked(database, clock, platform, lambda passed: None)
    for _ in range(3):
        restarted.tick()
        clock.instant += SEND_LEASE
    [row] = [row for row in ledger_of(database, shop) if row.due_at == DUE]
    assert row.state is DeliveryState.SENT
    assert platform.keys() == [row.key]
    assert platform.beside == [(row.receipt, row.key)]


def kill_hard() -> None:
    signal.raise_signal(signal.SIGKILL)


def child(url: str, store: str, point: str) -> None:
    """The other process of the test below: one tick, killed by the system at the point."""
    database, platform = Database.open(url, Sealer(KEY)), FakePlatform(store=Path(store))
    hook = killing(point, kill_hard)
    run_once(hooked(database, MovingClock(DUE), platform, hook), hook)


@pytest.mark.parametrize("point", ["taken", "before_send", "after_send"])
def test_a_killed_process_leaves_one_post(database: Database, database_url: str, tmp_path: Path, point: str) -> None:
    shop, *_ = open_shop(database)
    store = tmp_path / "posts.jsonl"
    script = f"from tests.scenario.test_restarts import child; child({database_url!r}, {str(store)!r}, {point!r})"
    died = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2], check=False)
    assert died.returncode == -signal.SIGKILL
    clock, platform = MovingClock(DUE), FakePlatform(store=store)
    post = Post(database, clock, platform)
    for _ in range(3):
        post.tick()
        clock.instant += SEND_LEASE
    [row] = [row for row in ledger_of(database, shop) if row.due_at == DUE]
    assert row.state is DeliveryState.SENT
    assert platform.keys() == [row.key]


class Interleaving(RuleBasedStateMachine):
    """Two planners and two workers over one ledger. While one stands at a point the other works, time passes, or the one dies."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.database = Database.open(url, Sealer(KEY))
        self.shop, *_ = open_shop(self.database)
        self.clock = MovingClock(DUE)
        self.sent: list[tuple[str, str]] = []
        self.posts = [self._post(0), self._post(1)]
        self.meanwhile: dict[str, str] = {}

    def teardown(self) -> None:
        """Whatever happened, a process that lives on brings out what is open and still in time."""
        self.meanwhile = {}
        for _ in range(12):
            self.posts[0].tick()
            self.clock.instant += SEND_LEASE * 11
        for row in ledger_of(self.database, self.shop):
            assert row.state not in OPEN or row.due_at > self.clock.now() - SEND_LEASE * 11, row
            assert (row.key in dict(self.sent)) == (row.state in (DeliveryState.SENT, DeliveryState.LATE)), row
        self.database.close()

    @rule(which=st.integers(0, 1), meanwhile=st.dictionaries(st.sampled_from(POINTS), st.sampled_from(["other", "pause", "die"]), max_size=3))
    def tick(self, which: int, meanwhile: dict[str, str]) -> None:
        self.meanwhile = dict(meanwhile)
        with suppress(Killed):
            run_once(self.posts[which], lambda passed: self._passed(passed, which))
        self.meanwhile = {}

    @rule(seconds=st.sampled_from([5, 31, 301]))
    def wait(self, seconds: int) -> None:
        self.clock.instant += timedelta(seconds=seconds)

    @rule()
    def next_morning(self) -> None:
        while self.clock.instant.time() != DUE.time():
            self.clock.instant = (self.clock.instant + HOUR).replace(minute=0, second=0)

    @invariant()
    def each_key_went_out_at_most_once(self) -> None:
        assert len(dict(self.sent)) == len(self.sent)

    def _post(self, which: int) -> Post:
        return hooked(self.database, self.clock, FakePlatform(posts=self.sent), lambda passed: self._passed(passed, which))

    def _passed(self, point: str, which: int) -> None:
        match self.meanwhile.pop(point, None):
            case "other":
                self.posts[1 - which].tick()
            case "pause":
                # A request to the platform ends before the lease does; anything else may take long.
                self.clock.instant += SEND_LEASE / 2 if point in ("before_send", "after_send") else SEND_LEASE
                self.posts[1 - which].tick()
            case "die":
                raise Killed
            case _:
                pass


def test_any_interleaving_sends_each_key_once(sqlite_template: Path, tmp_path: Path) -> None:
    numbers = count()

    def fresh() -> Interleaving:
        path = tmp_path / f"{next(numbers)}.db"
        shutil.copy(sqlite_template, path)
        return Interleaving(f"sqlite:///{path}")

    run_state_machine_as_test(fresh, settings=settings(max_examples=20, stateful_step_count=12, deadline=None))
