"""What becomes of a case? Its processes are begun, and begun again when one is killed; then the messages that stand on the platforms are counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from time import monotonic, sleep
from typing import Self

from bot.house import FEISHU, SLACK
from core.clock import FixedClock, SystemClock
from core.domain.deliveries import OUT, SEND_LEASE
from core.storage.sealing import Sealer
from core.storage.unit_of_work import Database
from tests.conftest import KEY
from tests.faults.cases import Case, Cut
from tests.faults.grounds import Grounds, Place, away, digests, open_shop, order_digests
from tests.faults.haste import FASTER
from tests.feishu_server import UNLIMITED, DropAfter, DropBefore, Endpoint, Fail, FeishuServer
from tests.feishu_server.faults import Fault
from tests.house import feishu_settings, slack_settings
from tests.slack_server import Rules, SlackServer

# This process itself has the house's own times.
LEASE = SEND_LEASE.total_seconds() / FASTER
# From the last blow until all is out. What the machine itself needs does not get faster.
ALLOWED = LEASE + 2.0
# So long after all is out, whoever would send it once more has done so.
AFTERWARDS = LEASE + 0.5
STARTING = 20.0
_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.faults.zygote"])


class LiveClock(FixedClock):
    """The machine's own time, where the platforms of the tests want a clock that can be moved."""

    def now(self) -> datetime:
        return SystemClock().now()


def warm_up() -> None:
    """Loads the house for all processes that begin later."""
    first = _PROCESSES.Process(target=int)
    first.start()
    first.join()


@dataclass(frozen=True)
class Verdict:
    """How many messages stand on each platform, after how many seconds of recovery, and what is wrong with that."""

    case: Case
    posts: dict[str, int]
    recovery: float
    deaths: int
    wrong: tuple[str, ...]


@dataclass
class Running:
    """A process of a case."""

    process: ForkServerProcess
    line: Connection


@dataclass
class Lane:
    """A Slack and a Feishu for one case after the other, in a `with` block."""

    grounds: Grounds
    allowed: float = ALLOWED
    closing: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        clock = LiveClock(SystemClock().now())
        self.slack = self.closing.enter_context(SlackServer(clock, Rules(burst=1_000, looks=0)))
        self.feishu = self.closing.enter_context(FeishuServer(clock, limits=UNLIMITED))
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.close()

    def play(self, case: Case) -> Verdict:
        """Plays it to its end."""
        if not case.small:
            return self._played(case, self.grounds.fresh(case.database))
        with self.grounds.small_disk() as url:
            return self._played(case, url)

    def _played(self, case: Case, url: str) -> Verdict:
        self.channel, self.group = self.slack.add_channel("ops"), self.feishu.world.add_group("运营群")
        places = (Place(SLACK, self.slack.team.id, self.channel.id), Place(FEISHU, self.feishu.app.app_id, self.group.chat_id))
        with closing(Database.open(url, Sealer(KEY))) as database:
            shop = open_shop(database, places)
            with self._crew(case, url) as crew:
                crew.wait_ready()
                self._cut(case.cut)
                due = order_digests(database, shop)
                with away(url, case.gone, due):
                    return Judge(self, case, database, crew, due).verdict()

    def posts(self) -> dict[str, int]:
        """How many messages of the bot stand where the case's digests go."""
        there = [post for post in self.slack.from_bot(self.channel) if post.thread_ts is None]
        return {SLACK: len(there), FEISHU: len(self.feishu.world.cards(self.group))}

    def _cut(self, cut: Cut | None) -> None:
        post = "chat.postMessage"
        feishu: Fault
        match cut:
            case None:
                return
            case Cut.BEFORE:
                self.slack.faults.drop_before(post)
                feishu = DropBefore()
            case Cut.AFTER:
                self.slack.faults.drop_after(post)
                feishu = DropAfter()
            case Cut.LIMITED:
                self.slack.faults.refuse(post, "ratelimited", 429, headers={"Retry-After": "1"})
                feishu = Fail(429, 99991400, "request trigger frequency limit", reset=1)
            case Cut.LIMITED_BARE:
                self.slack.faults.refuse(post, "ratelimited", 429)
                feishu = Fail(429, 99991400, "request trigger frequency limit")
            case Cut.BROKEN:
                self.slack.faults.refuse(post, "internal_error", 503)
                feishu = Fail(503)
        self.feishu.faults.plan(Endpoint.SEND, feishu)

    @contextmanager
    def _crew(self, case: Case, url: str) -> Iterator[Crew]:
        crew = Crew(self, case, url)
        try:
            yield crew
        finally:
            crew.end()


