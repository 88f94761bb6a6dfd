"""Is everything that people do on Slack answered where they did it, in time, and once?"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.platforms.slack import replies
from bot.platforms.slack.render import render
from bot.platforms.slack.windows import form_of
from core.clock import FixedClock
from core.domain.workspaces import Locale
from core.i18n.texts import text
from core.messages.model import Column, Field, Message, Paragraph, Table
from core.ports import InvocationKind, Reply
from handlers.kernel.answer import Answer, Outcome
from tests.slack_house import FakeDesk, asking, by_kind, card, done, mistake, words
from tests.slack_server import Channel, Person, SlackServer
from tests.slack_server.carrier import Parcel
from tests.slack_serving import Serving


@pytest.fixture
def slack(clock: FixedClock) -> Iterator[SlackServer]:
    with SlackServer(clock) as server:
        yield server


@pytest.fixture
def lin(slack: SlackServer) -> Person:
    return slack.add_person("lin", "林晓")


@pytest.fixture
def ops(slack: SlackServer, lin: Person) -> Channel:
    return slack.add_channel("ops", lin)


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def serving(slack: SlackServer, desk: FakeDesk) -> Iterator[Serving]:
    with Serving(slack, desk) as running:
        yield running


def texts(shown: tuple[object, ...]) -> list[str]:
    return [item.text for item in shown]  # type: ignore[attr-defined]  # messages of either kind


# ------------------------------------------------------------ commands


def test_a_command_is_answered_in_its_acknowledgement_for_the_one_who_typed_it(
    slack: SlackServer, serving: Serving, desk: FakeDesk, lin: Person, ops: Channel
) -> None:
    answer = slack.acts.command(lin, ops, "/shop-ops help me")
    assert answer.json["response_type"] == "ephemeral"
    assert texts(slack.ephemerals(lin, ops)) == ["heard /ops help me"]
    (asked,) = desk.asked
    assert (asked.tenant, asked.actor, asked.conversation, asked.reply) == (lin.team, lin.id, ops.id, Reply.WORDS)
    assert slack.posts() == ()


def test_mentions_and_escapes_of_a_command_arrive_as_they_were_typed(
    slack: SlackServer, serving: Serving, desk: FakeDesk, lin: Person, ops: Channel
) -> None:
    desk.handles[lin.id] = "lin"
    slack.acts.command(lin, ops, f"/task add Tea &amp; cups &lt;3 <@{lin.id}|x> <#C1|ops> <https://a.example|a.example>")
    assert desk.asked[0].payload == "/task add Tea & cups <3 @lin #ops a.example"


def test_the_same_command_twice_has_the_same_key(slack: SlackServer, serving: Serving, desk: FakeDesk, lin: Person, ops: Channel) -> None:
    slack.acts.command(lin, ops, "/kpi log dau=1")
    slack.carrier.again()
    slack.acts.command(lin, ops, "/kpi log dau=1")
    first, again, other = (asked.request_key for asked in desk.asked)
    assert first == again != other


@pytest.mark.parametrize("keeping", [True, False])
def test_a_late_command_is_acknowledged_in_time_stands_in_the_ledger_and_is_answered_afterwards(
    slack: SlackServer, desk: FakeDesk, lin: Person, ops: Channel, keeping: bool
) -> None:
    gate = threading.Event()
    desk.before, desk.keeping, desk.handles[lin.id] = (lambda invocation: assert_opened(gate)), keeping, "lin"
    with Serving(slack, desk, patience=0.3) as serving:
        answer = slack.acts.command(lin, ops, f"/task add tea <@{lin.id}>")
        assert (answer.status, answer.body, slack.ephemerals(lin, ops)) == (200, b"", ())
        assert desk.late == (["noted /task add tea @lin"] if keeping else [])
        gate.set()
        serving.settle()
    assert texts(slack.ephemerals(lin, ops)) == ["heard /task add tea @lin"]
    assert desk.late[1:] == (["held", "settled"] if keeping else [])


def test_a_late_command_that_the_ledger_has_taken_up_is_not_answered_twice(slack: SlackServer, desk: FakeDesk, lin: Person, ops: Channel) -> None:
    gate = threading.Event()
    desk.before, desk.loses = (lambda invocation: assert_opened(gate)), True
    with Serving(slack, desk, patience=0.3) as serving:
        slack.acts.command(lin, ops, "/kpi board")
        gate.set()
        serving.settle()
    assert slack.ephemerals(lin, ops) == ()
    assert desk.late == ["noted /kpi board", "held"]


def test_a_command_in_time_leaves_no_note(slack: SlackServer, serving: Serving, desk: FakeDesk, lin: Person, ops: Channel) -> None:
    slack.acts.command(lin, ops, "/kpi board")
    serving.settle()
    assert desk.late == []


def assert_opened(gate: threading.Event) -> None:
    assert gate.wait(10)


# ------------------------------------------------------------ presses


@pytest.fixture
def pressed(desk: FakeDesk) -> FakeDesk:
    """A desk that answers a command with a card and its press with words."""
    desk.answer = by_kind({InvocationKind.COMMAND: done(card()), InvocationKind.BUTTON: words("T-12 is done")})
    return desk


def finished(**more: Any) -> Answer:
    """The answer to a press that finished task 12."""
    return replace(done(Message((Paragraph((("T-12 is done",),)),), "T-12 is done", subject="task:12")), changed=True, **more)


def test_a_press_is_acknowledged_empty_and_answered_for_the_presser(
    slack: SlackServer, serving: Serving, pressed: FakeDesk, lin: Person, ops: Channel
) -> None:
    slack.acts.command(lin, ops, "/task mine")
    (shown,) = slack.ephemerals(lin, ops)
    answer = slack.acts.press(lin, shown, "Mark done")
    serving.settle()
    assert (answer.status, answer.body) == (200, b"")
    assert texts(slack.ephemerals(lin, ops)) == ["Task 12", "T-12 is done"]
    press = pressed.asked[-1]
    assert (press.kind, press.payload, press.conversation) == (InvocationKind.BUTTON, "press-token", ops.id)


def test_a_private_card_that_shows_what_the_press_did_is_redrawn_and_nothing_is_said_beside_it(
    slack: SlackServer, serving: Serving, pressed: FakeDesk, lin: Person, ops: Channel
) -> None:
    pressed.answer = by_kind({InvocationKind.COMMAND: done(card()), InvocationKind.BUTTON: finished()})
    pressed.states["task:12"] = Message((Paragraph((("Task 12 ✓",),)),), "Task 12 ✓", subject="task:12")
    slack.acts.command(lin, ops, "/task add tea")
    slack.acts.press(lin, slack.ephemerals(lin, ops)[0], "Mark done")
    serving.settle()
    assert texts(slack.ephemerals(lin, ops)) == ["Task 12 ✓"]


def test_a_private_list_is_redrawn_and_what_the_press_did_is_said_once(
    slack: SlackServer, serving: Serving, pressed: FakeDesk, lin: Person, ops: Channel
) -> None:
    pressed.answer = by_kind({InvocationKind.COMMAND: done(card("mine:7")), InvocationKind.BUTTON: finished()})
    pressed.states["mine:7"] = Message((Paragraph((("No tasks",),)),), "No tasks", subject="mine:7")
    slack.acts.command(lin, ops, "/task mine")
    slack.acts.press(lin, slack.ephemerals(lin, ops)[0], "Mark done")
    serving.settle()
    assert sorted(texts(slack.ephemerals(lin, ops))) == ["No tasks", "T-12 is done"]


@pytest.mark.parametrize("edited", [True, False], ids=["edited", "too old"])
def test_a_press_on_a_posted_card_is_answered_where_the_ledger_does_not_redraw_it(
    slack: SlackServer, serving: Serving, pressed: FakeDesk, lin: Person, ops: Channel, edited: bool
) -> None:
    body = render(card(), {}).body()
    WebClient(slack.token, base_url=slack.api_url).chat_postMessage(channel=ops.id, text="Task 12", blocks=body["blocks"])
    (standing,) = slack.from_bot(ops)
    pressed.answer = lambda invocation: finished(edited=frozenset({standing.ts} if edited else ()))
    slack.acts.press(lin, standing, "Mark done")
    serving.settle()
    assert texts(slack.ephemerals(lin, ops)) == ([] if edited else ["T-12 is done"])


def test_a_card_stays_as_it_is_when_the_press_was_a_mistake(
    slack: SlackServer, serving: Serving, pressed: FakeDesk, lin: Person, ops: Channel
) -> None:
    refused = mistake(Message((Paragraph((("Only leads may",),)),), "Only leads may"))
    pressed.answer = by_kind({InvocationKind.COMMAND: done(card()), InvocationKind.BUTTON: refused})
    pressed.states["task:12"] = Message((), "changed")
    slack.acts.command(lin, ops, "/task mine")
    slack.acts.press(lin, slack.ephemerals(lin, ops)[0], "Mark done")
    serving.settle()
    assert texts(slack.ephemerals(lin, ops)) == ["Task 12", "Only leads may"]


def test_pressing_twice_is_two_acts_and_the_same_press_again_is_one(
    slack: SlackServer, serving: Serving, pressed: FakeDesk, lin: Person, ops: Channel
) -> None:
    slack.acts.command(lin, ops, "/task mine")
    (shown,) = slack.ephemerals(lin, ops)
    slack.acts.press(lin, shown, "Mark done")
    slack.carrier.again()
    slack.acts.press(lin, shown, "Mark done")
    serving.settle()
    keys = sorted(asked.request_key for asked in pressed.asked if asked.kind is InvocationKind.BUTTON)
    assert len(keys) == 3
    assert len(set(keys)) == 2


def test_an_answer_whose_blocks_are_refused_is_said_in_words(
    slack: SlackServer, serving: Serving, pressed: FakeDesk, lin: Person, ops: Channel
) -> None:
    slack.acts.command(lin, ops, "/task mine")
    slack.faults.refuse("response_url", "invalid_blocks", status=404)
    slack.acts.press(lin, slack.ephemerals(lin, ops)[0], "Mark done")
    serving.settle()
    said = slack.ephemerals(lin, ops)[-1]
    assert (said.text, said.blocks) == ("T-12 is done", ())
    assert pressed.posted == []


def limited(slack: SlackServer) -> None:
    slack.faults.refuse("response_url", "ratelimited", 429, headers={"Retry-After": "30"})


def broken(slack: SlackServer) -> None:
    slack.faults.refuse("response_url", "internal_error", 500)


def cut(slack: SlackServer) -> None:
    slack.faults.drop_before("response_url")


def hanging(slack: SlackServer) -> None:
    slack.faults.hold("response_url")


@pytest.mark.parametrize("trouble", [limited, broken, cut, hanging])
def test_an_answer_that_the_response_url_does_not_take_goes_out_as_a_message(
    slack: SlackServer,
    serving: Serving,
    pressed: FakeDesk,
    lin: Person,
    ops: Channel,
    trouble: Callable[[SlackServer], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(replies, "TIMEOUT_SECONDS", 0.3)
    slack.acts.command(lin, ops, "/task mine")
    trouble(slack)
    slack.acts.press(lin, slack.ephemerals(lin, ops)[0], "Mark done")
    serving.settle()
    [(asked, answer)] = pressed.posted
    assert (asked.payload, answer.message.fallback) == ("press-token", "T-12 is done")
    # It is not said there again: of the one that hung, Slack had taken the first saying.
    assert texts(slack.ephemerals(lin, ops))[1:] == (["T-12 is done"] if trouble is hanging else [])


def test_a_redrawn_card_that_is_all_that_tells_the_answer_is_told_otherwise_when_it_cannot_be_drawn(
    slack: SlackServer, serving: Serving, pressed: FakeDesk, lin: Person, ops: Channel
) -> None:
    pressed.answer = by_kind({InvocationKind.COMMAND: done(card()), InvocationKind.BUTTON: finished(visible_to=7)})
    pressed.states["task:12"] = Message((Paragraph((("Task 12 ✓",),)),), "Task 12 ✓", subject="task:12")
    slack.acts.command(lin, ops, "/task add tea")
    limited(slack)
    slack.acts.press(lin, slack.ephemerals(lin, ops)[0], "Mark done")
    serving.settle()
    assert [answer.message.fallback for _, answer in pressed.posted] == ["T-12 is done"]


def test_what_is_for_nobody_is_not_handed_to_the_house_again(
    slack: SlackServer, serving: Serving, pressed: FakeDesk, lin: Person, ops: Channel
) -> None:
    stranger = Answer(Message((), "I do not know you"), Outcome.MISTAKE)
    pressed.answer = by_kind({InvocationKind.COMMAND: done(card()), InvocationKind.BUTTON: stranger})
    slack.acts.command(lin, ops, "/task mine")
    limited(slack)
    slack.acts.press(lin, slack.ephemerals(lin, ops)[0], "Mark done")
    serving.settle()
    assert pressed.posted == []


def test_a_table_that_is_cut_short_for_one_persons_eyes_promises_no_file(
    slack: SlackServer, serving: Serving, desk: FakeDesk, lin: Person, ops: Channel
) -> None:
    rows = tuple(((f"row {number}",),) for number in range(150))
    desk.answer = lambda invocation: done(Message((Table((Column("Row"),), rows),), "150 rows", card="test.table"))
    answer = slack.acts.command(lin, ops, "/kpi board")
    assert "row 1" in str(answer.json["blocks"])
    assert ".csv" not in str(answer.json["blocks"])


# ------------------------------------------------------------ forms


@pytest.fixture
def forming(desk: FakeDesk) -> FakeDesk:
    """A desk that asks with a form, and takes it."""
    desk.answer = by_kind({InvocationKind.COMMAND: mistake(asking()), InvocationKind.OPEN: done(asking()), InvocationKind.FORM: words("Logged 85K")})
    return desk


def opened(slack: SlackServer, serving: Serving, lin: Person, ops: Channel) -> None:
    slack.acts.command(lin, ops, "/kpi log")
    slack.acts.press(lin, slack.ephemerals(lin, ops)[0], "form")
    serving.settle()


def test_a_forms_button_opens_it_and_sending_it_shows_the_result_in_its_place(
    slack: SlackServer, serving: Serving, forming: FakeDesk, lin: Person, ops: Channel
) -> None:
    opened(slack, serving, lin, ops)
    (view,) = slack.views(lin)
    answer = slack.acts.submit(view, {"dau": "8.5万"})
    assert answer.json["response_action"] == "update"
    assert "Logged 85K" in str(slack.view(view).payload)
    opening, sent = forming.asked[-2:]
    assert (opening.kind, opening.payload) == (InvocationKind.OPEN, "open-token")
    assert (sent.kind, sent.payload, sent.fields, sent.conversation) == (InvocationKind.FORM, "form-token", {"dau": "8.5万"}, ops.id)


def test_a_command_that_only_lacks_something_opens_its_form_at_once(
    slack: SlackServer, serving: Serving, forming: FakeDesk, lin: Person, ops: Channel
) -> None:
    forming.answer = lambda invocation: replace(mistake(asking()), asks=True)
    answer = slack.acts.command(lin, ops, "/kpi log")
    serving.settle()
    (view,) = slack.views(lin)
    assert (answer.status, answer.body, slack.ephemerals(lin, ops)) == (200, b"", ())
    assert view.payload["title"]["text"] == "Log a figure"


def test_a_press_that_only_lacks_something_opens_its_form_at_once(
    slack: SlackServer, serving: Serving, pressed: FakeDesk, lin: Person, ops: Channel
) -> None:
    pressed.answer = by_kind({InvocationKind.COMMAND: done(card()), InvocationKind.BUTTON: replace(mistake(asking()), asks=True)})
    slack.acts.command(lin, ops, "/kpi board")
    slack.acts.press(lin, slack.ephemerals(lin, ops)[0], "Mark done")
    serving.settle()
    assert len(slack.views(lin)) == 1
    assert texts(slack.ephemerals(lin, ops)) == ["Task 12"]


def test_a_form_that_does_not_open_is_said_with_its_button(
    slack: SlackServer, serving: Serving, forming: FakeDesk, lin: Person, ops: Channel
) -> None:
    forming.answer = lambda invocation: replace(mistake(asking()), asks=True)
    slack.faults.refuse("views.open", "expired_trigger_id")
    slack.acts.command(lin, ops, "/kpi log")
    serving.settle()
    assert slack.views(lin) == ()
    assert texts(slack.ephemerals(lin, ops)) == ["Log a figure"]


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    slack: SlackServer, serving: Serving, forming: FakeDesk, lin: Person, ops: Channel
) -> None:
    opened(slack, serving, lin, ops)
    forming.answer = lambda invocation: mistake(asking("Write 85000 or 8.5万"))
    (view,) = slack.views(lin)
    slack.acts.submit(view, {"dau": "many"})
    assert slack.view(view).errors == {"dau": "Write 85000 or 8.5万"}
    assert slack.view(view).open


def test_a_form_that_takes_time_is_held_open_by_a_word(slack: SlackServer, forming: FakeDesk, lin: Person, ops: Channel) -> None:
    gate = threading.Event()
    forming.before = lambda invocation: assert_opened(gate) if invocation.kind is InvocationKind.OPEN else None
    with Serving(slack, forming, patience=0.3) as serving:
        slack.acts.command(lin, ops, "/kpi log")
        held = slack.faults.hold("views.open")
        slack.acts.press(lin, slack.ephemerals(lin, ops)[0], "form")
        assert held.reached.wait(10)
        (waiting,) = slack.views(lin)
        assert "One moment" in str(waiting.payload)
        gate.set()
        held.open()
        serving.settle()
    assert "DAU" in str(slack.view(waiting).payload)


def test_a_form_that_slack_does_not_open_is_said_to_be_pressed_again(
    slack: SlackServer, serving: Serving, forming: FakeDesk, lin: Person, ops: Channel
) -> None:
    slack.faults.refuse("views.open", "expired_trigger_id")
    opened(slack, serving, lin, ops)
    assert slack.views(lin) == ()
    assert texts(slack.ephemerals(lin, ops))[-1] == text(Locale(asking().locale), "slack.form.not_opened")


def test_an_error_for_a_field_that_the_form_had_not_brings_the_form_that_has_it(
    slack: SlackServer, serving: Serving, forming: FakeDesk, lin: Person, ops: Channel
) -> None:
    opened(slack, serving, lin, ops)
    more = asking()
    form = form_of(more)
    assert form is not None
    forming.answer = lambda invocation: mistake(
        replace(more, blocks=(replace(form, fields=(*form.fields, Field("day", "Day", error="Which day?"))),))
    )
    (view,) = slack.views(lin)
    slack.acts.submit(view, {"dau": "1"})
    assert "Which day?" in str(slack.view(view).payload)


def test_a_form_that_takes_long_to_be_worked_on_says_so_and_then_shows_the_result(
    slack: SlackServer, forming: FakeDesk, lin: Person, ops: Channel
) -> None:
    gate = threading.Event()
    forming.before = lambda invocation: assert_opened(gate) if invocation.kind is InvocationKind.FORM else None
    with Serving(slack, forming, patience=0.3) as serving:
        opened(slack, serving, lin, ops)
        (view,) = slack.views(lin)
        answer = slack.acts.submit(view, {"dau": "1"})
        assert "One moment" in str(answer.json["view"])
        gate.set()
        serving.settle()
    assert "Logged 85K" in str(slack.view(view).payload)


def test_a_late_form_whose_window_was_closed_is_answered_by_the_ledger(slack: SlackServer, forming: FakeDesk, lin: Person, ops: Channel) -> None:
    gate = threading.Event()
    forming.before = lambda invocation: assert_opened(gate) if invocation.kind is InvocationKind.FORM else None
    with Serving(slack, forming, patience=0.3) as serving:
        opened(slack, serving, lin, ops)
        (view,) = slack.views(lin)
        slack.acts.submit(view, {"dau": "1"})
        assert forming.late == ["noted form-token"]
        slack.acts.close(slack.view(view))
        gate.set()
        serving.settle()
    assert (forming.late[1:], forming.posted) == (["held", "released", "settled"], [])


@pytest.mark.parametrize("method", ["views.open", "views.update"])
def test_a_window_that_slack_refuses_says_its_words_and_can_be_closed(
    slack: SlackServer, forming: FakeDesk, lin: Person, ops: Channel, method: str, capsys: pytest.CaptureFixture[str]
) -> None:
    gate = threading.Event()
    late = method == "views.update"
    forming.before = lambda invocation: assert_opened(gate) if late and invocation.kind is InvocationKind.FORM else None
    with Serving(slack, forming, patience=0.3 if late else 2.4) as serving:
        if not late:
            slack.faults.refuse(method, "invalid_arguments")
        opened(slack, serving, lin, ops)
        (view,) = slack.views(lin)
        if late:
            slack.faults.refuse(method, "invalid_blocks")
            slack.acts.submit(view, {"dau": "1"})
            gate.set()
            serving.settle()
    shown = slack.view(view).payload
    assert [block["text"]["text"] for block in shown["blocks"]] == ["Logged 85K" if late else "Log a figure"]
    assert shown["close"]["text"] == "Close"
    assert f"card={'test.words' if late else 'test.form'}" in "".join(capsys.readouterr())


# ------------------------------------------------------------ talk, files, home


def test_a_mention_and_a_direct_message_are_commands_whose_answer_the_house_carries_out(
    slack: SlackServer, serving: Serving, desk: FakeDesk, lin: Person, ops: Channel
) -> None:
    slack.acts.mention(lin, ops, "kpi board")
    slack.acts.say(lin, slack.direct(lin), "/task mine")
    mention, direct = desk.asked
    assert (mention.payload, mention.conversation, mention.reply) == ("kpi board", ops.id, Reply.POST)
    assert (direct.payload, direct.conversation, direct.reply) == ("/task mine", slack.direct(lin).id, Reply.POST)
    assert slack.calls("chat.postMessage") == ()


def test_an_event_that_is_late_is_brought_again_and_still_one(slack: SlackServer, desk: FakeDesk, lin: Person) -> None:
    gate = threading.Event()
    desk.before = lambda invocation: assert_opened(gate)
    desk.answer = lambda invocation: Answer(Message((), "I do not know you"), Outcome.MISTAKE)
    alone = slack.direct(lin)
    with Serving(slack, desk, patience=0.3) as serving:
        assert [answer.status for answer in slack.acts.say(lin, alone, "hello")] == [503]
        assert slack.carrier.retry().status == 503
        gate.set()
        serving.settle()
        assert slack.carrier.retry(2).status == 200
    assert len(desk.asked) == 1
    assert texts(slack.from_bot(alone)) == ["I do not know you"]


def test_talk_between_people_is_left_alone(slack: SlackServer, serving: Serving, desk: FakeDesk, lin: Person, ops: Channel) -> None:
    slack.acts.say(lin, ops, "lunch?")
    assert desk.untouched


@pytest.mark.parametrize("outcome", [Outcome.MISTAKE, Outcome.FAULT])
def test_a_stranger_and_one_whom_no_delivery_reaches_are_told_in_private(
    slack: SlackServer, serving: Serving, desk: FakeDesk, lin: Person, ops: Channel, outcome: Outcome
) -> None:
    desk.answer = lambda invocation: Answer(Message((Paragraph((("I do not know you",),)),), "I do not know you"), outcome)
    slack.acts.mention(lin, ops, "kpi board")
    serving.settle()
    assert texts(slack.ephemerals(lin, ops)) == ["I do not know you"]
    slack.acts.say(lin, slack.direct(lin), "hello")
    serving.settle()
    assert texts(slack.from_bot(slack.direct(lin))) == ["I do not know you"]


@pytest.mark.parametrize("direct", [True, False])
def test_a_spreadsheet_is_offered_once_and_a_picture_not_at_all_which_is_said_in_a_direct_message(
    slack: SlackServer, serving: Serving, desk: FakeDesk, lin: Person, ops: Channel, direct: bool
) -> None:
    place = slack.direct(lin) if direct else ops
    slack.acts.share(lin, place, "orders.csv", b"a,b\n1,2\n", "text/csv")
    slack.acts.share(lin, place, "cat.png", b"\x89PNG", "image/png")
    serving.settle()
    (file,) = desk.offered
    asked, *unread = desk.asked
    assert file.name == "orders.csv"
    assert [(other.kind, other.payload) for other in unread] == ([(InvocationKind.FILE, "")] if direct else [])
    assert (asked.kind, asked.payload, asked.reply) == (InvocationKind.FILE, f"ref-{file.external}", Reply.POST)


def test_the_home_page_is_drawn_when_it_is_opened_and_again_after_a_press_on_it(
    slack: SlackServer, serving: Serving, desk: FakeDesk, lin: Person
) -> None:
    desk.answer = by_kind({InvocationKind.COMMAND: done(card()), InvocationKind.BUTTON: words("T-12 is done")})
    slack.acts.open_home(lin)
    serving.settle()
    home = slack.home(lin)
    assert home is not None
    slack.acts.press(lin, home, "Mark done")
    serving.settle()
    again = slack.home(lin)
    assert again is not None
    assert again.updates == home.updates + 1
    assert [asked.payload for asked in desk.asked] == ["/ops home", "press-token", "/ops home"]
    assert desk.asked[1].reply is Reply.POST


def test_a_home_page_that_slack_refuses_says_its_words(
    slack: SlackServer, serving: Serving, desk: FakeDesk, lin: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.answer = lambda invocation: done(card())
    slack.faults.refuse("views.publish", "invalid_blocks")
    slack.acts.open_home(lin)
    serving.settle()
    home = slack.home(lin)
    assert home is not None
    assert [block["text"]["text"] for block in home.payload["blocks"]] == ["Task 12"]
    assert "card=test.card" in "".join(capsys.readouterr())


def test_words_to_a_stranger_whose_blocks_are_refused_are_said_without_them(
    slack: SlackServer, serving: Serving, desk: FakeDesk, lin: Person, ops: Channel
) -> None:
    desk.answer = lambda invocation: Answer(Message((Paragraph((("I do not know you",),)),), "I do not know you"), Outcome.MISTAKE)
    slack.faults.refuse("chat.postEphemeral", "msg_blocks_too_long")
    slack.acts.mention(lin, ops, "kpi board")
    serving.settle()
    assert [(shown.text, shown.blocks) for shown in slack.ephemerals(lin, ops)] == [("I do not know you", ())]


@pytest.mark.parametrize("private", [False, True])
def test_a_channel_that_the_bot_is_put_out_of_is_told(slack: SlackServer, serving: Serving, desk: FakeDesk, lin: Person, private: bool) -> None:
    channel = slack.add_channel("launch", lin, private=private)
    slack.acts.remove_bot(lin, channel)
    serving.settle()
    assert desk.parted == [channel.id]


def test_a_channel_that_the_bot_is_invited_to_is_known_by_its_name(slack: SlackServer, serving: Serving, desk: FakeDesk, lin: Person) -> None:
    channel = slack.add_channel("launch", lin, bot=False)
    slack.acts.invite_bot(lin, channel)
    serving.settle()
    assert desk.met == [(channel.id, "launch")]


def test_an_event_that_the_house_could_not_take_is_brought_again(
    slack: SlackServer, serving: Serving, desk: FakeDesk, lin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = slack.add_channel("launch", lin, bot=False)
    with monkeypatch.context() as broken:
        broken.delattr(FakeDesk, "meet")
        assert [answer.status for answer in slack.acts.invite_bot(lin, channel)] == [503]
    assert slack.carrier.retry().status == 200
    assert desk.met == [(channel.id, "launch")]


def test_a_file_that_slack_could_not_describe_is_offered_when_it_comes_again(
    slack: SlackServer, serving: Serving, desk: FakeDesk, lin: Person, ops: Channel
) -> None:
    slack.faults.refuse("files.info", "internal_error")
    assert slack.acts.share(lin, ops, "orders.csv", b"a,b\n1,2\n", "text/csv")[-1].status == 503
    assert slack.carrier.retry().status == 200
    assert [file.name for file in desk.offered] == ["orders.csv"]


def test_a_team_that_removes_the_app_is_left(slack: SlackServer, serving: Serving, desk: FakeDesk, lin: Person) -> None:
    slack.acts.uninstall(slack.team)
    serving.settle()
    assert set(desk.left) == {slack.team.id}


def test_events_and_actions_that_nobody_handles_are_well(slack: SlackServer, serving: Serving, desk: FakeDesk, lin: Person) -> None:
    assert slack.acts.event(slack.team, {"type": "emoji_changed"}).status == 200
    assert slack.carrier.deliver(Parcel("interactive", {"type": "shortcut", "callback_id": "x", "team": {"id": slack.team.id}})).status == 200
    assert desk.untouched


def test_slacks_own_checks_of_the_address_are_answered(slack: SlackServer, serving: Serving, desk: FakeDesk) -> None:
    assert slack.carrier.url_verification().body
    assert slack.carrier.ssl_check().status == 200
    assert desk.untouched
