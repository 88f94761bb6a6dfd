"""What does this process remember of what it sent? Enough to spare Feishu most questions, and to know when sending again is safe."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import TypeVar

from core.ports import Address, Clock, Receipt

K = TypeVar("K")
V = TypeVar("V")

REMEMBERED = 1_000
# Feishu takes a second message under the same uuid for the first one for an hour.
SAFE_AGAIN = timedelta(minutes=50)


class Memory:
    """The newest thousand messages of this process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tried: OrderedDict[tuple[Address, str], datetime] = OrderedDict()
        self._sent: OrderedDict[tuple[Address, str], Receipt] = OrderedDict()
        self._keys: OrderedDict[str, str] = OrderedDict()

    def begin(self, place: Address, key: str) -> None:
        """A message is about to be sent."""
        self._tried.setdefault((place, key), self._clock.now())
        _shorten(self._tried)

    def end(self, place: Address, key: str, receipt: Receipt) -> None:
        """It stands."""
        self._sent[place, key] = receipt
        self._keys[receipt.message_id] = key
        _shorten(self._sent)
        _shorten(self._keys)

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


def _shorten(kept: OrderedDict[K, V]) -> None:
    while len(kept) > REMEMBERED:
        kept.popitem(last=False)
