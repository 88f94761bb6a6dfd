"""Does a spreadsheet that is dropped where the team talks become figures? Looked at first, then confirmed in the form of each platform."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.clock import FixedClock
from tests.feishu_server.cards import buttons, elements
from tests.house import Process
from tests.scenario.both import Team, one_team
from tests.seats.slack import words
from tests.slack_server import Channel

ORDERS = "订单号,下单时间,数量,单价\nA1,2024-06-03 10:00,2,12.50\nA2,2024-06-03 11:00,1,30\n".encode()
CSV = "text/csv"


@pytest.fixture
def team(sqlite_url: str, clock: FixedClock) -> Iterator[Team]:
    with one_team(sqlite_url, clock) as found:
        yield found


@pytest.fixture
def process(team: Team) -> Iterator[Process]:
    with team.process() as running:
        yield running


def board(team: Team) -> str:
    """What the board says of yesterday."""
    team.command(team.lin, team.ops, "/kpi board")
    return "".join(words(team.slack, team.slack.ephemerals(team.lin, team.ops)[-1].blocks))


@pytest.mark.parametrize("where", ["directly", "in a channel"])
def test_on_slack_it_is_confirmed_in_a_modal(team: Team, process: Process, where: str) -> None:
    alone = team.slack.direct(team.lin)
    place: Channel = alone if where == "directly" else team.ops
    team.slack.acts.share(team.lin, place, "orders.csv", ORDERS, CSV)
    process.settle()
    # One preview, for the eyes of whoever dropped it; the note that it was being read has made place for it.
    (preview,) = team.on_slack(alone)
    assert "orders.csv" in preview.text
    assert team.on_slack() == ()

    team.slack.acts.press(team.lin, preview, "form")
    process.settle()
    (view,) = team.slack.views(team.lin)
    team.slack.acts.submit(view)
    process.settle()
    assert "¥55" in board(team)


def test_on_feishu_it_is_confirmed_in_the_card(team: Team, process: Process) -> None:
    team.tell(team.feishu.events.shares_file(team.lin_there, None, "orders.csv", ORDERS))
    process.settle()
    (preview,) = team.on_feishu(team.alone)
    assert "orders.csv" in preview.content

    (submit,) = (button for button in buttons(preview.body) if button.submits)
    held = {str(element["name"]): element.get("initial_option", "") for element in elements(preview.body) if element.get("tag") == "select_static"}
    answer = team.tell(team.feishu.events.presses(team.lin_there, preview, submit.label, form=held))
    assert answer.shown_error is None
    process.settle()
    assert "¥55" in board(team)
    assert "orders.csv" in team.on_feishu(team.alone)[-1].content
