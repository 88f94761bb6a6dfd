"""Do the KPI commands do what they say, on both databases and in both languages?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from string import Formatter

import pytest

import handlers.kpi  # noqa: F401  # declares the commands
from bot.dispatch import nothing
from core.clock import FixedClock
from core.domain.moments import business_time
from core.domain.periods import Grain, Period
from core.domain.readings import Reading, State
from core.domain.workspaces import Locale, Member, Permission, Workspace
from core.errors import UserError
from core.i18n.texts import area_texts, text
from core.messages.model import Actions, Button, Chart, Fields, Message, Number, Option, Phrase, Table
from core.messages.phrases import plain
from core.ports import unheard
from core.services.campaigns import create_campaign
from core.storage.repositories.inbox import RequestKey
from core.storage.unit_of_work import Database
from handlers.kernel import context as kernel
from handlers.kernel.command import REGISTRY
from handlers.kernel.kinds import Scope
from handlers.kernel.parse import Routed, call, route, routed_press
from tests.campaign_618 import CAMPAIGN

MORNING = datetime(2024, 6, 4, 0, 55, tzinfo=UTC)
APRIL = datetime(2024, 4, 1, 1, tzinfo=UTC)
TARGETS = "/kpi target dau=10万 cart_conversion=25% retention_7d=40% campaign_roi=3:1"
VALUES = "/指标 记录 dau=8.5万 加购-下单转化率=18% 7日留存率=35% 活动ROI=2.2:1"


class EmptyDirectory:
    """Offers nothing: completion is another matter."""

    def members(self) -> Sequence[Option]:
        return ()

    campaigns = members
    tasks = members


@dataclass
class Shop:
    """The template's shop; what its lead says is answered by the handler."""

    database: Database
    workspace: Workspace
    lead: Member

    def say(self, line: str, locale: Locale = Locale.ZH, now: datetime = MORNING) -> Message:
        routed = route(line, REGISTRY)
        assert isinstance(routed, Routed), line
        return self._run(routed, locale, now)

    def press(self, button: Button) -> Message:
        return self._run(routed_press(REGISTRY[button.press.command], button.press.arguments), Locale.ZH, MORNING)

    def refused(self, line: str, locale: Locale = Locale.ZH) -> str:
        """The sentence that the line is refused with."""
        with pytest.raises(UserError) as caught:
            self.say(line, locale)
        return text(locale, caught.value.key, **caught.value.args_)

    def _run(self, routed: Routed, locale: Locale, now: datetime) -> Message:
        moment = business_time(self.workspace, now)
        asked = call(routed, Scope(locale, moment.today, EmptyDirectory()))
        assert not asked.mistakes, asked.mistakes
        with self.database.write() if routed.command.changes else self.database.read() as uow:
            context = kernel.Context(
                uow=uow,
                database=self.database,
                clock=FixedClock(now),
                workspace=self.workspace,
                member=self.lead,
                locale=locale,
                moment=moment,
                binding=0,
                conversation="ops",
                channel=None,
                now=now,
                fetch=nothing,
                request=RequestKey("web", "1", "key"),
                alive=unheard,
            )
            answer = routed.command.handler(context, routed.command.arguments.model_validate(dict(asked.values)))
            uow.commit()
        return answer


def open_shop(database: Database) -> Shop:
    with database.write() as uow:
        kept = uow.workspaces.add(Workspace(0, "Tea shop", Locale.ZH, "Asia/Shanghai", "CNY", "CN", opened_on=date(2023, 1, 1)), MORNING)
        lead = uow.members.add(kept.id, Member(0, "林晓", Permission.LEAD, handle="lin"))
        create_campaign(uow, kept, CAMPAIGN)
        uow.commit()
    return Shop(database, kept, lead)


@pytest.fixture
def shop(embedded: Database) -> Shop:
    return open_shop(embedded)


def table(message: Message) -> list[list[str]]:
    found = next(block for block in message.blocks if isinstance(block, Table))
    return [[plain(cell) for cell in row] for row in found.rows]


def cells(message: Message) -> list[Phrase]:
    return [cell for block in message.blocks if isinstance(block, Table) for row in block.rows for cell in row]


