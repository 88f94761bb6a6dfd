"""What do people do on the fake Feishu, and how is the app told? Each act changes the world and gives the event of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tests.feishu_server.cards import Button, buttons
from tests.feishu_server.endpoints import GROUP_HISTORY_SCOPE
from tests.feishu_server.messaging import millis
from tests.feishu_server.values import App, Chat, Json, Message, Upload, User
from tests.feishu_server.world import CardToken, World

MESSAGE = "im.message.receive_v1"
PRESS = "card.action.trigger"
MENU = "application.bot.menu_v6"
BOT_ADDED = "im.chat.member.bot.added_v1"
BOT_DELETED = "im.chat.member.bot.deleted_v1"


@dataclass(frozen=True, slots=True)
class Event:
    """One event of schema 2.0. Delivered twice it is the same value, with the same id."""

    app: App
    event_id: str
    event_type: str
    created: datetime
    body: Json

    def payload(self) -> Json:
        """The JSON before encryption."""
        header = {"event_id": self.event_id, "event_type": self.event_type, "create_time": millis(self.created)}
        whose = {"token": self.app.verification_token, "app_id": self.app.app_id, "tenant_key": self.app.tenant_key}
        return {"schema": "2.0", "header": header | whose, "event": self.body}

    @property
    def message_id(self) -> str:
        """The message that was said, or whose card was pressed."""
        part = self.body.get("message") or self.body.get("context")
        assert isinstance(part, Mapping)
        return str(part.get("message_id") or part.get("open_message_id"))


class Events:
    """The acts of people towards one app's bot."""

    def __init__(self, world: World, app: App) -> None:
        self._world = world
        self._app = app

    def says(self, user: User, chat: Chat | None, text: str, *, mentions: Sequence[User | App] = (), answering: Message | None = None) -> Event:
        """A text message; without a chat, to the bot directly. `@_user_1`, `@_user_2` … in the text stand for the mentions in order."""
        return self._message(user, chat, "text", {"text": text}, mentions, answering)

    def tells_bot(self, user: User, chat: Chat, text: str, *, answering: Message | None = None) -> Event:
        """A text message in a group that begins with a mention of the bot."""
        return self.says(user, chat, f"@_user_1 {text}", mentions=(self._app,), answering=answering)

    def says_richly(
        self, user: User, chat: Chat | None, paragraphs: Sequence[Sequence[Json]], *, title: str = "", mentions: Sequence[User | App] = ()
    ) -> Event:
        """A rich text message (post): paragraphs of tagged parts."""
        content = {"title": title, "content": [list(parts) for parts in paragraphs]}
        return self._message(user, chat, "post", content, mentions, None)

    def shares_file(self, user: User, chat: Chat | None, name: str, content: bytes) -> Event:
        """A file, to be downloaded with the message's id and the key in the content."""
        upload = self._world.keep_upload(Upload(self._world.number("file_v3"), "file", name, content, None))
        return self._message(user, chat, "file", {"file_key": upload.key, "file_name": name}, (), None)

    def presses(self, user: User, message: Message | str, label: str, form: Mapping[str, object] | None = None) -> Event:
        """A press of the button with that label on a card that stands now. Raises LookupError when the card has no such button."""
        message_id = message if isinstance(message, str) else message.message_id
        card = self._world.message(message_id)
        button = next((each for each in buttons(card.body) if each.label == label), None)
        if button is None:
            raise LookupError(f"no button {label!r} on {message_id}: {[each.label for each in buttons(card.body)]}")
        return self.acts(user, card, _action(button, form))

    def acts(self, user: User, card: Message, action: Json) -> Event:
        """Any action on a card, as a client reports it: button, select, overflow … The event's token may replace the card once it was answered."""
        token = CardToken(self._world.number("c"), card.message_id, self._app.app_id, self._world.clock.now())
        with self._world.changed:
            self._world.card_tokens[token.token] = token
        operator = {"tenant_key": self._app.tenant_key, **user.ids()}
        context = {"open_message_id": card.message_id, "open_chat_id": card.chat_id}
        return self._event(PRESS, {"operator": operator, "token": token.token, "action": action, "host": "im_message", "context": context})

    def picks_from_menu(self, user: User, event_key: str) -> Event:
        """A choice in the bot's menu."""
        operator = {"operator_name": user.name, "operator_id": user.ids()}
        return self._event(MENU, {"operator": operator, "event_key": event_key, "timestamp": int(self._world.clock.now().timestamp())})

    def adds_bot(self, user: User, chat: Chat) -> Event:
        """The bot is taken into a group."""
        self._world.put_chat(replace(chat, bots=chat.bots | {self._app.app_id}))
        return self._membership(BOT_ADDED, user, chat)

    def removes_bot(self, user: User, chat: Chat) -> Event:
        """The bot is put out of a group."""
        self._world.put_chat(replace(chat, bots=chat.bots - {self._app.app_id}))
        return self._membership(BOT_DELETED, user, chat)

    def unknown(self, event_type: str) -> Event:
        """An event that no app handles."""
        return self._event(event_type, {})

    def _message(self, user: User, chat: Chat | None, kind: str, content: Json, mentions: Sequence[User | App], answering: Message | None) -> Event:
        place = chat or self._world.direct(user, self._app)
        self._check_told(place, mentions)
        thread = answering.thread_id if answering else None
        root = (answering.root_id or answering.message_id) if answering else None
        parent = answering.message_id if answering else None
        text, now = json.dumps(content, ensure_ascii=False), self._world.clock.now()
        message = self._world.keep(Message(self._world.number("om"), place.chat_id, user.open_id, kind, text, now, None, root, parent, thread))
        sender = {"sender_id": user.ids(), "sender_type": "user", "tenant_key": self._app.tenant_key}
        return self._event(MESSAGE, {"sender": sender, "message": self._shown(message, place, mentions)})

    def _check_told(self, chat: Chat, mentions: Sequence[User | App]) -> None:
        """Feishu tells a bot of a group's message only when the bot is there, and is mentioned or may read everything."""
        if self._app.app_id not in chat.bots:
            raise ValueError("the bot is not in this chat: Feishu sends no event")
        if not chat.direct and self._app not in mentions and GROUP_HISTORY_SCOPE not in self._app.scopes:
            raise ValueError("the bot is not mentioned: Feishu sends no event without the scope for all messages of a group")

    def _shown(self, message: Message, chat: Chat, mentions: Sequence[User | App]) -> Json:
        places = {"root_id": message.root_id, "parent_id": message.parent_id, "thread_id": message.thread_id}
        named = [self._mention(number, who) for number, who in enumerate(mentions, 1)]
        return {
            "message_id": message.message_id,
            **{name: value for name, value in places.items() if value is not None},
            "create_time": millis(message.created),
            "update_time": millis(message.created),
            "chat_id": chat.chat_id,
            "chat_type": "p2p" if chat.direct else "group",
            "message_type": message.msg_type,
            "content": message.content,
            **({"mentions": named} if named else {}),
        }

    def _mention(self, number: int, who: User | App) -> Json:
        bot = User(who.bot_open_id, who.name) if isinstance(who, App) else None
        user = bot or who
        assert isinstance(user, User)
        kind = "bot" if bot else "user"
        return {"key": f"@_user_{number}", "id": user.ids(), "name": user.name, "tenant_key": self._app.tenant_key, "mentioned_type": kind}

    def _membership(self, event_type: str, user: User, chat: Chat) -> Event:
        who = {"operator_id": user.ids(), "operator_tenant_key": self._app.tenant_key}
        return self._event(event_type, {"chat_id": chat.chat_id, **who, "external": False, "name": chat.name})

    def _event(self, event_type: str, body: Json) -> Event:
        return Event(self._app, self._world.number("ev"), event_type, self._world.clock.now(), body)


def _action(button: Button, form: Mapping[str, object] | None) -> Json:
    """What a client reports of a press. A form's values come only with the button that submits it."""
    action: dict[str, object] = {"tag": "button", "timezone": "Asia/Shanghai"}
    if button.value is not None:
        action["value"] = button.value
    if button.name is not None:
        action["name"] = button.name
    if button.submits:
        action["form_value"] = dict(form or {})
    return action
