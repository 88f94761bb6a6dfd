"""Does the demo shop look as the template's table 6 does, and does it keep its future to itself?"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from bot.demo import campaign, figures
from bot.demo.shop import DEMO_NAMES, load_demo
from core.clock import FixedClock
from core.domain.agenda import TaskQuery
from core.domain.cadences import Timed, Workdays
from core.domain.campaigns import Campaign, TaskState
from core.domain.deliveries import Kind
from core.domain.moments import Moment, business_time
from core.domain.periods import Grain, Period
from core.domain.readings import State
from core.domain.workspaces import Locale, Permission, Workspace
from core.errors import UserError
from core.services.board import board
from core.services.digest import digest
from core.services.roles import lead_of, staff
from core.storage.unit_of_work import Database

TABLE_6 = {
    "dau": (Grain.DAY, date(2024, 6, 3), "85000", "100000", "-0.15"),
    "cart_conversion": (Grain.WEEK, date(2024, 5, 27), "0.18", "0.25", "-0.28"),
    "retention_7d": (Grain.WEEK, date(2024, 5, 27), "0.35", "0.40", "-0.125"),
    "campaign_roi": (Grain.CAMPAIGN, date(2024, 5, 26), "2.2", "3", "-0.267"),
}


@pytest.fixture
def shop(embedded: Database, clock: FixedClock) -> Workspace:
    return load_demo(embedded, clock, Locale.ZH)


@pytest.fixture
def moment(shop: Workspace, clock: FixedClock) -> Moment:
    return business_time(shop, clock.now())


@pytest.mark.parametrize("metric", TABLE_6)
def test_a_row_of_table_6_stands_on_the_board_in_its_period(metric: str, embedded: Database, shop: Workspace, moment: Moment) -> None:
    grain, start, actual, target, off = TABLE_6[metric]
    with embedded.read() as uow:
        row = next(row for row in board(uow, shop, moment).rows if row.metric.code == metric)
    assert (row.figure.period.grain, row.figure.period.start) == (grain, start)
    assert row.target is not None
    assert row.deviation is not None
    assert (row.figure.value, row.target.value, round(row.deviation, 3)) == (Decimal(actual), Decimal(target), Decimal(off))


def test_the_clock_stands_five_minutes_before_the_digest(shop: Workspace, moment: Moment) -> None:
    assert shop.demo
    assert moment.local.isoformat() == "2024-06-04T08:55:00+08:00"


def test_nothing_after_the_clock_is_visible(embedded: Database, shop: Workspace, moment: Moment) -> None:
    with embedded.read() as uow:
        window = uow.readings.window(shop.id, tuple(Grain), figures.FIRST, date(2024, 12, 31), moment.instant)
    newest = {key: max(days) for key, days in window.calendar.items()}
    assert newest["gmv", Grain.DAY] == date(2024, 6, 3)
    assert all(Period(grain, day).end < moment.today for (_, grain), day in newest.items())


def test_each_morning_brings_the_day_before(embedded: Database, shop: Workspace, moment: Moment) -> None:
    later = moment.instant + timedelta(days=3)
    with embedded.read() as uow:
        window = uow.readings.window(shop.id, (Grain.DAY,), date(2024, 6, 1), date(2024, 7, 5), later)
    assert max(window.calendar["gmv", Grain.DAY]) == date(2024, 6, 6)
    assert date(2024, 6, 6) not in window.calendar["ad_cost", Grain.DAY], "that day's advertising cost comes late, at 11:30"


def test_the_figures_are_the_same_at_every_loading(shop: Workspace) -> None:
    assert list(figures.made_up(shop.zone, _campaign())) == list(figures.made_up(shop.zone, _campaign()))


def test_the_figures_of_a_day_agree_with_one_another(shop: Workspace) -> None:
    days: dict[date, dict[str, Decimal]] = {}
    for reading in figures.made_up(shop.zone, _campaign()):
        if reading.period.grain is Grain.DAY:
            days.setdefault(reading.period.start, {})[reading.metric] = reading.value
    assert min(days) < date(2023, 6, 5)
    assert max(days) == date(2024, 7, 5)
    for day, of_day in days.items():
        assert of_day["gmv"] - of_day["refunds"] == of_day["net_gmv"], day
        assert of_day["gmv"] % of_day["orders"] == 0 or (of_day["gmv"] / of_day["orders"]).as_tuple().exponent == -2, day
        assert of_day["customers"] <= of_day["orders"] <= of_day["carts"] <= of_day["visitors"], day
        assert of_day["dau"] < of_day["visitors"], day


def test_the_campaign_sells_close_to_its_aim_of_eight_million(shop: Workspace) -> None:
    days = Period(Grain.CAMPAIGN, campaign.LAUNCH, 1, campaign.END)
    sold = sum(item.value for item in figures.made_up(shop.zone, _campaign()) if item.metric == "gmv" and item.period.start in days)
    assert Decimal(7_000_000) < sold < Decimal(9_000_000)


def test_a_figure_that_never_came_is_missing_and_not_nought(embedded: Database, shop: Workspace, moment: Moment) -> None:
    with embedded.read() as uow:
        rows = board(uow, shop, moment, date(2024, 5, 29)).rows
    views = next(row for row in rows if row.metric.code == "page_views")
    assert (views.figure.state, views.figure.value) == (State.MISSING, None)


def test_the_morning_has_late_tasks_tasks_of_the_day_and_a_milestone(embedded: Database, shop: Workspace, moment: Moment) -> None:
    with embedded.read() as uow:
        morning = digest(uow, shop, moment)
    assert any(group.overdue for group in morning.tasks)
    assert any(group.due for group in morning.tasks)
    assert morning.made_up
    assert morning.milestone is not None
    assert morning.milestone.day == date(2024, 6, 10)


def test_the_campaign_has_the_template_phases_and_mostly_done_tasks(embedded: Database, shop: Workspace) -> None:
    with embedded.read() as uow:
        (promotion,) = uow.campaigns.all(shop.id)
        tasks = uow.tasks.find(shop.id, TaskQuery())
    assert [(phase.code, phase.start, phase.end) for phase in promotion.phases if phase.kind == "phase"] == [
        ("plan", date(2024, 5, 1), date(2024, 5, 10)),
        ("prepare", date(2024, 5, 11), date(2024, 5, 25)),
        ("run", date(2024, 5, 26), date(2024, 6, 18)),
        ("review", date(2024, 6, 19), date(2024, 6, 30)),
    ]
    before = [task for task in tasks if task.due and task.due < date(2024, 6, 4)]
    assert [task.state for task in before].count(TaskState.OPEN) == 2
    assert any(len(task.owners) > 1 for task in tasks)


def test_the_team_has_every_permission_and_talks_in_two_channels_and_directly(embedded: Database, shop: Workspace) -> None:
    with embedded.read() as uow:
        people = uow.members.all(shop.id)
        channels = uow.places.channels(shop.id)
        owner = uow.members.get(shop.id, uow.workspaces.owner(shop.id) or 0)
    assert {person.permission for person in people} == set(Permission)
    assert owner.permission is Permission.ADMIN
    assert {channel.external_id for channel in channels} == {"ops", "campaign-618", *(f"dm-{person.id}" for person in people)}
    assert {channel.direct_to for channel in channels if channel.direct_to} == {person.id for person in people}


def test_the_digest_comes_at_nine_on_working_days(embedded: Database, shop: Workspace) -> None:
    with embedded.read() as uow:
        (schedule,) = uow.schedules.of(shop.id)
    assert (schedule.number, schedule.kind, schedule.cadence) == (1, Kind.DIGEST, Timed(time(9), Workdays()))


def test_the_demo_exists_in_both_languages_but_once_each(embedded: Database, shop: Workspace, clock: FixedClock) -> None:
    other = load_demo(embedded, clock, Locale.EN)
    assert {shop.name, other.name} == set(DEMO_NAMES)
    with pytest.raises(UserError):
        load_demo(embedded, clock, Locale.ZH)


def _campaign() -> Campaign:
    return Campaign(1, campaign.CODE, "618", campaign.LAUNCH, campaign.END)


def test_what_came_late_was_known_late(shop: Workspace) -> None:
    late = {(item.metric, item.period.start): item.received_at for item in figures.made_up(shop.zone, _campaign())}
    assert late["ad_cost", date(2024, 5, 30)] == datetime.fromisoformat("2024-05-31T16:40:00+08:00")


@pytest.mark.parametrize("locale", list(Locale))
def test_the_team_has_the_jobs_of_table_7(embedded: Database, clock: FixedClock, locale: Locale) -> None:
    made = load_demo(embedded, clock, locale)
    today = business_time(made, clock.now()).today
    with embedded.read() as uow:
        people = {member.handle: member for member in uow.members.all(made.id)}
        jobs = {item.role.name: item for item in staff(uow, made, today)}
        director, manager = jobs[people["shen"].title], jobs[people["lin"].title]
        assert director.over is not None
        assert (director.over.name, jobs["CEO"].holders) == ("CEO", ())
        assert (manager.over, manager.holders) == (director.role, (people["lin"],))
        leads = {handle: lead_of(uow, made, people[handle].id, today) for handle in ("lin", "zhou", "lu", "shen", "gu")}
    assert leads == {"lin": people["shen"], "zhou": people["lin"], "lu": people["lin"], "shen": None, "gu": None}
    assert all(item.role.responsibilities and item.role.works_with for name, item in jobs.items() if name != "CEO")
