"""Can a person at the machine set the platforms up, and is what they typed kept to itself?"""

from __future__ import annotations

import json
import re
import shlex
from contextlib import closing
from dataclasses import replace

import pytest

from core.clock import FixedClock
from core.domain.workspaces import Member, Permission
from core.storage.sealing import Sealer
from core.storage.unit_of_work import Database
from tests.command_line import PROJECT, Ended, Terminal
from tests.feishu_server import App, FeishuServer
from tests.feishu_server.endpoints import Endpoint
from tests.feishu_server.faults import Fail
from tests.slack_server import SlackServer


def test_a_grant_is_told_and_a_permission_that_is_none_too(shop: Terminal) -> None:
    granted = shop("admin", "grant", "zhou", "--permission", "lead")
    assert (granted.code, granted.err) == (0, "")
    assert granted.out.endswith("and is lead now.\n")
    assert shop("admin", "grant", "zhou", "--permission", "king").code == 2
    assert shop("admin", "grant", "nobody-of-that-name").code == 2


def test_a_name_means_whoever_is_there_and_not_whom_they_left_behind(shop: Terminal) -> None:
    database = Database.open(shop.url, Sealer.from_text((shop.folder / "shop.db.key").read_text()))
    with closing(database), database.write() as uow:
        [team] = uow.workspaces.all()
        zhou = next(member for member in uow.members.all(team.id) if member.handle == "zhou")
        double = uow.members.add(team.id, Member(0, zhou.name, Permission.VIEWER, handle="zhou2"))
        uow.members.save(team.id, replace(double, active=False))
        uow.commit()
    granted = shop.json("admin", "grant", zhou.name)
    assert granted.data["granted"] == {"handle": "zhou", "permission": "admin"}


def test_a_grant_to_an_emptied_account_is_to_the_person_behind_it(shop: Terminal) -> None:
    database = Database.open(shop.url, Sealer.from_text((shop.folder / "shop.db.key").read_text()))
    with closing(database), database.write() as uow:
        [team] = uow.workspaces.all()
        zhou = next(member for member in uow.members.all(team.id) if member.handle == "zhou")
        uow.members.merge(team.id, zhou, uow.members.add(team.id, Member(0, "Zhou K.", Permission.VIEWER, handle="zk")))
        uow.commit()
    for typed in ("@zk", "Zhou K."):
        assert shop.json("admin", "grant", typed).data["granted"]["handle"] == "zhou"


def test_a_manifest_needs_no_database(empty: Terminal) -> None:
    made = json.loads(empty("slack", "manifest", "--prefix", "shop-", "--url", "https://bot.example.com").out)
    assert {command["url"] for command in made["features"]["slash_commands"]} == {"https://bot.example.com/slack/events"}
    assert "/shop-ops" in {command["command"] for command in made["features"]["slash_commands"]}
    assert not empty.database.exists()


def test_a_doctor_says_nothing_on_the_output_but_its_one_object(shop: Terminal, clock: FixedClock) -> None:
    with SlackServer(clock) as slack:
        told = {"SLACK_API_URL": slack.api_url, "SLACK_BOT_TOKEN": "xoxb-no-such-token", "SLACK_SIGNING_SECRET": slack.signing_secret}
        looked = shop.truly("--json", "doctor", environment=told)
    assert {check["name"]: check["ok"] for check in looked.data["checks"]}["slack token"] is False
    assert "slack_call_failed" in looked.err


def test_a_slack_team_is_bound_by_its_token_and_a_wrong_one_is_refused(shop: Terminal, clock: FixedClock) -> None:
    with SlackServer(clock) as slack:
        environment = {"SLACK_API_URL": slack.api_url}
        refused = shop("slack", "add", environment=environment, typed="xoxb-no-such-token\n")
        bound = shop("slack", "add", environment=environment, typed=f"{slack.token}\n")
    assert (refused.code, bound.code) == (1, 0), bound.err
    assert "Nothing was kept" in refused.err
    assert not any(secret in ended.out + ended.err for ended in (refused, bound) for secret in ("no-such-token", slack.token))


