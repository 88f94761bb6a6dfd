"""Do the campaign and task commands do what they say, in either language, for those who may?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

import handlers.campaign
import handlers.task  # noqa: F401  # declares the commands
from bot.dispatch import nothing
from core.clock import FixedClock
from core.domain.campaigns import Task, TaskState
from core.domain.moments import business_time
from core.domain.workspaces import Locale, Member, Permission, Workspace
from core.errors import Denied, UserError
from core.i18n.texts import text
from core.messages.model import Actions, Block, Button, Context, Fields, Heading, Mention, Message, Option, Paragraph, Table
from core.messages.phrases import plain
from core.ports import unheard
from core.services.campaigns import create_campaign
from core.services.tasks import create_task
from core.storage.repositories.inbox import RequestKey
from core.storage.unit_of_work import Database
from handlers.kernel import context as kernel
from handlers.kernel.command import REGISTRY
from handlers.kernel.kinds import Scope
from handlers.kernel.parse import Routed, call, route, routed_press
from tests.campaign_618 import CAMPAIGN

NOW = datetime(2024, 6, 4, 0, 55, tzinfo=UTC)
TODAY = date(2024, 6, 4)


class EmptyDirectory:
    """Offers nothing: completion is another matter."""

    def members(self) -> Sequence[Option]:
        return ()

    campaigns = members
    tasks = members


@dataclass
class Team:
    """A shop with three people; what one of them says is answered by the handler."""

    database: Database
    workspace: Workspace
    lin: Member
    chen: Member
    boss: Member
    campaign: int
    now: datetime = NOW

    def say(self, line: str, actor: Member, locale: Locale = Locale.EN) -> Message:
        routed = route(line, REGISTRY)
        assert isinstance(routed, Routed), line
        return self.run(routed, actor, locale)

    def press(self, button: Button, actor: Member, locale: Locale = Locale.EN) -> Message:
        return self.run(routed_press(REGISTRY[button.press.command], button.press.arguments), actor, locale)

    def run(self, routed: Routed, actor: Member, locale: Locale) -> Message:
        moment = business_time(self.workspace, self.now)
        asked = call(routed, Scope(locale, moment.today, EmptyDirectory()))
        assert not asked.mistakes, asked.mistakes
        assert not asked.missing
        with self.database.write() if routed.command.changes else self.database.read() as uow:
            context = kernel.Context(
                uow=uow,
                database=self.database,
                clock=FixedClock(self.now),
                workspace=self.workspace,
                member=actor,
                locale=locale,
                moment=moment,
                binding=0,
                conversation="ops",
                channel=None,
                now=self.now,
                fetch=nothing,
                request=RequestKey("web", "1", "key"),
                alive=unheard,
            )
            answer = routed.command.handler(context, routed.command.arguments.model_validate(dict(asked.values)))
            uow.commit()
        return answer

    def task(self, number: int) -> Task:
        with self.database.read() as uow:
            found = uow.tasks.numbered(self.workspace.id, number)
        assert found is not None
        return found

    def write(self, title: str, days: int | None, *owners: Member, phase: str = "") -> Task:
        due = None if days is None else TODAY + timedelta(days=days)
        campaign = self.campaign if phase else None
        with self.database.write() as uow:
            task = Task(0, 0, title, tuple(owner.id for owner in owners), due=due, campaign=campaign, phase=phase)
            kept = create_task(uow, self.workspace, task, NOW)
            uow.commit()
        return kept


@pytest.fixture
def team(embedded: Database) -> Team:
    with embedded.write() as uow:
        shop = uow.workspaces.add(Workspace(0, "Tea shop", Locale.ZH, "Asia/Shanghai", "CNY", "CN"), NOW)
        lin = uow.members.add(shop.id, Member(0, "林晓", Permission.MEMBER, handle="lin"))
        chen = uow.members.add(shop.id, Member(0, "陈晨", Permission.MEMBER, handle="chen"))
        boss = uow.members.add(shop.id, Member(0, "Zhou", Permission.LEAD, handle="zhou"))
        campaign = create_campaign(uow, shop, CAMPAIGN)
        uow.commit()
    return Team(embedded, shop, lin, chen, boss, campaign.id)


def words(message: Message) -> str:
    """Everything that the message's blocks say, a line each."""
    return "\n".join(line for block in message.blocks for line in _lines(block))


