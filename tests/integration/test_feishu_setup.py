"""Does setting Feishu up come to an end: commands registered, pages filled in, and what is wrong said with its mending?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr

import handlers.every  # noqa: F401  # declares the commands
from bot.platforms.feishu import calls
from bot.platforms.feishu.apps import App
from bot.platforms.feishu.client import Client
from bot.platforms.feishu.commands import Synced, native, sync
from bot.platforms.feishu.doctor import check
from bot.platforms.feishu.incoming import Reader, Spoken
from bot.platforms.feishu.setup import CALLBACK, EVENTS, GROUP_HISTORY, SCOPES, reason, setup_text
from bot.platforms.findings import Finding
from bot.platforms.settings import FeishuSettings
from core.clock import FixedClock, SystemClock
from core.domain.workspaces import Locale
from core.ports import Clock
from handlers.kernel.command import REGISTRY
from handlers.kernel.parse import Routed, route
from tests.feishu_server import ALL_SCOPES, UNLIMITED, Endpoint, Fail, FeishuServer
from tests.feishu_server import App as FakeApp


@pytest.fixture
def server(clock: FixedClock) -> Iterator[FeishuServer]:
    with FeishuServer(clock, limits=UNLIMITED) as server:
        yield server


@pytest.fixture
def app(server: FeishuServer) -> App:
    return App(1, server.app.app_id, server.app.app_secret)


@pytest.fixture
def client(server: FeishuServer, clock: FixedClock) -> Iterator[Client]:
    client = Client(server.url, clock)
    yield client
    client.close()


# ------------------------------------------------------------------ slash commands


def test_every_command_can_be_chosen_from_feishus_list(server: FeishuServer, client: Client, app: App) -> None:
    count = len(list(REGISTRY))
    assert sync(client, app, REGISTRY) == Synced(count, 0, 0, 0)
    standing = {command.command: command for command in server.world.commands[app.id].values()}
    assert standing["kpi_board"].i18n == {"zh_cn": "看指标看板：实际、目标和偏差", "en_us": "See the board: actual, target and deviation"}


def test_a_second_time_nothing_is_done(server: FeishuServer, client: Client, app: App) -> None:
    sync(client, app, REGISTRY)
    before = len(server.world.calls())
    assert sync(client, app, REGISTRY) == Synced(0, 0, 0, len(list(REGISTRY)))
    assert len(server.world.calls()) == before + 1


def test_what_has_other_words_is_changed_and_what_is_gone_removed_and_what_is_anothers_stays(server: FeishuServer, client: Client, app: App) -> None:
    for name in ("kpi_gone", "kpi_board", "weather", "lunch_today"):
        client.ask(app, calls.add_command({"command": name, "description": {"default_value": "x"}}))
    done = sync(client, app, REGISTRY)
    assert (done.changed, done.removed, done.added) == (1, 1, len(list(REGISTRY)) - 1)
    standing = {command.command for command in server.world.commands[app.id].values()}
    assert {"weather", "lunch_today", "kpi_board"} <= standing
    assert "kpi_gone" not in standing


def test_there_is_room_for_every_command() -> None:
    # Feishu takes no more.
    assert len(list(REGISTRY)) <= 100


def test_what_a_native_command_sends_is_the_command() -> None:
    reader = Reader(lambda app, account: None)
    for command in REGISTRY:
        body = {"message_type": "text", "chat_type": "p2p", "content": f'{{"text": "/{native(command)} 7d"}}', "message_id": "om", "chat_id": "oc"}
        sender = {"sender_type": "user", "sender_id": {"open_id": "ou"}, "tenant_key": "t"}
        event = {
            "header": {"event_type": "im.message.receive_v1", "app_id": "cli", "tenant_key": "t"},
            "event": {"message": body, "sender": sender},
        }
        heard = reader.read(event, "ou_bot")
        assert isinstance(heard, Spoken)
        routed = route(heard.invocation.payload, REGISTRY)
        assert isinstance(routed, Routed)
        assert (routed.command, [word.raw for word in routed.words]) == (command, ["7d"])


# ------------------------------------------------------------------ what to enter


@pytest.mark.parametrize("locale", Locale)
def test_the_steps_name_everything_that_has_to_be_entered(locale: Locale) -> None:
    steps = setup_text("lark", REGISTRY, "https://bot.example.com/", locale)
    assert "https://open.larksuite.com/app" in steps
    assert "https://bot.example.com/feishu/events" in steps
    for needed in (*SCOPES, *EVENTS, CALLBACK, GROUP_HISTORY, "ops_home", "kpi_board", "FEISHU_ENCRYPT_KEY"):
        assert needed in steps


@pytest.mark.parametrize("locale", Locale)
def test_the_long_connection_comes_first_since_it_needs_no_address(locale: Locale) -> None:
    steps = setup_text("feishu", REGISTRY, "", locale)
    assert steps.startswith("1. https://open.feishu.cn/app")
    assert steps.index("FEISHU_MODE=socket") < steps.index("FEISHU_ENCRYPT_KEY") < steps.index("https://YOUR.HOST/feishu/events")


def test_the_steps_in_chinese_are_chinese() -> None:
    assert "权限管理" in setup_text("feishu", REGISTRY, "", Locale.ZH)
    assert "Permissions" not in setup_text("feishu", REGISTRY, "", Locale.ZH)


# ------------------------------------------------------------------ what is wrong


def settings(server: FeishuServer, **changes: object) -> FeishuSettings:
    app = server.app
    given = {"domain": server.url, "app_id": app.app_id, "app_secret": app.app_secret, "encrypt_key": app.encrypt_key, "verification_token": "v"}
    return FeishuSettings.model_validate({**given, **changes})


def looked(told: FeishuSettings, clock: Clock, channels: dict[str, str] | None = None) -> dict[str, Finding]:
    return {finding.name: finding for finding in check(told, clock, channels or {})}


def test_an_app_that_is_set_up_is_well(server: FeishuServer) -> None:
    group = server.world.add_group("运营群")
    found = looked(settings(server), SystemClock(), {group.chat_id: "运营群"})
    assert [finding.name for finding in found.values() if not finding.well] == []
    assert found["feishu app"].said == "bot 晨钟"
    assert server.world.posted() == []
    assert GROUP_HISTORY in found["feishu history"].said


def test_looking_says_nothing_but_its_findings(server: FeishuServer, capsys: pytest.CaptureFixture[str]) -> None:
    looked(settings(server), SystemClock(), {"oc_gone": "旧群"})
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("scope", ["im:chat:read", "application:app_slash_command:write", "application:app_slash_command:read"])
def test_a_scope_that_is_missing_is_named_with_its_purpose(clock: FixedClock, scope: str) -> None:
    family = {"im:chat:read": "im:chat"}.get(scope, scope)
    kept = frozenset(each for each in ALL_SCOPES if not each.startswith(family))
    with FeishuServer(clock, limits=UNLIMITED, apps=(replace(FakeApp(), scopes=kept),)) as server:
        found = looked(settings(server), SystemClock())["feishu scopes"]
    assert not found.well
    assert f"{scope} (to {reason(scope, Locale.EN)})" in found.said


def test_a_group_without_the_bot_is_named(server: FeishuServer) -> None:
    group = server.world.add_group("新群", bots=())
    found = looked(settings(server), SystemClock(), {group.chat_id: "新群"})["feishu 新群"]
    assert not found.well
    assert "群机器人" in found.said


def test_a_wrong_secret_is_told_without_the_secret(server: FeishuServer, clock: FixedClock) -> None:
    found = looked(settings(server, app_secret=SecretStr("guess-guess")), clock)["feishu app"]
    assert not found.well
    assert "FEISHU_APP_SECRET" in found.said
    assert "guess-guess" not in str(found)


def test_a_feishu_that_does_not_answer_is_told(server: FeishuServer, clock: FixedClock) -> None:
    server.faults.plan(Endpoint.TOKEN, Fail(502))
    assert "cannot be reached" in looked(settings(server), clock)["feishu app"].said


def test_a_clock_that_goes_wrong_is_told(server: FeishuServer) -> None:
    late = FixedClock(SystemClock().now() - timedelta(minutes=3))
    found = looked(settings(server), late)["feishu clock"]
    assert not found.well
    assert "seconds slow" in found.said


def test_the_way_of_events_is_told(server: FeishuServer, clock: FixedClock) -> None:
    assert looked(settings(server), clock)["feishu events"].well
    assert looked(settings(server, mode="socket", encrypt_key=None), clock)["feishu events"].well
    assert not looked(settings(server, encrypt_key=None), clock)["feishu events"].well
