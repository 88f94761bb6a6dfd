"""How often may an app call? Feishu's three limits, by the injected clock: with a clock that stands still the sixth post to a chat is refused."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from core.ports import Clock
from tests.feishu_server.endpoints import Endpoint
from tests.feishu_server.errors import refused, too_often


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers: posts a second in a chat (all bots together), calls a second and a minute for an app and API, edits a second of a message."""

    chat_posts: int = 5
    calls_a_second: int = 50
    calls_a_minute: int = 1000
    message_edits: int = 5


DOCUMENTED = Limits()
UNLIMITED = Limits(10**9, 10**9, 10**9, 10**9)


class Window:
    """Sliding windows of instants by name."""

    def __init__(self, size: int, length: timedelta) -> None:
        self.size = size
        self._length = length
        self._taken: dict[str, deque[datetime]] = {}

    def wait(self, name: str, now: datetime) -> timedelta | None:
        """How long until there is room for one more under the name; None when there is room."""
        taken = self._taken.setdefault(name, deque())
        while taken and taken[0] <= now - self._length:
            taken.popleft()
        return None if len(taken) < self.size else taken[0] + self._length - now

    def take(self, name: str, now: datetime) -> None:
        """Counts one."""
        self._taken.setdefault(name, deque()).append(now)


class Rates:
    """Counts calls and refuses what is too often."""

    def __init__(self, clock: Clock, limits: Limits) -> None:
        self._clock = clock
        self._chats = Window(limits.chat_posts, timedelta(seconds=1))
        self._edits = Window(limits.message_edits, timedelta(seconds=1))
        self._calls = (Window(limits.calls_a_second, timedelta(seconds=1)), Window(limits.calls_a_minute, timedelta(minutes=1)))

    def call(self, app_id: str, endpoint: Endpoint) -> None:
        """Counts a call of an API. Raises 99991400."""
        now, name = self._clock.now(), f"{app_id} {endpoint}"
        for window in self._calls:
            wait = window.wait(name, now)
            if wait is not None:
                raise too_often(window.size, ceil(wait.total_seconds()))
        for window in self._calls:
            window.take(name, now)

    def post(self, chat_id: str) -> None:
        """Counts a message to a chat. Raises 230020."""
        self._count(self._chats, chat_id)

    def edit(self, message_id: str) -> None:
        """Counts an edit of a message. Raises 230020."""
        self._count(self._edits, message_id)

    def _count(self, window: Window, name: str) -> None:
        now = self._clock.now()
        if window.wait(name, now) is not None:
            raise refused(230020)
        window.take(name, now)
