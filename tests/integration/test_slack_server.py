"""Does the Slack of the tests hold the SDK to Slack's own rules?"""

from __future__ import annotations

import urllib.error
import urllib.request
from http.client import RemoteDisconnected
from threading import Thread

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from core.clock import FixedClock
from tests.slack_server import Rules, SlackServer
from tests.slack_server.values import Json

WORDS = [{"type": "section", "text": {"type": "mrkdwn", "text": "早安"}}]
HAND, ORDERS = ({"text": {"type": "plain_text", "text": text}, "value": text} for text in ("手工", "订单"))
PICK = {"type": "static_select", "action_id": "source", "options": [HAND], "initial_option": ORDERS}
SHOWN = {"type": "image", "alt_text": "走势"}


def client(slack: SlackServer, token: str | None = None) -> WebClient:
    return WebClient(token or slack.token, base_url=slack.api_url, retry_handlers=[], timeout=5)


def refusal(error: pytest.ExceptionInfo[SlackApiError]) -> str:
    code = error.value.response["error"]
    assert isinstance(code, str)
    return code


def section(words: str) -> Json:
    return {"type": "section", "text": {"type": "plain_text", "text": words}}


# ------------------------------------------------------------------ tokens


@pytest.mark.parametrize(("token", "code"), [("xoxb-unknown", "invalid_auth"), ("xapp-1-A0MB-connections", "not_allowed_token_type")])
def test_a_wrong_token_is_refused(slack: SlackServer, token: str, code: str) -> None:
    with pytest.raises(SlackApiError) as error:
        client(slack, token).auth_test()
    assert refusal(error) == code


def test_a_token_of_another_team_sees_nothing_of_this_one(slack: SlackServer) -> None:
    ops = slack.add_channel("ops")
    other = slack.add_team("别家", "other")
    with pytest.raises(SlackApiError) as error:
        client(slack, other.token).chat_postMessage(channel=ops.id, text="早安")
    assert refusal(error) == "channel_not_found"


def test_a_missing_scope_is_named_with_what_there_is(slack: SlackServer) -> None:
    slack.scopes("commands")
    with pytest.raises(SlackApiError) as error:
        client(slack).users_info(user=slack.add_person("ann").id)
    assert error.value.response.data == {"ok": False, "error": "missing_scope", "needed": "users:read", "provided": "commands"}


def test_scopes_and_the_time_are_told_in_headers(slack: SlackServer) -> None:
    slack.scopes("chat:write", "commands")
    headers = client(slack).auth_test().headers
    assert headers["x-oauth-scopes"] == "chat:write,commands"
    assert headers["Date"] == "Tue, 04 Jun 2024 00:55:00 GMT"


def test_a_revoked_token_is_inactive(slack: SlackServer) -> None:
    slack.revoke()
    with pytest.raises(SlackApiError) as error:
        client(slack).auth_test()
    assert refusal(error) == "account_inactive"


def test_a_code_is_exchanged_once(slack: SlackServer) -> None:
    team = slack.add_team("新店", "new")
    code = slack.authorise(team, "https://shop.example/slack/oauth_redirect")
    asked = {"client_id": slack.client_id, "client_secret": slack.client_secret, "redirect_uri": "https://shop.example/slack/oauth_redirect"}
    given = WebClient(base_url=slack.api_url).oauth_v2_access(code=code, **asked)
    assert client(slack, given["access_token"]).auth_test()["team_id"] == team.id
    with pytest.raises(SlackApiError) as error:
        WebClient(base_url=slack.api_url).oauth_v2_access(code=code, **asked)
    assert refusal(error) == "code_already_used"


def test_a_wrong_client_secret_gets_no_token(slack: SlackServer) -> None:
    with pytest.raises(SlackApiError) as error:
        WebClient(base_url=slack.api_url).oauth_v2_access(client_id=slack.client_id, client_secret="guessed", code=slack.authorise(slack.team))
    assert refusal(error) == "bad_client_secret"


