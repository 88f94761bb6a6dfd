"""Is a team on Slack and on Feishu one team? The same people, the same tasks, the same digest, each in its own language and place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from core.clock import FixedClock
from core.domain.workspaces import Permission
from tests.command_line import Terminal
from tests.house import Process
from tests.scenario.both import Team, one_team
from tests.seats.slack import words as slack_words
from tests.slack_server.values import Json

PRESENT = "2024-06-04T08:55"


@pytest.fixture
def team(sqlite_url: str, clock: FixedClock) -> Iterator[Team]:
    with one_team(sqlite_url, clock) as found:
        yield found


@pytest.fixture
def process(team: Team) -> Iterator[Process]:
    with team.process() as running:
        yield running


def pictures(blocks: object) -> list[Json]:
    """The pictures among Slack's blocks."""
    assert isinstance(blocks, tuple)
    return [block for block in blocks if block["type"] == "image"]


def test_the_same_morning_reaches_a_slack_channel_in_english_and_a_feishu_group_in_chinese(team: Team, process: Process) -> None:
    for day, orders in (("2024-06-01", "990"), ("2024-06-02", "1,010"), ("2024-06-03", "1,043")):
        team.command(team.lin, team.ops, f"/kpi log {day} orders={orders}")
    team.command(team.lin, team.ops, "/ops channel digest=on locale=en")
    team.tell(team.feishu.events.tells_bot(team.lin_there, team.group, "/运营 频道 晨报=开"))
    process.settle()
    before = len(team.on_slack()), len(team.on_feishu())

    process.pass_to("2024-06-04T09:00")
    process.pass_to("2024-06-04T09:01")

    (there,), (here,) = team.on_slack()[before[0] :], team.on_feishu()[before[1] :]
    english, chinese = "".join(slack_words(team.slack, there.blocks)), here.content
    assert "1,043" in english
    assert "1,043" in chinese
    assert "Orders" in english
    assert "订单数" in chinese
    assert len(pictures(there.blocks)) == 1
    assert chinese.count('"img_key"') == 1


def test_a_task_is_one_task_wherever_it_is_written_down_and_finished(team: Team, process: Process) -> None:
    # 林晓 writes it down in #ops. The card that stands there offers to finish it.
    team.slack.acts.mention(team.lin, team.ops, "/task add 备货")
    (card,) = team.on_slack()
    # On Feishu she sees it among her tasks, and finishes it there.
    team.tell(team.feishu.events.says(team.lin_there, None, "/任务 我的"))
    (mine,) = team.on_feishu(team.alone)
    assert "备货" in mine.content
    pressed = team.tell(team.feishu.events.presses(team.lin_there, mine, "完成 T-1"))
    assert pressed.toast is not None
    assert pressed.toast["type"] == "success"
    process.settle()
    # Now the card on Slack says so, in the same place, and nobody was disturbed by another message.
    (card,) = team.on_slack()
    assert "T-1 已完成" in card.text
    assert len(card.edits) == 1
    assert "备货" not in team.on_feishu(team.alone)[0].content


def test_and_the_other_way_round(team: Team, process: Process) -> None:
    team.tell(team.feishu.events.tells_bot(team.lin_there, team.group, "/任务 添加 备货"))
    (card,) = team.on_feishu()
    team.command(team.lin, team.ops, "/task mine")
    (mine,) = team.slack.ephemerals(team.lin, team.ops)
    team.slack.acts.press(team.lin, mine, "完成 T-1")
    process.settle()
    (card,) = team.on_feishu()
    assert "T-1 已完成" in card.content
    assert len(team.feishu.world.edits(card.message_id)) == 1


def test_a_code_makes_two_accounts_one_person(team: Team, process: Process) -> None:
    # 周航 is known on Slack. On Feishu he speaks for the first time, and is a stranger who may only look.
    here = team.feishu.world.add_user("周航")
    alone = team.feishu.world.direct(here, team.feishu.app)
    team.tell(team.feishu.events.says(here, None, "/task add 备货"))
    assert "权限" in team.on_feishu(alone)[-1].content
    # A code from Slack, typed on Feishu, and he is himself.
    team.command(team.zhou, team.ops, "/ops link")
    (shown,) = team.slack.ephemerals(team.zhou, team.ops)
    found = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", shown.text)
    assert found, shown.text
    team.tell(team.feishu.events.says(here, None, f"/运营 关联 {found[0]}"))
    assert "周航" in team.on_feishu(alone)[-1].content
    team.tell(team.feishu.events.says(here, None, "/task add 备货"))
    assert "T-1" in team.on_feishu(alone)[-1].content
    team.command(team.zhou, team.ops, "/task mine")
    assert "备货" in json.dumps(team.slack.ephemerals(team.zhou, team.ops)[-1].blocks, ensure_ascii=False)
    # A code is good once.
    team.tell(team.feishu.events.says(team.lin_there, None, f"/运营 关联 {found[0]}"))
    process.settle()
    assert sorted(team.people(process.house.database)) == ["周航", "林晓", "顾言"]


def test_newcomers_are_taken_in_and_guests_are_not(team: Team, process: Process) -> None:
    he = team.slack.add_person("he", "何田")
    guest = team.slack.add_person("guest", "访客", standing="restricted")
    team.command(he, team.ops, "/ops help")
    team.command(guest, team.ops, "/ops help")
    (helped,), (refused,) = team.slack.ephemerals(he, team.ops), team.slack.ephemerals(guest, team.ops)
    assert "/任务" in json.dumps(helped.blocks, ensure_ascii=False)
    assert "我只为本团队的成员服务" in refused.text
    found = team.people(process.house.database)
    assert found["he"].permission is Permission.VIEWER
    assert "guest" not in found


def test_the_first_admin_of_a_team_is_made_at_the_machine(team: Team, process: Process, tmp_path_factory: pytest.TempPathFactory) -> None:
    he = team.slack.add_person("he", "何田", locale="en-US")
    team.command(he, team.ops, "/ops grant @zhou lead")
    assert "admin" in team.slack.ephemerals(he, team.ops)[-1].text
    terminal = Terminal(tmp_path_factory.mktemp("machine"), {"MORNINGBELL_KEY": process.house.settings.key.get_secret_value()})  # type: ignore[union-attr]
    granted = terminal("--database", team.url, "admin", "grant", "he")
    assert granted.code == 0, granted.err
    team.command(he, team.ops, "/ops grant @zhou lead")
    process.settle()
    assert team.people(process.house.database)["周航"].permission is Permission.LEAD