def fields(message: Message) -> dict[str, str]:
    return {label: plain(words) for block in message.blocks if isinstance(block, Fields) for label, words in block.pairs}


def buttons(message: Message) -> list[Button]:
    return [button for block in message.blocks if isinstance(block, Actions) for button in block.buttons]


def test_the_board_reproduces_template_table_6(database: Database) -> None:
    shop = open_shop(database)
    shop.say(TARGETS, now=APRIL)
    shop.say(VALUES)
    assert table(shop.say("/kpi board")) == [
        ["DAU", "8.5万", "10万", "−15%"],
        ["加购-下单转化率（5月27日–6月2日）", "18%", "25%", "−28%"],
        ["7日留存率（5月27日–6月2日）", "35%", "40%", "−12.5%"],
        ["活动ROI（618年中大促至今）", "2.2:1 暂定", "3:1", "−26.7%"],
    ]
    assert table(shop.say("/kpi board", Locale.EN))[0] == ["DAU", "85K", "100K", "−15%"]


def test_the_figures_of_the_board_are_exact_beside_their_words(shop: Shop) -> None:
    shop.say(TARGETS, now=APRIL)
    shop.say(VALUES)
    numbers = [piece for cell in cells(shop.say("/kpi board")) for piece in cell if isinstance(piece, Number)]
    assert [number.value for number in numbers[:3]] == [Decimal(85000), Decimal(100000), Decimal("-0.15")]
    assert numbers[2].tone == "bad"
    assert {number.state for number in numbers} == {State.FINAL, State.PROVISIONAL}


def test_the_fallback_says_what_matters_most(shop: Shop) -> None:
    shop.say(TARGETS, now=APRIL)
    shop.say(VALUES)
    message = shop.say("/kpi board")
    assert message.fallback == "昨天 周一 6月3日：4 个目标，4 个未达标且差 10% 以上。加购-下单转化率 18%，目标 25%，偏差 −28%。"


def test_a_metric_that_is_kept_but_not_for_the_day_is_missing_on_the_board(shop: Shop) -> None:
    shop.say("/kpi log 前天 orders=1,230")
    assert table(shop.say("/kpi board")) == [["订单数", "缺数", "—", "—"]]


def test_a_closed_day_says_so(shop: Shop) -> None:
    shop.say("/kpi log 前天 orders=1,230")
    with shop.database.write() as uow:
        uow.readings.put_closed(shop.workspace.id, date(2024, 6, 3), date(2024, 6, 3), [date(2024, 6, 3)])
        uow.commit()
    assert table(shop.say("/kpi board"))[0][1] == "闭店"


def test_the_week_and_the_month_are_the_last_ones_complete_by_then(shop: Shop) -> None:
    shop.say("/kpi log 前天 orders=1,230")
    assert "5月27日–6月2日" in shop.say("/kpi board 昨天 周").fallback
    assert table(shop.say("/kpi board 昨天 周")) == [["订单数", "1,230 暂定，7 天里有 1 天", "—", "—"]]
    assert shop.say("/kpi board 2024-06-03 month").fallback.startswith("5月")


def test_an_empty_board_opens_the_form_to_log(shop: Shop) -> None:
    message = shop.say("/kpi board")
    assert "还没有数据" in message.fallback
    assert [button.press.command for button in buttons(message)] == ["kpi log"]


def test_a_log_says_each_value_with_its_period_and_deviation(shop: Shop) -> None:
    shop.say(TARGETS, now=APRIL)
    assert table(shop.say(VALUES)) == [
        ["DAU", "周一 6月3日", "8.5万", "10万", "−15%"],
        ["加购-下单转化率", "5月27日–6月2日", "18%", "25%", "−28%"],
        ["7日留存率", "5月27日–6月2日", "35%", "40%", "−12.5%"],
        ["活动ROI", "618年中大促", "2.2:1 暂定", "3:1", "−26.7%"],
    ]


def test_a_changed_value_names_the_old_one_and_a_repeated_one_changes_nothing(shop: Shop) -> None:
    shop.say("/kpi log dau=8.5万")
    assert "原来 8.5万" in table(shop.say("/kpi log dau=8.6万"))[0][2]
    assert "没有变" in shop.say("/kpi log dau=86,000").fallback


