"""Which conversations has a platform asked us to leave alone for a while? Those wait; the others go on."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.errors import Reason, SendError
from core.ports import Address, Clock

LEAST_SECONDS = 1.0


class Pauses:
    """What this process was told. Another process learns the same at its own first try; the ledger's rows wait as long either way."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[tuple[int, str], datetime] = {}

    def check(self, address: Address) -> None:
        """Raises SendError (RATE_LIMITED, with the seconds that are left) while the conversation is to be left alone."""
        left = (self._until.get(_place(address), self._clock.now()) - self._clock.now()).total_seconds()
        if left > 0:
            raise SendError(Reason.RATE_LIMITED, retryable=True, retry_after=left)

    def heed(self, address: Address, error: SendError) -> SendError:
        """Leaves the conversation alone when the error is a limit of rate; gives the error back."""
        if error.reason is Reason.RATE_LIMITED:
            wait = timedelta(seconds=error.retry_after or LEAST_SECONDS)
            self._until = {place: until for place, until in self._until.items() if until > self._clock.now()}
            self._until[_place(address)] = self._clock.now() + wait
        return error


def _place(address: Address) -> tuple[int, str]:
    return address.binding, address.conversation
