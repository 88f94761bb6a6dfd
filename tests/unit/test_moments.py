"""What day is it for the business?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

from core.domain.moments import business_time
from core.domain.workspaces import Locale, Workspace

SHOP = Workspace(1, "Shop", Locale.ZH, "Asia/Shanghai", "CNY", "CN")
EVENING = datetime(2024, 6, 4, 17, tzinfo=UTC)
STOOD = datetime(2024, 6, 1, 0, 55, tzinfo=UTC)
NAIVE = datetime(2024, 6, 18, 9)  # noqa: DTZ001  # as `--now` gives it without an offset


def test_the_day_begins_where_the_team_is() -> None:
    moment = business_time(SHOP, EVENING)
    assert (moment.instant, moment.today) == (EVENING, date(2024, 6, 5))


def test_a_demos_clock_stands() -> None:
    assert business_time(replace(SHOP, frozen_at=STOOD), EVENING).instant == STOOD


def test_a_given_time_goes_before_a_demos_clock() -> None:
    assert business_time(replace(SHOP, frozen_at=STOOD), EVENING, EVENING).instant == EVENING


def test_a_given_time_without_an_offset_is_the_teams() -> None:
    moment = business_time(SHOP, EVENING, NAIVE)
    assert (moment.instant, moment.today) == (datetime(2024, 6, 18, 1, tzinfo=UTC), date(2024, 6, 18))
    assert moment.instant.tzinfo is UTC


def test_a_given_time_with_an_offset_is_that_instant() -> None:
    given = datetime(2024, 6, 18, 9, tzinfo=timezone(timedelta(hours=2)))
    assert business_time(SHOP, EVENING, given).local.isoformat() == "2024-06-18T15:00:00+08:00"
