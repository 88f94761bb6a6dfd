"""How does a test get a Slack? By importing this fixture."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.clock import FixedClock
from tests.slack_server import SlackServer


@pytest.fixture
def slack(clock: FixedClock) -> Iterator[SlackServer]:
    """A Slack at the time of the test's clock."""
    with SlackServer(clock) as server:
        yield server
