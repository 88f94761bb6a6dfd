"""Which conversation is meant? People have one with the bot, which Feishu calls by the person's id or by a chat id of its own."""

from __future__ import annotations

from bot.platforms.feishu import calls
from bot.platforms.feishu.apps import App
from bot.platforms.feishu.client import Client
from bot.platforms.fields import word
from bot.platforms.seams import Ties
from core.errors import Reason, SendError
from core.ports import Address

PERSON = "ou_"
DIRECT = "p2p"


class Chats:
    """What is known of conversations: told by events and by what was sent, else asked for once."""

    def __init__(self, ties: Ties, client: Client) -> None:
        self._ties = ties
        self._client = client
        self._modes: dict[str, str] = {}
        self._directs: dict[tuple[int, str], str] = {}

    def learn_direct(self, binding: int, open_id: str, chat: str) -> None:
        """The chat id of a person's own conversation."""
        self._directs[binding, open_id] = chat
        self._modes[chat] = DIRECT

    def is_direct(self, app: App, chat: str) -> bool:
        """Whether a conversation is one person's own. One that cannot be asked about is taken for a group: what is private then stays private."""
        if chat.startswith(PERSON):
            return True
        if chat not in self._modes:
            try:
                self._modes[chat] = word(self._client.ask(app, calls.chat(chat)), "data", "chat_mode")
            except SendError as error:
                if error.retryable:
                    return False
                self._modes[chat] = ""
        return self._modes[chat] == DIRECT

    def place(self, app: App, address: Address) -> Address:
        """Where it really goes: what is for one person's eyes goes to their own conversation. Raises SendError for who has no account."""
        if address.visible_to is None or self.is_direct(app, address.conversation):
            return Address(address.binding, address.conversation, address.thread)
        account = self._ties.account(address.binding, address.visible_to)
        if account is None:
            raise SendError(Reason.NO_CHANNEL, retryable=False)
        return Address(address.binding, account)

    def chat_id(self, place: Address) -> str | None:
        """The chat id of a place; None for a person's conversation that nobody has told us of."""
        if not place.conversation.startswith(PERSON):
            return place.conversation
        return self._directs.get((place.binding, place.conversation))
