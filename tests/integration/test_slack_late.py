"""What becomes of an act on Slack whose answer is late? One effect and one answer, also where the process dies with it in hand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.courier import Courier
from bot.deliveries import Deliveries
from bot.desk import HouseDesk
from bot.lates import Lates
from bot.platforms.slack.platform import SlackPlatform
from bot.platforms.slack.teams import Teams
from bot.ties import StoredTies
from core.clock import FixedClock
from core.domain.deliveries import OPEN, DeliveryState
from core.domain.workspaces import Permission
from core.messages.model import Chart, Message
from core.ports import Invocation, Reply
from core.storage.unit_of_work import Database
from handlers.kernel.answer import Answer
from handlers.kernel.arguments import Nothing
from handlers.kernel.command import command
from handlers.kernel.context import Context
from tests.fakes import UNPACED, FakeRenderer, no_engine
from tests.office import Jobs, Office, open_office
from tests.slack_server import Rules, SlackServer
from tests.slack_serving import Serving

PATIENCE = 10.0
LEASE = timedelta(seconds=46)


class Killed(BaseException):
    """The process is gone: no handler of the program sees it."""


def die() -> None:
    raise Killed


class Slowly(HouseDesk):
    """A desk that works on an act only once the gate is open; `after` comes between its effect and the answer."""

    gate: threading.Event
    before: Callable[[], None] = staticmethod(lambda: None)
    after: Callable[[], None] = staticmethod(lambda: None)

    def dispatch(self, invocation: Invocation) -> Answer:
        assert self.gate.wait(PATIENCE)
        self.before()
        answer = super().dispatch(invocation)
        self.after()
        return answer


@dataclass
class Scene:
    """An office on Slack, with as many processes as are asked for. `lin` runs it."""

    office: Office
    slack: SlackServer
    clock: FixedClock
    jobs: Jobs = field(default_factory=Jobs)

    def __post_init__(self) -> None:
        self.lin = self.slack.add_person("lin", "林晓")
        self.ops = self.slack.add_channel("ops", self.lin)
        self.alone = self.slack.direct(self.lin)
        database, office = self.office.database, self.office
        self.ties = StoredTies(database, self.clock, lambda: office.shop.id)
        self.ties.adopt("slack", self.slack.team.id, {"bot_token": self.slack.token})
        with database.write() as uow:
            uow.members.link(office.shop.id, office.owner.id, self.ties.every("slack")[0].binding, self.lin.id)
            uow.commit()
        platform = SlackPlatform(self.ties, Teams(self.ties, self.slack.api_url, self.clock), self.clock, lambda seconds: None)
        self.deliveries = Deliveries(database, self.clock, office.signer, office.dispatcher(), lambda binding: platform, self.ties.refs, no_engine)
        self.deliveries.patience, self.deliveries.renderer = UNPACED, FakeRenderer()

        @command("test picture", zh="测试 图", permission=Permission.VIEWER, registry=office.registry)
        def picture(context: Context, _arguments: Nothing) -> Message:
            return Message((Chart("trend", "DAU rose", "28 days", ()),), "DAU rose")

    def desk(self) -> Slowly:
        """Another process's."""
        office, database = self.office, self.office.database
        courier = Courier(self.clock, self.jobs, self.deliveries.worker.carry)
        dispatcher = office.dispatcher(courier=courier)
        lates = Lates(database, self.clock, dispatcher, courier, self.jobs)
        made = Slowly(database, self.clock, office.signer, dispatcher, self.ties, lates)
        made.gate = threading.Event()
        return made

    def later(self) -> None:
        """The leases of whoever died run out, and the sweep comes by."""
        self.clock.instant += LEASE
        self.deliveries.worker.run_due()

    def privately(self) -> list[str]:
        """What was answered in place."""
        return [shown.text for shown in self.slack.ephemerals(self.lin, self.ops)]

    def by_message(self) -> list[str]:
        """What the bot wrote to her alone."""
        return [shown.text for shown in self.slack.from_bot(self.alone)]

    def titles(self) -> list[str]:
        return [task.title for task in self.office.tasks()]

    def states(self) -> list[DeliveryState]:
        return [row.state for row in self.office.deliveries()]


@pytest.fixture
def scene(database: Database, clock: FixedClock) -> Iterator[Scene]:
    with SlackServer(clock, Rules(burst=50)) as slack:
        yield Scene(open_office(database, clock), slack, clock)


def late(scene: Scene, desk: Slowly, act: Callable[[], object]) -> None:
    """The act is told to the process, which acknowledges it before it is done, and goes on as far as it comes."""
    # Drawing what the log has of a death takes seconds.
    with capture_logs(), Serving(scene.slack, desk, patience=1.5) as serving:  # type: ignore[arg-type]  # a house's desk and not a test's
        act()
        assert scene.titles() == scene.privately() == []
        desk.gate.set()
        serving.settle()


def test_a_late_command_is_answered_once_in_its_place(scene: Scene) -> None:
    late(scene, scene.desk(), lambda: scene.slack.acts.command(scene.lin, scene.ops, "/task add 备货"))
    scene.later()
    assert (scene.titles(), len(scene.privately()), scene.by_message()) == (["备货"], 1, [])
    assert scene.states() == [DeliveryState.MUTED]


@pytest.mark.parametrize("point", ["before", "after"])
def test_a_late_command_with_which_the_process_dies_is_answered_by_another(scene: Scene, point: str) -> None:
    desk = scene.desk()
    setattr(desk, point, die)
    late(scene, desk, lambda: scene.slack.acts.command(scene.lin, scene.ops, "/task add 备货"))
    assert scene.deliveries.worker.run_due() == (), "it is the dead process's for a while"
    scene.later()
    scene.later()
    assert (scene.titles(), scene.privately()) == (["备货"], [])
    [said] = scene.by_message()
    assert "备货" in said


