"""Does the morning digest say what matters, and nothing that is not known?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from core.domain.campaigns import Task
from core.domain.catalogue import metric
from core.domain.metrics import Metric
from core.domain.moments import Moment, business_time
from core.domain.periods import Grain, Period
from core.domain.readings import Reading, State
from core.domain.targets import Target
from core.domain.workspaces import Locale, Member, Permission, Workspace
from core.messages.model import Chart, Message, Paragraph, Table
from core.messages.phrases import plain
from core.services import workspaces
from core.services.digest import digest, digest_message
from core.services.readings import keep_readings
from core.services.tasks import create_task
from core.storage.unit_of_work import Database
from tests.campaign_618 import CAMPAIGN

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2024, 6, 4, 1, tzinfo=UTC)
SHOP = Workspace(0, "晨光小店", Locale.ZH, "Asia/Shanghai", "CNY", "CN", opened_on=date(2024, 1, 1))


@pytest.fixture
def shop(embedded: Database) -> Workspace:
    with embedded.write() as uow:
        workspace, _, _ = workspaces.create(uow, SHOP, Member(0, "林晓", Permission.ADMIN, handle="lin"), NOW)
        uow.commit()
    return workspace


def put(database: Database, shop: Workspace, code: str, values: Iterable[tuple[date, str]]) -> None:
    def known(day: date) -> datetime:
        return datetime.combine(day + timedelta(days=1), time(6), ZONE)

    readings = [Reading(code, Period(Grain.DAY, day), Decimal(value), "file", known(day)) for day, value in values]
    with database.write() as uow:
        uow.readings.put(shop.id, readings)
        uow.commit()


def aim(database: Database, shop: Workspace, code: str, value: str) -> None:
    with database.write() as uow:
        uow.targets.put(shop.id, [Target(code, Grain.DAY, Decimal(value), date(2024, 1, 1))], None, NOW - timedelta(days=60))
        uow.commit()


def days(until: date, count: int, value: str) -> list[tuple[date, str]]:
    return [(until - timedelta(days=back), value) for back in range(count)]


def morning(shop: Workspace, year: int, month: int, day: int) -> Moment:
    return business_time(shop, NOW, datetime(year, month, day, 9, tzinfo=ZONE))


def made(database: Database, shop: Workspace, moment: Moment, locale: Locale = Locale.ZH) -> Message:
    with database.read() as uow:
        return digest_message(uow, shop, moment, locale)


def tables(message: Message) -> list[list[list[str]]]:
    return [[[plain(cell) for cell in row] for row in block.rows] for block in message.blocks if isinstance(block, Table)]


def test_an_empty_shop_is_told_how_to_begin(embedded: Database, shop: Workspace) -> None:
    message = made(embedded, shop, morning(shop, 2024, 6, 4))
    assert "/指标 记录" in message.fallback
    assert not any(isinstance(block, Chart | Table) for block in message.blocks)


def test_the_first_line_is_gmv_against_the_same_weekday(embedded: Database, shop: Workspace) -> None:
    put(embedded, shop, "gmv", [*days(date(2024, 6, 2), 20, "200000"), (date(2024, 6, 3), "240000")])
    assert made(embedded, shop, morning(shop, 2024, 6, 4)).fallback.startswith("昨天 周一 6月3日，GMV ¥24万，比上周同日 +20%")


def test_the_target_furthest_off_is_named(embedded: Database, shop: Workspace) -> None:
    put(embedded, shop, "gmv", days(date(2024, 6, 3), 10, "190000"))
    put(embedded, shop, "dau", days(date(2024, 6, 3), 10, "85000"))
    aim(embedded, shop, "gmv", "200000")
    aim(embedded, shop, "dau", "100000")
    assert "最该看DAU：8.5万，目标 10万，偏差 −15%" in made(embedded, shop, morning(shop, 2024, 6, 4)).fallback
    assert "Look first at DAU: 85K against a target of 100K, −15%" in made(embedded, shop, morning(shop, 2024, 6, 4), Locale.EN).fallback


def test_a_value_that_may_still_change_is_marked_and_not_judged(embedded: Database, shop: Workspace) -> None:
    put(embedded, shop, "gmv", days(date(2024, 6, 2), 10, "200000"))
    aim(embedded, shop, "gmv", "200000")
    with embedded.write() as uow:
        early = Reading("gmv", Period(Grain.DAY, date(2024, 6, 3)), Decimal(90_000), "file", datetime(2024, 6, 3, 15, tzinfo=ZONE))
        keep_readings(uow, shop, [early])
        uow.commit()
    message = made(embedded, shop, morning(shop, 2024, 6, 4))
    assert message.fallback == "昨天 周一 6月3日，GMV ¥9万 暂定"
    assert tables(message)[0] == [["GMV", "¥9万 暂定", "已达 45%", "数据不齐"]]


def test_a_milestone_of_the_morning_is_said_on_that_morning(embedded: Database, shop: Workspace) -> None:
    with embedded.write() as uow:
        uow.campaigns.add(shop.id, CAMPAIGN)
        uow.commit()
    said = [plain(line) for block in made(embedded, shop, morning(shop, 2024, 6, 10)).blocks for line in getattr(block, "lines", ())]
    assert "今天「爆发期」开始（618年中大促）" in said


def test_a_missing_day_is_said_and_never_zero(embedded: Database, shop: Workspace) -> None:
    put(embedded, shop, "gmv", days(date(2024, 6, 2), 10, "200000"))
    aim(embedded, shop, "gmv", "200000")
    message = made(embedded, shop, morning(shop, 2024, 6, 4))
    assert "还没有数据" in message.fallback
    assert tables(message)[0][0][1] == "缺数"
    with embedded.read() as uow:
        row = digest(uow, shop, morning(shop, 2024, 6, 4)).rows[0].row
    assert (row.figure.state, row.figure.value, row.deviation) == (State.MISSING, None, None)


def test_after_a_break_every_day_since_the_last_working_day_is_there(embedded: Database, shop: Workspace) -> None:
    put(embedded, shop, "gmv", days(date(2024, 6, 10), 20, "200000"))
    # 8 to 10 June 2024 were the Dragon Boat holiday; the last working day before is Friday 7 June.
    message = made(embedded, shop, morning(shop, 2024, 6, 11))
    assert [row[0].split()[-1] for row in tables(message)[1]] == ["6月7日", "6月8日", "6月9日", "6月10日"]
    # Nothing is said of an earlier digest: there may have been none.
    assert "从 周五 6月7日 起，每天的情况：" in [plain(line) for block in message.blocks if isinstance(block, Paragraph) for line in block.lines]
    assert len(tables(made(embedded, shop, morning(shop, 2024, 6, 12)))) == 1


def test_tasks_due_and_overdue_stand_under_their_owners(embedded: Database, shop: Workspace) -> None:
    with embedded.write() as uow:
        owner = uow.members.all(shop.id)[0].id
        create_task(uow, shop, Task(0, 0, "确认主会场", (owner,), due=date(2024, 6, 1)), NOW)
        create_task(uow, shop, Task(0, 0, "核对库存", (owner,), due=date(2024, 6, 4)), NOW)
        create_task(uow, shop, Task(0, 0, "写复盘", (owner,), due=date(2024, 6, 5)), NOW)
        uow.campaigns.add(shop.id, CAMPAIGN)
        uow.commit()
    said = "\n".join(plain(line) for block in made(embedded, shop, morning(shop, 2024, 6, 4)).blocks for line in getattr(block, "lines", ()))
    assert "确认主会场（逾期 3 天）" in said
    assert "核对库存（今天到期）" in said
    assert "写复盘" not in said
    assert "还有 6 天" in said


def test_a_weekly_miss_is_news_on_its_first_morning_only(embedded: Database, shop: Workspace) -> None:
    week = Period(Grain.WEEK, date(2024, 5, 27))
    conversion: Metric = metric("cart_conversion")
    with embedded.write() as uow:
        uow.readings.put(shop.id, [Reading(conversion.code, week, Decimal("0.18"), "file", datetime(2024, 6, 3, 6, tzinfo=ZONE))])
        uow.targets.put(shop.id, [Target(conversion.code, Grain.WEEK, Decimal("0.25"), date(2024, 1, 1))], None, NOW - timedelta(days=60))
        uow.commit()
    with embedded.read() as uow:
        monday, tuesday = (digest(uow, shop, morning(shop, 2024, 6, day)) for day in (3, 4))
    assert monday.focus is not None
    assert monday.focus.row.metric == conversion
    assert tuesday.focus is None
    assert [item.row.metric.code for item in tuesday.rows] == ["cart_conversion"]


def test_a_morning_looked_back_at_shows_what_came_late(embedded: Database, shop: Workspace) -> None:
    with embedded.write() as uow:
        late = Reading("gmv", Period(Grain.DAY, date(2024, 5, 20)), Decimal(90_000), "file", datetime(2024, 6, 4, 9, tzinfo=ZONE))
        keep_readings(uow, shop, [late])
        uow.commit()
    assert "¥9万" in made(embedded, shop, morning(shop, 2024, 5, 21)).fallback
    assert "还没有任何数据" in made(embedded, shop, morning(shop, 2024, 5, 20)).fallback


def test_what_is_new_today_leads_before_a_campaign_that_stands_as_it_stood(embedded: Database, shop: Workspace) -> None:
    with embedded.write() as uow:
        promotion = uow.campaigns.add(shop.id, CAMPAIGN)
        period = Period(Grain.CAMPAIGN, promotion.launch, promotion.id, promotion.end)
        uow.readings.put(shop.id, [Reading("campaign_roi", period, Decimal("2.2"), "file", datetime(2024, 6, 1, tzinfo=ZONE), State.PROVISIONAL)])
        target = Target("campaign_roi", Grain.CAMPAIGN, Decimal(3), date(2024, 1, 1), campaign=promotion.id)
        uow.targets.put(shop.id, [target], None, NOW - timedelta(days=60))
        uow.commit()
    put(embedded, shop, "dau", days(date(2024, 6, 3), 2, "85000"))
    assert "最该看活动ROI" in made(embedded, shop, morning(shop, 2024, 6, 4)).fallback
    aim(embedded, shop, "dau", "100000")
    assert "最该看DAU" in made(embedded, shop, morning(shop, 2024, 6, 4)).fallback


@pytest.mark.parametrize(
    ("year", "month", "day", "told"), [(2099, 12, 1, "2100 年的调休"), (2100, 1, 4, "2100 年的调休"), (2099, 12, 2, ""), (2023, 12, 1, "")]
)
def test_a_year_whose_worked_weekends_nobody_knows_is_said_once_before_and_once_after_it_begins(
    embedded: Database, shop: Workspace, year: int, month: int, day: int, told: str
) -> None:
    blocks = made(embedded, shop, morning(shop, year, month, day)).blocks
    said = " ".join(plain(line) for block in blocks for line in getattr(block, "lines", ()))
    assert ("调休还没有公布" in said) == bool(told)
    assert told in said
