"""Is somebody told of what did not go out, once, whatever happens meanwhile? The sweep over the ledger, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from core.domain.deliveries import Delivery, DeliveryState, Kind, Request
from core.domain.moments import Moment, business_time
from core.domain.receipts import Wish
from core.domain.schedules import Schedule
from core.domain.workspaces import Channel, Locale, Member, Permission, Workspace
from core.errors import Reason, SendError, UserError
from core.messages.model import Heading, Message
from core.ports import Alive, Capabilities
from core.services import notices, receipts, schedules, workspaces
from core.services.schedules import MORNING, add
from core.services.trials import send_now
from core.storage.repositories.inbox import RequestKey
from core.storage.unit_of_work import Database
from scheduler.chain import Chain
from scheduler.ledger import Ledger
from scheduler.notices import Notices
from scheduler.worker import Worker
from tests.delivering import DAY, DUE, HOUR, MINUTE, OPENING, MovingClock, digest
from tests.fakes import UNPACED, FakePlatform, FakeRenderer

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


def test_what_fails_where_the_schedule_no_longer_goes_leaves_it_on(team: Team) -> None:
    row = team.slot(DeliveryState.FAILED, "no_channel")
    with team.database.write() as uow:
        moved = uow.places.add_channel(team.shop.id, Channel(0, team.one, "C2", "shop"))
        schedules.change(uow, team.shop, replace(team.schedule, channel=moved.id), business_time(team.shop, NINE_PAST))
        uow.commit()
    team.notices.run()
    with team.database.read() as uow:
        assert uow.schedules.get(team.schedule.id).off is None
    assert team.standing(row).reason == "no_channel"
    assert len(team.told()) == 1


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
    # On her platforms one after the other, then the team's owner; in the playground at last.
    lin, boss = team.lin.id, team.boss.id
    assert ways == [(lin, team.one), (lin, team.two), (boss, team.two), (lin, team.web), (boss, team.web)]


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


class Net:
    """The house at work for the team, round by round, with a platform for each binding but one. `refuse` says what they answer a key with."""

    def __init__(self, team: Team, refuse: Callable[[int, str], SendError | None] = lambda binding, key: None, unserved: int = 0) -> None:
        self.team, self._refuse, self._unserved = team, refuse, unserved
        self.platforms: dict[int, FakePlatform] = {}
        ledger = Ledger(team.database, team.clock)
        chain = Chain(ledger, {Kind.DIGEST: digest, Kind.NOTICE: _word}, FakeRenderer(), self.on, lambda binding, message: {}, UNPACED)
        self.worker = Worker(team.database, team.clock, ledger, chain)

    def on(self, binding: int) -> FakePlatform:
        if binding == self._unserved:
            raise LookupError(binding)
        if binding not in self.platforms:
            self.platforms[binding] = FakePlatform(before=lambda key: self._answer(binding, key))
        return self.platforms[binding]

    def run(self, lasting: timedelta, step: timedelta = MINUTE) -> None:
        end = self.team.clock.instant + lasting
        while self.team.clock.instant < end:
            self.team.notices.run()
            self.worker.run_due()
            self.team.clock.instant += step

    def words(self, binding: int) -> list[int]:
        """Whom the platform has told, by their ids."""
        posted = self.on(binding).posts
        return [int(key.split("/")[-2]) for key, _ in posted if key.startswith("notice")]

    def _answer(self, binding: int, key: str) -> None:
        error = self._refuse(binding, key)
        if error is not None:
            raise error


def _word(request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
    return Message((Heading(("word",)),), "word", locale="en")


def _on_slack_alone(team: Team, *, playground: bool) -> None:
    """Lin and Shen are both there, and perhaps in the playground too."""
    with team.database.write() as uow:
        uow.places.switch(team.two, on=False)
        uow.places.switch(team.web, on=playground)
        uow.members.link(team.shop.id, team.boss.id, team.one, "U2")
        uow.commit()


@pytest.mark.parametrize("playground", [False, True])
def test_where_the_owner_alone_is_gone_from_the_platform_the_teams_owner_is_told_there(team: Team, playground: bool) -> None:
    _on_slack_alone(team, playground=playground)
    team.slot(DeliveryState.FAILED, "no_channel")
    net = Net(team, lambda binding, key: SendError(Reason.NO_CHANNEL, retryable=False) if f"/{team.lin.id}/" in key else None)
    net.run(5 * MINUTE)
    assert net.words(team.one) == [team.boss.id]
    assert net.words(team.web) == []


def test_a_doubt_that_nobody_serves_holds_word_of_others_back_for_its_grace_and_no_longer(team: Team) -> None:
    stuck = team.standing(team.slot(DeliveryState.PLANNED))
    with team.database.write() as uow:
        for state in (DeliveryState.BUILT, DeliveryState.SENDING):
            assert uow.deliveries.move(stuck, replace(stuck, state=state, lease_until=DUE))
            stuck = replace(stuck, state=state, lease_until=DUE)
        uow.commit()
    team.slot(DeliveryState.MISSED, "too_late", due=DUE - DAY, binding=team.two)
    assert team.notices.run() == 0
    team.clock.instant = DUE + 3 * HOUR + MINUTE
    assert team.notices.run() == 1


def test_word_for_a_platform_that_nobody_serves_goes_another_way_and_comes_once(team: Team) -> None:
    team.slot(DeliveryState.MISSED, "too_late")
    net = Net(team, unserved=team.one)
    net.run(9 * MINUTE)
    assert net.words(team.two) == []
    net.run(HOUR)
    assert net.words(team.two) == [team.lin.id]
    back = Net(team)
    back.run(10 * MINUTE)
    assert (back.words(team.one), back.words(team.two), back.words(team.web)) == ([], [], [])


@pytest.mark.parametrize("playground", [False, True])
def test_word_waits_while_the_only_platform_is_away_and_says_nothing_of_being_late(team: Team, playground: bool) -> None:
    _on_slack_alone(team, playground=playground)
    team.slot(DeliveryState.MISSED, "unreachable")
    until = team.clock.instant + 5 * HOUR
    away = SendError(Reason.UNREACHABLE, retryable=True)
    net = Net(team, lambda binding, key: away if binding == team.one and team.clock.instant < until else None)
    net.run(6 * HOUR)
    assert net.words(team.one) == [team.lin.id]
    assert net.words(team.web) == []
    with team.database.read() as uow:
        assert [row.state for row in uow.deliveries.of(team.shop.id) if row.kind is Kind.NOTICE] == [DeliveryState.SENT]


def test_word_that_rests_in_doubt_goes_another_way(team: Team) -> None:
    team.slot(DeliveryState.FAILED, "refused")
    lost = SendError(Reason.AMBIGUOUS, retryable=True)
    net = Net(team, lambda binding, key: lost if binding == team.one else None)
    net.platforms[team.one] = FakePlatform(Capabilities(find=False), before=net.on(team.one).before)
    net.run(10 * MINUTE)
    assert net.words(team.two) == [team.lin.id]


def test_word_in_doubt_for_longer_than_the_platform_is_searched_is_not_sent_there_again(team: Team) -> None:
    class Killed(BaseException):
        pass

    def kill(key: str) -> None:
        raise Killed

    team.slot(DeliveryState.FAILED, "refused")
    net = Net(team)
    slack = net.platforms[team.one] = FakePlatform(Capabilities(find=True, looks_back=DAY), after=kill)
    with pytest.raises(Killed):
        net.run(MINUTE)
    slack.after = lambda key: None
    # It stands too far back to be found.
    posted, slack.posts = slack.posts, []
    team.clock.instant += 2 * DAY
    net.run(5 * MINUTE)
    assert (len(posted), slack.posts) == (1, [])
    assert net.words(team.two) == [team.lin.id]


def test_of_two_admins_only_the_one_who_could_not_be_told_is_told_another_way(team: Team) -> None:
    with team.database.write() as uow:
        wu, an = (workspaces.join(uow, team.shop, Member(0, name, Permission.ADMIN, handle=name)) for name in ("wu", "an"))
        for member, binding in ((wu, team.one), (wu, team.two), (an, team.one), (an, team.two)):
            uow.members.link(team.shop.id, member.id, binding, f"{member.id}")
        for member in (team.lin, team.boss):
            uow.members.save(team.shop.id, replace(member, active=False))
        uow.commit()
    team.slot(DeliveryState.FAILED, "refused")
    gone = SendError(Reason.NO_CHANNEL, retryable=False)
    net = Net(team, lambda binding, key: gone if key.endswith(f"/{an.id}/{team.one}") else None)
    net.run(5 * MINUTE)
    assert (net.words(team.one), net.words(team.two), net.words(team.web)) == ([wu.id], [an.id], [])


@pytest.mark.parametrize("paused", [False, True])
def test_whoever_sent_a_test_is_told_when_it_fails_and_finds_it_in_the_list(team: Team, paused: bool) -> None:
    moment = business_time(team.shop, NINE_PAST)
    with team.database.write() as uow:
        if paused:
            schedules.pause(uow, team.schedule, None, moment)
        send_now(uow, team.shop, uow.schedules.get(team.schedule.id), team.boss, RequestKey("slack", "T1", "k"), moment, NINE_PAST)
        uow.commit()
    net = Net(team, lambda binding, key: SendError(Reason.REFUSED, retryable=False) if key.startswith("digest") else None)
    net.run(5 * MINUTE)
    assert net.words(team.two) == [team.boss.id]
    with team.database.read() as uow:
        (listed,) = receipts.listed(uow, team.shop, Wish(), moment).slots
    assert (listed.delivery.state, listed.delivery.reason) == (DeliveryState.FAILED, "refused")