def test_a_rotating_token_expires_and_its_refresh_token_works_once(clock: FixedClock) -> None:
    with SlackServer(clock, Rules(rotation=True)) as slack:
        house = WebClient(base_url=slack.api_url)
        known = {"client_id": slack.client_id, "client_secret": slack.client_secret}
        first = house.oauth_v2_access(code=slack.authorise(slack.team), **known)
        slack.advance(first["expires_in"])
        with pytest.raises(SlackApiError) as expired:
            client(slack, first["access_token"]).auth_test()
        second = house.oauth_v2_access(grant_type="refresh_token", refresh_token=first["refresh_token"], **known)
        assert client(slack, second["access_token"]).auth_test()["ok"]
        with pytest.raises(SlackApiError) as again:
            house.oauth_v2_access(grant_type="refresh_token", refresh_token=first["refresh_token"], **known)
    assert (refusal(expired), refusal(again)) == ("token_expired", "invalid_refresh_token")


# ------------------------------------------------------------------ messages


def test_a_message_is_kept_with_its_metadata_and_its_edits(slack: SlackServer) -> None:
    ops = slack.add_channel("ops")
    metadata = {"event_type": "morningbell", "event_payload": {"key": "digest:1"}}
    sent = client(slack).chat_postMessage(channel=ops.id, text="早安", blocks=WORDS, metadata=metadata)
    client(slack).chat_update(channel=ops.id, ts=sent["ts"], text="改过")
    (message,) = slack.from_bot(ops)
    assert (message.text, message.blocks, message.metadata) == ("改过", (), metadata)
    assert [version.text for version in message.edits] == ["早安"]


def test_history_tells_metadata_only_when_asked(slack: SlackServer) -> None:
    ops = slack.add_channel("ops")
    client(slack).chat_postMessage(channel=ops.id, text="早安", metadata={"event_type": "morningbell", "event_payload": {"key": "k"}})
    (silent,) = client(slack).conversations_history(channel=ops.id)["messages"]
    (told,) = client(slack).conversations_history(channel=ops.id, include_all_metadata=True)["messages"]
    assert "metadata" not in silent
    assert told["metadata"]["event_payload"] == {"key": "k"}


def test_history_is_newest_first_in_pages_and_within_its_bounds(clock: FixedClock) -> None:
    with SlackServer(clock, Rules(burst=10, history_page=2)) as slack:
        ops = slack.add_channel("ops")
        stamps = [client(slack).chat_postMessage(channel=ops.id, text=str(number))["ts"] for number in range(4)]
        first = client(slack).conversations_history(channel=ops.id, limit=200)
        rest = client(slack).conversations_history(channel=ops.id, limit=200, cursor=first["response_metadata"]["next_cursor"])
        within = client(slack).conversations_history(channel=ops.id, oldest=stamps[0], latest=stamps[2])
    assert [one["text"] for one in [*first["messages"], *rest["messages"]]] == ["3", "2", "1", "0"]
    assert (first["has_more"], rest["has_more"]) == (True, False)
    assert [one["text"] for one in within["messages"]] == ["1"]


def test_an_answer_in_a_thread_stands_in_the_thread_alone(slack: SlackServer) -> None:
    ops = slack.add_channel("ops")
    head = client(slack).chat_postMessage(channel=ops.id, text="晨报")["ts"]
    slack.advance(1)
    client(slack).chat_postMessage(channel=ops.id, text="明细", thread_ts=head)
    assert [one["text"] for one in client(slack).conversations_history(channel=ops.id)["messages"]] == ["晨报"]
    assert [one["text"] for one in client(slack).conversations_replies(channel=ops.id, ts=head)["messages"]] == ["晨报", "明细"]


