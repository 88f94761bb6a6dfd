"""Does a conversation go on over Slack's and Feishu's sockets, whatever becomes of them, and is what was begun finished at the end?"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from bot.platforms.slack.presence import SlackPresence
from core.clock import FixedClock
from tests.feishu_server import ClientConfig
from tests.scenario.both import Team, one_team

ENDS_WITHIN = 5.0
PATIENCE = 10.0


@pytest.fixture
def team(sqlite_url: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    # Silence is noticed sooner than in life: Slack's side after the heartbeat, Feishu's after two pings and a half.
    defaults = SlackPresence.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "heartbeat", 0.2)
    with one_team(sqlite_url, clock, socket=True) as found:
        found.feishu.socket.config = ClientConfig(PingInterval=1)
        yield found


def talked(team: Team, number: int) -> None:
    """A task is written down on Slack and finished on Feishu."""
    team.command(team.lin, team.ops, f"/task add 备货 {number}")
    assert team.slack.ephemerals(team.lin, team.ops)[-1].text == f"记下了 T-{number}：备货 {number}"
    team.tell(team.feishu.events.says(team.lin_there, None, "/任务 我的"))
    mine = team.on_feishu(team.alone)[-1]
    answer = team.tell(team.feishu.events.presses(team.lin_there, mine, f"完成 T-{number}"))
    assert answer.toast is not None
    assert answer.toast["type"] == "success"


def test_a_conversation_goes_on_after_a_drop_and_after_a_silence(team: Team) -> None:
    with team.process():
        team.slack.sockets.wait_for(1)
        team.feishu.socket.wait_connected()
        talked(team, 1)

        team.slack.sockets.drop()
        team.feishu.socket.drop()
        team.feishu.socket.wait_connected(0)
        team.slack.sockets.wait_opened(2)
        team.slack.sockets.wait_for(1)
        team.feishu.socket.wait_connected()
        talked(team, 2)

        team.slack.sockets.silence()
        team.feishu.socket.silence()
        team.slack.sockets.wait_opened(3)
        team.feishu.socket.wait_connected(0)
        team.feishu.socket.speak()
        team.slack.sockets.wait_for(1)
        team.feishu.socket.wait_connected()
        talked(team, 3)


def test_at_the_end_what_was_begun_is_finished_within_five_seconds(team: Team) -> None:
    alone = team.slack.direct(team.lin)
    with team.process() as process:
        team.slack.sockets.wait_for(1)
        team.feishu.socket.wait_connected()
        gate = team.slack.faults.hold("chat.postMessage")
        saying = threading.Thread(target=lambda: team.slack.acts.say(team.lin, alone, "/task add 备货"))
        saying.start()
        assert gate.reached.wait(PATIENCE)
        begun = time.perf_counter()
        stopping = threading.Thread(target=process.stop)
        stopping.start()
        gate.open()
        stopping.join(PATIENCE)
        assert time.perf_counter() - begun < ENDS_WITHIN
        saying.join(PATIENCE)
        # The event was acknowledged by its own socket before that was closed, and its answer stands.
        assert len(team.slack.sockets.acknowledged) == 1
        assert [card.text for card in team.on_slack(alone)] == ["记下了 T-1：备货"]
        team.slack.sockets.wait_for(0)
        team.feishu.socket.wait_connected(0)
