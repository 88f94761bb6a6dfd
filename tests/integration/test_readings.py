"""Does each source keep its one current value, and is nothing known before its time?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from core.domain.periods import Grain, Period
from core.domain.readings import Arrival, Known, Reading, State, on_arrival
from core.domain.workspaces import Locale, Workspace
from core.storage.unit_of_work import Database, UnitOfWork

NOW = datetime(2024, 6, 4, 0, 55, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2024, 6, 3)
SHOP = Workspace(0, "Tea shop", Locale.ZH, "Asia/Shanghai", "CNY", "CN")


@pytest.fixture
def shop(database: Database) -> int:
    with database.write() as uow:
        kept = uow.workspaces.add(SHOP, NOW)
        uow.commit()
    return kept.id


def reading(value: str, metric: str = "dau", day: date = DAY, source: str = "hand", at: datetime = NOW, segment: str = "") -> Reading:
    return Reading(metric, Period(Grain.DAY, day), Decimal(value), source, at, segment=segment)


def known(uow: UnitOfWork, shop: int, metric: str = "dau", day: date = DAY, at: datetime = NOW) -> Known | None:
    return uow.readings.window(shop, [Grain.DAY], day, day, at).at(metric, Period(Grain.DAY, day))


def test_a_first_value_is_new_a_second_changes_it_and_the_same_again_does_nothing(database: Database, shop: int) -> None:
    with database.write() as uow:
        arrivals = [uow.readings.put(shop, [reading(value)])[0] for value in ("85000", "86000", "86000.0")]
        uow.commit()
    assert [item.arrival for item in arrivals] == [Arrival.NEW, Arrival.CHANGED, Arrival.SAME]
    assert [item.before for item in arrivals] == [None, Decimal(85000), Decimal(86000)]
    assert [item.reading.revision for item in arrivals] == [1, 2, 2]


def test_a_replaced_value_is_kept_among_the_revisions(database: Database, shop: int) -> None:
    with database.write() as uow:
        uow.readings.put(shop, [reading("85000")])
        uow.readings.put(shop, [reading("86000", at=NOW + timedelta(hours=1))])
        rows = uow.session.execute(text("select metric, revision from reading_revisions")).all()
        uow.commit()
    assert [tuple(row) for row in rows] == [("dau", 1)]


def test_a_value_that_is_sent_again_keeps_the_instant_at_which_it_was_known(database: Database, shop: int) -> None:
    with database.write() as uow:
        uow.readings.put(shop, [reading("85000")])
        uow.readings.put(shop, [reading("85000", at=NOW + timedelta(days=3))])
        assert known(uow, shop) is not None


def test_a_second_source_never_overwrites_the_first(database: Database, shop: int) -> None:
    with database.write() as uow:
        uow.readings.put(shop, [reading("85000", source="hand")])
        second = uow.readings.put(shop, [reading("99000", source="file")])
        uow.commit()
        assert second[0].arrival is Arrival.NEW
        assert known(uow, shop) == Known(Decimal(85000), State.FINAL, "hand")


@pytest.mark.parametrize("order", [("hand", "demo", "file"), ("demo", "file", "hand"), ("elsewhere", "hand", "orders")])
def test_the_most_trusted_source_speaks_whatever_came_first(database: Database, shop: int, order: tuple[str, ...]) -> None:
    with database.write() as uow:
        for source in order:
            uow.readings.put(shop, [reading("1", source=source)])
        assert known(uow, shop) == Known(Decimal(1), State.FINAL, "hand")


def test_a_figure_is_invisible_before_it_was_received(database: Database, shop: int) -> None:
    with database.write() as uow:
        uow.readings.put(shop, [reading("85000", at=NOW + timedelta(minutes=1))])
        assert known(uow, shop) is None
        assert known(uow, shop, at=NOW + timedelta(minutes=1)) is not None


def test_a_segment_is_no_whole(database: Database, shop: int) -> None:
    with database.write() as uow:
        uow.readings.put(shop, [reading("85000", segment="channel:app")])
        assert known(uow, shop) is None


def test_a_value_is_provisional_until_it_is_sent_again_after_its_period(database: Database, shop: int) -> None:
    noon = datetime(2024, 6, 3, 12, tzinfo=SHANGHAI)
    midnight = datetime(2024, 6, 4, tzinfo=SHANGHAI)
    with database.write() as uow:
        uow.readings.put(shop, [on_arrival(reading("85000", at=noon), SHANGHAI)])
        assert known(uow, shop) == Known(Decimal(85000), State.PROVISIONAL, "hand")
        again = uow.readings.put(shop, [on_arrival(reading("85000", at=midnight), SHANGHAI)])
        assert again[0].arrival is Arrival.CHANGED
        assert known(uow, shop) == Known(Decimal(85000), State.FINAL, "hand")


def test_another_workspace_sees_nothing(database: Database, shop: int) -> None:
    with database.write() as uow:
        other = uow.workspaces.add(Workspace(0, "Other", Locale.EN, "Europe/London", "GBP", "GB"), NOW)
        uow.readings.put(shop, [reading("85000")])
        assert known(uow, other.id) is None


def test_a_campaign_that_began_before_the_window_is_in_it(database: Database, shop: int) -> None:
    period = Period(Grain.CAMPAIGN, date(2024, 5, 26), 7, date(2024, 6, 18))
    with database.write() as uow:
        uow.readings.put(shop, [Reading("campaign_roi", period, Decimal("2.2"), "hand", NOW)])
        window = uow.readings.window(shop, [Grain.DAY, Grain.CAMPAIGN], DAY, DAY, NOW)
        assert window.at("campaign_roi", period) == Known(Decimal("2.2"), State.FINAL, "hand")
        before = uow.readings.window(shop, [Grain.DAY, Grain.CAMPAIGN], date(2024, 5, 1), date(2024, 5, 25), NOW)
        assert before.at("campaign_roi", period) is None


def test_a_window_can_be_of_some_metrics(database: Database, shop: int) -> None:
    with database.write() as uow:
        uow.readings.put(shop, [reading("1"), reading("2", metric="orders")])
        window = uow.readings.window(shop, [Grain.DAY], DAY, DAY, NOW, ["orders"])
        assert window.tracks("orders", Grain.DAY)
        assert not window.tracks("dau", Grain.DAY)


@given(
    batches=st.lists(
        st.lists(st.tuples(st.sampled_from(["dau", "orders"]), st.integers(0, 3), st.integers(0, 5), st.sampled_from(["hand", "file"])), max_size=8),
        min_size=1,
        max_size=4,
    )
)
def test_putting_a_batch_twice_is_putting_it_once(database: Database, shop: int, batches: list[list[tuple[str, int, int, str]]]) -> None:
    with database.write() as uow:
        for batch in batches:
            readings = [reading(str(value), metric, DAY + timedelta(days=day), source) for metric, day, value, source in batch]
            uow.readings.put(shop, readings)
            once = uow.readings.window(shop, [Grain.DAY], DAY, DAY + timedelta(days=3), NOW)
            again = uow.readings.put(shop, readings)
            assert {item.arrival for item in again} <= {Arrival.SAME}
            assert uow.readings.window(shop, [Grain.DAY], DAY, DAY + timedelta(days=3), NOW) == once


def test_twenty_thousand_readings_go_in_and_come_back_exact(database: Database, shop: int) -> None:
    days = [DAY - timedelta(days=number) for number in range(1000)]
    readings = [reading(f"{number}.25", f"metric_{number % 20}", day) for number, day in ((n, d) for n in range(20) for d in days)]
    with database.write() as uow:
        kept = uow.readings.put(shop, readings)
        uow.commit()
        assert {item.arrival for item in kept} == {Arrival.NEW}
        assert {item.arrival for item in uow.readings.put(shop, readings)} == {Arrival.SAME}


def test_closed_days_of_a_range_replace_what_was_said_of_it(database: Database, shop: int) -> None:
    with database.write() as uow:
        uow.readings.put_closed(shop, DAY, DAY + timedelta(days=9), [DAY, DAY + timedelta(days=5)])
        uow.readings.put_closed(shop, DAY, DAY + timedelta(days=4), [DAY + timedelta(days=1)])
        assert uow.readings.closed(shop, DAY, DAY + timedelta(days=9)) == {DAY + timedelta(days=1), DAY + timedelta(days=5)}
        assert uow.readings.closed(shop, DAY, DAY) == frozenset()
