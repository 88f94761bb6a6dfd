"""Does an answer that cannot be handed back get out once, to those whom it concerns, whatever dies on the way?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.courier import Courier, taken_up
from core.clock import FixedClock
from core.domain.deliveries import DeliveryState, Kind, Request
from core.domain.moments import Moment
from core.domain.workspaces import Permission, Workspace
from core.errors import Reason, SendError
from core.messages.codec import load
from core.messages.model import Chart, Message
from core.ports import Alive, Invocation, InvocationKind, Reply
from core.storage.unit_of_work import Database
from handlers.kernel.answer import Answer, Outcome
from handlers.kernel.arguments import Nothing
from handlers.kernel.command import command
from handlers.kernel.context import Context
from tests.delivering import Post
from tests.fakes import FakePlatform
from tests.office import Jobs, Office, open_office, said, token

LEASE = timedelta(seconds=31)


class Desk:
    """An office whose answers are carried out by one process."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.jobs = Jobs()
        self.post = Post(office.database, office.clock, builders={Kind.ANSWER: built})
        self.carrying = True
        self.posted = self.post.platform.posts

    def ask(self, line: str, reply: Reply = Reply.POST, **changes: object) -> Answer:
        return self(self.office.invocation(line, self.office.owner, reply=reply, **changes))  # type: ignore[arg-type]

    def __call__(self, invocation: Invocation) -> Answer:
        courier = Courier(self.office.clock, self.jobs, self.post.worker.carry)
        return self.office.dispatcher(courier=courier)(invocation)


