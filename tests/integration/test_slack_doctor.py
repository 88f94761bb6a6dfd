"""Does the doctor find what is wrong at Slack, say how to mend it, and keep secrets to itself?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.platforms.findings import Finding
from bot.platforms.settings import SlackSettings
from bot.platforms.slack.doctor import check
from core.clock import FixedClock
from tests.slack_server import Channel, SlackServer


@pytest.fixture
def slack(clock: FixedClock) -> Iterator[SlackServer]:
    with SlackServer(clock) as server:
        yield server


@pytest.fixture
def ops(slack: SlackServer) -> Channel:
    return slack.add_channel("ops")


def looked(slack: SlackServer, *channels: Channel, bot_token: str = "", app_token: str = "", clock: FixedClock | None = None) -> dict[str, Finding]:
    told = SlackSettings(
        bot_token=SecretStr(bot_token or slack.token),
        signing_secret=SecretStr(slack.signing_secret),
        app_token=SecretStr(app_token or slack.app_token),
        client_id=None,
        client_secret=None,
        api_url=slack.api_url,
    )
    findings = check(told, clock or slack.clock, {channel.id: channel.name for channel in channels})
    for secret in (slack.token, slack.signing_secret, slack.app_token):
        assert secret not in repr(findings)
    return {item.name: item for item in findings}


def test_a_sound_set_up_is_well(slack: SlackServer, ops: Channel) -> None:
    found = looked(slack, ops)
    assert [item.name for item in found.values() if not item.well] == []
    assert {"slack token", "slack scopes", "slack clock", "slack #ops", "slack socket", "slack signing secret"} == found.keys()


def test_a_token_that_is_not_taken_is_named(slack: SlackServer) -> None:
    slack.revoke()
    assert "SLACK_BOT_TOKEN" in looked(slack)["slack token"].said


def test_slack_out_of_reach_is_not_blamed_on_the_token(slack: SlackServer) -> None:
    slack.faults.drop_before("auth.test")
    assert "cannot be reached" in looked(slack)["slack token"].said


def test_missing_scopes_are_named_with_what_they_are_for(slack: SlackServer) -> None:
    slack.scopes("chat:write", "commands")
    found = looked(slack)["slack scopes"]
    assert not found.well
    assert "files:write (to show pictures and long tables)" in found.said
    assert "chat:write" not in found.said


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_wrong_clock_is_found(slack: SlackServer, minutes: int) -> None:
    found = looked(slack, clock=FixedClock(slack.clock.instant + timedelta(minutes=minutes)))["slack clock"]
    assert not found.well
    assert "360 seconds" in found.said


@pytest.mark.parametrize("trouble", ["not in it", "archived", "gone"])
def test_a_channel_that_gets_no_digest_is_found(slack: SlackServer, ops: Channel, trouble: str) -> None:
    if trouble == "archived":
        slack.archive(ops)
    if trouble == "not in it":
        slack.remove_bot(ops)
    if trouble == "gone":
        ops = Channel("C0NOWHERE", slack.team.id, "ops", "channel", frozenset())
    assert not looked(slack, ops)["slack #ops"].well


def test_an_app_token_that_opens_no_socket_is_found(slack: SlackServer) -> None:
    assert "connections:write" in looked(slack, app_token="xapp-wrong")["slack socket"].said


def test_tokens_in_each_others_place_are_told_by_their_beginnings(slack: SlackServer) -> None:
    found = looked(slack, bot_token=slack.app_token, app_token=slack.token)
    assert "for SLACK_APP_TOKEN" in found["slack token"].said
    assert "for SLACK_BOT_TOKEN" in found["slack socket"].said
    assert not found["slack token"].well
    assert not found["slack socket"].well


def test_slack_out_of_reach_is_not_blamed_on_the_app_token(slack: SlackServer) -> None:
    slack.faults.drop_before("apps.connections.open")
    assert "cannot be reached" in looked(slack)["slack socket"].said
