"""How does a second Slack team get the app, and does its token stay good? By a link in a browser; renewed once, whoever of the replicas asks."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.house import SLACK
from bot.platforms.slack.oauth import install_link
from core.clock import FixedClock
from core.domain.agenda import TaskQuery
from core.errors import Reason, SendError
from core.messages.model import Message
from core.messages.tokens import Signer
from core.ports import Address
from tests.house import Process, Shop, give_account, house_on, open_shop, slack_settings
from tests.slack_server import Rules, SlackServer

HOUR = 3600


@pytest.fixture
def slack(clock: FixedClock) -> Iterator[SlackServer]:
    with SlackServer(clock, Rules(burst=1_000, rotation=True)) as server:
        yield server


@pytest.fixture
def shops(sqlite_url: str, clock: FixedClock) -> tuple[Shop, Shop]:
    house = Process(sqlite_url, clock).house
    opened = open_shop(house.database, clock, "半山茶铺"), open_shop(house.database, clock, "山脚茶铺")
    house.close()
    return opened


@pytest.fixture
def replicas(sqlite_url: str, clock: FixedClock, slack: SlackServer, shops: tuple[Shop, Shop]) -> Iterator[list[Process]]:
    settings = slack_settings(slack, oauth=True)
    with Process(sqlite_url, clock, settings, workspace="半山茶铺") as one, Process(sqlite_url, clock, settings, workspace="半山茶铺") as two:
        slack.carrier.app_url = f"{one.address}/slack/events"
        yield [one, two]


def test_a_second_team_is_installed_in_a_browser_and_its_token_renewed_once(
    slack: SlackServer, clock: FixedClock, shops: tuple[Shop, Shop], replicas: list[Process]
) -> None:
    team = slack.add_team("山脚茶铺", "foot-tea")
    slack.revoke(team)
    one = replicas[0]

    # The admin's link leads to Slack's page of consent, and that back with a code.
    signer = Signer(one.house.database.sealer.derive("slack install"))
    with httpx.Client(headers={"accept-language": "zh-CN"}, trust_env=False) as browser:
        leaving = browser.get(install_link(signer, shops[1].workspace.id, one.address, clock.now()))
        (state,) = parse_qs(urlsplit(leaving.headers["location"]).query)["state"]
        back = browser.get(f"{one.address}/slack/oauth_redirect", params={"state": state, "code": slack.authorise(team)})
    assert back.status_code == 200
    assert "山脚茶铺" in back.text

    # People of that team are of the other shop, and either replica answers them.
    he = slack.add_person("he", "何田", team)
    there = slack.add_channel("ops", he, team=team)
    for process in replicas:
        slack.carrier.app_url = f"{process.address}/slack/events"
        slack.acts.mention(he, there, "/ops people")
        process.settle()
    answers = slack.from_bot(slack.direct(he))
    assert all("he" in str(message.blocks) for message in answers)
    assert len(answers) == 2

    # Before the token ends, both replicas have something to say at once: one renews it, both say it.
    slack.advance(11.5 * HOUR)
    keys = one.house.ties.keys_of(SLACK, team.id)
    assert keys is not None
    assert keys.expires_at is not None
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda process: said(process, Address(keys.binding, there.id), process.address), replicas))
    renewals = [call for call in slack.calls("oauth.v2.access") if call.arguments.get("grant_type") == "refresh_token"]
    assert [call.error for call in renewals] == [None]
    assert len(slack.from_bot(there)) == 2

    # And long after the first one has ended it is still good.
    slack.advance(2 * HOUR)
    said(replicas[1], Address(keys.binding, there.id), "later")
    assert len(slack.from_bot(there)) == 3


def test_a_state_is_good_once_whichever_replica_it_comes_back_to(
    slack: SlackServer, clock: FixedClock, shops: tuple[Shop, Shop], replicas: list[Process]
) -> None:
    one, two = replicas
    signer = Signer(one.house.database.sealer.derive("slack install"))
    with httpx.Client(headers={"accept-language": "zh-CN"}, trust_env=False) as browser:
        leaving = browser.get(install_link(signer, shops[1].workspace.id, one.address, clock.now()))
        (state,) = parse_qs(urlsplit(leaving.headers["location"]).query)["state"]
        given = dict(browser.cookies)
        codes = [slack.authorise(slack.add_team(name, name)) for name in ("first", "second")]
        back = [
            httpx.get(f"{process.address}/slack/oauth_redirect", params={"state": state, "code": code}, cookies=given, trust_env=False).status_code
            for process, code in zip((one, two), codes, strict=True)
        ]
    assert back == [200, 403]


def test_a_team_that_is_let_go_at_the_machine_is_served_no_more_by_the_process_that_runs(
    slack: SlackServer, sqlite_url: str, clock: FixedClock, shops: tuple[Shop, Shop]
) -> None:
    lin = slack.add_person("lin", "林晓")
    ops = slack.add_channel("ops", lin)
    with Process(sqlite_url, clock, slack_settings(slack), workspace="半山茶铺") as process:
        slack.carrier.app_url = f"{process.address}/slack/events"
        give_account(process.house.database, shops[0], "lin", SLACK, slack.team.id, lin.id)
        slack.acts.command(lin, ops, "/task add 备货")
        (keys,) = process.house.ties.every(SLACK)

        verb = house_on(sqlite_url)
        verb.ties.forget(SLACK, slack.team.id)
        verb.close()

        slack.acts.command(lin, ops, "/task add 补货")
        slack.acts.mention(lin, ops, "/task list")
        process.settle()
        with pytest.raises(SendError) as refused:
            said(process, Address(keys.binding, ops.id), "good morning")
        with process.house.database.read() as uow:
            assert [task.title for task in uow.tasks.find(shops[0].workspace.id, TaskQuery())] == ["备货"]
    assert refused.value.reason is Reason.BAD_CREDENTIALS
    assert (*slack.from_bot(ops), *slack.from_bot(slack.direct(lin))) == ()
    assert len(slack.ephemerals(lin, ops)) == 2
    assert "members of this team" in slack.ephemerals(lin, ops)[1].text


def said(process: Process, address: Address, words: str) -> None:
    """The process posts on the team's behalf."""
    platform = process.house.platforms.named(SLACK)
    platform.send(address, platform.render(Message((), words), {}), words)
