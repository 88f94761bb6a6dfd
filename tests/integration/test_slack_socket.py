"""Does Socket Mode stay alive, answer in its own frames, and stop without losing what is in hand?"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from core.clock import FixedClock
from handlers.kernel.answer import Answer
from tests.slack_house import FakeDesk, words
from tests.slack_server import Channel, Person, SlackServer, sockets
from tests.slack_serving import Serving


@pytest.fixture
def slack(clock: FixedClock) -> Iterator[SlackServer]:
    with SlackServer(clock) as server:
        yield server


@pytest.fixture
def lin(slack: SlackServer) -> Person:
    return slack.add_person("lin")


@pytest.fixture
def ops(slack: SlackServer, lin: Person) -> Channel:
    return slack.add_channel("ops", lin)


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def serving(slack: SlackServer, desk: FakeDesk) -> Iterator[Serving]:
    with Serving(slack, desk, socket=True, heartbeat=0.4) as running:
        slack.sockets.wait_for(1)
        yield running


def heard(slack: SlackServer, lin: Person, ops: Channel) -> bool:
    """Whether a command comes through and is answered."""
    return "heard /ops help" in str(slack.acts.command(lin, ops, "/ops help").json)


def test_a_command_is_answered_in_the_envelopes_acknowledgement(slack: SlackServer, serving: Serving, lin: Person, ops: Channel) -> None:
    assert heard(slack, lin, ops)
    (acknowledged,) = slack.sockets.acknowledged
    assert acknowledged.payload is not None
    assert acknowledged.payload["response_type"] == "ephemeral"


def test_an_event_is_acknowledged_without_a_payload(slack: SlackServer, serving: Serving, desk: FakeDesk, lin: Person, ops: Channel) -> None:
    slack.acts.mention(lin, ops, "kpi board")
    assert [asked.payload for asked in desk.asked] == ["kpi board"]
    assert all(one.payload is None for one in slack.sockets.acknowledged)


def test_an_event_that_is_late_is_not_acknowledged_until_it_is_done(
    slack: SlackServer, desk: FakeDesk, lin: Person, ops: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    desk.before = lambda invocation: None if gate.wait(10) else pytest.fail("never opened")
    with Serving(slack, desk, socket=True, patience=0.1) as serving:
        slack.sockets.wait_for(1)
        with monkeypatch.context() as hasty:
            hasty.setattr(sockets, "PATIENCE", 1.0)
            with pytest.raises(TimeoutError):
                slack.acts.mention(lin, slack.direct(lin), "kpi board")
        assert slack.sockets.acknowledged == []
        gate.set()
        serving.settle()
    assert [asked.payload for asked in desk.asked] == ["kpi board"]


def test_a_socket_that_is_about_to_close_is_followed_by_another_before(slack: SlackServer, serving: Serving, lin: Person, ops: Channel) -> None:
    slack.sockets.disconnect("warning")
    slack.sockets.wait_opened(2)
    assert len(slack.sockets.connections) == 2
    assert heard(slack, lin, ops)


@pytest.mark.parametrize("how", ["refresh", "drop", "silence"])
def test_a_socket_that_ends_breaks_or_goes_silent_is_opened_anew(slack: SlackServer, serving: Serving, lin: Person, ops: Channel, how: str) -> None:
    match how:
        case "refresh":
            slack.sockets.disconnect("refresh_requested")
        case "drop":
            slack.sockets.drop()
        case _:
            slack.sockets.silence()
    slack.sockets.wait_opened(2)
    slack.sockets.wait_for(1)
    assert heard(slack, lin, ops)


def test_slack_out_of_reach_is_tried_again(slack: SlackServer, desk: FakeDesk, lin: Person, ops: Channel) -> None:
    slack.faults.refuse("apps.connections.open", "internal_error")
    slack.faults.drop_before("apps.connections.open", nth=2)
    with Serving(slack, desk, socket=True):
        slack.sockets.wait_for(1)
        assert heard(slack, lin, ops)


def test_a_stop_waits_for_what_is_in_hand_and_answers_it(slack: SlackServer, desk: FakeDesk, lin: Person, ops: Channel) -> None:
    begun, gate = threading.Event(), threading.Event()
    answers: list[str] = []

    def slowly(_: object) -> Answer:
        begun.set()
        assert gate.wait(10)
        return words("done after all")

    desk.answer = slowly
    with Serving(slack, desk, socket=True) as serving:
        slack.sockets.wait_for(1)
        asking = threading.Thread(target=lambda: answers.append(str(slack.acts.command(lin, ops, "/kpi board").json)))
        asking.start()
        assert begun.wait(10)
        stopping = threading.Thread(target=serving.stop)
        stopping.start()
        gate.set()
        stopping.join(10)
        asking.join(10)
    assert "done after all" in answers[0]
    slack.sockets.wait_for(0)


def test_the_settings_own_team_is_adopted(slack: SlackServer, serving: Serving) -> None:
    assert serving.ties.adopted.wait(10)
    (keys,) = serving.ties.every("slack")
    assert (keys.tenant, keys.secrets["bot_user"]) == (slack.team.id, slack.team.bot_user)
