"""What stands on the fake Feishu at this moment? People, chats, messages, files, and all that was done: tests ask here.

Shared by the server's thread and the test's: whoever reads or writes holds `changed`, and every change wakes those who wait in `until`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Condition

from core.ports import Clock
from tests.feishu_server.cards import CardRules
from tests.feishu_server.endpoints import Endpoint
from tests.feishu_server.errors import refused
from tests.feishu_server.values import Answer, App, Call, Chat, Edit, EditWay, Message, SlashCommand, Upload, User


@dataclass(frozen=True, slots=True)
class CardToken:
    """The token of one press: replaces the pressed card twice within 30 minutes, once the press was answered."""

    token: str
    message_id: str
    app_id: str
    issued: datetime
    answered: bool = False
    uses: int = 0


class World:
    """The state of the fake. `changed` is its lock."""

    def __init__(self, clock: Clock, apps: Sequence[App], card_rules: CardRules) -> None:
        self.clock = clock
        self.apps: Mapping[str, App] = {app.app_id: app for app in apps}
        self.card_rules = card_rules
        self.changed = Condition()
        self._numbers: dict[str, int] = {}
        self._users: dict[str, User] = {}
        self._chats: dict[str, Chat] = {}
        self._messages: dict[str, Message] = {}
        self._edits: list[Edit] = []
        self._uploads: dict[str, Upload] = {}
        self._calls: list[Call] = []
        self._answers: list[Answer] = []
        self.commands: dict[str, dict[str, SlashCommand]] = {app_id: {} for app_id in self.apps}
        self.card_tokens: dict[str, CardToken] = {}

    # What a test sets up

    def add_user(self, name: str, open_id: str | None = None, *, reachable: bool = True) -> User:
        """A person of the tenant."""
        user = User(open_id or self.number("ou"), name, reachable=reachable)
        return self.put_user(user)

    def put_user(self, user: User) -> User:
        """Keeps a person as given, in place of the one with the same open id."""
        with self.changed:
            self._users[user.open_id] = user
        return user

    def add_group(self, name: str, members: Sequence[User] = (), *, chat_id: str | None = None, bots: Sequence[str] | None = None) -> Chat:
        """A group with people, and with the bots of these apps (all, when not said)."""
        found = frozenset(self.apps if bots is None else bots)
        chat = Chat(chat_id or self.number("oc"), name, False, frozenset(user.open_id for user in members), found)
        return self.put_chat(chat)

    def put_chat(self, chat: Chat) -> Chat:
        """Keeps a chat as given, in place of the one with the same id."""
        with self.changed:
            self._chats[chat.chat_id] = chat
        return chat

    def direct(self, user: User, app: App) -> Chat:
        """The person's direct conversation with an app's bot; made at the first asking, as Feishu does."""
        with self.changed:
            for chat in self._chats.values():
                if chat.direct and chat.members == {user.open_id} and chat.bots == {app.app_id}:
                    return chat
            return self.put_chat(Chat(self.number("oc"), "", True, frozenset({user.open_id}), frozenset({app.app_id})))

    # What a test asks

    def messages(self, chat: Chat | str | None = None) -> list[Message]:
        """The messages of a chat, or of all, as they stand now, oldest first: people's and bots'."""
        chat_id = chat.chat_id if isinstance(chat, Chat) else chat
        with self.changed:
            return [message for message in self._messages.values() if chat_id in (None, message.chat_id)]

    def posted(self, chat: Chat | str | None = None) -> list[Message]:
        """Only what bots posted."""
        return [message for message in self.messages(chat) if message.sender in self.apps]

    def cards(self, chat: Chat | str | None = None) -> list[Message]:
        """Only the cards that bots posted."""
        return [message for message in self.posted(chat) if message.msg_type == "interactive"]

    def edits(self, message_id: str | None = None) -> list[Edit]:
        """The replacements of a card, or of all cards, in order."""
        with self.changed:
            return [edit for edit in self._edits if message_id in (None, edit.message_id)]

    def calls(self, endpoint: Endpoint | None = None) -> list[Call]:
        """The HTTP calls of one kind, or all, in order."""
        with self.changed:
            return [call for call in self._calls if endpoint in (None, call.endpoint)]

    def answers(self, event_id: str | None = None) -> list[Answer]:
        """What the app answered to an event, or to all, in order."""
        with self.changed:
            return [answer for answer in self._answers if event_id in (None, answer.event_id)]

    def uploads(self) -> list[Upload]:
        """The images and files that an app uploaded."""
        with self.changed:
            return [upload for upload in self._uploads.values() if upload.app_id is not None]

    def until(self, holds: Callable[[], bool], seconds: float = 5.0) -> None:
        """Waits for the condition; looks again at every change. Raises TimeoutError."""
        with self.changed:
            if not self.changed.wait_for(holds, seconds):
                raise TimeoutError("what was waited for did not come")

    # What the server does

    def number(self, prefix: str) -> str:
        """A new id: om_ and as many digits as Feishu's have."""
        with self.changed:
            self._numbers[prefix] = self._numbers.get(prefix, 0) + 1
            return f"{prefix}_{self._numbers[prefix]:032d}"

    def user(self, open_id: str) -> User | None:
        """The person with that open id."""
        return self._users.get(open_id)

    def chat(self, chat_id: str) -> Chat | None:
        """The chat with that id."""
        return self._chats.get(chat_id)

    def chats_of(self, app: App) -> list[Chat]:
        """The groups that an app's bot is in."""
        return [chat for chat in self._chats.values() if app.app_id in chat.bots and not chat.direct]

    def message(self, message_id: str) -> Message:
        """The message as it stands now. Raises 230001."""
        found = self._messages.get(message_id)
        if found is None:
            raise refused(230001, "invalid message_id.")
        return found

    def upload(self, key: str) -> Upload | None:
        """The image or file with that key."""
        return self._uploads.get(key)

    def images(self) -> frozenset[str]:
        """The keys of all images."""
        return frozenset(key for key, upload in self._uploads.items() if upload.kind == "message")

    def keep(self, message: Message) -> Message:
        """Lets a message stand."""
        with self.changed:
            self._messages[message.message_id] = message
            self.changed.notify_all()
        return message

    def replace_card(self, message_id: str, content: str, way: EditWay) -> None:
        """Puts a card in the place of the one that stands there."""
        with self.changed:
            now = self.clock.now()
            self._edits.append(Edit(message_id, content, way, now))
            self.keep(replace(self.message(message_id), content=content, updated=now))

    def keep_upload(self, upload: Upload) -> Upload:
        """Keeps an image or a file."""
        with self.changed:
            self._uploads[upload.key] = upload
        return upload

    def record_call(self, call: Call) -> None:
        """Notes a call."""
        with self.changed:
            self._calls.append(call)
            self.changed.notify_all()

    def record_answer(self, answer: Answer) -> None:
        """Notes what an app answered to an event."""
        with self.changed:
            self._answers.append(answer)
            self.changed.notify_all()