def test_a_channel_takes_one_message_a_second_and_others_go_on(slack: SlackServer) -> None:
    ops, campaign = slack.add_channel("ops"), slack.add_channel("campaign")
    client(slack).chat_postMessage(channel=ops.id, text="1")
    with pytest.raises(SlackApiError) as error:
        client(slack).chat_postMessage(channel=ops.id, text="2")
    client(slack).chat_postMessage(channel=campaign.id, text="1")
    assert (error.value.response.status_code, error.value.response.headers["Retry-After"]) == (429, "1")
    slack.advance(1)
    client(slack).chat_postMessage(channel=ops.id, text="2")
    assert [one.text for one in slack.from_bot(ops)] == ["1", "2"]


@pytest.mark.parametrize(("state", "code"), [("left", "not_in_channel"), ("archived", "is_archived"), ("private", "channel_not_found")])
def test_a_channel_that_cannot_be_posted_to_says_why(slack: SlackServer, state: str, code: str) -> None:
    channel = slack.add_channel("ops", bot=state == "archived", private=state == "private")
    if state == "archived":
        slack.archive(channel)
    with pytest.raises(SlackApiError) as error:
        client(slack).chat_postMessage(channel=channel.id, text="早安")
    assert refusal(error) == code


@pytest.mark.parametrize(
    ("blocks", "code", "where"),
    [
        ([{"type": "carousel"}], "invalid_blocks", "unsupported type: carousel [json-pointer:/blocks/0/type]"),
        ([{"type": "divider", "colour": "red"}], "invalid_blocks", "invalid additional property: colour [json-pointer:/blocks/0]"),
        ([section("x" * 3001)], "invalid_blocks", "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        ([{"type": "section"}], "invalid_blocks", "missing required field: text or fields [json-pointer:/blocks/0]"),
        ([{"type": "divider"}] * 51, "invalid_blocks", "must have from 0 to 50 items, has 51 [json-pointer:/blocks]"),
        ([{"type": "divider", "block_id": "a"}] * 2, "invalid_blocks", "`block_id` a already exists [json-pointer:/blocks]"),
        (
            [{"type": "image", "alt_text": "走势", "slack_file": {"id": "F1"}}],
            "invalid_blocks",
            "invalid slack file [json-pointer:/blocks/0/slack_file]",
        ),
        ([{"type": "table", "rows": [[{"type": "raw_text", "text": "1"}]]}] * 2, "invalid_attachments", "only_one_table_allowed"),
        ([{"type": "actions", "elements": [PICK]}], "invalid_blocks", "initial option must be among the options [json-pointer:/blocks/0/elements/0]"),
        ([section("x" * 2900)] * 4, "msg_blocks_too_long", None),
    ],
)
def test_blocks_that_slack_does_not_take_are_refused_with_the_place(slack: SlackServer, blocks: list[Json], code: str, where: str | None) -> None:
    ops = slack.add_channel("ops")
    with pytest.raises(SlackApiError) as error:
        client(slack).chat_postMessage(channel=ops.id, text="早安", blocks=blocks)
    assert refusal(error) == code
    assert error.value.response.get("errors", [None]) == [where]
    assert slack.messages(ops) == ()


def test_a_message_to_a_person_goes_to_the_direct_conversation(slack: SlackServer) -> None:
    ann = slack.add_person("ann")
    opened = client(slack).conversations_open(users=ann.id)["channel"]["id"]
    client(slack).chat_postMessage(channel=ann.id, text="早安")
    assert opened == slack.direct(ann).id
    assert [one.text for one in slack.from_bot(slack.direct(ann))] == ["早安"]


def test_an_ephemeral_is_for_one_person_and_takes_no_picture(slack: SlackServer) -> None:
    ann, bob = slack.add_person("ann"), slack.add_person("bob")
    ops = slack.add_channel("ops", ann, bob)
    file = uploaded(slack)
    client(slack).files_info(file=file)
    client(slack).chat_postEphemeral(channel=ops.id, user=ann.id, text="只给你")
    with pytest.raises(SlackApiError) as error:
        client(slack).chat_postEphemeral(channel=ops.id, user=ann.id, text="图", blocks=[{**SHOWN, "slack_file": {"id": file}}])
    assert refusal(error) == "invalid_blocks"
    assert [one.text for one in slack.ephemerals(ann, ops)] == ["只给你"]
    assert slack.ephemerals(bob, ops) == ()


def test_a_guest_is_told_by_users_info(slack: SlackServer) -> None:
    guest = slack.add_person("guest", standing="ultra_restricted")
    told = client(slack).users_info(user=guest.id, include_locale=True)["user"]
    assert (told["is_restricted"], told["is_ultra_restricted"], told["locale"], told["tz"]) == (True, True, "zh-CN", "Asia/Shanghai")


def test_the_bot_joins_public_channels_and_sees_no_others(slack: SlackServer) -> None:
    quiet, secret = slack.add_channel("quiet", bot=False), slack.add_channel("secret", bot=False, private=True)
    assert client(slack).conversations_info(channel=quiet.id)["channel"]["is_member"] is False
    client(slack).conversations_join(channel=quiet.id)
    assert client(slack).conversations_members(channel=quiet.id)["members"] == [slack.team.bot_user]
    found = client(slack).conversations_list(types="public_channel,private_channel")["channels"]
    assert [(one["id"], one["is_member"]) for one in found] == [(quiet.id, True)]
    with pytest.raises(SlackApiError, match="channel_not_found"):
        client(slack).conversations_info(channel=secret.id)


def test_a_message_of_a_person_cannot_be_changed_or_deleted_by_the_bot(slack: SlackServer) -> None:
    ann = slack.add_person("ann")
    ops = slack.add_channel("ops", ann)
    slack.acts.subscribed = frozenset()
    slack.acts.say(ann, ops, "我写的")
    (message,) = slack.messages(ops)
    for change in (client(slack).chat_update, client(slack).chat_delete):
        with pytest.raises(SlackApiError, match="cant_update_message"):
            change(channel=ops.id, ts=message.ts, text="改")
    assert slack.messages(ops) == (message,)


def test_a_method_can_be_limited_by_the_minute(slack: SlackServer) -> None:
    slack.allow(Rules(per_minute={"conversations.history": 1}))
    ops = slack.add_channel("ops")
    client(slack).conversations_history(channel=ops.id)
    with pytest.raises(SlackApiError, match="ratelimited"):
        client(slack).conversations_history(channel=ops.id)
    slack.advance(60)
    assert client(slack).conversations_history(channel=ops.id)["ok"]


# ------------------------------------------------------------------ files


def uploaded(slack: SlackServer, channel: str | None = None) -> str:
    file = client(slack).files_upload_v2(filename="trend.png", content=b"png", title="digest:1", channel=channel)["file"]["id"]
    assert isinstance(file, str)
    return file


def test_a_picture_shows_once_it_is_processed(slack: SlackServer) -> None:
    ops, file = slack.add_channel("ops"), uploaded(slack)
    picture = [{**SHOWN, "slack_file": {"id": file}}]
    with pytest.raises(SlackApiError) as error:
        client(slack).chat_postMessage(channel=ops.id, text="图", blocks=picture)
    types = [client(slack).files_info(file=file)["file"]["mimetype"] for _ in range(2)]
    client(slack).chat_postMessage(channel=ops.id, text="图", blocks=picture)
    assert refusal(error) == "invalid_blocks"
    assert types == ["", "image/png"]


def test_a_file_shared_to_no_channel_can_be_refused(clock: FixedClock) -> None:
    with SlackServer(clock, Rules(looks=0, unshared_files=False)) as slack:
        ops = slack.add_channel("ops")
        with pytest.raises(SlackApiError) as error:
            client(slack).chat_postMessage(channel=ops.id, text="图", blocks=[{**SHOWN, "slack_file": {"id": uploaded(slack)}}])
        client(slack).chat_postMessage(channel=ops.id, text="图", blocks=[{**SHOWN, "slack_file": {"id": uploaded(slack, ops.id)}}])
    assert refusal(error) == "invalid_blocks"


def test_a_file_in_a_thread_makes_a_message_there(slack: SlackServer) -> None:
    ops = slack.add_channel("ops")
    head = client(slack).chat_postMessage(channel=ops.id, text="晨报")["ts"]
    client(slack).files_upload_v2(filename="rows.csv", content=b"a,b", channel=ops.id, thread_ts=head)
    *_, shared = slack.from_bot(ops)
    (upload,) = slack.uploads()
    assert (shared.thread_ts, shared.files) == (head, (upload.id,))
    assert (upload.content, upload.channels) == (b"a,b", (ops.id,))


def test_a_shared_file_is_downloaded_with_the_token_alone(slack: SlackServer) -> None:
    ann = slack.add_person("ann")
    slack.acts.subscribed = frozenset()
    slack.acts.share(ann, slack.direct(ann), "orders.csv", b"a,b", "text/csv")
    url = client(slack).files_info(file=slack.uploads()[0].id)["file"]["url_private"]
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Authorization": f"Bearer {slack.token}"})) as answer:
        assert answer.read() == b"a,b"
    with urllib.request.urlopen(url) as answer:
        assert answer.headers["Content-Type"].startswith("text/html")


# ------------------------------------------------------------------ faults


def test_a_post_dropped_before_is_not_there_and_dropped_after_is(slack: SlackServer) -> None:
    ops = slack.add_channel("ops")
    slack.faults.drop_before("chat.postMessage")
    slack.faults.drop_after("chat.postMessage", nth=2)
    for text, there in (("先断", 0), ("后断", 1)):
        with pytest.raises((RemoteDisconnected, ConnectionResetError)):
            client(slack).chat_postMessage(channel=ops.id, text=text)
        assert len(slack.messages(ops)) == there
    assert [call.error for call in slack.calls("chat.postMessage")] == ["dropped", None]


def test_the_nth_call_is_refused_as_asked(slack: SlackServer) -> None:
    slack.faults.refuse("auth.test", "ratelimited", 429, nth=2, headers={"Retry-After": "30"})
    slack.faults.refuse("chat.postMessage", "internal_error", 500)
    assert client(slack).auth_test()["ok"]
    with pytest.raises(SlackApiError) as limited:
        client(slack).auth_test()
    with pytest.raises(SlackApiError) as broken:
        client(slack).chat_postMessage(channel=slack.add_channel("ops").id, text="早安")
    assert (limited.value.response.status_code, limited.value.response.headers["Retry-After"]) == (429, "30")
    assert broken.value.response.status_code == 500
    assert client(slack).auth_test()["ok"]


def test_a_held_answer_waits_and_others_go_on(slack: SlackServer) -> None:
    ops, gate = slack.add_channel("ops"), slack.faults.hold("chat.postMessage")
    thread = Thread(target=client(slack).chat_postMessage, kwargs={"channel": ops.id, "text": "早安"})
    thread.start()
    assert gate.reached.wait(5)
    assert client(slack).auth_test()["ok"]
    assert thread.is_alive()
    gate.open()
    thread.join(5)
    assert not thread.is_alive()


def test_the_account_of_calls_holds_no_secret(slack: SlackServer) -> None:
    WebClient(base_url=slack.api_url).oauth_v2_access(client_id=slack.client_id, client_secret=slack.client_secret, code=slack.authorise(slack.team))
    client(slack).auth_test()
    assert slack.client_secret not in repr(slack.calls())
    assert slack.token not in repr(slack.calls())


def test_what_slack_does_not_know_is_an_error(slack: SlackServer) -> None:
    with pytest.raises(SlackApiError) as error:
        client(slack).api_call("chat.postPoem")
    assert refusal(error) == "unknown_method"
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{slack.api_url}../nowhere")