def _lines(block: Block) -> list[str]:
    match block:
        case Heading():
            return [plain(block.text)]
        case Paragraph():
            return [plain(line) for line in block.lines]
        case Fields():
            return [f"{label}: {plain(value)}" for label, value in block.pairs]
        case Table():
            return [" | ".join(plain(cell) for cell in row) for row in block.rows]
        case Actions():
            return [f"[{button.label}]" for button in block.buttons]
        case Context(text=words):
            return [plain(words)]
        case _:
            raise AssertionError(f"no words for {block}")


def buttons(message: Message) -> list[Button]:
    return [button for block in message.blocks if isinstance(block, Actions) for button in block.buttons]


def test_a_task_is_kept_as_it_was_written(team: Team) -> None:
    answer = team.say('/task add Lay in stock due=2024-06-07 owner=@chen,林晓 campaign=618 phase=run standard="stock ≥ 1.5 × sales"', team.lin)
    task = team.task(1)
    assert (task.title, task.owners, task.due) == ("Lay in stock", (team.chen.id, team.lin.id), date(2024, 6, 7))
    assert (task.campaign, task.phase, task.standard) == (team.campaign, "run", "stock ≥ 1.5 × sales")
    assert words(answer).splitlines() == [
        "Added T-1: Lay in stock",
        "Owner: @陈晨, 林晓",
        "Due: Fri 7 Jun",
        "Campaign: 618年中大促 · 执行阶段",
        "Done when: stock ≥ 1.5 × sales",
        "[Finish T-1]",
        "[Show my tasks]",
    ]


def test_the_chinese_words_write_the_same_task(team: Team) -> None:
    answer = team.say("/任务 添加 备货 due=周五 owner=@chen", team.lin, Locale.ZH)
    assert (team.task(1).title, team.task(1).due) == ("备货", date(2024, 6, 7))
    assert words(answer).splitlines()[:3] == ["记下了 T-1：备货", "负责人: @陈晨", "到期: 周五 6月7日"]


def test_owner_and_day_at_the_end_of_the_title_are_shown_as_such(team: Team) -> None:
    answer = team.say("/任务 添加 拍短视频 @chen 6月8日", team.lin, Locale.ZH)
    assert words(answer).splitlines()[:3] == ["记下了 T-1：拍短视频", "负责人: @陈晨", "到期: 周六 6月8日"]
    assert team.task(1).owners == (team.chen.id,)


def test_without_an_owner_the_task_is_the_writers_and_pings_nobody(team: Team) -> None:
    answer = team.say("/task add Check the page", team.lin)
    assert team.task(1).owners == (team.lin.id,)
    assert not any(isinstance(piece, Mention) for block in answer.blocks if isinstance(block, Fields) for _, value in block.pairs for piece in value)


def test_a_due_day_that_has_passed_is_taken_with_a_word_about_it(team: Team) -> None:
    answer = team.say("/task add Late already due=2024-06-01", team.lin)
    assert team.task(1).due == date(2024, 6, 1)
    assert "The due date has passed" in words(answer)
    assert "3 days overdue (1 Jun)" in words(answer)


def test_markup_in_a_title_stays_plain_text(team: Team) -> None:
    title = "<!channel> <at id=all></at> *_~[](x) {0} {name}"
    answer = team.say(f"/task add {title}", team.lin)
    assert team.task(1).title == title
    assert words(answer).startswith(f"Added T-1: {title}")
    listed = team.say("/task list", team.lin)
    (table,) = [block for block in listed.blocks if isinstance(block, Table)]
    assert table.rows[0][1] == (title,)


@pytest.mark.parametrize(
    ("line", "key", "field"),
    [
        ("/task add x owner=@chenn", "people.near", "owner"),
        ("/task add x owner=@nobodyatall", "people.unknown", "owner"),
        ("/task add x campaign=618年大促", "campaign.near", "campaign"),
        ("/task add x phase=party", "campaign.phase_unknown", "phase"),
        ("/task add \u200b\u200b", "task.title.blank", "title"),
        (f"/task add {'字' * 201}", "task.title.long", "title"),
        ("/task done T-9", "task.unknown", "task"),
        ("/task list campaign=zzz", "campaign.unknown", "campaign"),
        ("/task done 1 2", "task.finish.several", "note"),
        ("/campaign show 619", "campaign.near", "code"),
    ],
)
def test_a_slip_is_told_beside_its_field_in_both_languages(team: Team, line: str, key: str, field: str) -> None:
    with pytest.raises(UserError) as refused:
        team.say(line, team.lin)
    assert (refused.value.key, refused.value.field) == (key, field)
    for locale in Locale:
        assert "{" not in text(locale, key, **refused.value.args_)