def test_a_value_of_a_day_that_is_not_over_is_provisional_until_it_is_sent_again(shop: Shop) -> None:
    assert "暂定" in table(shop.say("/kpi log 今天 dau=4万"))[0][2]
    again = shop.say("/kpi log 2024-06-04 dau=4万", now=datetime(2024, 6, 5, 1, tzinfo=UTC))
    assert table(again)[0][2] == "4万"


def test_one_wrong_value_keeps_none_and_everything_wrong_is_said_at_once(shop: Shop) -> None:
    said = shop.refused("/kpi log orders=1200 dau=35% nonsense=3 gmv=$50 carts=-3 units=8.5w 访客数≥3")
    assert len(said.splitlines()) == 7
    for word in ("dau=35%", "nonsense", "CNY", "carts=-3", "units=8.5万", "访客数≥3"):
        assert word in said
    assert "还没有数据" in shop.say("/kpi board").fallback


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("/kpi log 2024-06-20 dau=8.5万", "还没到"),
        ("/kpi log 2022-06-20 dau=8.5万", "2023-01-01"),
        ("/kpi log 2024-01-20 campaign_roi=2:1", "没有进行中的活动"),
        ("/kpi log dau=8.5万 日活=9万", "写了两次"),
        ("/kpi log dau=nan", "不是一个数"),
        ("/kpi log retention_7d=35", "35%"),
        ("/kpi log 上周 gmv=180万", "按日统计"),
        ("/kpi log 5月 retention_7d=36%", "按周统计"),
        ("/kpi log 近7天 dau=8万", "按日统计"),
        ("/kpi log retention_1d=140", "140% / "),
        ("/kpi log gmv=2.5m", "gmv=2.5M。"),
        ("/kpi board 近7天", "一天、一周或一个月"),
        ("/kpi board 上周 月", "一天、一周或一个月"),
        ("/kpi board 本周", "还没过完"),
        ("/kpi log 转化=3%", "加购率 / "),
        ("/kpi board 2030-01-01", "还没到"),
        ("/kpi show dau 2030-01", "还没到"),
        ("/kpi target cart_conversion=20% day", "按周统计"),
        ("/kpi target campaign_roi=3:1 week", "按活动统计"),
        ("/kpi target dau=≤10万", "越高越好"),
        ("/kpi target cac≥50", "越低越好"),
        ("/kpi target gmv=1000万 6月", "整个月"),
        ("/kpi target gmv=200万 下周", "整周"),
        ("/kpi target dau=10万 2024-07..2024-12", "62"),
    ],
)
def test_what_cannot_be_is_refused_with_the_way_on(shop: Shop, line: str, word: str) -> None:
    assert word in shop.refused(line)


def test_a_new_standing_target_leaves_the_past_its_own(shop: Shop) -> None:
    shop.say("/kpi target dau=9万", now=APRIL)
    shop.say("/kpi target dau=10万")
    shop.say("/kpi log 今天 dau=1万")
    shop.say("/kpi log 昨天 dau=8.5万")
    assert table(shop.say("/kpi board 昨天"))[0][2] == "9万"
    assert table(shop.say("/kpi board 今天"))[0][2] == "10万"


def test_a_dated_target_is_for_those_days_only(shop: Shop) -> None:
    shop.say("/kpi target dau=9万", now=APRIL)
    assert len(table(shop.say("/kpi target dau=12万 日 6月10日 6月11日"))) == 2
    later = datetime(2024, 6, 13, 1, tzinfo=UTC)
    shop.say("/kpi log 6月10日 dau=8万", now=later)
    assert [table(shop.say(f"/kpi board 2024-06-{day}", now=later))[0][2] for day in ("09", "10", "11", "12")] == ["9万", "12万", "12万", "9万"]


def test_a_month_is_aimed_at_as_a_whole_or_day_by_day_as_said(shop: Shop) -> None:
    assert table(shop.say("/kpi target gmv=1000万 6月 月")) == [["GMV", "¥1,000万", "6月"]]
    assert len(table(shop.say("/kpi target gmv=30万 6月 日"))) == 12


def test_a_target_can_be_a_campaigns(shop: Shop) -> None:
    assert table(shop.say("/kpi target gmv=800万 618")) == [["GMV", "¥800万", "618年中大促"]]


