"""Does Slack do what every platform must? The real kit against a Slack of ours that enforces what Slack does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from bot.platforms.seams import Keys
from bot.platforms.slack.payload import SlackPayload
from bot.platforms.slack.platform import SlackPlatform
from bot.platforms.slack.teams import Teams
from core.clock import FixedClock
from core.ports import Address, Platform
from tests.contract import slack_words
from tests.contract.platform_contract import PlatformContract
from tests.slack_house import BINDING, FakeTies
from tests.slack_server import Channel, Rules, SlackServer


class TestSlackPlatform(PlatformContract[SlackPayload]):
    @pytest.fixture
    def slack(self, clock: FixedClock) -> Iterator[SlackServer]:
        with SlackServer(clock, Rules(burst=100)) as server:
            yield server

    @pytest.fixture
    def channel(self, slack: SlackServer) -> Channel:
        return slack.add_channel("ops", slack.add_person("lin"))

    @pytest.fixture
    def platform(self, slack: SlackServer, channel: Channel, clock: FixedClock) -> Platform[SlackPayload]:
        self._slack, self._channel = slack, channel
        ties = FakeTies({BINDING: Keys(BINDING, slack.team.id, {"bot_token": slack.token})})
        return SlackPlatform(ties, Teams(ties, slack.api_url, clock), clock, lambda seconds: None)

    @pytest.fixture
    def address(self, channel: Channel) -> Address:
        return Address(BINDING, channel.id)

    def words(self, payload: SlackPayload) -> str:
        return slack_words.words(payload)

    def skeleton(self, payload: SlackPayload) -> object:
        return slack_words.skeleton(payload)

    def targets(self, payload: SlackPayload) -> Sequence[str]:
        return slack_words.targets(payload)

    def fallback(self, payload: SlackPayload) -> str:
        return payload.text

    def standing(self, address: Address) -> Sequence[str]:
        return [message.text for message in self._slack.from_bot(self._channel)]