def test_a_late_form_with_which_the_process_dies_is_answered_by_another(scene: Scene) -> None:
    desk = scene.desk()
    desk.gate.set()
    with Serving(scene.slack, desk) as serving:  # type: ignore[arg-type]  # see above
        scene.slack.acts.command(scene.lin, scene.ops, "/task add")
        serving.settle()
    [view] = scene.slack.views(scene.lin)
    desk.gate.clear()
    desk.after = die
    late(scene, desk, lambda: scene.slack.acts.submit(view, {"title": "备货"}))
    scene.later()
    scene.later()
    assert (scene.titles(), len(scene.by_message())) == (["备货"], 1)


def test_what_the_ledger_took_up_while_the_process_was_at_it_is_answered_by_the_ledger_alone(scene: Scene) -> None:
    desk = scene.desk()
    desk.before = scene.later
    late(scene, desk, lambda: scene.slack.acts.command(scene.lin, scene.ops, "/task add 备货"))
    scene.later()
    assert (scene.titles(), scene.privately(), len(scene.by_message())) == (["备货"], [], 1)


def test_slow_work_whose_note_is_late_is_one_row_and_done_once(scene: Scene) -> None:
    late(scene, scene.desk(), lambda: scene.slack.acts.command(scene.lin, scene.ops, "/test slow"))
    assert scene.states() == [DeliveryState.PLANNED]
    assert len(set(scene.jobs.woken)) == 1
    scene.deliveries.worker.run_due()
    scene.later()
    assert (len(scene.privately()), scene.by_message(), scene.office.worked) == (1, ["worked"], ["lin"])
    assert scene.states() == [DeliveryState.SENT]


def test_a_late_picture_is_sent_once_and_said_so_in_place(scene: Scene) -> None:
    late(scene, scene.desk(), lambda: scene.slack.acts.command(scene.lin, scene.ops, "/test picture"))
    assert len(set(scene.jobs.woken)) == 1
    scene.deliveries.worker.run_due()
    scene.later()
    assert (len(scene.privately()), scene.by_message()) == (1, ["DAU rose"])
    assert scene.states() == [DeliveryState.SENT]


@pytest.mark.parametrize("point", ["before", "after"])
def test_a_late_picture_that_the_ledger_took_up_meanwhile_is_sent_once(scene: Scene, point: str) -> None:
    desk = scene.desk()
    setattr(desk, point, scene.later)
    late(scene, desk, lambda: scene.slack.acts.command(scene.lin, scene.ops, "/test picture"))
    scene.later()
    assert (scene.privately(), scene.by_message(), scene.states()) == ([], ["DAU rose"], [DeliveryState.SENT])


def test_a_late_picture_with_which_the_process_dies_is_sent_once(scene: Scene) -> None:
    desk = scene.desk()
    desk.after = die
    late(scene, desk, lambda: scene.slack.acts.command(scene.lin, scene.ops, "/test picture"))
    scene.later()
    scene.later()
    assert (scene.by_message(), scene.states()) == (["DAU rose"], [DeliveryState.SENT])


def test_a_picture_that_is_on_its_way_before_the_act_is_noted_as_late_is_one(scene: Scene) -> None:
    desk = scene.desk()
    desk.gate.set()
    asked = scene.office.invocation(
        "/test picture", scene.office.owner, platform="slack", tenant=scene.slack.team.id, actor=scene.lin.id, reply=Reply.WORDS
    )
    desk.dispatch(asked)
    assert desk.note(asked) is None
    assert len(scene.states()) == 1


def test_a_late_command_of_somebody_unknown_leaves_nothing_behind(scene: Scene) -> None:
    stranger = scene.slack.add_person("stranger")
    late(scene, scene.desk(), lambda: scene.slack.acts.command(stranger, scene.ops, "/task add 备货"))
    assert (scene.titles(), scene.states()) == ([], [])
    assert len(scene.slack.ephemerals(stranger, scene.ops)) == 1


def test_an_event_that_comes_again_to_another_process_while_the_first_is_at_it_is_one(scene: Scene) -> None:
    first, second = scene.desk(), scene.desk()
    second.gate.set()
    with Serving(scene.slack, first, patience=0.2) as one, Serving(scene.slack, second) as two:  # type: ignore[arg-type]  # see above
        scene.slack.carrier.app_url = f"{one.url}/slack/events"
        assert [answer.status for answer in scene.slack.acts.say(scene.lin, scene.alone, "/task add 备货")] == [503]
        scene.slack.carrier.app_url = f"{two.url}/slack/events"
        assert scene.slack.carrier.retry().status == 200
        first.gate.set()
        one.settle()
        two.settle()
    scene.later()
    assert (scene.titles(), len(scene.by_message())) == (["备货"], 1)
    assert not set(scene.states()) & OPEN


def test_an_answer_that_slack_takes_nowhere_else_goes_out_as_a_message(scene: Scene) -> None:
    scene.slack.faults.refuse("response_url", "ratelimited", 429, headers={"Retry-After": "30"})
    late(scene, scene.desk(), lambda: scene.slack.acts.command(scene.lin, scene.ops, "/task add 备货"))
    scene.later()
    assert (scene.titles(), scene.privately(), len(scene.by_message())) == (["备货"], [], 1)
    assert scene.states() == [DeliveryState.SENT], "the row that stood for the act, and none beside it"
