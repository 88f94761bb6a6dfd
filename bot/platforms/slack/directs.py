"""Where does a message for one person's eyes go? To their direct conversation with the bot, which Slack opens when asked."""

from __future__ import annotations

from dataclasses import replace

from slack_sdk import WebClient

from bot.platforms.fields import word
from bot.platforms.seams import Ties
from bot.platforms.slack.failures import telling
from core.errors import Reason, SendError
from core.ports import Address

# The first letter of an id says what it names: a direct conversation, or a person (W in Enterprise organisations).
DIRECT = "D"
PERSON = ("U", "W")


class Directs:
    """Knows the direct conversations that it has asked for: they never change."""

    def __init__(self, ties: Ties) -> None:
        self._ties = ties
        self._known: dict[tuple[int, str], str] = {}

    def place(self, client: WebClient, address: Address) -> Address:
        """The conversation in which the message is posted. Raises SendError: NO_CHANNEL for a member without an account there."""
        if address.conversation.startswith(PERSON):
            return Address(address.binding, self._direct(client, address.binding, address.conversation))
        # A direct conversation is one person's already.
        if address.visible_to is None or address.conversation.startswith(DIRECT):
            return replace(address, visible_to=None)
        account = self._ties.account(address.binding, address.visible_to)
        if account is None:
            raise SendError(Reason.NO_CHANNEL, retryable=False)
        return Address(address.binding, self._direct(client, address.binding, account))

    def _direct(self, client: WebClient, binding: int, account: str) -> str:
        known = self._known.get((binding, account))
        if known is None:
            with telling("conversations.open"):
                known = word(client.conversations_open(users=account).data, "channel", "id")
            self._known[binding, account] = known
        return known
