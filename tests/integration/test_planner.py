"""Does each morning become one row, however often it is planned and whatever time does?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import OperationalError

from core.domain.cadences import Cron, Daily, Timed
from core.domain.deliveries import DeliveryState, Kind, local_date
from core.domain.moments import business_time
from core.domain.schedules import Schedule
from core.domain.workspaces import Workspace
from core.services.schedules import add, remove, replan, set_schedule
from core.storage.sealing import Sealer
from core.storage.tables.deliveries import ScheduleRow
from core.storage.unit_of_work import Database
from tests.delivering import DAY, DUE, HOUR, MINUTE, OPENING, MovingClock, Post, ledger_of, open_shop, states
from tests.postgres import PostgresServer


def mornings(database: Database, shop_id: int) -> list[str]:
    with database.read() as uow:
        return [row.key.split(":")[2] for row in uow.deliveries.of(shop_id)]


def test_the_next_day_is_planned_once(database: Database) -> None:
    shop, channel, schedule = open_shop(database)
    post = Post(database, MovingClock())
    assert [post.planner.run(), post.planner.run()] == [1, 0]
    [row] = ledger_of(database, shop)
    assert row.key == f"digest:{schedule.id}:2024-06-04:0:{channel.binding}/{channel.external_id}"
    assert (row.due_at, row.state, row.schedule) == (DUE, DeliveryState.PLANNED, schedule.id)
    with database.read() as uow:
        assert uow.deliveries.request(row.id).arguments == {"date": "2024-06-04", "channel": str(channel.id)}


def test_a_week_of_sweeps_plans_each_working_day(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)
    clock = MovingClock()
    post = Post(embedded, clock)
    while clock.instant < OPENING + 7 * DAY:
        post.planner.run()
        clock.instant += 47 * MINUTE
    assert mornings(embedded, shop.id) == ["2024-06-04", "2024-06-05", "2024-06-06", "2024-06-07", "2024-06-10", "2024-06-11"]


def test_what_was_missed_while_down_is_late_within_three_hours_and_else_recorded(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)
    post = Post(embedded, MovingClock(DUE + 2 * DAY + 2 * HOUR))
    assert post.tick() == ["late"]
    assert [(row.state.value, row.reason) for row in ledger_of(embedded, shop)[:3]] == [
        ("missed", "too_late"),
        ("missed", "too_late"),
        ("late", "after_its_time"),
    ]
    assert post.platform.keys() == [ledger_of(embedded, shop)[2].key]


def test_a_schedule_that_cannot_be_read_keeps_no_other_from_being_planned(database: Database) -> None:
    shop, _, schedule = open_shop(database)
    with database.write() as uow:
        others = [add(uow, shop, replace(schedule, id=0, number=0), business_time(shop, OPENING)).id for _ in range(4)]
        uow.session.execute(update(ScheduleRow).where(ScheduleRow.id == others[1]).values(rule='{"type": "of a newer version"}'))
        uow.commit()
    assert Post(database, MovingClock()).planner.run() == 4
    assert [row.schedule for row in ledger_of(database, shop)] == [schedule.id, others[0], *others[2:]]


def test_a_demo_clock_that_stands_brings_nothing(embedded: Database) -> None:
    shop, *_ = open_shop(embedded, frozen_at=OPENING)
    post = Post(embedded, MovingClock(OPENING + 400 * DAY))
    assert [post.tick(), post.tick()] == [[], []]
    assert states(embedded, shop) == ["planned"]


def test_two_workspaces_go_by_their_own_clocks(embedded: Database) -> None:
    demo, *_ = open_shop(embedded, frozen_at=DUE, name="Demo")
    real, *_ = open_shop(embedded, name="Real")
    assert Post(embedded, MovingClock(DUE - MINUTE)).tick() == ["sent"]
    assert states(embedded, demo)[0] == "sent"
    assert states(embedded, real) == ["planned"]


def test_a_given_time_goes_before_a_standing_clock(embedded: Database) -> None:
    shop, *_ = open_shop(embedded, frozen_at=OPENING)
    assert Post(embedded, MovingClock()).tick(override=datetime(2024, 6, 4, 9, 0)) == ["sent"]  # noqa: DTZ001  # workspace time, as typed
    assert states(embedded, shop)[0] == "sent"


def test_a_changed_time_of_day_moves_what_is_ahead_and_doubles_nothing(embedded: Database) -> None:
    shop, channel, _ = open_shop(embedded)
    clock = MovingClock()
    post = Post(embedded, clock)
    post.tick()
    with embedded.write() as uow:
        set_schedule(uow, shop, Kind.DIGEST, channel, Timed(time(10), Daily()), None, business_time(shop, clock.now()))
        uow.commit()
    post.tick()
    assert [row.due_at for row in ledger_of(embedded, shop)] == [DUE + HOUR]
    clock.instant = DUE + HOUR
    assert post.tick() == ["sent"]
    with embedded.write() as uow:
        set_schedule(uow, shop, Kind.DIGEST, channel, Timed(time(11), Daily()), None, business_time(shop, clock.now()))
        uow.commit()
    clock.instant += 2 * HOUR
    assert post.tick() == []
    assert mornings(embedded, shop.id) == ["2024-06-04", "2024-06-05"]


def move(database: Database, shop: Workspace, zone: str, clock: MovingClock) -> Workspace:
    moved = replace(shop, timezone=zone)
    with database.write() as uow:
        uow.workspaces.save(moved)
        replan(uow, shop, moved, business_time(moved, clock.now()))
        uow.commit()
    return moved


@pytest.mark.parametrize(
    ("zone", "owed"),
    [
        ("Asia/Singapore", []),
        ("Asia/Tokyo", ["601", "631"]),
        ("America/New_York", []),
    ],
)
def test_a_change_of_zone_brings_no_time_from_before_the_schedule_was_made(embedded: Database, zone: str, owed: list[str]) -> None:
    """Made and moved at 10:00. In Tokyo it is 11:00 at once: what lies between has not come, and comes late."""
    shop, channel, morning = open_shop(embedded)
    clock = MovingClock(DUE + HOUR)
    with embedded.write() as uow:
        remove(uow, morning, business_time(shop, clock.now()))
        add(uow, shop, Schedule(0, 0, Kind.DIGEST, Cron("*/30 * * * *"), channel.id), business_time(shop, clock.now()))
        uow.commit()
    move(embedded, shop, zone, clock)
    Post(embedded, clock).planner.run()
    new = [row.key.split(":")[3] for row in ledger_of(embedded, shop) if row.due_at < clock.now()]
    assert sorted(new) == owed


def test_a_zone_that_changes_while_it_is_planned_is_the_one_that_counts(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    shop, *_ = open_shop(database)
    clock = MovingClock()
    planner = Post(database, clock).planner
    behind = planner._behind(None)
    moved = move(database, shop, "Europe/London", clock)
    monkeypatch.setattr(planner, "_behind", lambda override: behind)
    assert planner.run() == 1
    assert [row.due_at.astimezone(moved.zone).hour for row in ledger_of(database, shop)] == [9]


def test_a_change_waits_for_a_planner_that_has_begun_though_it_changes_nothing_itself(postgres: PostgresServer, sealer: Sealer) -> None:
    """Else the planner would have the last word."""
    database = Database.open(postgres.emptied("template_morningbell"), sealer)
    _, _, schedule = open_shop(database)
    with database.write() as planning, database.write() as changing:
        assert planning.schedules.claim([schedule.id], OPENING + DAY) == (schedule,)
        changing.session.execute(text("SET LOCAL lock_timeout = 50"))
        with pytest.raises(OperationalError, match="lock timeout"):
            changing.schedules.save(schedule)
    database.close()


def test_a_change_of_zone_keeps_one_digest_a_local_date(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)
    clock = MovingClock(DUE - 2 * DAY)
    post = Post(embedded, clock)
    zones = ["Asia/Shanghai", "Europe/London", "America/Los_Angeles", "Asia/Tokyo", "Asia/Shanghai"]
    for hours in range(24 * 12):
        if hours % 31 == 30:
            shop = move(embedded, shop, zones[hours // 31 % len(zones)], clock)
        post.tick()
        clock.instant += HOUR
    assert len(set(post.platform.keys())) == len(post.platform.posts)
    days = [local_date(row.key) for row in ledger_of(embedded, shop)]
    assert sorted(set(days)) == sorted(days)
    assert set(days) >= {date(2024, 6, day) for day in (4, 5, 6, 7, 10, 11)}


def test_daylight_saving_gives_one_digest_a_local_date(embedded: Database) -> None:
    shop, channel, _ = open_shop(embedded)
    shop = replace(shop, timezone="America/New_York")
    clock = MovingClock(datetime(2024, 3, 8, tzinfo=ZoneInfo("America/New_York")))
    with embedded.write() as uow:
        uow.workspaces.save(shop)
        set_schedule(uow, shop, Kind.DIGEST, channel, Timed(time(2, 30), Daily()), None, business_time(shop, clock.now()))
        uow.commit()
    post = Post(embedded, clock)
    for _ in range(4 * 48):
        post.tick()
        clock.instant += HOUR / 2
    assert [local_date(key).day for key, _ in post.platform.posts] == [8, 9, 10, 11]


@pytest.mark.parametrize("step", [HOUR, -HOUR])
def test_a_clock_step_of_an_hour_brings_one_digest_a_local_date(embedded: Database, step: timedelta) -> None:
    """At whatever minute around the digest's time the machine's clock is set."""
    open_shop(embedded)
    clock = MovingClock(DUE - 3 * HOUR)
    post = Post(embedded, clock)
    for minutes in range(0, 5 * 24 * 60, 20):
        clock.instant += 20 * MINUTE + (step if minutes % 1420 == 300 else 0 * HOUR)
        post.tick()
    days = [local_date(key) for key, _ in post.platform.posts]
    assert sorted(set(days)) == days
    assert {date(2024, 6, day) for day in (4, 5, 6, 7)} <= set(days)


def test_two_planners_at_once_plan_each_occurrence_once(database: Database) -> None:
    shops = [open_shop(database, name=f"Shop {number}")[0] for number in range(6)]
    posts = [Post(database, MovingClock(DUE + 2 * DAY)) for _ in range(2)]
    start = Barrier(2)

    def plan(post: Post) -> int:
        start.wait()
        return post.planner.run()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(plan, posts)) == 6 * 3
    assert [len(mornings(database, shop.id)) for shop in shops] == [3] * 6


def test_more_schedules_than_one_transaction_takes_are_all_planned(embedded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.planner.BATCH", 2)
    shops = [open_shop(embedded, name=f"Shop {number}")[0] for number in range(5)]
    assert Post(embedded, MovingClock()).planner.run() == 5
    assert [len(mornings(embedded, shop.id)) for shop in shops] == [1] * 5


def test_several_times_a_date_are_several_rows_and_a_change_of_zone_doubles_none(embedded: Database) -> None:
    shop, channel, _ = open_shop(embedded, frozen_at=None)
    clock = MovingClock(DUE - 3 * HOUR)
    with embedded.write() as uow:
        add(uow, shop, Schedule(0, 0, Kind.DIGEST, Cron("0 */6 * * *"), channel.id), business_time(shop, clock.now()))
        uow.commit()
    post = Post(embedded, clock)
    for hours in range(24 * 4):
        if hours % 29 == 28:
            shop = move(embedded, shop, "Asia/Tokyo" if shop.timezone == "Asia/Shanghai" else "Asia/Shanghai", clock)
        clock.instant += HOUR
        post.tick()
    keys = post.platform.keys()
    assert len(set(keys)) == len(keys)
    slots = {key.split(":")[3] for key in keys}
    assert slots == {"0", "1", "361", "721", "1081"}
