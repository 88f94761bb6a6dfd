"""Does the Slack of the tests tell an app what people do, and does the app's answer take effect? A bare Bolt app answers here."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import Clock as SignatureClock
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook import WebhookClient

from core.clock import FixedClock
from tests.slack_server import Channel, Person, SlackServer
from tests.slack_server.loops import Serving
from tests.slack_server.values import Json

BUTTON = {"type": "button", "action_id": "done", "text": {"type": "plain_text", "text": "完成"}, "value": "token-12"}
CARD = [{"type": "actions", "block_id": "task:12|0", "elements": [BUTTON]}]


def form(title: str = "记录指标") -> Json:
    plain = {"type": "plain_text"}
    source = {"type": "static_select", "action_id": "value", "options": [{"text": {**plain, "text": "手工"}, "value": "hand"}]}
    return {
        "type": "modal",
        "title": {**plain, "text": title},
        "submit": {**plain, "text": "记录"},
        "private_metadata": "token",
        "notify_on_close": True,
        "blocks": [
            {"type": "input", "block_id": "dau", "label": {**plain, "text": "DAU"}, "element": {"type": "plain_text_input", "action_id": "value"}},
            {"type": "input", "block_id": "source", "label": {**plain, "text": "来源"}, "element": source, "optional": True},
        ],
    }


@dataclass
class Bolt:
    """A Bolt app of a few lines, and what it heard. `answer` is what it says to a submitted view."""

    client: AsyncWebClient
    heard: list[Json] = field(default_factory=list)
    answer: Json = field(default_factory=dict)

    def app(self) -> AsyncApp:
        app = AsyncApp(client=self.client, process_before_response=True, request_verification_enabled=False, signing_secret="none")

        @app.command("/ops")
        async def command(ack, body) -> None:  # type: ignore[no-untyped-def]  # Bolt passes arguments by these names
            self.heard.append(body)
            await ack(text="好的", blocks=CARD)

        @app.action("done")
        async def action(ack, body) -> None:  # type: ignore[no-untyped-def]  # see above
            self.heard.append(body)
            await ack()

        @app.view("")
        async def view(ack, body) -> None:  # type: ignore[no-untyped-def]  # see above
            self.heard.append(body)
            await ack(**self.answer)

        @app.view_closed("")
        async def closed(ack, body) -> None:  # type: ignore[no-untyped-def]  # see above
            self.heard.append(body)
            await ack()

        for name in ("app_mention", "message", "file_shared", "app_home_opened", "member_joined_channel", "app_uninstalled", "tokens_revoked"):
            app.event(name)(self._event)
        return app

    async def _event(self, body) -> None:  # type: ignore[no-untyped-def]  # see above
        self.heard.append(body)


@dataclass
class Scene:
    slack: SlackServer
    bolt: Bolt
    ann: Person
    ops: Channel

    def web(self) -> WebClient:
        return WebClient(self.slack.token, base_url=self.slack.api_url, retry_handlers=[])

    def events(self) -> list[str]:
        return [body["event"]["type"] for body in self.bolt.heard]


@pytest.fixture
def scene(slack: SlackServer) -> Iterator[Scene]:
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
    bolt = Bolt(AsyncWebClient(slack.token, base_url=slack.api_url))
    serving = Serving(bolt.app().web_app(), "bolt")
    serving.start()
    slack.carrier.app_url = f"{serving.url}/slack/events"
    ann = slack.add_person("ann", "安然")
    yield Scene(slack, bolt, ann, slack.add_channel("ops", ann))
    serving.stop()


# ------------------------------------------------------------------ requests


class Standing(SignatureClock):
    def __init__(self, clock: FixedClock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock.now().timestamp()


def test_a_request_is_signed_as_the_sdk_checks_it(scene: Scene, clock: FixedClock) -> None:
    scene.slack.acts.command(scene.ann, scene.ops, "/ops 帮助")
    signed = scene.slack.carrier.signed(scene.slack.carrier.sent[-1])
    verifier = SignatureVerifier(scene.slack.signing_secret, Standing(clock))
    assert verifier.is_valid_request(signed.body, signed.headers)
    assert not verifier.is_valid_request(signed.body + b"&", signed.headers)
    scene.slack.advance(301)
    assert not verifier.is_valid_request(signed.body, signed.headers)


def test_the_app_is_asked_for_its_challenge_and_for_its_certificate(scene: Scene) -> None:
    assert scene.slack.carrier.url_verification("3eZ").json["challenge"] == "3eZ"
    assert scene.slack.carrier.ssl_check().status == 200


def test_the_same_request_can_come_again_and_an_event_as_a_counted_retry(scene: Scene) -> None:
    scene.slack.acts.mention(scene.ann, scene.ops, "help")
    scene.slack.carrier.again()
    scene.slack.advance(60)
    scene.slack.carrier.retry(2, "http_error")
    assert len({body["event_id"] for body in scene.bolt.heard if body["event"]["type"] == "app_mention"}) == 1
    assert scene.events().count("app_mention") == 3
    assert scene.slack.carrier.sent[-1].headers()["X-Slack-Retry-Num"] == "2"


def test_everything_can_be_sent_twice_at_once(scene: Scene) -> None:
    scene.slack.carrier.copies = 2
    scene.slack.acts.command(scene.ann, scene.ops, "/ops help")
    assert len({body["trigger_id"] for body in scene.bolt.heard}) == 1
    assert len(scene.slack.carrier.answers) == 2


# ------------------------------------------------------------------ commands and presses


def test_a_command_is_acknowledged_with_a_message_for_one_person(scene: Scene) -> None:
    scene.slack.acts.command(scene.ann, scene.ops, "/ops 帮助 我")
    (heard,) = scene.bolt.heard
    (shown,) = scene.slack.ephemerals(scene.ann, scene.ops)
    assert (heard["command"], heard["text"], heard["user_id"], heard["channel_name"]) == ("/ops", "帮助 我", scene.ann.id, "ops")
    assert shown.text == "好的"
    assert scene.slack.messages(scene.ops) == ()


def test_a_press_on_a_private_card_tells_no_message_and_may_replace_it(scene: Scene) -> None:
    scene.slack.acts.command(scene.ann, scene.ops, "/ops help")
    (card,) = scene.slack.ephemerals(scene.ann, scene.ops)
    scene.slack.acts.press(scene.ann, card, "完成")
    heard = scene.bolt.heard[-1]
    assert (heard["container"]["is_ephemeral"], "message" in heard) == (True, False)
    assert (heard["actions"][0]["value"], heard["actions"][0]["block_id"]) == ("token-12", "task:12|0")
    WebhookClient(heard["response_url"]).send(text="做完了", replace_original=True)
    (replaced,) = scene.slack.ephemerals(scene.ann, scene.ops)
    assert (replaced.text, [version.text for version in replaced.edits]) == ("做完了", ["好的"])


def test_a_press_on_a_posted_card_tells_the_message(scene: Scene) -> None:
    ts = scene.web().chat_postMessage(channel=scene.ops.id, text="任务", blocks=CARD)["ts"]
    (card,) = scene.slack.from_bot(scene.ops)
    scene.slack.acts.press(scene.ann, card, "done")
    heard = scene.bolt.heard[-1]
    assert (heard["container"]["is_ephemeral"], heard["message"]["ts"]) == (False, ts)
    assert heard["actions"][0]["action_ts"] != ts


def test_a_response_url_serves_five_times_within_half_an_hour(scene: Scene) -> None:
    scene.slack.acts.command(scene.ann, scene.ops, "/ops help")
    scene.slack.acts.command(scene.ann, scene.ops, "/ops help")
    fresh, late = (WebhookClient(body["response_url"]) for body in scene.bolt.heard)
    statuses = [fresh.send(text=str(number)).status_code for number in range(6)]
    scene.slack.advance(1801)
    assert statuses == [200] * 5 + [404]
    assert late.send(text="太晚").status_code == 404
    assert [post.error for post in scene.slack.posts()] == [None] * 5 + ["used_url", "expired_url"]


def test_a_response_url_refuses_pictures_for_one_person(scene: Scene) -> None:
    file = scene.web().files_upload_v2(filename="trend.png", content=b"png")["file"]["id"]
    scene.web().files_info(file=file)
    scene.slack.acts.command(scene.ann, scene.ops, "/ops help")
    before = scene.slack.ephemerals(scene.ann, scene.ops)
    picture = [{"type": "image", "alt_text": "走势", "slack_file": {"id": file}}]
    answer = WebhookClient(scene.bolt.heard[-1]["response_url"]).send(text="图", blocks=picture)
    assert answer.status_code == 404
    assert "invalid_blocks" in answer.body
    assert scene.slack.ephemerals(scene.ann, scene.ops) == before


def test_a_response_url_speaks_to_the_channel_or_takes_the_card_away(scene: Scene) -> None:
    scene.web().chat_postMessage(channel=scene.ops.id, text="任务", blocks=CARD)
    scene.slack.acts.press(scene.ann, scene.slack.from_bot(scene.ops)[0], "done")
    hook = WebhookClient(scene.bolt.heard[-1]["response_url"])
    hook.send(text="大家看", response_type="in_channel")
    hook.send(delete_original=True)
    assert [message.text for message in scene.slack.from_bot(scene.ops)] == ["大家看"]


# ------------------------------------------------------------------ views


def opened(scene: Scene) -> str:
    scene.slack.acts.command(scene.ann, scene.ops, "/ops log")
    view = scene.web().views_open(trigger_id=scene.bolt.heard[-1]["trigger_id"], view=form())["view"]["id"]
    assert isinstance(view, str)
    return view


def test_a_trigger_opens_one_view_within_three_seconds(scene: Scene) -> None:
    opened(scene)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        scene.web().views_open(trigger_id=scene.bolt.heard[-1]["trigger_id"], view=form())
    scene.slack.acts.command(scene.ann, scene.ops, "/ops log")
    scene.slack.advance(3.5)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        scene.web().views_open(trigger_id=scene.bolt.heard[-1]["trigger_id"], view=form())


def test_a_view_is_pushed_above_the_one_in_which_it_was_asked_for(scene: Scene) -> None:
    opened(scene)
    scene.slack.acts.command(scene.ann, scene.ops, "/ops log")
    with_button = {**form(), "blocks": CARD}
    scene.web().views_update(view_id=scene.slack.views(scene.ann)[0].id, view=with_button)
    scene.slack.acts.press(scene.ann, scene.slack.views(scene.ann)[0], "完成")
    pushed = scene.web().views_push(trigger_id=scene.bolt.heard[-1]["trigger_id"], view=form("再问一句"))["view"]
    below, above = scene.slack.views(scene.ann)
    assert (pushed["root_view_id"], pushed["previous_view_id"], above.id) == (below.id, below.id, pushed["id"])


def test_a_press_tells_the_card_as_it_stands_now(scene: Scene) -> None:
    ts = scene.web().chat_postMessage(channel=scene.ops.id, text="任务", blocks=CARD)["ts"]
    (seen,) = scene.slack.from_bot(scene.ops)
    scene.web().chat_update(channel=scene.ops.id, ts=ts, text="任务，改过", blocks=CARD)
    scene.slack.acts.press(scene.ann, seen, "完成")
    assert scene.bolt.heard[-1]["message"]["text"] == "任务，改过"
    scene.web().chat_delete(channel=scene.ops.id, ts=ts)
    with pytest.raises(KeyError):
        scene.slack.acts.press(scene.ann, seen, "完成")


def test_the_bots_own_message_comes_with_its_bot_id(scene: Scene) -> None:
    scene.web().chat_postMessage(channel=scene.ops.id, text="晨报")
    scene.slack.acts.heard(scene.ops, scene.slack.from_bot(scene.ops)[0])
    assert scene.slack.carrier.sent[-1].payload["event"]["bot_id"] == scene.slack.team.bot


@pytest.mark.parametrize("spoilt", [{"title": {"type": "plain_text", "text": "x" * 25}}, {"private_metadata": "x" * 3001}, {"colour": "red"}])
def test_a_view_that_slack_does_not_take_is_refused(scene: Scene, spoilt: Json) -> None:
    scene.slack.acts.command(scene.ann, scene.ops, "/ops log")
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        scene.web().views_open(trigger_id=scene.bolt.heard[-1]["trigger_id"], view={**form(), **spoilt})
    assert scene.slack.views(scene.ann) == ()


def test_a_submitted_view_shows_errors_then_another_view_then_closes(scene: Scene) -> None:
    opened(scene)
    (view,) = scene.slack.views(scene.ann)
    scene.bolt.answer = {"response_action": "errors", "errors": {"dau": "我没看懂「8.5w」。"}}
    scene.slack.acts.submit(view, {"dau": "8.5w", "source": "hand"})
    values = scene.bolt.heard[-1]["view"]["state"]["values"]
    assert values["dau"]["value"] == {"type": "plain_text_input", "value": "8.5w"}
    assert values["source"]["value"]["selected_option"]["value"] == "hand"
    assert scene.slack.view(view).errors == {"dau": "我没看懂「8.5w」。"}

    scene.bolt.answer = {"response_action": "update", "view": form("记下了")}
    scene.slack.acts.submit(view, {"dau": "85000"})
    (shown,) = scene.slack.views(scene.ann)
    assert (shown.payload["title"]["text"], shown.errors) == ("记下了", {})

    scene.bolt.answer = {}
    scene.slack.acts.submit(view, {"dau": "85000"})
    assert scene.slack.views(scene.ann) == ()


def test_a_field_that_must_be_filled_is_asked_for_by_slack_itself(scene: Scene) -> None:
    opened(scene)
    with pytest.raises(AssertionError, match="dau"):
        scene.slack.acts.submit(scene.slack.views(scene.ann)[0], {})


def test_an_error_beside_no_field_fails_the_test(scene: Scene) -> None:
    opened(scene)
    scene.bolt.answer = {"response_action": "errors", "errors": {"gmv": "没有这一栏"}}
    with pytest.raises(AssertionError, match="gmv"):
        scene.slack.acts.submit(scene.slack.views(scene.ann)[0], {"dau": "1"})


def test_a_view_is_updated_by_its_hash_and_can_be_closed(scene: Scene) -> None:
    ident = opened(scene)
    (view,) = scene.slack.views(scene.ann)
    scene.web().views_update(view_id=ident, hash=view.hash, view=form("换过"))
    with pytest.raises(SlackApiError, match="hash_conflict"):
        scene.web().views_update(view_id=ident, hash=view.hash, view=form("晚了"))
    scene.slack.acts.close(view)
    assert scene.bolt.heard[-1]["type"] == "view_closed"
    with pytest.raises(SlackApiError, match="not_found"):
        scene.web().views_update(view_id=ident, view=form())


def test_a_home_page_is_published_and_allows_no_table(scene: Scene) -> None:
    scene.slack.acts.open_home(scene.ann)
    scene.web().views_publish(user_id=scene.ann.id, view={"type": "home", "blocks": CARD})
    home = scene.slack.home(scene.ann)
    assert home is not None
    scene.slack.acts.press(scene.ann, home, "完成")
    assert scene.bolt.heard[-1]["container"] == {"type": "view", "view_id": home.id}
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "1"}]]}
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        scene.web().views_publish(user_id=scene.ann.id, view={"type": "home", "blocks": [table]})


# ------------------------------------------------------------------ events


def test_a_mention_makes_two_events_of_one_message(scene: Scene) -> None:
    scene.slack.acts.mention(scene.ann, scene.ops, "help")
    message, mention = (body["event"] for body in scene.bolt.heard)
    assert (message["type"], message["channel_type"], mention["type"]) == ("message", "channel", "app_mention")
    assert (message["ts"], message["client_msg_id"]) == (mention["ts"], mention["client_msg_id"])
    assert mention["text"] == f"<@{scene.slack.team.bot_user}> help"


def test_only_subscribed_events_come_and_only_from_where_the_bot_is(scene: Scene) -> None:
    scene.slack.acts.subscribed = frozenset({"message.im"})
    scene.slack.acts.say(scene.ann, scene.ops, "大家好")
    scene.slack.acts.say(scene.ann, scene.slack.direct(scene.ann), "你好")
    scene.slack.acts.subscribed |= {"message.channels"}
    scene.slack.acts.say(scene.ann, scene.slack.add_channel("elsewhere", scene.ann, bot=False), "没人听")
    assert [body["event"]["text"] for body in scene.bolt.heard] == ["你好"]


def test_an_answer_in_a_thread_says_so(scene: Scene) -> None:
    head = scene.web().chat_postMessage(channel=scene.ops.id, text="晨报")["ts"]
    scene.slack.acts.mention(scene.ann, scene.ops, "help", thread=head)
    assert {body["event"]["thread_ts"] for body in scene.bolt.heard} == {head}


def test_a_shared_file_makes_a_message_with_it_and_file_shared(scene: Scene) -> None:
    scene.slack.acts.share(scene.ann, scene.slack.direct(scene.ann), "orders.csv", b"a,b", "text/csv", "请导入")
    assert scene.events() == ["message", "file_shared"]
    message, shared = (body["event"] for body in scene.bolt.heard)
    assert (message["subtype"], message["files"][0]["name"], shared["file_id"]) == ("file_share", "orders.csv", message["files"][0]["id"])


def test_an_invitation_an_uninstall_and_a_home_are_told(scene: Scene) -> None:
    quiet = scene.slack.add_channel("quiet", scene.ann, bot=False)
    scene.slack.acts.invite_bot(scene.ann, quiet)
    scene.web().chat_postMessage(channel=quiet.id, text="你们好")
    scene.slack.acts.open_home(scene.ann)
    scene.slack.acts.event(scene.slack.team, {"type": "app_home_opened", "user": scene.ann.id, "tab": "messages"})
    assert len(scene.slack.acts.uninstall(scene.slack.team)) == 2
    with pytest.raises(SlackApiError, match="account_inactive"):
        scene.web().auth_test()
    told = [parcel.payload["event"]["type"] for parcel in scene.slack.carrier.sent]
    assert told == ["member_joined_channel", "app_home_opened", "app_home_opened", "tokens_revoked", "app_uninstalled"]
