"""Does the ledger keep each message once, give each row to one taker, and tell nothing to who reads the file?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import time, timedelta
from threading import Barrier

import pytest
from sqlalchemy import text

from core.domain.cadences import Timed, Weekdays
from core.domain.deliveries import BUILD_LEASE, RENEWED_AFTER, SEND_LEASE, Delivery, DeliveryState, Kind, Request, taken
from core.errors import SealError
from core.services.order_import import SILENCE
from core.storage.unit_of_work import Database
from scheduler.engines.common import SWEEP
from scheduler.ledger import Holding, Ledger
from tests.delivering import DUE, HOUR, MINUTE, OPENING, MovingClock, ledger_of, open_shop


def keep(database: Database, key: str = "k", state: DeliveryState = DeliveryState.PLANNED, kind: Kind = Kind.DIGEST) -> Delivery:
    shop, channel, _ = open_shop(database, name=f"Shop {key}")
    delivery = Delivery(0, shop.id, key, kind, channel.binding, "ops", DUE, state=state)
    with database.write() as uow:
        row = uow.deliveries.plan(delivery, Request({"text": "销售额"}, "note"), OPENING)
        assert row is not None
        uow.commit()
    return replace(delivery, id=row)


def test_a_delivery_comes_back_whole(database: Database) -> None:
    kept = keep(database)
    with database.read() as uow:
        assert uow.deliveries.get(kept.id) == kept
        assert uow.deliveries.keyed(kept.workspace, "k") == kept
        assert uow.deliveries.request(kept.id) == Request({"text": "销售额"}, "note")
        assert uow.deliveries.payload(kept.id) is None


def test_the_same_key_is_one_row(database: Database) -> None:
    kept = keep(database)
    with database.write() as uow:
        assert uow.deliveries.plan(kept, Request({"text": "other"}), OPENING) is None
        uow.commit()
    with database.read() as uow:
        assert uow.deliveries.request(kept.id).arguments == {"text": "销售额"}


def test_two_planners_at_once_make_one_row(database: Database) -> None:
    kept = keep(database, "first")
    start = Barrier(2)

    def planned(_: int) -> bool:
        start.wait()
        with database.write() as uow:
            new = uow.deliveries.plan(replace(kept, key="second"), Request(), OPENING)
            uow.commit()
        return new is not None

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(planned, range(2))) == [False, True]


def test_of_two_takers_one_wins(database: Database) -> None:
    kept = keep(database)
    ledger, start = Ledger(database, MovingClock(DUE)), Barrier(4)

    def take(_: int) -> Delivery | None:
        start.wait()
        return ledger.take(kept)

    with ThreadPoolExecutor(4) as pool:
        won = [held for held in pool.map(take, range(4)) if held is not None]
    assert [held.lease_until for held in won] == [DUE + BUILD_LEASE[Kind.DIGEST]]


def test_a_row_that_was_moved_meanwhile_is_left_alone(database: Database) -> None:
    kept, clock = keep(database), MovingClock(DUE)
    ledger = Ledger(database, clock)
    slow = ledger.take(kept)
    clock.instant += BUILD_LEASE[Kind.DIGEST]
    assert slow is not None
    quick = ledger.take(slow)
    assert quick is not None
    assert not ledger.move(slow, replace(slow, state=DeliveryState.BUILT, lease_until=None), b"slow")
    assert ledger.move(quick, replace(quick, state=DeliveryState.BUILT, lease_until=None), b"quick")
    with database.read() as uow:
        assert uow.deliveries.payload(kept.id) == b"quick"


def command(database: Database) -> tuple[MovingClock, Ledger, Delivery]:
    """A slow command that a worker has taken up."""
    clock = MovingClock(DUE)
    ledger = Ledger(database, clock)
    held = ledger.take(keep(database, kind=Kind.COMMAND))
    assert held is not None
    return clock, ledger, held


def test_signs_of_life_hold_a_row_however_long_its_work_takes(database: Database) -> None:
    clock, ledger, held = command(database)
    holding = Holding(ledger, held)
    for _ in range(20):
        clock.instant += BUILD_LEASE[Kind.COMMAND] - timedelta(seconds=1)
        with database.read() as uow:
            standing = uow.deliveries.get(held.id)
        assert standing is not None
        assert ledger.take(standing) is None
        holding.alive()
    assert ledger.move(holding.delivery, replace(holding.delivery, state=DeliveryState.BUILT, lease_until=None), b"done")


def test_signs_of_life_close_together_write_nothing(database: Database) -> None:
    clock, ledger, held = command(database)
    holding = Holding(ledger, held)
    clock.instant += RENEWED_AFTER - timedelta(seconds=1)
    holding.alive()
    assert holding.delivery is held


def test_a_dead_workers_row_is_free_within_a_minute_of_its_last_sign_and_stays_the_next_ones(database: Database) -> None:
    clock, ledger, held = command(database)
    dead = Holding(ledger, held)
    clock.instant += 5 * MINUTE
    dead.alive()
    clock.instant += timedelta(minutes=1) - SWEEP
    next_one = ledger.take(dead.delivery)
    assert next_one is not None
    dead.alive()
    with database.read() as uow:
        assert uow.deliveries.get(held.id) == next_one


def test_no_dead_import_seems_to_run_when_its_command_is_taken_up_again() -> None:
    assert BUILD_LEASE[Kind.COMMAND] > SILENCE + RENEWED_AFTER


def test_a_step_that_the_machine_does_not_have_is_refused(database: Database) -> None:
    kept = keep(database)
    with database.write() as uow, pytest.raises(ValueError, match="no step"):
        uow.deliveries.move(kept, replace(kept, state=DeliveryState.SENT))


def test_waiting_rows_are_open_ones_that_nobody_holds(database: Database) -> None:
    ledger = Ledger(database, MovingClock(DUE))
    keep(database, "free")
    assert ledger.take(keep(database, "held"))
    assert ledger.take(keep(database, "sending", DeliveryState.BUILT))
    keep(database, "for a person", DeliveryState.IN_DOUBT)
    keep(database, "done", DeliveryState.SENT)
    with database.read() as uow:
        assert [row.key for row in uow.deliveries.waiting(DUE, DUE)] == ["free"]
        assert {row.key for row in uow.deliveries.waiting(DUE, DUE + SEND_LEASE)} == {"free", "held", "sending"}
        assert uow.deliveries.waiting(DUE - HOUR, DUE) == ()


def test_request_and_payload_are_sealed_and_bound_to_their_row(database: Database) -> None:
    first, second = keep(database, "first"), keep(database, "second")
    with database.write() as uow:
        assert uow.deliveries.move(first, replace(first, state=DeliveryState.BUILT), "机密".encode())
        raw = uow.session.execute(text("select request, payload from deliveries where id = :id"), {"id": first.id}).one()
        move = text("update deliveries set request = (select request from deliveries where id = :source) where id = :target")
        uow.session.execute(move, {"source": first.id, "target": second.id})
        uow.commit()
    assert "销售额".encode() not in bytes(raw[0])
    assert "机密".encode() not in bytes(raw[1])
    with database.read() as uow:
        assert uow.deliveries.payload(first.id) == "机密".encode()
        with pytest.raises(SealError):
            uow.deliveries.request(second.id)


def test_a_schedule_comes_back_whole(database: Database) -> None:
    shop, channel, schedule = open_shop(database)
    changed = replace(schedule, cadence=Timed(time(17), Weekdays(frozenset({0, 4}))), enabled=False, planned_until=DUE)
    with database.write() as uow:
        assert uow.schedules.of(shop.id) == (schedule,)
        uow.schedules.save(changed)
        uow.commit()
    with database.read() as uow:
        assert uow.schedules.of(shop.id) == (changed,)
        assert uow.schedules.in_channel(shop.id, Kind.DIGEST, channel.id) == (changed,)
        assert not uow.schedules.brings(schedule.id, DUE.date())


def test_planning_never_goes_back(database: Database) -> None:
    shop, _, schedule = open_shop(database)
    with database.write() as uow:
        uow.schedules.planned([schedule.id], DUE + HOUR)
        uow.schedules.planned([schedule.id], DUE)
        uow.commit()
    with database.read() as uow:
        assert uow.schedules.of(shop.id)[0].planned_until == DUE + HOUR


def test_what_is_withdrawn_is_only_what_is_ahead_and_nobody_sends_or_asked_for(database: Database) -> None:
    shop, channel, schedule = open_shop(database)
    times = {"past": OPENING, "ahead": DUE, "put off": DUE, "sending": DUE, "asked": DUE}
    rows = {key: Delivery(0, shop.id, key, Kind.DIGEST, channel.binding, "ops", due, schedule=schedule.id) for key, due in times.items()}
    with database.write() as uow:
        rows["sending"] = replace(rows["sending"], state=DeliveryState.BUILT)
        rows["asked"] = replace(rows["asked"], asked_at=OPENING)
        ids = {key: uow.deliveries.plan(row, Request(), OPENING) for key, row in rows.items()}
        for key in ("put off", "sending"):
            row = replace(rows[key], id=ids[key] or 0)
            assert uow.deliveries.move(row, taken(row, OPENING))
        for row in uow.deliveries.ahead(schedule.id, DUE):
            uow.deliveries.withdraw(row)
        uow.commit()
    assert sorted(row.key for row in ledger_of(database, shop)) == ["asked", "past", "sending"]