@pytest.mark.parametrize(
    ("word", "status", "said"),
    [
        ("missing_scope", 200, "morningbell slack manifest"),
        ("some_new_word", 200, "morningbell slack manifest"),
        ("ratelimited", 429, "Try again in 7 seconds"),
        ("internal_error", 500, "cannot be reached"),
        ("token_revoked", 200, "does not take this token"),
    ],
)
def test_who_adds_a_slack_team_hears_what_keeps_it_out(shop: Terminal, clock: FixedClock, word: str, status: int, said: str) -> None:
    with SlackServer(clock) as slack:
        slack.faults.refuse("auth.test", word, status, headers={"Retry-After": "7"})
        ended = shop("slack", "add", environment={"SLACK_API_URL": slack.api_url}, typed=f"{slack.token}\n")
    assert (ended.code, said in ended.err, "Nothing was kept" in ended.err) == (1, True, True), ended.err


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fail(400, 11205), "bot feature"),
        (Fail(400, 99991672), "morningbell feishu setup"),
        (Fail(400, 99991400, reset=7), "Try again in 7 seconds"),
        (Fail(502), "cannot be reached"),
        (Fail(400, 10014), "does not take this app id with this secret"),
    ],
)
def test_who_adds_a_feishu_app_hears_what_keeps_it_out(shop: Terminal, clock: FixedClock, fault: Fail, said: str) -> None:
    with FeishuServer(clock) as feishu:
        feishu.faults.plan(Endpoint.BOT, fault)
        ended = shop("feishu", "add", feishu.app.app_id, environment={"FEISHU_DOMAIN": feishu.url}, typed=f"{feishu.app.app_secret}\n\n\n")
    assert (ended.code, said in ended.err, "Nothing was kept" in ended.err) == (1, True, True), ended.err


def checks(ended: Ended) -> dict[str, tuple[bool, str]]:
    return {check["name"]: (check["ok"], check["said"]) for check in ended.data["checks"]}


def test_a_doctor_looks_at_each_team_that_was_added(shop: Terminal, clock: FixedClock) -> None:
    with SlackServer(clock) as slack:
        second, third = slack.add_team("绿洲咖啡", "oasis", scopes=("commands",)), slack.add_team("书店", "books")
        environment = {"SLACK_API_URL": slack.api_url, "SLACK_BOT_TOKEN": slack.token, "SLACK_SIGNING_SECRET": slack.signing_secret}
        for team in (second, third):
            assert shop("slack", "add", environment=environment, typed=f"{team.token}\n").code == 0
        slack.revoke(third)
        looked = shop("--json", "doctor", environment=environment)
    found = checks(looked)
    assert looked.code == 1
    assert found["slack token"][0]
    assert found[f"slack {second.id} token"] == (True, "team 绿洲咖啡, bot morningbell")
    assert "chat:write" in found[f"slack {second.id} scopes"][1]
    assert f"morningbell slack remove {third.id}" in found[f"slack {third.id} token"][1]
    assert not any(team.token in looked.out + looked.err for team in (second, third))


def test_a_doctor_looks_at_each_feishu_app_that_was_added(shop: Terminal, clock: FixedClock) -> None:
    other = App(app_id="cli_other", app_secret="other-secret", bot_open_id="ou_other")
    with FeishuServer(clock, apps=(App(), other)) as feishu:
        keys = {"FEISHU_APP_ID": feishu.app.app_id, "FEISHU_APP_SECRET": feishu.app.app_secret, "FEISHU_DOMAIN": feishu.url}
        webhook = {**keys, "FEISHU_ENCRYPT_KEY": feishu.app.encrypt_key, "FEISHU_VERIFICATION_TOKEN": "v"}
        added = shop("feishu", "add", other.app_id, environment=webhook, typed=f"{other.app_secret}\n\n\n")
        found = checks(shop("--json", "doctor", environment=webhook))
    assert added.code == 0, added.err
    assert found["feishu cli_other app"][0]
    assert "no encrypt key" in found["feishu cli_other events"][1]


def test_a_feishu_app_with_a_wrong_secret_or_out_of_reach_is_not_kept(shop: Terminal, clock: FixedClock) -> None:
    with FeishuServer(clock) as feishu:
        wrong = shop("feishu", "add", feishu.app.app_id, environment={"FEISHU_DOMAIN": feishu.url}, typed="not-this-secret\n\n\n")
    nowhere = shop("feishu", "add", "cli_x", environment={"FEISHU_DOMAIN": "http://127.0.0.1:1"}, typed="some-secret\n\n\n")
    assert (wrong.code, nowhere.code) == (1, 1)
    assert "does not take this app id with this secret" in wrong.err
    assert "FEISHU_DOMAIN" in nowhere.err
    assert not any(secret in ended.out + ended.err for ended in (wrong, nowhere) for secret in ("not-this-secret", "some-secret"))
    assert shop("feishu", "remove", "cli_x").code == 2