def test_the_board_tells_how_far_the_campaign_has_come(shop: Shop) -> None:
    shop.say("/kpi target gmv=800万 618")
    for day in range(26, 32):
        shop.say(f"/kpi log 2024-05-{day} gmv=30万元")
    for day in (1, 2, 3):
        shop.say(f"/kpi log 2024-06-0{day} gmv=20万元")
    assert table(shop.say("/kpi board")) == [
        ["GMV（618年中大促至今）", "¥240万 暂定", "¥800万", "已达 30%"],
    ]
    assert table(shop.say("/kpi board 2024-05-27"))[0] == ["GMV（618年中大促至5月27日）", "¥60万 暂定", "¥800万", "已达 7.5%"]


def test_show_tells_actual_target_attainment_and_every_comparison(shop: Shop) -> None:
    shop.say(TARGETS, now=APRIL)
    for day, value in (("2024-06-03", "8.5万"), ("2024-06-02", "10万"), ("2024-05-27", "8万"), ("2024-05-06", "6.8万"), ("2023-06-05", "5万")):
        shop.say(f"/kpi log {day} dau={value}")
    message = shop.say("/kpi show 日活")
    assert fields(message) == {
        "周期": "周一 6月3日",
        "实际": "8.5万",
        "目标": "10万",
        "达成率": "85%",
        "偏差": "−15%",
        "状态": "已确定",
        "前一天": "−15%（10万，周日 6月2日）",
        "上周同一天": "+6.3%（8万，周一 5月27日）",
        "环比（对上月）": "+25%（6.8万，周一 5月6日）",
        "同比（去年同星期）": "+70%（5万，周一 2023年6月5日）",
    }
    assert message.fallback == "DAU 8.5万，目标 10万，偏差 −15%（周一 6月3日）"


def test_show_draws_one_panel_with_gaps_where_days_are_missing(shop: Shop) -> None:
    shop.say("/kpi log 昨天 dau=8.5万")
    shop.say("/kpi log 2024-06-01 dau=8万")
    chart = next(block for block in shop.say("/kpi show dau 近7天").blocks if isinstance(block, Chart))
    assert [point.value for point in chart.panels[0].points] == [None, None, None, None, Decimal(80000), None, Decimal(85000)]
    assert [band.label for band in chart.bands] == ["618年中大促"]


def test_a_month_to_date_names_its_days(shop: Shop) -> None:
    for day in (1, 2, 3):
        shop.say(f"/kpi log 2024-06-0{day} orders=120")
        shop.say(f"/kpi log 2024-05-0{day} orders=100")
    assert fields(shop.say("/kpi show orders"))["环比（对上月）"] == "+20%（360，6月1日–6月3日；对 300，5月1日–5月3日）"


def test_a_month_asked_for_is_told_as_a_whole_and_keeps_its_own_target(shop: Shop) -> None:
    shop.say("/kpi target orders=3 日 5月1日..5月31日")
    shop.say("/kpi target orders=124 月", now=APRIL)
    for day in range(1, 32):
        shop.say(f"/kpi log 2024-05-{day:02} orders=4")
    message = shop.say("/kpi show orders 5月")
    assert message.fallback == "订单数 124，目标 124，偏差 0%（5月）"
    chart = next(block for block in message.blocks if isinstance(block, Chart))
    assert (chart.panels[0].target, len(chart.panels[0].points)) == (None, 31)


def test_a_day_of_what_cannot_be_added_up_stands_for_the_end_of_the_month(shop: Shop) -> None:
    shop.say("/kpi log 2024-05-31 dau=8万")
    assert shop.say("/kpi show dau 5月").fallback == "DAU 8万（周五 5月31日）"
    shop.say("/kpi log 5月 dau=40万")
    assert shop.say("/kpi show dau 5月").fallback == "DAU 40万（5月）"


def test_a_value_that_may_still_change_says_so_in_the_first_line(shop: Shop) -> None:
    assert "100 暂定" in shop.say("/kpi log 今天 orders=100").fallback
    assert "100 暂定" in shop.say("/kpi show orders", now=datetime(2024, 6, 5, 1, tzinfo=UTC)).fallback


