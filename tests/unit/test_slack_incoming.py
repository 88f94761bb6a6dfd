"""Is what Slack sends read without trust, and each act known again by its key?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.fields import number, part, parts, word
from bot.platforms.slack.incoming import Origin, bot, files, home_opened, presses, said, slash, submitted
from bot.platforms.slack.reading import spoken
from bot.platforms.slack.shape import is_slacks
from core.ports import InvocationKind, Reply

BOT = "U0BOT"


def event(**inner: Any) -> dict[str, Any]:
    told = {"type": "message", "channel_type": "im", "user": "U1", "channel": "D1", "ts": "1.5", "text": "hi", **inner}
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "authorizations": [{"user_id": BOT}], "event": told}


def press(**more: Any) -> dict[str, Any]:
    action = {"type": "button", "action_id": "press:0", "block_id": "task:12|0", "value": "token", "action_ts": "9.1", "text": {"text": "Done"}}
    container = {"type": "message", "message_ts": "5.0", "is_ephemeral": True, "thread_ts": "4.0"}
    base = {"type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1"}, "channel": {"id": "C1"}, "container": container, "actions": [action]}
    return {**base, **more}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("&lt;b&gt; &amp;amp; &quot;", "<b> &amp; &quot;"),
        ("<@U1> and <@U2|wang>", "@lin and @wang"),
        ("<@U3>", "@U3"),
        ("<#C1|ops>", "#ops"),
        ("<!here> <!subteam^S1|@team>", "@here @team"),
        ("<https://example.org/?a=1&amp;b=2>", "https://example.org/?a=1&b=2"),
        ("<https://example.org|example.org> <mailto:a@b.c|a@b.c>", "example.org a@b.c"),
        ("转化率 &gt; 3% <3", "转化率 > 3% <3"),
    ],
)
def test_what_slack_made_of_typed_words_is_undone(text: str, expected: str) -> None:
    assert spoken(text, {"U1": "lin"}.get) == expected


@pytest.mark.parametrize(
    ("told", "called"),
    [("ops", "ops"), ("directmessage", ""), ("privategroup", ""), ("mpdm-ann--lin--bell-1", "")],
    ids=lambda value: value or "none",
)
def test_a_channel_is_called_what_a_command_or_a_press_says_of_it_and_its_form_remembers_that(told: str, called: str) -> None:
    assert slash({"command": "/ops", "text": "channel", "channel_name": told}).invocation.called == called
    (act,) = presses(press(channel={"id": "C1", "name": told}))
    assert act.invocation.called == called
    view = {"id": "V1", "hash": "1.2", "private_metadata": Origin("token", "C1", None, called).dump()}
    assert submitted({"view": view}).invocation.called == called


@given(st.recursive(st.none() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abc"), inner)))
def test_reading_never_breaks(body: Any) -> None:
    assert isinstance(word(body, "a", "b"), str)
    assert isinstance(number(body, "a"), int)
    assert isinstance(dict(part(body, "a")), dict)
    assert all(isinstance(dict(item), dict) for item in parts(body, "a", "b"))
    is_slacks(body)


def test_in_a_shared_channel_the_team_is_the_one_that_has_the_app() -> None:
    theirs = {**event(), "team_id": "T2", "authorizations": [{"user_id": BOT, "team_id": "T1"}]}
    heard = said(theirs)
    assert heard is not None
    assert (heard.tenant, home_opened(theirs).tenant) == ("T1", "T1")


def test_the_prefix_of_a_command_falls_away() -> None:
    for command in ("/kpi", "/shop-kpi", "/my-tea-shop-kpi"):
        assert slash({"command": command, "text": "board"}).invocation.payload == "/kpi board"
    assert slash({"command": "/ops", "text": ""}).invocation.payload == "/ops"


def test_a_mention_loses_the_bots_name_wherever_it_stands() -> None:
    for text in (f"<@{BOT}> kpi board", f"kpi board <@{BOT}>", f"  <@{BOT}>kpi board"):
        invocation = said(event(type="app_mention", text=text))
        assert invocation is not None
        assert invocation.payload == "kpi board"


def test_what_is_said_is_known_again_however_it_comes() -> None:
    first, again = said(event()), said({**event(type="app_mention"), "event_id": "Ev2"})
    other = said(event(ts="1.6"))
    assert first is not None
    assert again is not None
    assert other is not None
    assert first.request_key == again.request_key != other.request_key
    assert (first.reply, first.thread) == (Reply.POST, None)


def test_a_thread_is_kept() -> None:
    invocation = said(event(thread_ts="1.0"))
    assert invocation is not None
    assert invocation.thread == "1.0"


@pytest.mark.parametrize(
    "inner", [{"bot_id": "B1"}, {"subtype": "message_changed"}, {"subtype": "channel_join"}, {"user": ""}, {"subtype": "bot_message", "user": None}]
)
def test_bots_changes_and_joins_say_nothing(inner: dict[str, Any]) -> None:
    assert said(event(**inner)) is None
    assert files(event(**inner, files=[{"id": "F1", "name": "a.csv"}])) == ()


def test_a_message_with_a_spreadsheet_is_the_file_and_one_with_a_picture_its_words() -> None:
    table = {"id": "F1", "name": "Orders.XLSX", "mimetype": "x", "size": 5}
    picture = {"id": "F2", "name": "cat.png"}
    shared = event(subtype="file_share", text="here it is", files=[table, picture])
    assert said(shared) is None
    ((invocation, file),) = files(shared)
    assert (invocation.kind, file.external) == (InvocationKind.FILE, "F1")
    assert said(event(subtype="file_share", text="look", files=[picture])) is not None


@pytest.mark.parametrize(
    ("file", "fields"),
    [({"name": "cat.png", "mimetype": "image/png"}, {}), ({"name": "plan.pdf", "mimetype": "application/pdf"}, {"name": "plan.pdf"})],
)
def test_a_file_without_a_word_that_holds_no_table_is_told_to_the_house_in_a_direct_message_alone(
    file: dict[str, str], fields: dict[str, str]
) -> None:
    invocation = said(event(subtype="file_share", text="", files=[{"id": "F2", **file}]))
    assert invocation is not None
    assert (invocation.kind, invocation.payload, invocation.fields) == (InvocationKind.FILE, "", fields)
    assert said(event(subtype="file_share", text="", files=[{"id": "F2", **file}], channel_type="channel")) is None


def test_a_press_says_which_card_and_where() -> None:
    (act,) = presses(press())
    assert (act.subject, act.private, act.label, act.home, act.view) == ("task:12", True, "Done", False, "")
    assert (act.invocation.conversation, act.invocation.thread, act.invocation.kind) == ("C1", "4.0", InvocationKind.BUTTON)
    assert act.invocation.request_key == "action:U1:5.0:9.1:press:0"


def test_a_press_on_the_home_page_is_answered_by_a_message_but_a_form_opens_there() -> None:
    home = {"container": {"type": "view", "view_id": "V1"}, "view": {"type": "home"}, "channel": None}
    (act,) = presses(press(**home))
    assert (act.home, act.view, act.invocation.reply, act.invocation.conversation) == (True, "", Reply.POST, "U1")
    opener = {"type": "button", "action_id": "form", "block_id": "|0", "value": "open", "action_ts": "9.2"}
    (opening,) = presses(press(**home, actions=[opener]))
    assert (opening.invocation.kind, opening.invocation.reply) == (InvocationKind.OPEN, Reply.WORDS)


def test_what_can_be_touched_but_is_no_button_does_nothing() -> None:
    assert presses(press(actions=[{"type": "static_select", "action_id": "value", "selected_option": {"value": "x"}}])) == ()
    assert presses(press(actions=[{"type": "button", "action_id": "press:0"}])) == ()


@given(st.text(max_size=50), st.text(max_size=20), st.none() | st.text(min_size=1, max_size=20))
def test_a_modal_remembers_where_it_was_opened(token: str, conversation: str, thread: str | None) -> None:
    origin = Origin(token, conversation, thread)
    assert Origin.load(origin.dump()) == origin


@pytest.mark.parametrize("written", ["", "null", "[]", "[1,2,3]", '["a"]', "{}", "[" * 2000, '{"a":1,"b":2,"c":3}', '["a",null,null]'])
def test_a_modal_that_remembers_nonsense_holds_no_token(written: str) -> None:
    assert Origin.load(written) == Origin("", "")
    assert submitted({"view": {"private_metadata": written}}).invocation.payload == ""


def test_a_sent_form_is_known_by_the_version_that_was_seen() -> None:
    view = {"id": "V1", "hash": "1.2", "private_metadata": Origin("token", "C1").dump(), "title": {"text": "Log"}}
    values = {"dau": {"value": {"type": "plain_text_input", "value": "8.5万"}}}
    act = submitted({"team": {"id": "T1"}, "user": {"id": "U1"}, "view": {**view, "state": {"values": values}}})
    assert (act.invocation.request_key, act.invocation.payload, act.invocation.fields) == ("view:V1:1.2", "token", {"dau": "8.5万"})


def test_the_home_page_and_the_bot_are_read_from_the_event() -> None:
    opened = home_opened(event(type="app_home_opened"))
    assert (opened.payload, opened.actor, opened.reply, opened.request_key) == ("/ops home", "U1", Reply.HERE, "home:Ev1")
    assert bot(event()) == BOT
    assert bot({}) == ""