def test_a_name_that_two_people_share_asks_for_the_handle(team: Team) -> None:
    with team.database.write() as uow:
        uow.members.add(team.workspace.id, Member(0, "陈晨", Permission.MEMBER, handle="chen2"))
        uow.commit()
    with pytest.raises(UserError) as refused:
        team.say("/task add x owner=陈晨", team.lin)
    assert refused.value.args_["handles"] == "@chen / @chen2"


def test_a_title_of_200_characters_is_taken(team: Team) -> None:
    team.say(f"/task add {'字' * 200}", team.lin)
    assert len(team.task(1).title) == 200


def test_an_owner_finishes_a_task_and_reads_its_standard(team: Team) -> None:
    team.say('/task add Stock standard="1.5 × sales"', team.lin)
    answer = team.say("/task done T-1 all in the warehouse", team.lin)
    task = team.task(1)
    assert (task.state, task.done_by, task.done_at, task.note) == (TaskState.DONE, team.lin.id, NOW, "all in the warehouse")
    assert words(answer).splitlines() == ["T-1 is done: Stock", "Done when: 1.5 × sales", "Note: all in the warehouse"]


def test_finishing_again_says_by_whom_and_when_and_changes_nothing(team: Team) -> None:
    team.write("Stock", 1, team.lin)
    team.say("/task done T-1 first", team.lin)
    before = team.task(1)
    team.now += timedelta(hours=5)
    answer = team.say("/task done 1 second", team.boss)
    assert team.task(1) == before
    assert words(answer).splitlines() == [
        "T-1 was already done: Stock",
        "林晓 marked it as done today Tue 4 Jun 08:55. Nothing was changed this time.",
        "Your note was not saved with the task: second",
    ]


def test_somebody_else_is_refused_and_told_who_may(team: Team) -> None:
    team.write("Stock", 1, team.lin)
    with pytest.raises(Denied) as refused:
        team.say("/task done T-1", team.chen)
    assert refused.value.args_ == {"task": "T-1", "owners": "林晓"}
    assert team.task(1).state is TaskState.OPEN


def test_a_click_is_checked_like_a_command(team: Team) -> None:
    team.write("Stock", 0, team.lin)
    (button,) = buttons(team.say("/task mine", team.lin))
    with pytest.raises(Denied):
        team.press(button, team.chen)
    team.press(button, team.boss)
    assert team.task(1).done_by == team.boss.id


def test_anyone_may_finish_what_nobody_owns(team: Team) -> None:
    team.write("Stock", 1)
    team.say("/task done T-1", team.chen)
    assert team.task(1).done_by == team.chen.id


def test_my_tasks_come_by_how_they_press_with_three_buttons(team: Team) -> None:
    for title, days in (("later", 30), ("undated", None), ("soon", 3), ("today", 0), ("late", -2)):
        team.write(title, days, team.lin)
    team.write("another's", 0, team.chen)
    answer = team.say("/任务 我的", team.lin, Locale.ZH)
    assert words(answer).splitlines() == [
        "你的任务：逾期 1 项，今天到期 1 项，7 天内到期 1 项，不急的 2 项",
        "逾期",
        "T-5 late · 逾期 2 天（6月2日）",
        "今天",
        "T-4 today · 今天 周二 6月4日",
        "7 天内",
        "T-3 soon · 周五 6月7日",
        "不急的",
        "T-1 later · 周四 7月4日",
        "T-2 undated · 没有期限",
        "[完成 T-5]",
        "[完成 T-4]",
        "[完成 T-3]",
    ]


def test_a_long_part_of_my_tasks_says_how_many_more_there_are(team: Team) -> None:
    for place in range(7):
        team.write(f"task {place}", 2, team.lin)
    assert "and 2 more" in words(team.say("/task mine", team.lin))


def test_who_has_no_task_reads_so(team: Team) -> None:
    assert words(team.say("/task mine", team.lin)).startswith("You have no open tasks")


