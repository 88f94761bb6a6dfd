"""What if the same act is told twice, or the process dies with it in hand? One effect, one answer, nothing lost; whoever of the replicas gets it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.house import FEISHU, SLACK, House
from bot.platforms.slack.start import slack_platform
from core.clock import FixedClock
from core.domain.agenda import TaskQuery
from core.domain.deliveries import OPEN, SEND_LEASE
from core.ports import Address, Platform, Receipt
from core.storage.unit_of_work import Database
from tests.feishu_server import Event
from tests.house import Process
from tests.scenario.both import Team, one_team


@pytest.fixture
def team(database_url: str, clock: FixedClock) -> Iterator[Team]:
    with one_team(database_url, clock) as found:
        yield found


def tasks(team: Team, process: Process) -> list[str]:
    """The titles of the shop's tasks."""
    with process.house.database.read() as uow:
        return [task.title for task in uow.tasks.find(team.shop.workspace.id, TaskQuery())]


# ------------------------------------------------------------------ told twice, the second time to another replica


def test_a_slash_command_that_comes_again_is_answered_as_before(team: Team) -> None:
    with team.process() as one, team.process() as two:
        team.turn_to(one)
        first = team.command(team.lin, team.ops, "/task add 备货")
        team.turn_to(two)
        second = team.slack.carrier.again()
        assert (first.status, first.body) == (second.status, second.body)
        assert tasks(team, one) == ["备货"]


def test_a_message_that_comes_again_is_answered_once(team: Team) -> None:
    alone = team.slack.direct(team.lin)
    with team.process() as one, team.process() as two:
        team.turn_to(one)
        team.slack.acts.say(team.lin, alone, "/task add 备货")
        event = team.feishu.events.says(team.lin_there, None, "/任务 添加 盘点")
        team.tell(event)
        team.turn_to(two)
        team.slack.carrier.retry()
        team.tell(event)
        settle(one, two)
        assert sorted(tasks(team, one)) == ["备货", "盘点"]
        assert (len(team.on_slack(alone)), len(team.on_feishu(team.alone))) == (1, 1)


def test_what_both_replicas_are_told_at_once_is_done_and_answered_once(team: Team) -> None:
    with team.process() as one, team.process() as two:
        addresses = [f"{process.address}/feishu/events" for process in (one, two)]
        hooks = [team.feishu.webhook(address) for address in addresses]
        for number in range(5):
            event: Event = team.feishu.events.says(team.lin_there, None, f"/任务 添加 备货 {number}")
            with ThreadPoolExecutor(4) as pool:
                assert {answer.status for answer in pool.map(lambda hook: hook.deliver(event), hooks * 2)} == {200}  # noqa: B023  # done within
        settle(one, two)
        assert len(tasks(team, one)) == 5
        assert len(team.on_feishu(team.alone)) == 5


def test_a_press_that_comes_again_changes_nothing_more(team: Team) -> None:
    alone = team.slack.direct(team.lin)
    with team.process() as one, team.process() as two:
        team.turn_to(one)
        team.slack.acts.say(team.lin, alone, "/task add 备货")
        team.slack.acts.press(team.lin, team.on_slack(alone)[0], "完成 T-1")
        settle(one)
        team.turn_to(two)
        team.slack.carrier.again()
        settle(one, two)
        # The card says it, and nothing is said beside it.
        assert team.slack.ephemerals(team.lin, alone) == ()
        (card,) = team.on_slack(alone)
        assert len(card.edits) == 1
        assert "T-1 已完成" in card.text


def test_a_press_on_feishu_that_comes_again_has_the_same_answer(team: Team) -> None:
    with team.process() as one, team.process() as two:
        team.turn_to(one)
        team.tell(team.feishu.events.says(team.lin_there, None, "/任务 添加 备货"))
        press = team.feishu.events.presses(team.lin_there, team.on_feishu(team.alone)[0], "完成 T-1")
        first = team.tell(press)
        team.turn_to(two)
        second = team.tell(press)
        settle(one, two)
        assert first.body == second.body
        assert len(team.on_feishu(team.alone)) == 1


def test_a_form_that_comes_again_is_kept_once(team: Team) -> None:
    with team.process() as one, team.process() as two:
        team.turn_to(one)
        team.command(team.lin, team.ops, "/task add")
        settle(one)
        first = team.slack.acts.submit(team.slack.views(team.lin)[0], {"title": "备货"})
        team.turn_to(two)
        second = team.slack.carrier.again()
        assert first.body == second.body
        assert tasks(team, one) == ["备货"]


# ------------------------------------------------------------------ the process dies with the act in hand


class Killed(BaseException):
    """The process is gone: no handler of the program sees it."""


class Deadly:
    """A platform at which the process dies while it posts: before the message stands, or after."""

    def __init__(self, inner: Platform[Any], *, stands: bool) -> None:
        self._inner = inner
        self._stands = stands

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def send(self, address: Address, payload: Any, key: str) -> Receipt:
        if self._stands:
            self._inner.send(address, payload, key)
        raise Killed


def deadly(house: House, *, stands: bool) -> None:
    """The house dies at whatever it posts."""
    assert house.slack is not None
    house.platforms.use(SLACK, Deadly(slack_platform(house.slack, house.ties, house.clock), stands=stands))
    house.platforms.use(FEISHU, Deadly(house.feishu_parts.platform, stands=stands))


@pytest.mark.parametrize("stands", [False, True], ids=["before the answer stands", "after the answer stands"])
def test_who_dies_between_effect_and_answer_leaves_the_answer_to_the_next(team: Team, stands: bool) -> None:
    alone = team.slack.direct(team.lin)
    event = team.feishu.events.says(team.lin_there, None, "/任务 添加 盘点")
    # Drawing what the log has of a death takes seconds.
    with capture_logs(), team.process(lambda house: deadly(house, stands=stands)) as dying:
        team.slack.acts.say(team.lin, alone, "/task add 备货")
        team.tell(event)
        assert sorted(tasks(team, dying)) == ["备货", "盘点"], "the effect is kept"
    assert (len(team.on_slack(alone)), len(team.on_feishu(team.alone))) == ((1, 1) if stands else (0, 0))

    with team.process() as next_:
        # Nobody acknowledged them, so both platforms tell it again; and then the lease of the dead runs out.
        team.slack.carrier.retry()
        team.tell(event)
        for _ in range(2):
            team.clock.instant += SEND_LEASE + timedelta(seconds=1)
            settle(next_)
        assert sorted(tasks(team, next_)) == ["备货", "盘点"]
        assert (len(team.on_slack(alone)), len(team.on_feishu(team.alone))) == (1, 1)
        assert resting(team, next_.house.database)


def resting(team: Team, database: Database) -> bool:
    """Whether nothing in the ledger waits for anything."""
    return not any(row.state in OPEN for row in team.deliveries(database))


def settle(*processes: Process) -> None:
    """Everything begun anywhere is done."""
    for process in processes:
        process.settle()