def test_a_day_that_was_sent_too_early_is_not_judged(shop: Shop) -> None:
    shop.say("/kpi target orders=1000", now=APRIL)
    shop.say("/kpi log 今天 orders=100")
    board = shop.say("/kpi board", now=datetime(2024, 6, 5, 1, tzinfo=UTC))
    assert table(board) == [["订单数", "100 暂定", "1,000", "已达 10%"]]
    assert board.fallback == "昨天 周二 6月4日：1 个目标，都还没有结果"


def test_the_board_says_how_many_targets_have_no_result(shop: Shop) -> None:
    shop.say("/kpi target dau=8万 orders=1000", now=APRIL)
    shop.say("/kpi log dau=9万")
    shop.say("/kpi log 前天 orders=1000")
    assert shop.say("/kpi board").fallback == "昨天 周一 6月3日：1 个目标，全部达标；另有 1 个还没有结果"


def test_a_week_can_be_logged_and_looked_at_by_its_words(shop: Shop) -> None:
    logged = shop.say("/kpi log 上周 7日留存率=36% 访客数=49万")
    assert [row[:3] for row in table(logged)] == [["7日留存率", "5月27日–6月2日", "36%"], ["访客数", "5月27日–6月2日", "49万"]]
    for line in ("/kpi board 上周", "/kpi board 昨天 周"):
        assert [row[:2] for row in table(shop.say(line))] == [["访客数", "49万"], ["7日留存率", "36%"]]


def test_every_button_leads_somewhere(shop: Shop) -> None:
    shop.say(TARGETS, now=APRIL)
    for line in (VALUES, "/kpi board", "/kpi show dau", "/kpi target dau=9万"):
        for button in buttons(shop.say(line)):
            if button.press.command != "kpi log":
                assert shop.press(button).fallback


def test_the_catalogue_lists_every_metric_in_both_languages(shop: Shop) -> None:
    for locale in Locale:
        assert len([row for block in shop.say("/kpi metrics", locale).blocks if isinstance(block, Table) for row in block.rows]) >= 30


def test_figures_received_later_are_invisible_until_then(shop: Shop) -> None:
    shop.say("/kpi log orders=1", now=APRIL)
    moment = datetime(2024, 6, 4, 1, tzinfo=UTC)
    with shop.database.write() as uow:
        uow.readings.put(shop.workspace.id, [Reading("dau", Period(Grain.DAY, date(2024, 6, 3)), Decimal(85000), "demo", moment)])
        uow.commit()
    assert "还没有数据" in shop.say("/kpi board 昨天").fallback
    assert table(shop.say("/kpi board 昨天", now=moment))[0][:2] == ["DAU", "8.5万"]


def test_both_catalogues_have_the_same_keys_and_places() -> None:
    def places(locale: Locale) -> dict[str, set[str]]:
        return {key: {name for _, name, _, _ in Formatter().parse(sentence) if name} for key, sentence in area_texts(locale, "kpi").items()}

    assert places(Locale.ZH) == places(Locale.EN)
    assert not [sentence for sentence in area_texts(Locale.EN, "kpi").values() if re.search("[\u4e00-\u9fff]", sentence)]


def test_a_logged_value_tells_the_figure_that_another_source_gave_before(shop: Shop) -> None:
    with shop.database.write() as uow:
        uow.readings.put(shop.workspace.id, [Reading("dau", Period(Grain.DAY, date(2024, 6, 3)), Decimal(104000), "file", MORNING)])
        uow.commit()
    assert table(shop.say("/kpi log dau=98k", Locale.EN))[0][2] == "98K (was 104K)"
    assert "was" not in table(shop.say("/kpi log dau=98k", Locale.EN))[0][2]


@pytest.mark.parametrize("line", ["/kpi log 转化率=150%", "/kpi target 转化率=150%"])
def test_a_share_of_the_whole_above_the_whole_is_refused(shop: Shop, line: str) -> None:
    assert "「转化率=150%」超过了 100%，转化率 不会这么高，请核对。" in shop.refused(line)


def test_a_share_of_the_stock_may_be_above_it(shop: Shop) -> None:
    assert table(shop.say("/kpi log 动销率=150% 转化率=100%"))[0][2] == "150%"
