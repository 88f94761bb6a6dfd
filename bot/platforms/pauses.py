"""Which conversations has a platform asked us to leave alone for a while? Those wait; the others go on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import TypeVar

from core.errors import Reason, SendError
from core.ports import Address, Clock

T = TypeVar("T")

LEAST_SECONDS = 1.0


class Pauses:
    """What this process was told. Another process learns the same at its own first try; the ledger's rows wait as long either way."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[tuple[int, str], datetime] = {}
        self._changing = Lock()

    def around(self, address: Address, act: Callable[[], T]) -> T:
        """What the act brings. A limit of rate that it meets pauses the conversation.

        Raises SendError: the act's, and RATE_LIMITED with the seconds that are left while the conversation is to be left alone.
        """
        self._check(address)
        try:
            return act()
        except SendError as error:
            if error.reason is Reason.RATE_LIMITED:
                self._pause(address, error.retry_after or LEAST_SECONDS)
            raise

    def _check(self, address: Address) -> None:
        now = self._clock.now()
        left = (self._until.get(_place(address), now) - now).total_seconds()
        if left > 0:
            raise SendError(Reason.RATE_LIMITED, retryable=True, retry_after=left)

    def _pause(self, address: Address, seconds: float) -> None:
        now = self._clock.now()
        with self._changing:
            self._until = {place: until for place, until in self._until.items() if until > now}
            self._until[_place(address)] = now + timedelta(seconds=seconds)


def _place(address: Address) -> tuple[int, str]:
    return address.binding, address.conversation
