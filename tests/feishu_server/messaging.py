"""How does Feishu take a message? Sending, replying, editing, reading: its checks in its order."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from tests.feishu_server.cards import MOST_BYTES, check_card, in_history
from tests.feishu_server.endpoints import GROUP_HISTORY_SCOPE
from tests.feishu_server.errors import refused
from tests.feishu_server.limits import Rates
from tests.feishu_server.requests import Request, page
from tests.feishu_server.values import App, Chat, EditWay, Json, Message
from tests.feishu_server.world import World

Messages = list[Message]
SAME_UUID_FOR = timedelta(hours=1)
EDITABLE_FOR = timedelta(days=14)
LONGEST_UUID = 50
LONGEST_TEXT = 150 * 1024
MSG_TYPES = ("text", "post", "interactive", "image", "file")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a message goes: the chat, and what it answers."""

    chat: Chat
    root_id: str | None = None
    parent_id: str | None = None
    thread_id: str | None = None


class Messaging:
    """The calls under im/v1/messages."""

    def __init__(self, world: World, rates: Rates) -> None:
        self._world = world
        self._rates = rates

    def send(self, request: Request) -> Json:
        """POST im/v1/messages, to a chat or to a person."""
        return self._post(request, _Place(self._receiver(request)))

    def reply(self, request: Request) -> Json:
        """POST im/v1/messages/:id/reply; in a thread when asked, or when the message stands in one."""
        parent = self._world.message(request.params["message_id"])
        chat = self._world.chat(parent.chat_id)
        assert chat is not None
        thread = parent.thread_id or (self._thread(parent) if request.body.get("reply_in_thread") is True else None)
        return self._post(request, _Place(chat, parent.root_id or parent.message_id, parent.message_id, thread))

    def edit(self, request: Request) -> Json:
        """PATCH im/v1/messages/:id: an own card, for 14 days."""
        message, content = self._world.message(request.params["message_id"]), request.text("content")
        if message.msg_type != "interactive":
            raise refused(230054)
        if message.sender != request.app.app_id:
            raise refused(230071)
        if self._world.clock.now() - message.created > EDITABLE_FOR:
            raise refused(230031)
        self._rates.edit(message.message_id)
        check_card(content, self._world.images(), self._world.card_rules)
        self._world.replace_card(message.message_id, content, EditWay.PATCH)
        return {}

    def list(self, request: Request) -> Json:
        """GET im/v1/messages: the history of a chat or a thread, by default oldest first, 20 a page."""
        found = self._contained(request, request.asked("container_id_type"), request.asked("container_id"))
        if request.query.get("sort_type") == "ByCreateTimeDesc":
            found.reverse()
        return page(request, [self._shown(message, request) for message in found], 20, 50).json()

    def read(self, request: Request) -> Json:
        """GET im/v1/messages/:id."""
        message = self._world.message(request.params["message_id"])
        self._check_readable(request.app, self._world.chat(message.chat_id))
        return {"items": [self._shown(message, request)]}

    def _contained(self, request: Request, kind: str, container: str) -> Messages:
        """A chat's messages without what stands in threads under them, or a thread's; a thread's cannot be asked for by time."""
        if kind == "chat":
            self._check_readable(request.app, self._world.chat(container))
            return [message for message in self._world.messages(container) if _within(request, message) and not self._deep(message)]
        found = [message for message in self._world.messages() if message.thread_id == container]
        if kind != "thread" or {"start_time", "end_time"} & set(request.query):
            raise refused(99992402, "container_id_type, start_time, end_time")
        self._check_readable(request.app, self._world.chat(found[0].chat_id) if found else None)
        return found

    def _check_readable(self, app: App, chat: Chat | None) -> None:
        if chat is None:
            raise refused(230001, "invalid container_id.")
        if app.app_id not in chat.bots:
            raise refused(230002)
        if not chat.direct and GROUP_HISTORY_SCOPE not in app.scopes:
            raise refused(230027, f"need scope: {GROUP_HISTORY_SCOPE}")

    def _post(self, request: Request, place: _Place) -> Json:
        uuid = request.optional("uuid", LONGEST_UUID)
        earlier = self._earlier(request.app, uuid)
        if earlier is not None:
            return self._shown(earlier, request)
        self._may_post(request.app, place.chat)
        msg_type, content = self._checked(request)
        self._rates.post(place.chat.chat_id)
        message_id, now = self._world.number("om"), self._world.clock.now()
        kept = Message(
            message_id, place.chat.chat_id, request.app.app_id, msg_type, content, now, None, place.root_id, place.parent_id, place.thread_id, uuid
        )
        return self._shown(self._world.keep(kept), request)

    def _earlier(self, app: App, uuid: str | None) -> Message | None:
        """What this app posted under the uuid within the hour: posting again is not an error and adds nothing."""
        since = self._world.clock.now() - SAME_UUID_FOR
        same = (message for message in self._world.posted() if uuid is not None and message.uuid == uuid and message.sender == app.app_id)
        return next((message for message in same if message.created > since), None)

    def _receiver(self, request: Request) -> Chat:
        kind, receiver = request.asked("receive_id_type"), request.text("receive_id")
        if kind == "chat_id":
            chat = self._world.chat(receiver)
        elif kind == "open_id":
            user = self._world.user(receiver)
            chat = self._world.direct(user, request.app) if user is not None else None
        else:
            raise refused(99992402, "receive_id_type")
        if chat is None:
            raise refused(230001, "invalid receive_id.")
        return chat

    def _may_post(self, app: App, chat: Chat) -> None:
        if app.app_id not in chat.bots:
            raise refused(230002)
        if chat.direct and not all(user is not None and user.reachable for user in map(self._world.user, chat.members)):
            raise refused(230013)

    def _checked(self, request: Request) -> tuple[str, str]:
        msg_type, content = request.text("msg_type"), request.text("content")
        if msg_type not in MSG_TYPES:
            raise refused(230001, "invalid msg_type.")
        if msg_type == "interactive":
            check_card(content, self._world.images(), self._world.card_rules)
            return msg_type, content
        if len(content.encode()) > (MOST_BYTES if msg_type == "post" else LONGEST_TEXT):
            raise refused(230025)
        self._check_parts(msg_type, content)
        return msg_type, content

    def _check_parts(self, msg_type: str, content: str) -> None:
        try:
            body: object = json.loads(content)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise refused(230001, "content is not a string in json format.")
        named = {"text": "text", "image": "image_key", "file": "file_key"}.get(msg_type)
        if named is not None and (not isinstance(body.get(named), str) or not body[named]):
            raise refused(230001, f"invalid {named}.")
        if named in ("image_key", "file_key") and self._world.upload(body[named]) is None:
            raise refused(230001, f"invalid {named}.")

    def _thread(self, root: Message) -> str:
        """Begins a thread under a message."""
        thread_id = self._world.number("omt")
        self._world.keep(replace(root, thread_id=thread_id))
        return thread_id

    def _deep(self, message: Message) -> bool:
        """Whether it stands in a thread without being its first message."""
        above = self._world.message(message.parent_id) if message.parent_id else None
        return above is not None and message.thread_id is not None and above.thread_id == message.thread_id

    def _shown(self, message: Message, request: Request) -> Json:
        places = {"root_id": message.root_id, "parent_id": message.parent_id, "thread_id": message.thread_id}
        bot = message.sender in self._world.apps
        sender = {"id": message.sender, "id_type": "app_id" if bot else "open_id", "sender_type": "app" if bot else "user"}
        return {
            "message_id": message.message_id,
            **{name: value for name, value in places.items() if value is not None},
            "msg_type": message.msg_type,
            "create_time": millis(message.created),
            "update_time": millis(message.updated or message.created),
            "deleted": False,
            "updated": message.updated is not None,
            "chat_id": message.chat_id,
            "sender": {**sender, "tenant_key": request.app.tenant_key},
            "body": {"content": self._content(message, request)},
        }

    def _content(self, message: Message, request: Request) -> str:
        """A card in the form that is asked for, a file with its name."""
        match message.msg_type:
            case "interactive":
                return in_history(message.body, request.query.get("card_msg_content_type"))
            case "file":
                kept = self._world.upload(str(message.body["file_key"]))
                return json.dumps({**message.body, "file_name": kept.name if kept else ""}, ensure_ascii=False)
            case _:
                return message.content


def millis(at: datetime) -> str:
    """An instant as Feishu writes it: milliseconds since 1970, in digits."""
    return str(int(at.timestamp() * 1000))


def _within(request: Request, message: Message) -> bool:
    start, end = request.query.get("start_time"), request.query.get("end_time")
    after = start is None or message.created >= datetime.fromtimestamp(int(start), UTC)
    return after and (end is None or message.created < datetime.fromtimestamp(int(end) + 1, UTC))