def test_lists_show_what_their_filter_says(team: Team) -> None:
    team.write("late", -1, team.lin)
    team.write("ahead", 5, team.lin, team.chen, phase="run")
    team.write("done", -3, team.chen)
    team.say("/task done T-3", team.chen)
    expected = {
        "/task list": ["2 open tasks, 1 overdue", "T-1 | late | 林晓 | 1 day overdue (3 Jun)", "T-2 | ahead | 林晓, 陈晨 | Sun 9 Jun"],
        "/task list overdue": ["1 task overdue", "T-1 | late | 林晓 | 1 day overdue (3 Jun)"],
        "/task list done": ["1 task done", "T-3 | done | 陈晨 | done 4 Jun"],
        "/task list campaign=618": ["618年中大促: 1 open task", "T-2 | ahead | 林晓, 陈晨 | Sun 9 Jun"],
    }
    assert {line: words(team.say(line, team.lin)).splitlines() for line in expected} == {
        line: [*lines, "As of 4 Jun, 08:55"] for line, lines in expected.items()
    }
    assert words(team.say("/任务 列表 我的", team.chen, Locale.ZH)).splitlines()[0] == "你有 1 项任务没完成"
    assert words(team.say("/task list all", team.chen)).splitlines()[0] == "3 tasks in all, 1 overdue"


def test_a_list_shows_twenty_and_says_how_many_there_are(team: Team) -> None:
    for place in range(23):
        team.write(f"task {place}", 2, team.lin)
    answer = team.say("/task list", team.lin)
    (table,) = [block for block in answer.blocks if isinstance(block, Table)]
    assert (len(table.rows), table.total) == (20, 23)


def test_a_campaign_shows_what_comes_next_and_who_is_late(team: Team) -> None:
    team.write("plan", -30, team.boss, phase="plan")
    team.write("stream", -2, team.lin, team.chen, phase="run")
    team.write("report", 20, team.chen, phase="review")
    team.say("/task done T-1", team.boss)
    answer = team.say("/活动 查看", team.lin, Locale.ZH)
    assert words(answer).splitlines() == [
        "618年中大促：距爆发期开始还有 6 天",
        "日期: 5月26日–6月18日",
        "现在: 执行阶段 · 预热期",
        "已完成: 1 / 3 项任务",
        "下一节点: 周一 6月10日 爆发期开始",
        "策划阶段 | 5月1日–5月10日 | 1/1",
        "准备阶段 | 5月11日–5月25日 | 0/0",
        "执行阶段 | 5月26日–6月18日 | 0/1",
        "复盘阶段 | 6月19日–6月30日 | 0/1",
        "预热期: 5月26日–6月9日",
        "爆发期: 6月10日–6月16日",
        "返场期: 6月17日–6月18日",
        "逾期",
        "林晓：T-2 stream（2 天）",
        "陈晨：T-2 stream（2 天）",
        "[看逾期任务]",
        "[看全部任务]",
    ]


def test_a_campaigns_buttons_open_its_tasks(team: Team) -> None:
    team.write("stream", -2, team.lin, phase="run")
    team.write("elsewhere", -2, team.lin)
    late, every = buttons(team.say("/campaign show 618", team.lin))
    assert words(team.press(late, team.lin)).splitlines()[0] == "618年中大促: 1 task overdue"
    assert words(team.press(every, team.lin)).splitlines()[0] == "618年中大促: 1 task in all"


def test_the_list_of_campaigns_leads_to_each(team: Team) -> None:
    answer = team.say("/campaign list", team.lin)
    assert words(answer).splitlines() == ["1 campaign", "618年中大促 | 26 May – 18 Jun | 执行阶段 · 预热期 | 0/0", "[Show 618年中大促]"]
    (button,) = buttons(answer)
    assert words(team.press(button, team.lin)).startswith("618年中大促: 爆发期 begins in 6 days")


def test_a_workspace_without_campaigns_says_so(team: Team) -> None:
    with team.database.write() as uow:
        other = uow.workspaces.add(replace(team.workspace, name="Other"), NOW)
        uow.commit()
    team.workspace = other
    assert words(team.say("/campaign list", team.lin)).startswith("No campaigns yet")
    with pytest.raises(UserError) as refused:
        team.say("/campaign show", team.lin)
    assert refused.value.key == "campaign.none"


def test_a_campaign_code_is_taken_once_and_a_flawed_plan_is_refused(team: Team) -> None:
    with team.database.write() as uow:
        with pytest.raises(UserError) as taken:
            create_campaign(uow, team.workspace, CAMPAIGN)
        with pytest.raises(UserError) as flawed:
            create_campaign(uow, team.workspace, replace(CAMPAIGN, code="x", end=date(2024, 5, 1)))
    assert (taken.value.key, flawed.value.key) == ("campaign.taken", "campaign.flaw.dates")


def test_every_answers_fallback_says_its_first_line(team: Team) -> None:
    team.write("stream", -2, team.lin, phase="run")
    for line in ("/task mine", "/task list", "/campaign list", "/campaign show", "/task done T-1", "/task add more"):
        answer = team.say(line, team.lin)
        assert answer.fallback == words(answer).splitlines()[0]
