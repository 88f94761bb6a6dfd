"""Do all replicas together keep a platform's limits, and learn from its refusals?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

from core.domain.deliveries import Delivery, Kind
from core.domain.paces import FURTHEST, LEARNED_FOR, SLOWEST, Lane, Lanes, Pace, lanes
from core.storage.unit_of_work import Database
from tests.delivering import DUE, HOUR, MINUTE

SECOND = timedelta(seconds=1)
ROW = Delivery(1, 1, "k", Kind.DIGEST, 7, "C1", DUE)
SLACK = Pace(SECOND, SECOND / 20)
OPS = lanes(SLACK, ROW)
LAUNCH = lanes(SLACK, replace(ROW, conversation="C2"))


def take(database: Database, of: Lanes, now: datetime = DUE) -> timedelta:
    """A turn, by how long it has to be waited for."""
    with database.write() as uow:
        at = uow.paces.turn(of.both, now)
        uow.commit()
    return at - now


def pause(database: Database, lane: Lane, wait: timedelta, now: datetime = DUE) -> None:
    with database.write() as uow:
        uow.paces.pause(lane, wait, now)
        uow.commit()


def paused(database: Database, of: Lanes, now: datetime) -> bool:
    with database.read() as uow:
        return uow.paces.paused(of.both, now)


def test_a_conversation_and_its_app_are_two_limits_and_a_direct_message_has_its_own() -> None:
    assert OPS.both == (Lane("app:7", SECOND / 20), Lane("ch:7/C1", SECOND))
    assert lanes(SLACK, replace(ROW, visible_to=3)).channel.scope == "ch:7/@3"


def test_messages_to_one_channel_follow_each_other_by_its_interval(database: Database) -> None:
    assert [take(database, OPS) for _ in range(3)] == [0 * SECOND, SECOND, 2 * SECOND]


def test_messages_to_several_channels_follow_each_other_by_the_apps(database: Database) -> None:
    assert [take(database, of) for of in (OPS, LAUNCH)] == [0 * SECOND, SECOND / 20]


def test_a_turn_that_was_not_used_in_time_is_not_kept_for_later(database: Database) -> None:
    take(database, OPS)
    assert [take(database, OPS, DUE + HOUR) for _ in range(2)] == [0 * SECOND, SECOND]


def test_replicas_at_once_get_a_turn_each(database: Database) -> None:
    start = Barrier(4)

    def turn(_: int) -> timedelta:
        start.wait()
        return take(database, OPS)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(turn, range(4))) == [number * SECOND for number in range(4)]


def test_a_turn_that_is_not_committed_is_free_for_the_next(database: Database) -> None:
    with database.write() as uow:
        uow.paces.turn(OPS.both, DUE)
    assert take(database, OPS) == 0 * SECOND


def test_a_refusal_pauses_its_lane_for_everybody_and_no_other(database: Database) -> None:
    pause(database, OPS.channel, 42 * SECOND)
    assert take(database, LAUNCH) == 0 * SECOND
    assert take(database, OPS) == 42 * SECOND
    assert (paused(database, OPS, DUE + 41 * SECOND), paused(database, OPS, DUE + 42 * SECOND)) == (True, False)
    assert not paused(database, LAUNCH, DUE)


def test_a_refused_app_pauses_all_of_its_channels(database: Database) -> None:
    pause(database, OPS.app, 42 * SECOND)
    assert take(database, LAUNCH) == 42 * SECOND


def test_after_a_refusal_it_goes_half_as_fast_and_a_while_later_as_before(database: Database) -> None:
    take(database, OPS)
    pause(database, OPS.channel, SECOND)
    after = DUE + SECOND
    assert [take(database, OPS, after) for _ in range(2)] == [0 * SECOND, 2 * SECOND]
    later = after + LEARNED_FOR
    assert [take(database, OPS, later) for _ in range(2)] == [0 * SECOND, SECOND]


def test_refusals_of_one_haste_slow_down_once_and_those_that_follow_up_to_a_bound(database: Database) -> None:
    take(database, OPS)
    for _ in range(5):
        pause(database, OPS.channel, MINUTE)
    assert [take(database, OPS, DUE + MINUTE) for _ in range(2)] == [0 * SECOND, 2 * SECOND]
    for number in range(10):
        pause(database, OPS.channel, SECOND, DUE + (2 + number) * MINUTE)
    at = DUE + 13 * MINUTE
    assert [take(database, OPS, at) for _ in range(2)] == [0 * SECOND, SLOWEST]


def test_a_shorter_pause_does_not_shorten_a_longer_one(database: Database) -> None:
    for seconds in (60, 5):
        pause(database, OPS.channel, seconds * SECOND)
    assert paused(database, OPS, DUE + 59 * SECOND)
    assert take(database, OPS) == MINUTE


def test_a_clock_that_is_put_back_holds_nothing_up(database: Database) -> None:
    pause(database, OPS.channel, MINUTE, DUE + HOUR)
    assert not paused(database, OPS, DUE)
    assert take(database, OPS) == 0 * SECOND


def test_no_pause_is_longer_than_the_house_waits(database: Database) -> None:
    pause(database, OPS.channel, 24 * HOUR)
    assert take(database, OPS) == FURTHEST
