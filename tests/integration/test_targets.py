"""Does a new target leave the past its own?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core.domain.periods import Grain, Period
from core.domain.quantities import Comparator
from core.domain.targets import Target, target_for
from core.domain.workspaces import Locale, Workspace
from core.storage.unit_of_work import Database

NOW = datetime(2024, 6, 4, 0, 55, tzinfo=UTC)
MAY, JUNE = date(2024, 5, 1), date(2024, 6, 4)
EVER = (date(2024, 1, 1), date(2024, 12, 31))


@pytest.fixture
def shop(database: Database) -> int:
    with database.write() as uow:
        kept = uow.workspaces.add(Workspace(0, "Tea shop", Locale.ZH, "Asia/Shanghai", "CNY", "CN"), NOW)
        uow.commit()
    return kept.id


def standing(value: int, since: date) -> Target:
    return Target("dau", Grain.DAY, Decimal(value), since)


def test_targets_come_back_as_they_were_put(database: Database, shop: int) -> None:
    targets = (
        Target("cac", Grain.MONTH, Decimal(50), MAY, comparator=Comparator.AT_MOST),
        Target("dau", Grain.DAY, Decimal(120000), MAY, start=JUNE),
        Target("campaign_roi", Grain.CAMPAIGN, Decimal(3), MAY, campaign=7),
    )
    with database.write() as uow:
        uow.targets.put(shop, targets, None, NOW)
        assert uow.targets.between(shop, *EVER, NOW) == targets


def test_a_standing_target_leaves_the_past_its_own(database: Database, shop: int) -> None:
    with database.write() as uow:
        uow.targets.put(shop, [standing(90000, MAY)], None, NOW)
        uow.targets.put(shop, [standing(100000, JUNE)], None, NOW)
        kept = uow.targets.between(shop, *EVER, NOW)
    values = [target_for("dau", Period(Grain.DAY, JUNE + timedelta(days=offset)), kept) for offset in (-1, 0, 1)]
    assert [target.value for target in values if target] == [90000, 100000, 100000]
    assert target_for("dau", Period(Grain.DAY, MAY - timedelta(days=1)), kept) is None


@pytest.mark.parametrize(
    "target",
    [
        standing(1, JUNE),
        Target("dau", Grain.DAY, Decimal(1), MAY, start=JUNE),
        Target("dau", Grain.CAMPAIGN, Decimal(1), MAY, campaign=7),
    ],
)
def test_a_target_said_again_is_replaced(database: Database, shop: int, target: Target) -> None:
    with database.write() as uow:
        uow.targets.put(shop, [target, target], None, NOW)
        assert uow.targets.between(shop, *EVER, NOW) == (target,)


def test_a_target_is_unknown_before_it_was_set_and_outside_its_range(database: Database, shop: int) -> None:
    dated = Target("dau", Grain.DAY, Decimal(1), MAY, start=JUNE)
    with database.write() as uow:
        uow.targets.put(shop, [dated], None, NOW)
        assert uow.targets.between(shop, *EVER, NOW - timedelta(seconds=1)) == ()
        assert uow.targets.between(shop, MAY, JUNE - timedelta(days=1), NOW) == ()
