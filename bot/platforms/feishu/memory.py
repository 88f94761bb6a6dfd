"""What does this process remember of what it sent? Enough to spare Feishu most questions, and to know when sending again is safe."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.platforms.recent import Recent
from core.ports import Address, Clock, Receipt

REMEMBERED = 1_000
# Feishu takes a second message under the same uuid for the first one for an hour.
SAFE_AGAIN = timedelta(minutes=50)


class Memory:
    """The newest thousand messages of this process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tried: Recent[tuple[Address, str], datetime] = Recent(REMEMBERED)
        self._sent: Recent[tuple[Address, str], Receipt] = Recent(REMEMBERED)
        self._keys: Recent[str, str] = Recent(REMEMBERED)

    def begin(self, place: Address, key: str) -> None:
        """A message is about to be sent."""
        self._tried.setdefault((place, key), self._clock.now())

    def end(self, place: Address, key: str, receipt: Receipt) -> None:
        """It stands."""
        self._sent[place, key] = receipt
        self._keys[receipt.message_id] = key

    def sent(self, place: Address, key: str) -> Receipt | None:
        """The message, where this process knows it."""
        return self._sent.get((place, key))

    def key(self, receipt: Receipt) -> str | None:
        """Under which key a message was sent."""
        return self._keys.get(receipt.message_id)

    def may_send_again(self, place: Address, key: str) -> bool:
        """Whether Feishu itself would notice a double, because the first try was not long ago."""
        first = self._tried.get((place, key))
        return first is not None and self._clock.now() - first < SAFE_AGAIN