def built(request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
    return load(request.arguments["message"].encode())


@pytest.fixture
def office(database: Database, clock: FixedClock) -> Office:
    made = open_office(database, clock)

    @command("test picture", zh="测试 图", permission=Permission.VIEWER, registry=made.registry)
    def picture(context: Context, _arguments: Nothing) -> Message:
        return Message((Chart("trend", "DAU rose", "28 days", ()),), "DAU rose")

    @command("test secret", zh="测试 私", permission=Permission.VIEWER, private=True, registry=made.registry)
    def secret(context: Context, _arguments: Nothing) -> Message:
        return said("for your eyes")

    return made


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


def test_an_answer_is_posted_where_it_was_asked_once(desk: Desk) -> None:
    asked = desk.office.invocation("/test time", desk.office.owner, reply=Reply.POST, thread="t1")
    for _ in range(2):
        desk(asked)
    (row,) = desk.office.deliveries()
    assert (row.state, row.kind, row.conversation, row.thread, row.visible_to) == (DeliveryState.SENT, Kind.ANSWER, "ops", "t1", None)
    assert [key for key, _ in desk.posted] == [asked.answer_key]


def test_a_mistake_goes_to_the_one_who_made_it(desk: Desk) -> None:
    desk.ask("/kpi lgo dau=8万")
    (row,) = desk.office.deliveries()
    assert row.visible_to == desk.office.owner.id


def test_what_concerns_one_person_goes_to_that_person(desk: Desk) -> None:
    desk.ask("/test secret")
    (row,) = desk.office.deliveries()
    assert row.visible_to == desk.office.owner.id


def test_a_change_and_its_answer_stand_together(desk: Desk) -> None:
    asked = desk.office.invocation("/task add 写文案", desk.office.owner, reply=Reply.POST)
    for _ in range(3):
        assert "写文案" in desk(asked).message.fallback
    assert len(desk.office.tasks()) == len(desk.posted) == 1


def test_a_process_that_dies_before_posting_is_made_up_for(desk: Desk) -> None:
    def dies(key: str) -> None:
        raise KeyboardInterrupt

    desk.post.platform.before = dies
    with pytest.raises(KeyboardInterrupt):
        desk.ask("/task add 写文案")
    desk.post.platform.before = lambda key: None
    assert desk.post.worker.run_due() == ()
    desk.office.clock.instant += LEASE
    desk.post.worker.run_due()
    assert len(desk.posted) == 1


def test_a_process_that_dies_after_posting_has_posted(desk: Desk) -> None:
    def dies(key: str) -> None:
        raise KeyboardInterrupt

    desk.post.platform.after = dies
    with pytest.raises(KeyboardInterrupt):
        desk.ask("/test time")
    desk.office.clock.instant += LEASE
    desk.post.worker.run_due()
    (row,) = desk.office.deliveries()
    assert (row.state, len(desk.posted)) == (DeliveryState.SENT, 1)


def test_an_answer_that_has_to_wait_wakes_somebody_at_its_time(desk: Desk) -> None:
    desk.post.platform.errors = [SendError(Reason.RATE_LIMITED, retryable=True, retry_after=2)]
    desk.ask("/test time")
    (row,) = desk.office.deliveries()
    assert (row.state, desk.jobs.woken) == (DeliveryState.BUILT, [row.id])


def test_words_are_handed_back_and_pictures_are_sent(desk: Desk) -> None:
    assert desk.ask("/test time", Reply.WORDS).message.fallback.startswith("2024")
    assert desk.office.deliveries() == ()
    left = desk.ask("/test picture", Reply.WORDS)
    (row,) = desk.office.deliveries()
    assert left.message.card == "kernel.refused"
    assert (row.state, row.visible_to, desk.jobs.woken) == (DeliveryState.PLANNED, desk.office.owner.id, [row.id])
    desk.post.worker.run_due()
    assert desk.post.platform.uploads == ["trend.png"]
    assert len(desk.posted) == 1


def test_a_slow_command_that_is_posted_has_a_note_that_its_result_replaces(desk: Desk) -> None:
    asked = desk.office.invocation("/test slow", desk.office.owner, reply=Reply.POST)
    answer = desk(asked)
    with desk.office.database.read() as uow:
        request = uow.deliveries.request(answer.delivery or 0)
    assert (answer.outcome, request.replaces) == (Outcome.WORKING, asked.answer_key)
    assert [key for key, _ in desk.posted] == [asked.answer_key]


def test_an_act_that_was_put_off_is_taken_up_as_it_was_done(desk: Desk) -> None:
    asked = desk.office.invocation("/test slow", desk.office.owner, reply=Reply.POST, thread="t1", called="运营群", fields={"a": "1"})
    answer = desk(asked)
    with desk.office.database.read() as uow:
        request = uow.deliveries.request(answer.delivery or 0)
    assert taken_up(request) == replace(asked, reply=Reply.HERE)
    older = replace(request, arguments={name: value for name, value in request.arguments.items() if name not in ("thread", "called")})
    assert taken_up(older) == replace(asked, reply=Reply.HERE, thread=None, called="")


def test_opening_a_form_does_nothing_but_show_it(desk: Desk) -> None:
    # The confirmation of a form is never taken for granted.
    form = desk.ask("/task add", Reply.HERE)
    opened = desk.ask(token(form), Reply.HERE, kind=InvocationKind.OPEN, fields={"title": "写文案"})
    assert opened.message.blocks[0].type == "form"
    assert desk.office.tasks() == ()


def test_a_fault_that_cannot_be_written_down_is_for_nobody_and_told_where_it_happened(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk.ask("/test break").visible_to == desk.office.owner.id

    def full(*_: object) -> Answer:
        raise OSError("no space left")

    monkeypatch.setattr(Courier, "order", full)
    answer = desk.ask("/test break")
    assert (answer.outcome, answer.visible_to) == (Outcome.FAULT, None)


def test_a_stranger_is_taken_in_when_the_platform_vouches_for_them(desk: Desk) -> None:
    office = desk.office
    asked = replace(office.invocation("/test time", office.owner), actor="U9")

    def welcome(invocation: Invocation) -> bool:
        with office.database.write() as uow:
            binding = uow.places.binding("web", str(office.shop.id))
            assert binding is not None
            uow.members.link(office.shop.id, office.viewer.id, binding[0], invocation.actor)
            uow.commit()
        return True

    assert office.dispatcher(welcome=welcome)(asked).outcome is Outcome.DONE
    assert office.dispatcher()(replace(asked, actor="U10")).outcome is Outcome.MISTAKE


def test_a_result_waits_for_its_note_and_then_takes_its_place(desk: Desk) -> None:
    asked = desk.office.invocation("/test slow", desk.office.owner, reply=Reply.POST)
    desk.post = Post(desk.office.database, desk.office.clock, builders={Kind.ANSWER: built, Kind.COMMAND: done})
    desk.post.platform.errors = [SendError(Reason.RATE_LIMITED, retryable=True, retry_after=2)]
    desk(asked)
    desk.post.platform.errors = [SendError(Reason.RATE_LIMITED, retryable=True, retry_after=40)]
    for _ in range(4):
        desk.office.clock.instant += timedelta(seconds=45)
        desk.post.worker.run_due()
    assert [key for key, _ in desk.post.platform.posts] == [asked.answer_key]
    assert ["worked" in payload for _, payload in desk.post.platform.edits] == [True]


def test_a_result_does_not_wait_for_a_note_whose_doubt_rests(desk: Desk) -> None:
    def lost(key: str) -> None:
        raise SendError(Reason.AMBIGUOUS, retryable=True)

    asked = desk.office.invocation("/test slow", desk.office.owner, reply=Reply.POST)
    mute = FakePlatform(before=lost).unable_to_find()
    desk.post = Post(desk.office.database, desk.office.clock, mute, builders={Kind.ANSWER: built, Kind.COMMAND: done})
    desk(asked)
    mute.before = lambda key: None
    for _ in range(4):
        desk.office.clock.instant += timedelta(seconds=90)
        desk.post.worker.run_due()
    [(key, payload)] = mute.posts
    assert key.startswith("command:")
    assert "worked" in payload


def done(request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
    return said("worked")
