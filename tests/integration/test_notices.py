"""Is somebody told of what did not go out, once, whatever happens meanwhile? The sweep over the ledger, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Barrier

import pytest

from core.domain.deliveries import Delivery, DeliveryState, Kind, Request
from core.domain.moments import business_time
from core.domain.schedules import Schedule
from core.domain.workspaces import Channel, Locale, Member, Permission, Workspace
from core.errors import UserError
from core.services import notices, receipts, workspaces
from core.services.schedules import MORNING, add
from core.storage.unit_of_work import Database
from scheduler.notices import Notices
from tests.delivering import DAY, DUE, HOUR, MINUTE, OPENING, MovingClock

NINE_PAST = DUE + 9 * MINUTE


@dataclass
class Team:
    """A shop with an owner of schedules, another admin, and two platforms beside the playground."""

    database: Database

    def __post_init__(self) -> None:
        with self.database.write() as uow:
            told = Workspace(0, "Tea shop", Locale.EN, "Asia/Shanghai", "CNY", "CN")
            self.shop, self.boss, _ = workspaces.create(uow, told, Member(0, "Shen", Permission.ADMIN, handle="shen"), OPENING)
            self.lin = workspaces.join(uow, self.shop, Member(0, "Lin", Permission.LEAD, handle="lin"))
            self.web = uow.places.bind(self.shop.id, "web", str(self.shop.id))
            self.one, self.two = (uow.places.bind(self.shop.id, platform, "T1") for platform in ("slack", "feishu"))
            for member, binding, account in ((self.lin, self.one, "U1"), (self.lin, self.two, "ou_1"), (self.boss, self.two, "ou_2")):
                uow.members.link(self.shop.id, member.id, binding, account)
            self.ops = uow.places.add_channel(self.shop.id, Channel(0, self.one, "C1", "ops"))
            self.schedule = add(uow, self.shop, Schedule(0, 0, Kind.DIGEST, MORNING, self.ops.id, self.lin.id), business_time(self.shop, OPENING))
            uow.commit()
        self.clock = MovingClock(NINE_PAST)
        self.notices = Notices(self.database, self.clock)

    def slot(self, state: DeliveryState, reason: str | None = None, due: datetime = DUE, binding: int | None = None) -> int:
        """A digest that came to stand so."""
        key = f"digest:{self.schedule.id}:{due.isoformat()}"
        row = Delivery(0, self.shop.id, key, Kind.DIGEST, binding or self.one, "C1", due, schedule=self.schedule.id, state=state, reason=reason)
        with self.database.write() as uow:
            planned = uow.deliveries.plan(row, Request({"date": "2024-06-04"}), OPENING)
            uow.commit()
        assert planned is not None
        return planned

    def told(self) -> list[tuple[int | None, int]]:
        """Who is told, and on which binding."""
        with self.database.read() as uow:
            rows = [row for row in uow.deliveries.of(self.shop.id) if row.kind is Kind.NOTICE]
        return [(row.visible_to, row.binding) for row in rows]

    def standing(self, delivery: int) -> Delivery:
        with self.database.read() as uow:
            row = uow.deliveries.get(delivery)
        assert row is not None
        return row


@pytest.fixture
def team(database: Database) -> Team:
    return Team(database)


def test_the_owner_is_told_once_however_often_one_looks(team: Team) -> None:
    team.slot(DeliveryState.FAILED, "refused")
    assert [team.notices.run(), team.notices.run(), Notices(team.database, team.clock).run()] == [1, 0, 0]
    assert team.told() == [(team.lin.id, team.one)]


def test_two_replicas_that_look_at_the_same_time_tell_once(team: Team) -> None:
    team.slot(DeliveryState.FAILED, "refused")
    together = Barrier(2)

    def look(_: int) -> int:
        together.wait()
        return team.notices.run()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(look, range(2))) == 1
    assert len(team.told()) == 1


@pytest.mark.parametrize("reason", ["bad_credentials", "unreachable", "unavailable"])
def test_a_platform_that_cannot_be_reached_is_not_used_to_say_so(team: Team, reason: str) -> None:
    team.slot(DeliveryState.FAILED, reason)
    team.notices.run()
    assert team.told() == [(team.lin.id, team.two)]


def test_where_every_way_seems_broken_one_is_tried(team: Team) -> None:
    with team.database.write() as uow:
        for binding in (team.one, team.two):
            uow.places.switch(binding, on=False)
        schedule = uow.schedules.get(team.schedule.id)
        uow.schedules.save(replace(schedule, owner=team.boss.id))
        uow.commit()
    team.slot(DeliveryState.FAILED, "unavailable", binding=team.web)
    team.notices.run()
    assert team.told() == [(team.boss.id, team.web)]


def test_what_lasts_switches_the_schedule_off_and_takes_back_what_it_had_planned(team: Team) -> None:
    ahead = team.slot(DeliveryState.PLANNED, due=DUE + DAY)
    team.slot(DeliveryState.FAILED, "no_channel")
    team.notices.run()
    with team.database.read() as uow:
        assert uow.schedules.get(team.schedule.id).off == "no_channel"
        assert uow.deliveries.get(ahead) is None


def test_what_may_pass_leaves_the_schedule_on(team: Team) -> None:
    team.slot(DeliveryState.FAILED, "unavailable")
    team.notices.run()
    with team.database.read() as uow:
        assert uow.schedules.get(team.schedule.id).on


def test_several_of_one_kind_are_one_message(team: Team) -> None:
    for days in range(3):
        team.slot(DeliveryState.FAILED, "refused", DUE - days * DAY)
    assert team.notices.run() == 1


def test_word_that_does_not_get_out_goes_another_way_until_somebody_has_it(team: Team) -> None:
    team.slot(DeliveryState.FAILED, "refused")
    ways: list[tuple[int | None, int]] = []
    for _ in range(6):
        if not team.notices.run():
            break
        (who, where), *_ = sorted(set(team.told()) - set(ways))
        ways.append((who, where))
        _fail_newest(team)
    # On her platforms one after the other, in the playground at last; then the team's owner, where that was not tried in vain.
    assert ways == [(team.lin.id, team.one), (team.lin.id, team.two), (team.lin.id, team.web)]


def _fail_newest(team: Team) -> None:
    with team.database.write() as uow:
        for row in uow.deliveries.of(team.shop.id):
            if row.kind is Kind.NOTICE and row.state is DeliveryState.PLANNED:
                uow.deliveries.move(row, replace(row, state=DeliveryState.FAILED, reason="no_channel"))
        uow.commit()


def test_where_the_owner_has_left_the_teams_owner_is_told(team: Team) -> None:
    with team.database.write() as uow:
        uow.members.save(team.shop.id, replace(team.lin, active=False))
        uow.commit()
    team.slot(DeliveryState.FAILED, "refused")
    team.notices.run()
    assert team.told() == [(team.boss.id, team.two)]


def test_word_of_what_was_missed_waits_for_what_still_comes_late(team: Team) -> None:
    missed = team.slot(DeliveryState.MISSED, "too_late", DUE - DAY)
    team.clock.instant = DUE + HOUR
    on_its_way = team.slot(DeliveryState.PLANNED)
    assert team.notices.run() == 0
    with team.database.write() as uow:
        row = uow.deliveries.get(on_its_way)
        assert row is not None
        for state in (DeliveryState.BUILT, DeliveryState.SENDING, DeliveryState.LATE):
            assert uow.deliveries.move(row, replace(row, state=state))
            row = replace(row, state=state)
        uow.commit()
    assert team.notices.run() == 1
    with team.database.read() as uow:
        (notice,) = (row for row in uow.deliveries.of(team.shop.id) if row.kind is Kind.NOTICE)
        request = uow.deliveries.request(notice.id)
        card = notices.notice(uow, team.shop, request, business_time(team.shop, team.clock.now()))
    assert request.arguments["deliveries"] == f"{missed},{on_its_way}"
    assert card.fallback == "1 went out late, 1 missed the time and did not go out"


def test_what_failed_goes_again_once_and_is_told_of_again(team: Team) -> None:
    failed = team.slot(DeliveryState.FAILED, "refused")
    team.notices.run()
    moment = business_time(team.shop, team.clock.now())
    for wanted in (1, 0):
        with team.database.write() as uow:
            acted = receipts.send_again(uow, team.shop, receipts.chosen(uow, team.shop, [failed]), moment)
            uow.commit()
        assert len(acted.done) == wanted
    again = team.standing(failed)
    assert (again.state, again.asked_at) == (DeliveryState.PLANNED, NINE_PAST)
    with team.database.write() as uow:
        uow.deliveries.move(again, replace(again, state=DeliveryState.FAILED, reason="refused"))
        uow.commit()
    assert team.notices.run() == 1


def test_what_was_sent_is_never_sent_again(team: Team) -> None:
    sent = team.slot(DeliveryState.SENT)
    with team.database.write() as uow:
        acted = receipts.send_again(uow, team.shop, receipts.chosen(uow, team.shop, [sent]), business_time(team.shop, NINE_PAST))
        uow.commit()
    assert (len(acted.done), len(acted.others)) == (0, 1)
    assert team.standing(sent).state is DeliveryState.SENT


def test_another_teams_delivery_is_none(team: Team) -> None:
    failed = team.slot(DeliveryState.FAILED, "refused")
    with team.database.write() as uow:
        other, *_ = workspaces.create(uow, replace(team.shop, name="Other"), Member(0, "Xu", Permission.ADMIN, handle="xu"), OPENING)
        with pytest.raises(UserError, match=r"delivery\.unknown"):
            receipts.chosen(uow, other, [failed])
