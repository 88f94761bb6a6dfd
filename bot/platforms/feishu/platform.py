"""How is Feishu a platform like the others? A uuid keeps a message from going out twice within the hour; by a mark in the card it is found later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import structlog

from bot.platforms.attachments import Attachment
from bot.platforms.feishu import calls, history
from bot.platforms.feishu.apps import App, Apps
from bot.platforms.feishu.calls import Call
from bot.platforms.feishu.chats import PERSON, Chats
from bot.platforms.feishu.client import Client
from bot.platforms.feishu.elements import words
from bot.platforms.feishu.failures import UNTAKEN, Refused
from bot.platforms.feishu.marks import marked, uuid
from bot.platforms.feishu.memory import SAFE_AGAIN, Memory
from bot.platforms.feishu.payload import FeishuPayload, compact
from bot.platforms.feishu.profiles import profile
from bot.platforms.feishu.render import render
from bot.platforms.fields import Body, part, word
from bot.platforms.rendered import remembered
from bot.platforms.seams import Ties
from core.domain.paces import Pace
from core.errors import Reason, SendError
from core.messages.model import Message
from core.ports import Address, Capabilities, Clock, Profile, Receipt

log = structlog.get_logger()

# Five messages a second to a chat, which other bots share. An app's 50 a second and 1 000 a minute are kept by the latter alone.
# https://open.feishu.cn/document/server-docs/im-v1/message/create
CAPABILITIES = Capabilities(
    find=True, pace=Pace(channel=timedelta(seconds=1) / 3, app=timedelta(minutes=1) / 1_000), same_for=SAFE_AGAIN, looks_back=history.LOOK_BACK
)

_rendered = remembered(render)


class FeishuPlatform:
    """All bound apps."""

    def __init__(self, ties: Ties, apps: Apps, client: Client, chats: Chats, clock: Clock) -> None:
        self._ties = ties
        self._apps = apps
        self._client = client
        self._chats = chats
        self._clock = clock
        self._memory = Memory(clock)

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def render(self, message: Message, refs: Mapping[str, str]) -> FeishuPayload:
        """The message as a card."""
        return _rendered(message, refs)

    def upload(self, address: Address, name: str, media_type: str, content: bytes) -> str:
        """Keeps a picture or a file; the same content is kept once. Returns its key."""
        picture = media_type.startswith("image/")
        digest = sha256((b"image " if picture else b"file ") + content).hexdigest()
        known = self._ties.uploaded(address.binding, digest)
        if known is not None:
            return known
        key = self._uploaded(self._apps.bound(address.binding), name, content, picture=picture)
        self._ties.keep_upload(address.binding, digest, key)
        return key

    def send(self, address: Address, payload: FeishuPayload, key: str) -> Receipt:
        """Posts under the key; the same key within the hour gives the same message."""
        app, place = self._place(address)
        return self._sent(app, place, payload, key)

    def attach(self, address: Address, receipt: Receipt, payload: FeishuPayload, key: str) -> None:
        """Puts into the message's thread the files that are not there yet.

        Raises SendError for what another try may bring; what none will is only told.
        """
        if not payload.files:
            return
        app, place = self._place(address)
        there = self._beside(app, place, receipt, key)
        for number, file in enumerate(payload.files):
            if file.name not in there:
                self._put_beside(app, receipt, file, uuid(key, f"file {number}"))

    def edit(self, address: Address, receipt: Receipt, payload: FeishuPayload) -> None:
        """Replaces a card that was sent in the last 14 days, under the mark that it had."""
        app, _ = self._place(address)
        self._replaced(app, receipt, payload)

    def download(self, binding: int, ref: str) -> bytes:
        """The content of a shared file, by the ids of its message and of itself: `om_…/file_…`."""
        message_id, _, file_key = ref.partition("/")
        return self._client.download(self._apps.bound(binding), calls.resource(message_id, file_key))

    def profile(self, binding: int, actor: str) -> Profile | None:
        """Who the account is; None for those who left."""
        return profile(self._client, self._apps.bound(binding), actor)

    def find(self, address: Address, key: str) -> Receipt | None:
        """The message under the key. Where the app may not look, none is said to stand only while Feishu itself would notice a double."""
        app, place = self._place(address)
        known = self._memory.sent(place, key)
        if known is not None:
            return known
        try:
            return self._sought(app, place, key)
        except SendError as error:
            if error.reason is Reason.NO_ACCESS and self._memory.may_send_again(place, key):
                return None
            raise

    def _place(self, address: Address) -> tuple[App, Address]:
        app = self._apps.bound(address.binding)
        return app, self._chats.place(app, address)

    def _sent(self, app: App, place: Address, payload: FeishuPayload, key: str) -> Receipt:
        known = self._memory.sent(place, key)
        if known is not None:
            return known
        self._memory.begin(place, key)
        receipt = self._posted(app, place, payload, key)
        receipt = replace(receipt, bare=bool(payload.files))
        self._memory.end(place, key, receipt)
        return receipt

    def _posted(self, app: App, place: Address, payload: FeishuPayload, key: str) -> Receipt:
        """The card; where Feishu does not take it, its words."""
        try:
            return self._post(app, place, "interactive", marked(payload, key), uuid(key))
        except Refused as error:
            if error.code not in UNTAKEN:
                raise
            log.warning("payload_refused", card=payload.name, code=error.code)
        return self._post(app, place, "text", compact({"text": payload.text}), uuid(key, "text"))

    def _post(self, app: App, place: Address, kind: str, content: str, known_by: str) -> Receipt:
        if place.thread is None:
            call = calls.send(place.conversation, kind, content, known_by)
        else:
            call = calls.reply(place.thread, kind, content, known_by, in_thread=False)
        found = part(self._client.ask(app, call, posting=True), "data")
        if place.conversation.startswith(PERSON):
            self._chats.learn_direct(place.binding, place.conversation, word(found, "chat_id"))
        return Receipt(word(found, "message_id"))

    def _beside(self, app: App, place: Address, receipt: Receipt, key: str) -> frozenset[str]:
        """The names of the files in the message's thread; none where Feishu itself would notice a double, or the app may not look."""
        if self._memory.may_send_again(place, key):
            return frozenset()
        try:
            return history.beside(self._client, app, receipt)
        except SendError as error:
            if error.reason is not Reason.NO_ACCESS:
                raise
            # A file twice is better than none.
            return frozenset()

    def _put_beside(self, app: App, receipt: Receipt, file: Attachment, known_by: str) -> None:
        try:
            key = self._uploaded(app, file.name, file.content, picture=False)
            self._client.ask(app, calls.reply(receipt.message_id, "file", compact({"file_key": key}), known_by, in_thread=True), posting=True)
        except SendError as error:
            if error.retryable:
                raise
            log.warning("attachment_lost", file=file.name, reason=error.reason.value)

    def _replaced(self, app: App, receipt: Receipt, payload: FeishuPayload) -> None:
        key = self._memory.key(receipt)
        content = payload.content if key is None else marked(payload, key)
        try:
            self._client.ask(app, calls.patch(receipt.message_id, content))
        except Refused as error:
            if error.code not in UNTAKEN:
                raise
            log.warning("payload_refused", card=payload.name, code=error.code)
            self._client.ask(app, calls.patch(receipt.message_id, compact(_worded(payload))))

    def _sought(self, app: App, place: Address, key: str) -> Receipt | None:
        chat = self._chats.chat_id(place)
        if chat is None:
            # The conversation of a person to whom this process has sent nothing yet: its chat id is not to be had.
            raise SendError(Reason.NO_ACCESS, retryable=False)
        found = history.find(self._client, app, chat, place.thread, key, self._clock.now())
        if found is not None:
            self._memory.end(place, key, found)
        return found

    def _uploaded(self, app: App, name: str, content: bytes, *, picture: bool) -> str:
        call: Call = calls.image(name, content) if picture else calls.file(name, content)
        return word(self._client.ask(app, call), "data", "image_key" if picture else "file_key")


def _worded(payload: FeishuPayload) -> Body:
    """A card of the words alone, for where a card stands already."""
    return {"schema": "2.0", "config": {"update_multi": True}, "body": {"elements": [words(payload.text)]}}
