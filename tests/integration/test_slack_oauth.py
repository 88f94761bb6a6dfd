"""Can another team get the app by an admin's link, and only so: in time, once, and in the browser in which it was begun?"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.platforms.slack.manifest import SCOPES
from bot.platforms.slack.oauth import install_link
from core.clock import FixedClock
from core.domain.workspaces import Locale
from core.i18n.texts import text
from core.messages.model import Press
from core.messages.tokens import Signer
from tests.slack_server import Rules, SlackServer, Team
from tests.slack_serving import SIGNER, Serving

WORKSPACE = 3


@pytest.fixture
def slack(clock: FixedClock) -> Iterator[SlackServer]:
    with SlackServer(clock, Rules(rotation=True)) as server:
        yield server


@pytest.fixture
def team(slack: SlackServer) -> Team:
    return slack.add_team("Second shop", "second-shop")


@pytest.fixture
def serving(slack: SlackServer) -> Iterator[Serving]:
    with Serving(slack, oauth=True) as running:
        yield running


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    with httpx.Client(headers={"accept-language": "zh-CN"}, trust_env=False) as client:
        yield client


def link(serving: Serving, signer: Signer = SIGNER) -> str:
    return install_link(signer, WORKSPACE, serving.url, serving.slack.clock.now())


def begun(serving: Serving, browser: httpx.Client) -> str:
    """The state with which the browser was sent to Slack."""
    answer = browser.get(link(serving))
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer.headers["location"]).query)["state"][0]


def ended(serving: Serving, browser: httpx.Client, **query: str) -> httpx.Response:
    return browser.get(f"{serving.url}/slack/oauth_redirect", params=query)


def said(key: str, **args: object) -> str:
    return text(Locale.ZH, f"slack.install.{key}", **args)


def test_the_link_leads_to_slacks_page_with_what_the_app_needs(serving: Serving, browser: httpx.Client) -> None:
    asked = parse_qs(urlsplit(browser.get(link(serving)).headers["location"]).query)
    assert asked["client_id"] == [serving.slack.client_id]
    assert asked["scope"] == [",".join(SCOPES)]


def test_a_team_that_agrees_is_bound_to_the_workspace_of_the_link(serving: Serving, browser: httpx.Client, slack: SlackServer, team: Team) -> None:
    answer = ended(serving, browser, state=begun(serving, browser), code=slack.authorise(team))
    assert (answer.status_code, answer.text) == (200, said("done", team="Second shop"))
    assert serving.ties.workspaces == {team.id: WORKSPACE}
    keys = serving.ties.keys_of("slack", team.id)
    assert keys is not None
    assert keys.secrets.keys() == {"bot_token", "refresh_token", "bot_user"}
    assert keys.expires_at is not None


@pytest.mark.parametrize("how", ["twice", "another browser", "too late", "forged", "a link's ticket"])
def test_a_state_is_good_once_in_time_in_its_browser(serving: Serving, browser: httpx.Client, slack: SlackServer, team: Team, how: str) -> None:
    state = begun(serving, browser)
    match how:
        case "twice":
            cookies = dict(browser.cookies)
            ended(serving, browser, state=state, code="wrong")
            browser.cookies.update(cookies)
        case "another browser":
            browser.cookies.clear()
        case "too late":
            slack.advance(601)
        case "forged":
            state = Signer(b"other").sign(WORKSPACE, Press("slack state", {}))
        case _:
            state = parse_qs(urlsplit(link(serving)).query)["ticket"][0]
    answer = ended(serving, browser, state=state, code=slack.authorise(team))
    assert (answer.status_code, answer.text) == (403, said("state_spent"))
    assert serving.ties.workspaces == {}


@pytest.mark.parametrize("how", ["old", "forged", "none"])
def test_a_link_that_is_old_or_changed_begins_nothing(serving: Serving, browser: httpx.Client, slack: SlackServer, how: str) -> None:
    address = link(serving, Signer(b"other")) if how == "forged" else link(serving)
    if how == "old":
        slack.advance(7 * 24 * 3600)
    answer = browser.get(f"{serving.url}/slack/install" if how == "none" else address)
    assert (answer.status_code, answer.text) == (403, said("link_spent"))


def test_who_does_not_agree_is_told_that_nothing_changed(serving: Serving, browser: httpx.Client) -> None:
    answer = ended(serving, browser, state=begun(serving, browser), error="access_denied")
    assert answer.text == said("cancelled")


def test_a_code_that_slack_does_not_take_is_told(serving: Serving, browser: httpx.Client) -> None:
    answer = ended(serving, browser, state=begun(serving, browser), code="wrong")
    assert answer.text == said("failed")
    assert serving.ties.workspaces == {}


def test_a_team_of_another_workspace_is_not_taken_from_it(serving: Serving, browser: httpx.Client, slack: SlackServer, team: Team) -> None:
    serving.ties.workspaces[team.id] = 99
    answer = ended(serving, browser, state=begun(serving, browser), code=slack.authorise(team))
    assert answer.text == text(Locale.ZH, "platforms.bound_elsewhere")
