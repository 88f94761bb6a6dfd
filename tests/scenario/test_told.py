"""Does somebody learn of it when a digest cannot go out? Once, by a way that is open; and what would fail again is off until it is mended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import time

import pytest

from core.clock import FixedClock
from core.domain.deliveries import Delivery, DeliveryState, Kind
from core.domain.moments import business_time
from core.domain.schedules import Schedule
from core.domain.workspaces import Quiet
from core.services.schedules import MORNING, add
from tests.feishu_server import Fail, Message
from tests.feishu_server.endpoints import Endpoint
from tests.house import Process, open_shop
from tests.scenario.both import Team, one_team
from tests.slack_server import Posted


@pytest.fixture
def team(sqlite_url: str, clock: FixedClock) -> Iterator[Team]:
    with one_team(sqlite_url, clock) as found:
        yield found


@pytest.fixture
def process(team: Team) -> Iterator[Process]:
    """林晓 has the digest on Slack each morning at nine."""
    with team.process() as running:
        team.command(team.lin, team.ops, "/ops channel digest=on")
        yield running


def slot(team: Team, process: Process) -> Delivery:
    """The newest digest whose time has come."""
    return [row for row in team.deliveries(process.house.database) if row.kind is Kind.DIGEST and row.due_at <= team.clock.now()][-1]


def notices(team: Team, process: Process) -> list[Delivery]:
    return [row for row in team.deliveries(process.house.database) if row.kind is Kind.NOTICE]


def schedule(process: Process, team: Team) -> Schedule:
    with process.house.database.read() as uow:
        return uow.schedules.of(team.shop.workspace.id)[-1]


def told_on_feishu(team: Team) -> list[Message]:
    """What the bot told 林晓 alone on Feishu."""
    return team.on_feishu(team.alone)


def told_on_slack(team: Team) -> tuple[Posted, ...]:
    return team.on_slack(team.slack.direct(team.lin))


def pass_minutes(process: Process, *times: str) -> None:
    for shown in times:
        process.pass_to(f"2024-06-04T{shown}")


def test_a_revoked_token_is_told_on_the_other_platform_and_mended_by_a_button_there(team: Team, process: Process) -> None:
    team.slack.revoke()
    pass_minutes(process, "09:00", "09:01", "09:30")
    # 林晓 learns of it on Feishu, once, with why and what to do.
    (told,) = told_on_feishu(team)
    assert "没能发到" in told.content
    assert "令牌被撤销" in told.content
    assert told_on_slack(team) == ()
    # Nothing is tried there any more: the schedule is off, and she is told so.
    assert schedule(process, team).off == "bad_credentials"
    assert "先停下了" in told.content
    tried = len(team.slack.calls("chat.postMessage"))
    process.pass_to("2024-06-05T09:00")
    process.pass_to("2024-06-05T09:05")
    assert len(team.slack.calls("chat.postMessage")) == tried
    assert len(told_on_feishu(team)) == 1

    # Once the token is good again, one press brings the digest that failed, and the next ones.
    team.slack._change_token(None, lambda token: replace(token, revoked=False))
    team.tell(team.feishu.events.presses(team.lin_there, told, "重新启用"))
    process.settle()
    assert len(team.on_slack()) == 1
    assert schedule(process, team).on
    process.pass_to("2024-06-06T08:00")
    process.pass_to("2024-06-06T09:00")
    assert len(team.on_slack()) == 2


def test_a_press_that_comes_too_early_fails_and_is_told_again(team: Team, process: Process) -> None:
    team.slack.revoke()
    pass_minutes(process, "09:00")
    (first,) = told_on_feishu(team)
    team.tell(team.feishu.events.presses(team.lin_there, first, "重新启用"))
    process.settle()
    pass_minutes(process, "09:02", "09:03")
    assert schedule(process, team).off == "bad_credentials"
    assert [row.state for row in notices(team, process)] == [DeliveryState.SENT, DeliveryState.SENT]


def test_an_archived_channel_is_told_in_private_where_it_was(team: Team, process: Process) -> None:
    team.slack.archive(team.ops)
    pass_minutes(process, "09:00", "09:01", "09:20")
    (told,) = told_on_slack(team)
    assert "没能发到" in told.text
    assert "已归档" in json.dumps(told.blocks, ensure_ascii=False)
    assert told_on_feishu(team) == []
    assert schedule(process, team).off == "no_channel"


def test_where_the_bot_was_put_out_the_owner_is_told_and_it_goes_on_once_it_is_back(team: Team, process: Process) -> None:
    team.slack.acts.remove_bot(team.lin, team.ops)
    process.finish()
    pass_minutes(process, "09:00", "09:01")
    (told,) = told_on_slack(team)
    assert "我已被移出" in json.dumps(told.blocks, ensure_ascii=False)
    assert schedule(process, team).off == "put_out"
    team.slack.acts.invite_bot(team.lin, team.slack.world.channels[team.ops.id])
    process.finish()
    # That alone lets the next ones come; the one that did not is sent again at her word.
    assert schedule(process, team).on
    team.slack.acts.press(team.lin, told, "重新启用")
    process.settle()
    assert len(team.on_slack()) == 1


def test_a_platform_that_is_down_all_morning_is_told_on_the_other_one(team: Team, process: Process) -> None:
    for _ in range(50):
        team.slack.faults.refuse("chat.postMessage", "service_unavailable")
    pass_minutes(process, *(f"{hour:02}:{minute:02}" for hour in range(9, 13) for minute in range(0, 60, 6)))
    assert slot(team, process).state in (DeliveryState.FAILED, DeliveryState.MISSED)
    (told,) = told_on_feishu(team)
    assert "平台一时不能用" in told.content
    # It is no fault of the schedule's, so that one stays on.
    assert schedule(process, team).on


def test_after_a_night_without_a_process_one_message_tells_what_came_late_and_what_was_missed(team: Team, process: Process) -> None:
    team.tell(team.feishu.events.tells_bot(team.lin_there, team.group, "/运营 频道 晨报=开"))
    process.settle()
    process.stop()
    team.clock.instant = team.clock.instant.replace(day=5, hour=2)  # 10:00 in Shanghai on the day after
    with team.process() as restarted:
        restarted.house.deliveries.tick()
        restarted.house.deliveries.tick()
        assert len(team.on_slack()) == 1
        # Of the day before nothing came, and today's came at ten.
        told = [*told_on_slack(team), *told_on_feishu(team)]
        assert len(told) == 1
        assert "2 条晚了才发出，2 条错过了时间" in str(told[0])


def test_what_stays_in_doubt_is_asked_of_the_owner_and_not_sent_by_itself(team: Team, process: Process) -> None:
    team.slack.scopes("chat:write", "im:write", "commands")
    team.slack.faults.drop_after("chat.postMessage")
    pass_minutes(process, *(f"09:{minute:02}" for minute in range(0, 50, 6)))
    assert slot(team, process).state is DeliveryState.IN_DOUBT
    assert len(team.on_slack()) == 1
    (asked,) = told_on_slack(team)
    assert "不确定" in asked.text
    team.slack.acts.press(team.lin, asked, "已经在那里")
    process.settle()
    assert slot(team, process).state is DeliveryState.SENT
    assert len(team.on_slack()) == 1
    # Too late to change one's mind: what was sent is never sent again.
    team.slack.acts.press(team.lin, asked, "重新发送")
    process.settle()
    assert len(team.on_slack()) == 1


def test_what_never_arrived_is_sent_again_at_the_owners_word(team: Team, process: Process) -> None:
    team.slack.scopes("chat:write", "im:write", "commands")
    team.slack.faults.drop_before("chat.postMessage")
    pass_minutes(process, *(f"09:{minute:02}" for minute in range(0, 50, 6)))
    assert team.on_slack() == ()
    (asked,) = told_on_slack(team)
    team.slack.acts.press(team.lin, asked, "重新发送")
    process.settle()
    assert len(team.on_slack()) == 1


def test_quiet_hours_keep_the_word_until_they_end(team: Team, process: Process) -> None:
    with process.house.database.write() as uow:
        uow.members.save(team.shop.workspace.id, replace(team.shop.people["lin"], quiet=Quiet(time(22), time(9, 30))))
        uow.commit()
    team.slack.archive(team.ops)
    pass_minutes(process, "09:00", "09:10")
    assert told_on_slack(team) == ()
    pass_minutes(process, "09:30")
    assert len(told_on_slack(team)) == 1


def test_who_may_only_look_cannot_send_again(team: Team, process: Process) -> None:
    team.slack.archive(team.ops)
    pass_minutes(process, "09:00")
    (told,) = told_on_slack(team)
    with process.house.database.write() as uow:
        lin = team.shop.people["lin"]
        uow.members.save(team.shop.workspace.id, replace(lin, permission=lin.permission.VIEWER))
        uow.commit()
    team.slack.acts.press(team.lin, told, "重新启用")
    process.settle()
    assert schedule(process, team).off == "no_channel"


@pytest.mark.parametrize("endpoint", [Endpoint.SEND])
def test_a_group_that_is_gone_on_feishu_is_told_there_in_private(team: Team, process: Process, endpoint: Endpoint) -> None:
    team.tell(team.feishu.events.tells_bot(team.lin_there, team.group, "/运营 频道 晨报=开 时间=09:15"))
    process.settle()
    pass_minutes(process, "09:00", "09:10")
    team.feishu.faults.plan(endpoint, Fail(400, 232009, "chat dissolved"))
    pass_minutes(process, "09:15", "09:16")
    (told,) = told_on_feishu(team)
    assert "没能发到" in told.content
    assert schedule(process, team).off == "no_channel"


def test_a_team_in_the_playground_alone_is_told_there(sqlite_url: str, clock: FixedClock) -> None:
    with Process(sqlite_url, clock) as process:
        shop = open_shop(process.house.database, clock)
        with process.house.database.write() as uow:
            ops = next(channel for channel in uow.places.channels(shop.workspace.id) if channel.direct_to is None)
            wanted = Schedule(0, 0, Kind.DIGEST, MORNING, ops.id, shop.people["lin"].id)
            add(uow, shop.workspace, wanted, business_time(shop.workspace, clock.now()))
            uow.commit()
        for shown in ("2024-06-04T08:55", "2024-06-05T10:00", "2024-06-05T10:01"):
            process.pass_to(shown)
        with process.house.database.read() as uow:
            rows = uow.deliveries.of(shop.workspace.id)
        (told,) = (row for row in rows if row.kind is Kind.NOTICE)
        assert (told.state, told.visible_to) == (DeliveryState.SENT, shop.people["lin"].id)
        assert sorted(row.state for row in rows if row.kind is Kind.DIGEST and row.due_at <= clock.now()) == [
            DeliveryState.LATE,
            DeliveryState.MISSED,
        ]