class Crew:
    """The processes of a case. Whoever dies is replaced, as a supervisor does."""

    def __init__(self, lane: Lane, case: Case, url: str) -> None:
        from tests.faults.child import Shared, Told

        shared = Shared(_PROCESSES.Value("i", 0), _PROCESSES.Value("i", 0), _PROCESSES.Value("d", 0.0))
        self.shared = shared
        self._told = Told(url, slack_settings(lane.slack), feishu_settings(lane.feishu), case.blows, shared, lane.grounds.log)
        self._running = [self._begun() for _ in range(case.replicas)]
        self.deaths = 0

    def wait_ready(self) -> None:
        """Returns when all of them are at work."""
        for each in self._running:
            assert each.line.poll(STARTING), "a process did not start"

    def replace_dead(self) -> bool:
        """Begins a process for each that has died, and returns once they are at work; whether one had died."""
        dead = [each for each in self._running if not each.process.is_alive()]
        fresh = [self._begun() for _ in dead]
        for each in dead:
            each.process.close()
            self._running.remove(each)
        self._running += fresh
        self.deaths += len(dead)
        for each in fresh:
            each.line.poll(STARTING)
        return bool(dead)

    def end(self) -> None:
        """Ends them all: as asked, else by force."""
        for each in self._running:
            each.process.kill()
        for each in self._running:
            each.process.join(STARTING)
            each.process.close()

    def _begun(self) -> Running:
        from tests.faults.child import serve

        ours, theirs = _PROCESSES.Pipe()
        process = _PROCESSES.Process(target=serve, args=(self._told, theirs))
        process.start()
        theirs.close()
        return Running(process, ours)


class Judge:
    """Waits until all is out, and some time more; counts."""

    def __init__(self, lane: Lane, case: Case, database: Database, crew: Crew, due: datetime) -> None:
        self._lane, self._case, self._database, self._crew = lane, case, database, crew
        # Recovery is counted from the last blow, but not from before anything was due.
        self._due = monotonic() + (due - SystemClock().now()).total_seconds()
        self._blow, self._starting = self._due, 0.0

    @property
    def _allowed(self) -> float:
        """So many seconds after the last blow all is to be out. How fast a machine begins processes is not the house's to mend."""
        return self._lane.allowed + self._case.trouble + self._starting

    def verdict(self) -> Verdict:
        """What became of the case."""
        out = self._waited()
        recovery = monotonic() - self._blow
        end = monotonic() + AFTERWARDS
        while monotonic() < end and out:
            self._watched()
        posts = self._lane.posts()
        return Verdict(self._case, posts, recovery, self._crew.deaths, tuple(self._wrong(posts, recovery, out=out)))

    def _waited(self) -> bool:
        """Whether all stands, and the ledger knows it, in time."""
        while monotonic() < self._blow + self._allowed + STARTING:
            self._watched()
            if self._out():
                return True
        return False

    def _watched(self) -> None:
        sleep(0.1)
        died = monotonic()
        if self._crew.replace_dead():
            self._blow, self._starting = max(self._due, died), monotonic() - died

    def _out(self) -> bool:
        if min(self._lane.posts().values()) == 0:
            return False
        try:
            return all(row.state in OUT for row in digests(self._database))
        except Exception:
            # The database may be away.
            return False

    def _wrong(self, posts: dict[str, int], recovery: float, *, out: bool) -> Iterator[str]:
        for platform, many in posts.items():
            if many != 1:
                yield f"{'lost' if many == 0 else 'doubled'} on {platform}: {many} posts"
        if not out:
            yield f"not settled: {[(row.state.value, row.attempts, row.lease_until, row.reason, row.error) for row in digests(self._database)]}"
        elif recovery > self._allowed:
            yield f"recovered after {recovery:.1f} s, {self._allowed:.1f} s are allowed"
        if self._case.blows and not self._crew.shared.fallen.value:
            yield "the blow never fell"
