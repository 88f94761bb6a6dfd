"""Is a schedule kept as it was asked for, refused when it cannot be, and silent while it is paused, off or gone?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import text

from core.domain.cadences import Cadence, Cron, Daily, Every, EveryDays, MonthDay, MonthEnd, Once, Timed, Weekdays, Workdays
from core.domain.calendars import DayOff
from core.domain.deliveries import DeliveryState, Kind, local_date, reopened
from core.domain.moments import Moment, business_time
from core.domain.schedules import Schedule
from core.domain.workspaces import Channel, Locale, Member, Permission, Workspace
from core.errors import Reason, SendError, UserError
from core.services import channels, days_off, schedules
from core.services.calendars import team_calendar
from core.services.schedule_views import standings
from core.storage.unit_of_work import Database, UnitOfWork
from tests.delivering import DAY, DUE, HOUR, MINUTE, OPENING, MovingClock, Post, ledger_of, open_shop, states

EVERY: list[Cadence] = [
    Timed(time(9, 30), Daily()),
    Timed(time(9), Workdays()),
    Timed(time(17), Weekdays(frozenset({0, 4}))),
    Timed(time(9), MonthDay(31)),
    Timed(time(16), MonthEnd(working=True)),
    Timed(time(9), EveryDays(3, date(2024, 6, 1))),
    Timed(time(10), Once(date(2024, 12, 31))),
    Every(timedelta(hours=2, minutes=15), datetime(2024, 6, 4, 9)),  # noqa: DTZ001  # what a wall shows
    Cron("0 9 * * 1-5"),
]
DAILY = Timed(time(9), Daily())
T = TypeVar("T")


def do(database: Database, act: Callable[[UnitOfWork], T]) -> T:
    with database.write() as uow:
        done = act(uow)
        uow.commit()
    return done


def moment(shop: Workspace, instant: datetime = OPENING) -> Moment:
    return business_time(shop, instant)


def wanted(channel: Channel, cadence: Cadence = DAILY, **more: object) -> Schedule:
    return replace(Schedule(0, 0, Kind.DIGEST, cadence, channel.id), **more)  # type: ignore[arg-type]  # any of its fields


# ------------------------------------------------------------------ kept


@pytest.mark.parametrize("cadence", EVERY, ids=repr)
def test_every_cadence_comes_back_as_it_was_kept(embedded: Database, cadence: Cadence) -> None:
    shop, channel, _ = open_shop(embedded)
    whole = wanted(channel, cadence, zone="Europe/London", locale=Locale.ZH, calendar="GB-SCT", paused_until=date(2024, 7, 1), off="no_channel")
    with embedded.write() as uow:
        kept = uow.schedules.add(shop.id, whole)
        uow.commit()
    assert kept == replace(whole, id=kept.id, number=2)
    with embedded.read() as uow:
        assert uow.schedules.numbered(shop.id, 2) == kept
        assert uow.schedules.get(kept.id) == kept


def test_a_rule_that_an_earlier_version_kept_still_reads(database: Database) -> None:
    *_, schedule = open_shop(database)
    with database.write() as uow:
        uow.session.execute(text("""UPDATE schedules SET rule = '{"at":"08:30:00","days":{"days":[0,4],"type":"weekdays"}}'"""))
        uow.commit()
    with database.read() as uow:
        assert uow.schedules.get(schedule.id).cadence == Timed(time(8, 30), Weekdays(frozenset({0, 4})))


def test_numbers_are_a_workspaces_own_and_given_once(database: Database) -> None:
    shop, channel, first = open_shop(database)
    other, elsewhere, _ = open_shop(database, name="Book shop")
    with database.write() as uow:
        second = schedules.add(uow, shop, wanted(channel), moment(shop))
        schedules.remove(uow, second, moment(shop))
        third = schedules.add(uow, shop, wanted(channel), moment(shop))
        theirs = schedules.add(uow, other, wanted(elsewhere), moment(other))
        uow.commit()
    assert [first.number, second.number, third.number, theirs.number] == [1, 2, 3, 2]
    with database.read() as uow:
        assert [each.number for each in uow.schedules.of(shop.id)] == [1, 3]
        assert uow.schedules.numbered(shop.id, 2) is None
        assert uow.schedules.get(second.id).number == 2
        assert not uow.schedules.brings(second.id, OPENING.date())


def test_zone_and_calendar_are_kept_as_they_are_called(embedded: Database) -> None:
    shop, channel, _ = open_shop(embedded)
    with embedded.write() as uow:
        kept = schedules.add(uow, shop, wanted(channel, zone="europe/london ", calendar="uk"), moment(shop))
    assert (kept.zone, kept.calendar) == ("Europe/London", "GB-ENG")


# ------------------------------------------------------------------ refused


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"zone": "Asia/Peking"}, "schedule.error.zone"),
        ({"calendar": "ZZ"}, "calendar.unknown"),
        ({"cadence": Cron("0 0 30 2 *")}, "schedule.error.never"),
        ({"cadence": Cron("* * * * *")}, "schedule.error.too_often"),
        ({"cadence": Cron("tomorrow")}, "schedule.error.no_cron"),
        ({"cadence": Timed(time(8), Once(date(2024, 6, 4)))}, "schedule.error.past"),
        ({"cadence": Timed(time(2, 30), Once(date(2025, 3, 9))), "zone": "America/New_York"}, "schedule.error.skipped"),
        ({"cadence": Timed(time(1, 30), Once(date(2024, 11, 3))), "zone": "America/New_York"}, "schedule.error.twice"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_saved(embedded: Database, more: dict[str, object], key: str) -> None:
    shop, channel, schedule = open_shop(embedded)
    for act in (schedules.add, schedules.change):
        with embedded.write() as uow:
            with pytest.raises(UserError) as refused:
                act(uow, shop, replace(wanted(channel, **more), id=schedule.id), moment(shop))
            uow.commit()
        assert refused.value.key == key
    with embedded.read() as uow:
        assert uow.schedules.of(shop.id) == (schedule,)


def test_one_person_has_fifty_schedules_at_most_and_a_team_two_hundred(embedded: Database) -> None:
    shop, channel, _ = open_shop(embedded)
    with embedded.write() as uow:
        ann, bob = (uow.members.add(shop.id, Member(0, name, Permission.LEAD, handle=name)) for name in ("ann", "bob"))
        for _ in range(50):
            schedules.add(uow, shop, wanted(channel, owner=ann.id), moment(shop))
        with pytest.raises(UserError) as refused:
            schedules.add(uow, shop, wanted(channel, owner=ann.id), moment(shop))
        assert (refused.value.key, refused.value.args_) == ("schedule.error.yours_full", {"limit": 50})
        schedules.add(uow, shop, wanted(channel, owner=bob.id), moment(shop))
        for _ in range(148):
            schedules.add(uow, shop, wanted(channel), moment(shop))
        with pytest.raises(UserError) as full:
            schedules.add(uow, shop, wanted(channel, owner=bob.id), moment(shop))
        assert full.value.key == "schedule.error.full"
        assert len(uow.schedules.of(shop.id)) == 200


def test_what_came_once_takes_no_room_and_leaves_the_list_after_its_day(embedded: Database) -> None:
    shop, channel, morning = open_shop(embedded)
    with embedded.write() as uow:
        ann = uow.members.add(shop.id, Member(0, "ann", Permission.LEAD, handle="ann"))
        for _ in range(50):
            schedules.add(uow, shop, wanted(channel, Timed(time(10), Once(date(2024, 6, 4))), owner=ann.id), moment(shop))
        assert len(standings(uow, shop, channel, moment(shop, DUE + 2 * HOUR))) == 51, "on its day it is still told"
        with pytest.raises(UserError):
            schedules.add(uow, shop, wanted(channel, owner=ann.id), moment(shop, DUE + 2 * HOUR))
        assert [each.schedule for each in standings(uow, shop, channel, moment(shop, DUE + DAY))] == [morning]
        schedules.add(uow, shop, wanted(channel, owner=ann.id), moment(shop, DUE + DAY))


# ------------------------------------------------------------------ changed, paused, off, gone


def test_a_pause_brings_nothing_until_its_end_and_then_it_comes_again(embedded: Database) -> None:
    shop, _, schedule = open_shop(embedded)
    clock = MovingClock()
    post = Post(embedded, clock)
    post.planner.run()
    do(embedded, lambda uow: schedules.pause(uow, schedule, date(2024, 6, 6), moment(shop)))
    assert states(embedded, shop) == []
    while clock.instant < DUE + 3 * DAY:
        clock.instant += HOUR
        post.tick()
    assert [local_date(key).day for key, _ in post.platform.posts] == [6, 7]


def test_what_was_paused_or_switched_off_comes_from_the_next_time_on_once_it_is_resumed(embedded: Database) -> None:
    shop, _, schedule = open_shop(embedded)
    clock = MovingClock()
    post = Post(embedded, clock)
    post.planner.run()
    do(embedded, lambda uow: schedules.pause(uow, schedule, None, moment(shop)))
    do(embedded, lambda uow: schedules.switch_off(uow, uow.schedules.get(schedule.id), "no_channel", moment(shop)))
    clock.instant = DUE + HOUR
    assert post.tick() == []
    resumed = do(embedded, lambda uow: schedules.resume(uow, uow.schedules.get(schedule.id), moment(shop, clock.instant)))
    assert (resumed.on, resumed.off) == (True, None)
    assert post.tick() == [], "today's time is over"
    clock.instant = DUE + DAY
    assert post.tick() == ["sent"]


@pytest.mark.parametrize("until", [date(2024, 6, 3), date(2024, 6, 4)])
def test_a_pause_that_is_over_before_it_begins_is_refused(embedded: Database, until: date) -> None:
    shop, _, schedule = open_shop(embedded)
    with embedded.write() as uow, pytest.raises(UserError, match=r"schedule\.error\.pause_over"):
        schedules.pause(uow, schedule, until, moment(shop))


def put_off(post: Post) -> None:
    """What is built ahead of its time finds its platform away, and is to be tried again."""
    post.planner.run()
    post.platform.refuse_upload = SendError(Reason.UNAVAILABLE, retryable=True)
    [outcome] = post.worker.run_due(ahead=5 * MINUTE)
    assert outcome.delivery.lease_until is not None
    post.platform.refuse_upload = None


def test_what_was_put_off_is_not_lost_by_a_pause_that_is_taken_back(database: Database) -> None:
    shop, _, schedule = open_shop(database)
    clock = MovingClock()
    post = Post(database, clock)
    put_off(post)
    do(database, lambda uow: schedules.pause(uow, schedule, None, moment(shop)))
    clock.instant += MINUTE
    assert post.tick() == []
    do(database, lambda uow: schedules.resume(uow, uow.schedules.get(schedule.id), moment(shop, clock.instant)))
    clock.instant = DUE
    assert post.tick() == ["sent"]


def test_what_was_put_off_does_not_come_while_it_is_paused_until_a_day(database: Database) -> None:
    shop, _, schedule = open_shop(database)
    clock = MovingClock()
    post = Post(database, clock)
    put_off(post)
    do(database, lambda uow: schedules.pause(uow, schedule, date(2024, 6, 5), moment(shop)))
    clock.instant = DUE
    assert post.tick() == []
    assert post.platform.keys() == []
    clock.instant = DUE + DAY
    assert post.tick() == ["sent"]


def test_what_is_on_its_way_ends_at_a_pause_until_a_day(embedded: Database) -> None:
    shop, _, schedule = open_shop(embedded)
    clock = MovingClock()
    post = Post(embedded, clock)
    put_off(post)
    clock.instant = DUE + MINUTE
    do(embedded, lambda uow: schedules.pause(uow, schedule, date(2024, 6, 5), moment(shop, clock.instant)))
    assert post.tick() == ["muted"]


def test_a_bot_that_is_back_before_the_time_brings_what_is_due(database: Database) -> None:
    shop, channel, _ = open_shop(database)
    clock = MovingClock()
    post = Post(database, clock)
    post.planner.run()
    do(database, lambda uow: uow.places.save_channel(replace(channel, gone=True)))
    assert [outcome.delivery.state.value for outcome in post.worker.run_due(ahead=5 * MINUTE)] == ["planned"]
    do(database, lambda uow: channels.welcomed(uow, shop, replace(channel, gone=True), moment(shop)))
    clock.instant = DUE
    assert post.tick() == ["sent"]


def test_a_bot_that_is_not_back_at_the_time_brings_nothing(embedded: Database) -> None:
    _, channel, _ = open_shop(embedded)
    clock = MovingClock()
    post = Post(embedded, clock)
    post.planner.run()
    post.worker.run_due(ahead=5 * MINUTE)
    do(embedded, lambda uow: uow.places.save_channel(replace(channel, gone=True)))
    clock.instant = DUE
    assert post.tick() == ["muted"]


@pytest.mark.parametrize("act", ["change", "move", "pause", "resume", "off", "rest"])
def test_what_a_stop_let_pass_is_recorded_whatever_is_changed_before_it_is_planned(database: Database, act: str) -> None:
    shop, _, schedule = open_shop(database)
    post = Post(database, MovingClock(DUE + 2 * DAY - HOUR))
    now = moment(shop, post.clock.now())
    acts: dict[str, Callable[[UnitOfWork], object]] = {
        "change": lambda uow: schedules.change(uow, shop, schedule, now),
        "move": lambda uow: schedules.change(uow, shop, replace(schedule, cadence=Timed(time(7), Daily()), zone="Asia/Tokyo"), now),
        "pause": lambda uow: schedules.pause(uow, schedule, None, now),
        "resume": lambda uow: schedules.resume(uow, schedule, now),
        "off": lambda uow: schedules.switch_off(uow, schedule, "no_channel", now),
        "rest": lambda uow: days_off.say_day(uow, shop, DayOff(date(2024, 6, 7)), now),
    }
    do(database, acts[act])
    post.planner.run()
    passed = [row for row in ledger_of(database, shop) if row.due_at < now.instant]
    assert [(row.due_at, row.state.value, row.reason) for row in passed] == [
        (DUE, "missed", "too_late"),
        (DUE + DAY, "missed", "too_late"),
    ]


def test_what_was_paused_during_a_stop_is_not_missed(embedded: Database) -> None:
    shop, _, schedule = open_shop(embedded)
    do(embedded, lambda uow: schedules.pause(uow, schedule, date(2024, 6, 6), moment(shop)))
    now = moment(shop, DUE + DAY)
    do(embedded, lambda uow: schedules.resume(uow, uow.schedules.get(schedule.id), now))
    Post(embedded, MovingClock(now.instant)).planner.run()
    assert [row.due_at for row in ledger_of(embedded, shop)] == [DUE + DAY]


@pytest.mark.parametrize("stop", [OPENING - DAY, DUE])
def test_of_many_times_that_a_stop_let_pass_only_the_newest_comes_late(database: Database, stop: datetime) -> None:
    """Whether they had been planned before the stop, or not."""
    shop, _, schedule = open_shop(database)
    quarters = replace(schedule, cadence=Every(timedelta(minutes=15), datetime(2024, 6, 4)), planned_until=DUE)  # noqa: DTZ001  # what a wall shows
    do(database, lambda uow: uow.schedules.save(quarters))
    clock = MovingClock(stop)
    post = Post(database, clock)
    if stop < DUE:
        post.planner.reach(shop.id, DUE + DAY)
    clock.instant = DUE + 2 * HOUR + 10 * MINUTE
    assert sorted(post.tick()) == ["late", *["missed"] * 8]
    found = ledger_of(database, shop)
    assert [(row.state.value, row.reason) for row in found[:9]] == [*[("missed", "overtaken")] * 8, ("late", "after_its_time")]
    again = reopened(found[0], clock.now())
    assert do(database, lambda uow: uow.receipts.change(found[0], again))
    assert post.tick() == ["sent"], "a person wants it nevertheless"


def test_what_a_person_has_sent_again_says_for_when_it_was(embedded: Database) -> None:
    shop, _, _ = open_shop(embedded)
    clock = MovingClock()
    post = Post(embedded, clock)
    post.planner.reach(shop.id, DUE + MINUTE)
    clock.instant = DUE + 2 * DAY - HOUR
    post.tick()
    missed = ledger_of(embedded, shop)[0]
    assert missed.state is DeliveryState.MISSED
    assert do(embedded, lambda uow: uow.receipts.change(missed, reopened(missed, clock.now())))
    assert post.tick() == ["sent"]
    assert "Somebody had it sent again" in post.platform.posts[-1][1]


def test_what_is_removed_comes_no_more(embedded: Database) -> None:
    shop, _, schedule = open_shop(embedded)
    clock = MovingClock()
    post = Post(embedded, clock)
    post.planner.run()
    do(embedded, lambda uow: schedules.remove(uow, schedule, moment(shop)))
    clock.instant = DUE
    assert post.tick() == []
    assert states(embedded, shop) == []


@pytest.mark.parametrize("cadence", [Timed(time(10), Daily()), Cron("0 10 * * *")], ids=repr)
def test_what_came_today_does_not_come_again_at_another_time(embedded: Database, cadence: Cadence) -> None:
    shop, _, schedule = open_shop(embedded)
    clock = MovingClock(DUE)
    post = Post(embedded, clock)
    assert post.tick() == ["sent"]
    do(embedded, lambda uow: schedules.change(uow, shop, replace(schedule, cadence=cadence), moment(shop, clock.instant)))
    clock.instant = DUE + HOUR
    assert post.tick() == []
    clock.instant = DUE + HOUR + DAY
    assert post.tick() == ["sent"]


# ------------------------------------------------------------------ zones, languages, days off


def test_a_schedule_goes_by_its_own_zone_and_language(embedded: Database) -> None:
    shop, channel, _ = open_shop(embedded)
    kept = do(embedded, lambda uow: schedules.add(uow, shop, wanted(channel, zone="America/New_York", locale=Locale.ZH), moment(shop)))
    Post(embedded, MovingClock()).planner.run()
    row = next(row for row in ledger_of(embedded, shop) if row.schedule == kept.id)
    assert row.due_at == datetime(2024, 6, 4, 13, tzinfo=UTC)
    with embedded.read() as uow:
        assert uow.deliveries.request(row.id).arguments == {"date": "2024-06-04", "channel": str(channel.id), "locale": "zh-CN"}


def test_a_day_off_that_the_team_says_counts_from_now_on(embedded: Database) -> None:
    shop, channel, _ = open_shop(embedded)
    with embedded.write() as uow:
        days_off.say_day(uow, shop, DayOff(date(2024, 6, 5), "Stocktaking"), moment(shop))
        days_off.say_day(uow, shop, DayOff(date(2024, 6, 8), working=True), moment(shop))
        days_off.say_day(uow, shop, DayOff(date(2024, 6, 5), "Picnic"), moment(shop))
        uow.commit()
    with embedded.read() as uow:
        assert uow.days_off.of(shop.id) == (DayOff(date(2024, 6, 5), "Picnic"), DayOff(date(2024, 6, 8), working=True))
        calendar = team_calendar(uow, shop, date(2024, 6, 4))
        assert [calendar.is_working(date(2024, 6, day)) for day in (4, 5, 8, 10)] == [True, False, True, False]
        abroad = team_calendar(uow, shop, date(2024, 6, 4), wanted(channel, calendar="US"))
        assert [abroad.is_working(date(2024, 6, day)) for day in (5, 8, 10)] == [False, True, True]
    with embedded.write() as uow:
        days_off.forget_day(uow, shop, date(2024, 6, 5), moment(shop))
        assert team_calendar(uow, shop, date(2024, 6, 4)).is_working(date(2024, 6, 5))
        with pytest.raises(UserError, match="day_unsaid"):
            days_off.forget_day(uow, shop, date(2024, 6, 5), moment(shop))
        with pytest.raises(UserError, match="day_over"):
            days_off.say_day(uow, shop, DayOff(date(2024, 6, 3)), moment(shop))


def test_what_is_planned_for_a_day_that_becomes_a_day_off_is_taken_back(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)
    post = Post(embedded, MovingClock())
    post.planner.run()
    assert states(embedded, shop) == ["planned"]
    with embedded.write() as uow:
        days_off.say_day(uow, shop, DayOff(date(2024, 6, 4)), moment(shop))
        uow.commit()
    assert states(embedded, shop) == []
