"""Does the fake's API take and refuse as Feishu's does? Seen by a plain HTTP client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from typing import Any

import httpx
import pytest

from core.clock import FixedClock
from tests.feishu_server import (
    ALL_SCOPES,
    GROUP_HISTORY_SCOPE,
    UNLIMITED,
    App,
    CardFault,
    Chat,
    DropAfter,
    DropBefore,
    EditWay,
    Endpoint,
    Fail,
    FeishuServer,
    Hold,
    Message,
)
from tests.feishu_server.answers import take_answer
from tests.feishu_server.caller import CARD, Caller
from tests.feishu_server.values import Json

# An app that may read what is said in groups.
READER = replace(App(), scopes=ALL_SCOPES | {GROUP_HISTORY_SCOPE})
SENDING = ("im:message", "im:message:send_as_bot", "im:message:send")


@pytest.fixture
def caller(feishu: FeishuServer) -> Iterator[Caller]:
    with Caller(feishu) as logged_in:
        yield logged_in


@pytest.fixture
def group(feishu: FeishuServer) -> Chat:
    return feishu.world.add_group("运营群", [feishu.world.add_user("安然")])


def card_of(caller: Caller, feishu: FeishuServer, group: Chat) -> Message:
    assert caller.show(group)["code"] == 0
    return feishu.world.cards(group)[-1]


def test_a_token_lasts_two_hours_and_is_renewed_in_the_last_half_hour(caller: Caller, feishu: FeishuServer, clock: FixedClock) -> None:
    first = caller.token
    clock.instant += timedelta(minutes=89)
    assert caller.log_in() == first
    clock.instant += timedelta(minutes=2)
    second = caller.log_in()
    assert second != first
    caller.token = first
    assert caller.code("GET", "bot/v3/info") == 0
    clock.instant += timedelta(minutes=29)
    assert caller.code("GET", "bot/v3/info") == 99991663
    caller.token = second
    assert caller.code("GET", "bot/v3/info") == 0
    assert len(feishu.world.calls(Endpoint.TOKEN)) == 3


def test_a_missing_a_wrong_and_a_revoked_token_are_refused(caller: Caller, feishu: FeishuServer) -> None:
    feishu.tokens.revoke()
    assert caller.code("GET", "bot/v3/info") == 99991663
    caller.token = "t-made-up"
    assert caller.code("GET", "bot/v3/info") == 99991663
    assert httpx.get(f"{feishu.url}/open-apis/bot/v3/info").json()["code"] == 99991661


def test_a_wrong_secret_gives_no_token(feishu: FeishuServer) -> None:
    answer = httpx.post(f"{feishu.url}/open-apis/auth/v3/tenant_access_token/internal", json={"app_id": feishu.app.app_id, "app_secret": "x"})

    assert answer.json()["code"] == 10014
    assert feishu.tokens.issued == []


def test_a_call_without_its_scope_is_refused_and_the_scopes_are_named(clock: FixedClock) -> None:
    poor = App(scopes=App().scopes - set(SENDING))
    with FeishuServer(clock, apps=(poor,)) as feishu, Caller(feishu) as caller:
        answer = caller.say(feishu.world.add_group("运营群"), "hi")

    assert answer["code"] == 99991672
    assert all(scope in str(answer["msg"]) for scope in SENDING)


def test_the_sixth_message_to_a_chat_in_a_second_is_refused(caller: Caller, feishu: FeishuServer, group: Chat, clock: FixedClock) -> None:
    codes = [caller.say(group, str(number))["code"] for number in range(6)]
    other = caller.say(feishu.world.add_group("客服群"), "hi")["code"]
    clock.instant += timedelta(seconds=1)

    assert codes == [0, 0, 0, 0, 0, 230020]
    assert other == 0
    assert caller.say(group, "again")["code"] == 0


def test_the_limit_of_a_chat_is_shared_by_all_bots(clock: FixedClock) -> None:
    other = App(app_id="cli_b5ca35a685b0826e", bot_open_id="ou_other")
    with FeishuServer(clock, apps=(App(), other)) as feishu, Caller(feishu) as one, Caller(feishu, other) as two:
        group = feishu.world.add_group("运营群")
        codes = [caller.say(group, "hi")["code"] for caller in (one, two, one, two, one, two)]

    assert codes == [0, 0, 0, 0, 0, 230020]


def test_an_app_that_calls_too_often_is_told_how_long_to_wait(caller: Caller, clock: FixedClock) -> None:
    answers = [caller.call("GET", "bot/v3/info") for _ in range(51)]

    assert {answer.status_code for answer in answers[:50]} == {200}
    assert (answers[50].status_code, answers[50].json()["code"], answers[50].headers["x-ogw-ratelimit-reset"]) == (429, 99991400, "1")


def test_the_same_uuid_within_the_hour_gives_the_same_message(caller: Caller, feishu: FeishuServer, group: Chat, clock: FixedClock) -> None:
    first = caller.say(group, "日报", uuid="u1")
    clock.instant += timedelta(minutes=59)
    assert caller.say(group, "日报", uuid="u1") == first
    clock.instant += timedelta(minutes=1)
    assert caller.say(group, "日报", uuid="u1") != first
    assert [message.text for message in feishu.world.posted(group)] == ["日报", "日报"]


def test_a_uuid_of_more_than_fifty_characters_is_refused(caller: Caller, group: Chat) -> None:
    assert caller.say(group, "hi", uuid="u" * 51)["code"] == 99992402


def test_a_bot_posts_to_a_person_and_to_chats_that_it_is_in(caller: Caller, feishu: FeishuServer) -> None:
    ann, far = feishu.world.add_user("安然"), feishu.world.add_user("远", reachable=False)
    outside = feishu.world.add_group("外面", bots=())

    assert caller.post(ann.open_id, "text", {"text": "hi"})["code"] == 0
    assert [message.text for message in feishu.world.messages(feishu.world.direct(ann, feishu.app))] == ["hi"]
    assert caller.post(far.open_id, "text", {"text": "hi"})["code"] == 230013
    assert caller.say(outside, "hi")["code"] == 230002
    assert caller.post("oc_nowhere", "text", {"text": "hi"})["code"] == 230001


def test_content_that_is_too_long_or_no_json_or_of_an_unknown_kind_is_refused(caller: Caller, group: Chat) -> None:
    assert caller.say(group, "长" * 50 * 1024)["code"] == 230025
    assert caller.show(group, {**CARD, "body": {"elements": [{"tag": "markdown", "content": "x" * 30 * 1024}]}})["code"] == 230025
    assert caller.post(group.chat_id, "poem", {"text": "x"})["code"] == 230001
    assert caller.post(group.chat_id, "image", {"image_key": "img_unknown"})["code"] == 230001
    body = {"receive_id": group.chat_id, "msg_type": "text", "content": "no json"}
    assert caller.code("POST", "im/v1/messages", body, receive_id_type="chat_id") == 230001


def test_six_tables_and_unknown_pictures_are_refused_in_the_card_engines_words(caller: Caller, feishu: FeishuServer, group: Chat) -> None:
    table = {"tag": "table", "columns": [{"name": "a", "display_name": "A", "data_type": "text"}], "rows": []}
    refused = caller.show(group, {**CARD, "body": {"elements": [table] * 6}})
    picture = caller.show(group, {**CARD, "body": {"elements": [{"tag": "img", "img_key": "img_x", "alt": {"tag": "plain_text", "content": ""}}]}})

    assert refused["code"] == picture["code"] == 230099
    assert refused["msg"] == "Failed to create card content, ext=ErrCode: 11310; ErrMsg: card table number over limit; ErrorValue: table; "
    assert "ErrCode: 200570" in str(picture["msg"])
    assert feishu.world.cards(group) == []


def test_the_rules_for_cards_can_be_given(clock: FixedClock) -> None:
    with FeishuServer(clock, card_rules=lambda card: CardFault(1, "never")) as feishu, Caller(feishu) as caller:
        assert "ErrMsg: never" in str(caller.show(feishu.world.add_group("运营群"))["msg"])


def test_replies_stand_under_their_root_and_in_a_thread_when_asked(clock: FixedClock) -> None:
    with FeishuServer(clock, apps=(READER,)) as feishu, Caller(feishu) as caller:
        group = feishu.world.add_group("运营群")
        said = feishu.world.message(feishu.events.tells_bot(feishu.world.add_user("安然"), group, "/任务").message_id)

        def reply(to: str, **more: bool) -> Json:
            body = {"msg_type": "text", "content": json.dumps({"text": "好"}), **more}
            return dict(caller.call("POST", f"im/v1/messages/{to}/reply", body).json()["data"])

        def listed(kind: str, container: str) -> list[str]:
            answer = caller.call("GET", "im/v1/messages", container_id_type=kind, container_id=container)
            return [item["message_id"] for item in answer.json()["data"]["items"]]

        plain, threaded = reply(said.message_id), reply(said.message_id, reply_in_thread=True)
        deeper = reply(str(threaded["message_id"]))

        assert (plain["root_id"], plain["parent_id"], plain.get("thread_id")) == (said.message_id, said.message_id, None)
        assert deeper["thread_id"] == threaded["thread_id"]
        assert (deeper["root_id"], deeper["parent_id"]) == (said.message_id, threaded["message_id"])
        assert feishu.world.message(said.message_id).thread_id == threaded["thread_id"]
        assert listed("chat", group.chat_id) == [said.message_id, plain["message_id"]]
        assert listed("thread", str(threaded["thread_id"])) == [said.message_id, threaded["message_id"], deeper["message_id"]]
        assert caller.code("POST", "im/v1/messages/om_unknown/reply", {"msg_type": "text", "content": '{"text": "x"}'}) == 230001


def test_an_own_card_can_be_replaced_for_fourteen_days(caller: Caller, feishu: FeishuServer, group: Chat, clock: FixedClock) -> None:
    card, after = card_of(caller, feishu, group), {**CARD, "body": {"elements": []}}
    body = {"content": json.dumps(after)}
    caller.say(group, "words")
    words = feishu.world.posted(group)[-1]

    assert caller.code("PATCH", f"im/v1/messages/{card.message_id}", body) == 0
    assert feishu.world.message(card.message_id).body == after
    assert [edit.way for edit in feishu.world.edits(card.message_id)] == [EditWay.PATCH]
    assert caller.code("PATCH", f"im/v1/messages/{words.message_id}", body) == 230054
    clock.instant += timedelta(days=14, seconds=1)
    caller.log_in()
    assert caller.code("PATCH", f"im/v1/messages/{card.message_id}", body) == 230031


def test_a_message_is_edited_at_most_five_times_a_second(caller: Caller, feishu: FeishuServer, group: Chat) -> None:
    card = card_of(caller, feishu, group)
    codes = [caller.code("PATCH", f"im/v1/messages/{card.message_id}", {"content": json.dumps(CARD)}) for _ in range(6)]

    assert codes == [0, 0, 0, 0, 0, 230020]


def test_history_comes_in_pages_and_shows_cards_only_when_asked(clock: FixedClock) -> None:
    with FeishuServer(clock, apps=(READER,), limits=UNLIMITED) as feishu, Caller(feishu) as caller:
        group = feishu.world.add_group("运营群")
        for number in range(3):
            caller.say(group, str(number))
        caller.show(group)

        def history(**asked: str) -> dict[str, Any]:
            answer = caller.call("GET", "im/v1/messages", None, container_id_type="chat", container_id=group.chat_id, **asked)
            return dict(answer.json()["data"])

        first = history(page_size="3")
        rest = history(page_size="3", page_token=first["page_token"])
        own = history(card_msg_content_type="user_card_content", sort_type="ByCreateTimeDesc")

    assert [json.loads(item["body"]["content"])["text"] for item in first["items"]] == ["0", "1", "2"]
    assert (first["has_more"], rest["has_more"]) == (True, False)
    assert "今日 GMV" not in rest["items"][0]["body"]["content"]
    assert json.loads(json.loads(own["items"][0]["body"]["content"])["user_dsl"]) == CARD


def test_a_groups_history_is_closed_without_its_scope_and_a_persons_is_not(clock: FixedClock) -> None:
    with FeishuServer(clock) as feishu, Caller(feishu) as caller:
        ann, group = feishu.world.add_user("安然"), feishu.world.add_group("运营群")
        own = feishu.world.direct(ann, feishu.app)
        codes = [caller.code("GET", "im/v1/messages", None, container_id_type="chat", container_id=chat.chat_id) for chat in (group, own)]

    assert codes == [230027, 0]


def test_a_picture_is_uploaded_and_shown_and_an_empty_or_large_one_refused(caller: Caller, feishu: FeishuServer, group: Chat) -> None:
    answer = caller.upload("im/v1/images", {"image_type": "message"}, "image", b"\x89PNG")
    data = answer["data"]
    assert isinstance(data, dict)
    picture = {"tag": "img", "img_key": data["image_key"], "alt": {"tag": "plain_text", "content": "GMV"}}

    assert caller.show(group, {**CARD, "body": {"elements": [picture]}})["code"] == 0
    assert caller.post(group.chat_id, "image", {"image_key": data["image_key"]})["code"] == 0
    assert [upload.content for upload in feishu.world.uploads()] == [b"\x89PNG"]
    assert caller.upload("im/v1/images", {"image_type": "message"}, "image", b"")["code"] == 234010
    assert caller.upload("im/v1/images", {"image_type": "message"}, "image", bytes(10 * 1024 * 1024 + 1))["code"] == 234006


def test_a_persons_file_is_downloaded_with_its_message_only(caller: Caller, feishu: FeishuServer) -> None:
    ann = feishu.world.add_user("安然")
    shared = feishu.world.message(feishu.events.shares_file(ann, None, "日报.xlsx", b"PK").message_id)
    other = feishu.events.says(ann, None, "hi").message_id
    key = shared.body["file_key"]

    assert caller.call("GET", f"im/v1/messages/{shared.message_id}/resources/{key}", type="file").content == b"PK"
    assert caller.code("GET", f"im/v1/messages/{other}/resources/{key}", type="file") == 234003


def test_people_chats_and_the_bot_itself_are_told_as_scopes_allow(caller: Caller, feishu: FeishuServer, group: Chat, clock: FixedClock) -> None:
    ann, far = feishu.world.add_user("安然"), feishu.world.add_user("远", reachable=False)
    feishu.world.add_group("外面", bots=(), chat_id="oc_outside")

    assert caller.call("GET", f"contact/v3/users/{ann.open_id}").json()["data"]["user"]["name"] == "安然"
    assert caller.code("GET", f"contact/v3/users/{far.open_id}") == 41050
    assert caller.code("GET", "contact/v3/users/ou_unknown") == 41012
    assert [chat["chat_id"] for chat in caller.call("GET", "im/v1/chats").json()["data"]["items"]] == [group.chat_id]
    assert caller.call("GET", f"im/v1/chats/{group.chat_id}").json()["data"]["name"] == "运营群"
    assert (caller.code("GET", "im/v1/chats/oc_outside"), caller.code("GET", "im/v1/chats/oc_unknown")) == (232011, 232006)
    assert caller.call("GET", "bot/v3/info").json()["bot"]["open_id"] == feishu.app.bot_open_id
    nameless = replace(App(), scopes=App().scopes - {"contact:user.base:readonly"})
    with FeishuServer(clock, apps=(nameless,)) as shy, Caller(shy) as stranger:
        bob = shy.world.add_user("鲍勃")
        assert "name" not in stranger.call("GET", f"contact/v3/users/{bob.open_id}").json()["data"]["user"]


def test_slash_commands_are_kept_each_name_once(caller: Caller, feishu: FeishuServer) -> None:
    path, task = "application/v7/app_slash_commands", {"command": "task", "description": {"default_value": "任务", "i18n": {"en_us": "Tasks"}}}
    added = caller.call("POST", path, task).json()["data"]["command_id"]

    assert caller.code("POST", path, task) == 99992402
    assert caller.code("POST", path, {**task, "command": "/kpi"}) == 99992402
    assert caller.code("POST", path, {**task, "command": "kpi", "icon": {"icon_key": "made_up"}}) == 40000031
    assert caller.code("PATCH", f"{path}/{added}", {**task, "description": {"default_value": "我的任务"}}) == 0
    assert [item["description"]["default_value"] for item in caller.call("GET", path).json()["data"]["items"]] == ["我的任务"]
    assert caller.code("DELETE", f"{path}/{added}") == 0
    assert feishu.world.commands[feishu.app.app_id] == {}


def test_the_token_of_a_press_updates_the_card_twice_after_the_answer_and_within_half_an_hour(
    caller: Caller, feishu: FeishuServer, group: Chat, clock: FixedClock
) -> None:
    ann, card = feishu.world.add_user("安然"), card_of(caller, feishu, group)

    def press(answered: bool = True) -> str:
        event = feishu.events.acts(ann, card, {"tag": "button", "value": {}})
        if answered:
            take_answer(feishu.world, event, 200, b"{}")
        return str(event.body["token"])

    def update(token: str) -> int:
        return caller.code("POST", "interactive/v1/card/update", {"token": token, "card": CARD})

    early, good, late = press(answered=False), press(), press()

    assert update(early) == 230001
    assert [update(good) for _ in range(3)] == [0, 0, 230001]
    assert [edit.way for edit in feishu.world.edits(card.message_id)] == [EditWay.TOKEN, EditWay.TOKEN]
    clock.instant += timedelta(minutes=30, seconds=1)
    assert update(late) == 230001


def test_a_connection_dropped_before_and_after_a_post_looks_the_same_and_is_not(caller: Caller, feishu: FeishuServer, group: Chat) -> None:
    feishu.faults.plan(Endpoint.SEND, DropBefore())
    feishu.faults.plan(Endpoint.SEND, DropAfter(), nth=2)
    for text in ("before", "after"):
        with pytest.raises(httpx.RemoteProtocolError):
            caller.say(group, text)

    assert [message.text for message in feishu.world.posted(group)] == ["after"]
    assert [call.status for call in feishu.world.calls(Endpoint.SEND)] == [None, None]


def test_planned_calls_fail_with_code_and_status_and_the_others_do_not(caller: Caller, feishu: FeishuServer) -> None:
    feishu.faults.plan(Endpoint.BOT, Fail(429, 99991400, reset=7), nth=2, times=2)
    feishu.faults.plan(Endpoint.BOT, Fail(502), nth=4)
    answers = [caller.call("GET", "bot/v3/info") for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200, 429, 429, 502, 200]
    assert answers[1].headers["x-ogw-ratelimit-reset"] == "7"
    assert answers[3].headers["content-type"].startswith("text/html")


def test_a_held_answer_comes_when_it_is_released_though_the_post_is_done(caller: Caller, feishu: FeishuServer, group: Chat) -> None:
    held, answers = feishu.faults.plan(Endpoint.SEND, Hold()), list[Json]()
    posting = Thread(target=lambda: answers.append(caller.say(group, "slow")))
    posting.start()
    feishu.world.until(lambda: feishu.world.posted(group) != [])

    assert answers == []
    held.release()
    posting.join(5)
    assert [answer["code"] for answer in answers] == [0]
