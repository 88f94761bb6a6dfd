"""Does the same word do the same thing on every platform? One conversation for each family of commands, held in six ways, with one result."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest

from bot.house import FEISHU, SLACK
from core.clock import FixedClock
from core.domain.workspaces import Channel
from core.storage.sealing import Sealer
from core.storage.unit_of_work import Database
from tests.feishu_server import Chat
from tests.house import Shop
from tests.scenario.stages import Stage, left_behind, stages
from tests.seats import Seat, Seen
from tests.seats.feishu import FeishuSeat
from tests.seats.slack import SlackSeat

Conversation = Callable[[Mapping[str, Seat]], Sequence[Seen]]


@pytest.fixture
def every(sqlite_url: str, clock: FixedClock) -> Iterator[Mapping[str, Stage]]:
    with stages(sqlite_url, clock) as found:
        yield found


def figures(seats: Mapping[str, Seat]) -> Sequence[Seen]:
    """Figures are logged, looked at and given targets. A slip is mended in its form; who may only look is refused."""
    lin, gu = seats["lin"], seats["gu"]
    return [
        lin.say("/kpi log dau=8.5万 orders=1,043"),
        lin.press("打开看板"),
        lin.say("/指标 记录"),
        lin.fill(values="dau=很多"),
        lin.fill(values="dau=8.7万 gmv=12万"),
        lin.say("/kpi log dau=很多"),
        lin.fill(values="dau=8.6万"),
        lin.say("/kpi target dau=10万"),
        lin.say("/kpi show dau 2024-06-02..2024-06-03"),
        gu.say("/kpi log dau=1"),
        gu.say("/kpi metrics"),
        gu.say("/kpi board"),
        gu.press("记录数值"),
    ]


def tasks(seats: Mapping[str, Seat]) -> Sequence[Seen]:
    """Tasks are written down, shown and finished: by command, by button, by form; not by one who may only look, and not twice."""
    lin, zhou, gu = seats["lin"], seats["zhou"], seats["gu"]
    return [
        lin.say("/task add 备货 A 款 owner=@zhou due=明天 campaign=618"),
        lin.press("看我的任务"),
        zhou.say("/任务 我的"),
        zhou.press("完成 T-1"),
        lin.say("/task done T-1 都到货了"),
        lin.say("/task add"),
        lin.fill(title="盘点", due="后天的后天"),
        lin.fill(title="盘点", due="2024-06-07"),
        gu.say("/task list"),
        gu.say("/task done T-2"),
        zhou.say("/task done T-9"),
        zhou.fill(task="T-2", note="少两件"),
        lin.say("/任务 列表 全部"),
    ]


def campaigns(seats: Mapping[str, Seat]) -> Sequence[Seen]:
    """Campaigns are listed and shown; one that is not there is asked for again in a form."""
    lin, zhou = seats["lin"], seats["zhou"]
    return [
        zhou.say("/task add 主会场页面 campaign=618 phase=执行阶段 due=2024-06-08"),
        lin.say("/活动 列表"),
        lin.press("查看 618年中大促"),
        lin.say("/campaign show 818"),
        lin.fill(code="618"),
        zhou.say("/campaign show"),
        zhou.press("看全部任务"),
    ]


def house(seats: Mapping[str, Seat]) -> Sequence[Seen]:
    """Help, people, permissions, settings, languages; what only an admin may is refused to others."""
    lin, zhou, gu = seats["lin"], seats["zhou"], seats["gu"]
    return [
        gu.say("/ops help"),
        gu.say("/ops help kpi log"),
        gu.say("/ops hlp"),
        gu.press("/运营 帮助"),
        gu.say("/ops grant @zhou lead"),
        lin.say("/ops grant @zhou boss"),
        lin.fill(permission="负责人"),
        zhou.say("/ops home"),
        zhou.say("/ops language en"),
        zhou.say("/ops help task"),
        zhou.say("/kpi log dau=a lot"),
        zhou.fill(values="dau=85k"),
        lin.say("/ops digest"),
    ]


def jobs(seats: Mapping[str, Seat]) -> Sequence[Seen]:
    """Roles are written down, given, and taken back; a circle of reporting is refused in its form."""
    lin, zhou, gu = seats["lin"], seats["zhou"], seats["gu"]
    return [
        lin.say("/role add 总经理"),
        lin.say("/role add 运营总监 responsibilities=定目标"),
        lin.say("/岗位 添加"),
        lin.fill(name="投放专员", reports_to="运营总监", works_with="设计"),
        lin.say("/role assign @zhou 投放专员"),
        zhou.say("/role list"),
        zhou.press("投放专员"),
        lin.say("/role change 运营总监 reports_to=投放专员"),
        lin.fill(reports_to="总经理", responsibilities="定目标和预算"),
        gu.say("/role end @zhou 投放专员"),
        lin.say("/role end @zhou 投放专员"),
        gu.say("/role show 投放专员"),
    ]


def schedules(seats: Mapping[str, Seat]) -> Sequence[Seen]:
    """Something is to come by itself: by command, by form, by press; changed, paused, tried, removed; days off and quiet hours are told."""
    lin, zhou, gu = seats["lin"], seats["zhou"], seats["gu"]
    return [
        lin.say("/ops schedules"),
        lin.say("/ops schedule digest daily 09:00 workdays"),
        lin.press("暂停"),
        lin.press("恢复"),
        lin.say("/ops schedules"),
        lin.say("/运营 定时 看板 每周五"),
        lin.fill(at="17:00"),
        lin.say("/schedule tasks month-end 16:00 zone=Europe/Londen"),
        lin.fill(zone="Europe/London"),
        gu.say("/schedule pause S-1"),
        lin.say("/定时 查看 S-1"),
        lin.say("/schedule change S-2"),
        lin.fill(cadence="每月最后一天", at="10:00"),
        lin.say('/schedule digest cron "0 9 30 2 *"'),
        lin.say("/运营 休息日 6月6日 团建"),
        lin.say("/ops dayoff"),
        zhou.say("/ops quiet 22:00-08:00"),
        lin.say("/schedule remove S-1"),
        lin.press("确定移除"),
    ]


@pytest.mark.parametrize("held", [figures, tasks, campaigns, house, jobs, schedules])
def test_a_conversation_has_the_same_words_and_leaves_the_same_behind_wherever_it_is_held(
    every: Mapping[str, Stage], sqlite_url: str, sealer: Sealer, held: Conversation
) -> None:
    database = Database.open(sqlite_url, sealer)
    read = {name: held(stage.seats) for name, stage in every.items()}
    kept = {name: left_behind(database, stage.shop) for name, stage in every.items()}
    database.close()
    for name in every:
        assert list(enumerate(read[name])) == list(enumerate(read["web"])), name
        assert kept[name] == kept["web"], name


def heard_of(database: Database, seat: Seat, shop: Shop) -> None:
    """The platform told the name of the channel when the bot was taken in."""
    with database.write() as uow:
        match seat:
            case SlackSeat():
                binding = uow.places.binding(SLACK, seat.person.team)
                place = (seat.channel.id, seat.channel.name)
            case FeishuSeat(group=Chat() as group):
                binding = uow.places.binding(FEISHU, seat.app.app_id)
                place = (group.chat_id, group.name)
            case _:
                return
        assert binding is not None
        uow.places.ensure_channel(shop.workspace.id, Channel(0, binding[0], *place))
        uow.commit()


def test_what_a_form_asks_for_comes_to_where_the_form_was_asked_for(every: Mapping[str, Stage], sqlite_url: str, sealer: Sealer) -> None:
    """By a mention, or in a group, the form itself comes to the person alone."""
    database = Database.open(sqlite_url, sealer)
    for name, stage in every.items():
        lin = stage.seats["lin"]
        heard_of(database, lin, stage.shop)
        lin.say("/schedule digest")
        lin.fill(cadence="每天", at="09:00")
        with database.read() as uow:
            [kept] = uow.schedules.of(stage.shop.workspace.id)
            place = uow.places.known(kept.channel)
        alone = name in ("slack, directly", "feishu, alone")
        assert (place.name in ("ops", "运营群")) is not alone, (name, place)
    database.close()
