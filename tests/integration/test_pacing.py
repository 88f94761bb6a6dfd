"""Does each message wait its turn, and does only the place wait that a platform asked to be left alone?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.domain.deliveries import SEND_LEASE, Delivery, DeliveryState, Kind, Request, Why
from core.domain.paces import Pace
from core.domain.workspaces import Channel, Workspace
from core.errors import Reason, SendError
from core.messages.codec import Frozen, freeze
from core.messages.model import Heading, Message
from core.storage.unit_of_work import Database
from scheduler.stages.pace import Patience
from scheduler.stages.work import Work
from tests.delivering import DUE, MINUTE, MovingClock, Post, answer, ledger_of, open_shop
from tests.fakes import ABLE, FakePlatform

SECOND = timedelta(seconds=1)
SLACK = replace(ABLE, pace=Pace(SECOND, SECOND / 20))
BRIEFLY = Message((Heading(("briefly",)),), "briefly", locale="en")


class Wall:
    """A shop whose clock goes on by what a thread waits."""

    def __init__(self, database: Database, platform: FakePlatform | None = None) -> None:
        self.database = database
        self.clock = MovingClock(DUE)
        self.platform = platform or FakePlatform(capabilities=SLACK)
        self.waits: list[float] = []
        self.shop, self.channel = self._opened()
        self.post = self.process()

    def process(self) -> Post:
        """Another replica on the same platform."""
        return Post(self.database, self.clock, self.platform, builders={Kind.COMMAND: answer}, patience=Patience(self._wait))

    def plan(self, number: int, conversation: str = "C1") -> Delivery:
        """A message that is built and due."""
        row = Delivery(0, self.shop.id, f"{conversation}/{number}", Kind.COMMAND, self.channel.binding, conversation, DUE, state=DeliveryState.BUILT)
        return replace(row, id=self._kept(row))

    def hold(self, number: int) -> Work:
        """An answer that its process holds from the start."""
        row = replace(
            self.plan(number), id=0, key=f"held {number}", state=DeliveryState.SENDING, attempts=1, lease_until=self.clock.now() + SEND_LEASE
        )
        work = self.post.ledger.work(self._kept(row))
        assert work is not None
        return work

    def _kept(self, row: Delivery) -> int:
        with self.database.write() as uow:
            kept = uow.deliveries.plan(row, Request({"text": row.key}), DUE, freeze(Frozen(BRIEFLY, DUE)))
            uow.commit()
        assert kept is not None
        return kept

    def _opened(self) -> tuple[Workspace, Channel]:
        shop, channel, _ = open_shop(self.database)
        return shop, channel

    def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.clock.instant += timedelta(seconds=seconds)


def test_one_message_alone_waits_for_nothing(database: Database) -> None:
    wall = Wall(database)
    wall.plan(1)
    assert [outcome.sent for outcome in wall.post.worker.run_due()] == [True]
    assert wall.waits == []


def test_the_next_message_to_a_channel_goes_back_until_its_turn_and_another_channel_goes_on(database: Database) -> None:
    wall = Wall(database)
    first, second, other = wall.plan(1), wall.plan(2), wall.plan(1, "C2")
    outcomes = {row.key: wall.post.worker.run(row.id) for row in (first, second, other)}
    assert [(key, outcome and outcome.why) for key, outcome in outcomes.items()] == [
        ("C1/1", Why.AS_PLANNED),
        ("C1/2", Why.PACED),
        ("C2/1", Why.AS_PLANNED),
    ]
    waiting = outcomes[second.key]
    assert waiting is not None
    assert (waiting.delivery.state, waiting.delivery.lease_until, waiting.delivery.attempts) == (DeliveryState.BUILT, DUE + SECOND, 0)
    assert all(seconds <= 0.25 for seconds in wall.waits)


def test_every_message_of_a_crowd_goes_out_in_the_turn_that_it_was_given(database: Database) -> None:
    wall, times = Wall(database), []
    wall.platform.before = lambda key: times.append(wall.clock.instant - DUE)
    rows = [wall.plan(number) for number in range(5)]
    for row in rows:
        wall.post.worker.run(row.id)
    while len(times) < 5:
        wall.clock.instant += SECOND / 2
        for replica in (wall.post, wall.process()):
            replica.worker.run_due()
    assert times == [number * SECOND for number in range(5)]
    assert len(set(wall.platform.keys())) == 5


def test_who_comes_long_after_its_turn_takes_another(embedded: Database) -> None:
    wall = Wall(embedded)
    rows = [wall.plan(number) for number in range(3)]
    for row in rows:
        wall.post.worker.run(row.id)
    wall.clock.instant += MINUTE
    why = [outcome.why for outcome in wall.post.worker.run_due()]
    assert sorted(why) == [Why.AS_PLANNED, Why.PACED]


def test_a_refusal_lets_the_channel_rest_for_every_replica_and_turns_given_before_it_are_void(database: Database) -> None:
    wall = Wall(database)
    rows = [wall.plan(number) for number in range(3)]
    for row in rows[:2]:
        wall.post.worker.run(row.id)
    wall.clock.instant += 2 * SECOND
    wall.platform.errors = [SendError(Reason.RATE_LIMITED, retryable=True, retry_after=30)]
    refused = wall.process().worker.run(rows[2].id)
    assert refused is not None
    assert refused.why == Reason.RATE_LIMITED
    given = wall.post.worker.run(rows[1].id)
    assert given is not None
    assert (given.why, given.delivery.lease_until) == (Why.PACED, DUE + 32 * SECOND)
    assert wall.platform.keys() == ["C1/0"]


def test_a_refusal_without_a_time_costs_one_interval_and_half_the_speed(embedded: Database) -> None:
    wall = Wall(embedded)
    wall.platform.errors = [SendError(Reason.RATE_LIMITED, retryable=True)]
    rows = [wall.plan(number) for number in range(3)]
    first = wall.post.worker.run(rows[0].id)
    assert first is not None
    assert first.delivery.state is DeliveryState.BUILT
    later = [wall.post.worker.run(row.id) for row in rows[1:]]
    assert [outcome and outcome.delivery.lease_until for outcome in later] == [DUE + SECOND, DUE + 3 * SECOND]


def test_a_refusal_of_the_whole_app_lets_all_of_its_channels_rest(embedded: Database) -> None:
    wall = Wall(embedded)
    wall.platform.errors = [SendError(Reason.RATE_LIMITED, retryable=True, retry_after=30, whole=True)]
    wall.post.worker.run(wall.plan(1).id)
    other = wall.post.worker.run(wall.plan(1, "C2").id)
    assert other is not None
    assert (other.why, other.delivery.lease_until) == (Why.PACED, DUE + 30 * SECOND)


def test_an_answer_waits_in_place_for_a_near_turn_and_goes_back_for_a_far_one(database: Database) -> None:
    wall = Wall(database)
    held = [wall.hold(number) for number in range(2)]
    carried = [wall.post.worker.carry(work) for work in held]
    assert [outcome.sent for outcome in carried] == [True, True]
    assert wall.waits == [1.0]
    for number in range(3, 7):
        wall.post.worker.run(wall.plan(number).id)
    far = wall.post.worker.carry(wall.hold(2))
    assert (far.why, far.delivery.state, far.delivery.attempts) == (Why.PACED, DeliveryState.BUILT, 0)
    assert far.delivery.lease_until is not None
    wall.clock.instant = far.delivery.lease_until
    assert wall.post.worker.run(far.delivery.id) is not None
    assert wall.platform.keys()[-1] == "held 2"


def test_a_doubt_waits_for_its_turn_as_a_doubt(embedded: Database) -> None:
    wall = Wall(embedded)
    first, second = wall.plan(1), wall.plan(2)
    wall.platform.errors = [SendError(Reason.AMBIGUOUS, retryable=True)]
    wall.post.worker.run(first.id)
    wall.clock.instant += 5 * SECOND
    wall.post.worker.run(second.id)
    doubt = wall.post.worker.run(first.id)
    assert doubt is not None
    assert (doubt.why, doubt.delivery.state) == (Why.PACED, DeliveryState.IN_DOUBT)
    wall.clock.instant += SECOND
    wall.post.worker.run(first.id)
    assert sorted(wall.platform.keys()) == ["C1/1", "C1/2"]
    assert {row.state for row in ledger_of(embedded, wall.shop)} == {DeliveryState.SENT}
