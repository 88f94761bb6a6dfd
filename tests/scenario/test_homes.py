"""What does a person find when they come to the bot by themselves: on Slack's home page, in Feishu's menu? And what of an answer that takes time?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.clock import FixedClock
from tests.house import Process
from tests.scenario.both import Team, one_team
from tests.seats.slack import words


@pytest.fixture
def team(sqlite_url: str, clock: FixedClock) -> Iterator[Team]:
    with one_team(sqlite_url, clock) as found:
        yield found


@pytest.fixture
def process(team: Team) -> Iterator[Process]:
    with team.process() as running:
        yield running


def home(team: Team) -> str:
    """What stands on 林晓's home page on Slack."""
    view = team.slack.home(team.lin)
    assert view is not None
    return "".join(words(team.slack, view.payload["blocks"]))


def test_the_home_page_on_slack_shows_what_waits_and_follows_what_is_done_there(team: Team, process: Process) -> None:
    team.command(team.lin, team.ops, "/task add 备货 due=今天")
    team.command(team.lin, team.ops, "/kpi log gmv=12万")
    team.slack.acts.open_home(team.lin)
    process.settle()
    assert "备货" in home(team)
    assert "12万" in home(team)

    view = team.slack.home(team.lin)
    assert view is not None
    team.slack.acts.press(team.lin, view, "完成 T-1")
    process.settle()
    assert "备货" not in home(team)
    (told,) = team.on_slack(team.slack.direct(team.lin))
    assert "T-1 已完成" in told.text


def test_the_menu_on_feishu_opens_the_same_page_as_a_card(team: Team, process: Process) -> None:
    team.tell(team.feishu.events.says(team.lin_there, None, "/任务 添加 备货 期限=今天"))
    team.tell(team.feishu.events.picks_from_menu(team.lin_there, "ops_home"))
    process.settle()
    card = team.on_feishu(team.alone)[-1]
    assert "备货" in card.content
    assert "林晓" in card.content


def test_the_note_of_a_slow_command_makes_place_for_its_result(team: Team, process: Process) -> None:
    alone = team.slack.direct(team.lin)
    team.command(team.lin, team.ops, "/kpi log gmv=12万")
    team.slack.acts.say(team.lin, alone, "/ops digest")
    team.tell(team.feishu.events.says(team.lin_there, None, "/运营 晨报"))
    (before,), (before_there,) = team.on_slack(alone), team.on_feishu(team.alone)
    assert "12万" not in before.text
    assert "12万" not in before_there.content
    process.settle()
    (after,), (after_there,) = team.on_slack(alone), team.on_feishu(team.alone)
    assert (after.ts, after_there.message_id) == (before.ts, before_there.message_id)
    assert "12万" in after.text
    assert "12万" in after_there.content


def test_the_engine_brings_the_result_by_itself(team: Team, process: Process) -> None:
    team.command(team.lin, team.ops, "/kpi log gmv=12万")
    engine = process.house.deliveries.engine
    engine.start()
    try:
        team.tell(team.feishu.events.says(team.lin_there, None, "/运营 晨报"))
        team.feishu.world.until(lambda: "12万" in team.on_feishu(team.alone)[-1].content, seconds=10)
    finally:
        engine.stop()
    assert len(team.on_feishu(team.alone)) == 1


def test_by_slash_command_the_result_comes_directly(team: Team, process: Process) -> None:
    team.command(team.lin, team.ops, "/kpi log gmv=12万")
    team.command(team.lin, team.ops, "/ops digest")
    process.settle()
    (result,) = team.on_slack(team.slack.direct(team.lin))
    assert "12万" in result.text
    assert team.on_slack() == ()