def test_a_team_that_is_let_go_is_bound_no_more(shop: Terminal, clock: FixedClock) -> None:
    with SlackServer(clock) as slack:
        assert shop("slack", "add", environment={"SLACK_API_URL": slack.api_url}, typed=f"{slack.token}\n").code == 0
    unknown = shop("slack", "remove", "T0NONE")
    assert (unknown.code, slack.team.id in unknown.err) == (2, True)
    gone = shop("slack", "remove", slack.team.id)
    assert (gone.code, "deleted" in gone.out) == (0, True), gone.err
    again = shop("slack", "remove", slack.team.id)
    assert (again.code, "none" in again.err) == (2, True)


def test_of_the_settings_own_team_it_is_told_what_would_bind_it_again(shop: Terminal, clock: FixedClock) -> None:
    with FeishuServer(clock) as feishu:
        keys = {"FEISHU_APP_ID": feishu.app.app_id, "FEISHU_APP_SECRET": feishu.app.app_secret, "FEISHU_DOMAIN": feishu.url, "FEISHU_MODE": "socket"}
        assert shop("feishu", "sync-commands", environment=keys).code == 0
    assert "Take FEISHU_APP_ID and FEISHU_APP_SECRET out of the settings" in shop("feishu", "remove", feishu.app.app_id).out


def test_feishus_commands_are_registered_and_a_refusal_says_what_to_do(shop: Terminal, clock: FixedClock) -> None:
    with FeishuServer(clock) as feishu:
        app = feishu.app
        keys = {"FEISHU_APP_ID": app.app_id, "FEISHU_APP_SECRET": app.app_secret, "FEISHU_DOMAIN": feishu.url, "FEISHU_MODE": "socket"}
        done = shop("feishu", "sync-commands", environment=keys)
        refused = shop("feishu", "sync-commands", environment={**keys, "FEISHU_APP_SECRET": "not-this-secret"})
    assert (done.code, refused.code) == (0, 1), done.err
    assert "0 changed" in done.out
    assert "morningbell doctor" in refused.err
    assert "not-this-secret" not in refused.err


def test_feishus_steps_are_told_whatever_is_set_already(empty: Terminal) -> None:
    begun = empty("feishu", "setup", "--locale", "zh-CN", environment={"FEISHU_APP_ID": "cli_x", "FEISHU_DOMAIN": "lark"})
    assert begun.code == 0, begun.err
    assert "open.larksuite.com" in begun.out
    assert "长连接" in begun.out


def test_a_doctor_says_when_it_is_not_clear_for_which_workspace_the_team_is(shop: Terminal, clock: FixedClock) -> None:
    shop("init", "Second shop")
    with SlackServer(clock) as slack:
        keys = {"SLACK_API_URL": slack.api_url, "SLACK_BOT_TOKEN": slack.token, "SLACK_SIGNING_SECRET": slack.signing_secret}
        unclear = shop("doctor", environment=keys)
        clear = shop("doctor", environment={**keys, "MORNINGBELL_WORKSPACE": "Second shop"})
    assert "MEND slack workspace: Which workspace are the platforms for? Set MORNINGBELL_WORKSPACE" in unclear.out
    assert "ok   slack workspace: the team is for Second shop" in clear.out


def test_feishu_out_of_reach_is_told_in_a_sentence(shop: Terminal) -> None:
    keys = {"FEISHU_APP_ID": "cli_x", "FEISHU_APP_SECRET": "s", "FEISHU_DOMAIN": "http://127.0.0.1:1", "FEISHU_MODE": "socket"}
    refused = shop("feishu", "sync-commands", environment=keys)
    assert refused.code == 1
    assert "unreachable" in refused.err
    assert "Traceback" not in refused.err


ALONE = ("say", "digest", "tick", "init", "slack manifest", "feishu setup")


@pytest.mark.parametrize(("readme", "name"), [("README.md", "My shop"), ("README.zh-CN.md", "我的店")])
def test_the_readmes_verbs_work_in_their_order(shop: Terminal, monkeypatch: pytest.MonkeyPatch, readme: str, name: str) -> None:
    """All but those that ask a platform, take the reader's own file, or go on until they are ended."""
    monkeypatch.chdir(shop.folder)
    written = re.findall(r"^\.venv/bin/morningbell (.*)$", (PROJECT / readme).read_text(encoding="utf-8"), re.MULTILINE)
    lines = [shlex.split(line, comments=True) for line in written]
    chosen = [words for words in lines if any(verb in " ".join(words) for verb in ALONE) and "--demo-orders" not in words]
    assert len(chosen) >= 7
    for words in chosen:
        ended = shop(*words, environment={"MORNINGBELL_WORKSPACE": name})
        assert ended.code == 0, (words, ended.err)
