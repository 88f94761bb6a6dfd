"""How is the playground a platform like the others? Its channels are rows, its messages HTML, and a unique key makes sending once exact."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from bot.platforms.web.hub import Hub
from bot.platforms.web.pictures import sized
from bot.platforms.web.render import render
from core.domain.moments import business_time
from core.domain.workspaces import Channel
from core.errors import Reason, SendError
from core.messages.model import Message
from core.ports import Address, Capabilities, Clock, Profile, Receipt
from core.storage.repositories.chat import ChatMessage, StoredFile
from core.storage.unit_of_work import Database, UnitOfWork

PLATFORM = "web"
CAPABILITIES = Capabilities(find=True)


class WebPlatform:
    """The web playground. `hub` belongs to the process that serves pages; another process posts without one, and pages find it by looking.

    `now` is the command line's `--now`, before which neither machine nor demo clock counts.
    """

    def __init__(self, database: Database, clock: Clock, hub: Hub | None = None, now: datetime | None = None) -> None:
        self._database = database
        self._clock = clock
        self._hub = hub or Hub()
        self._now = now

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def render(self, message: Message, refs: Mapping[str, str]) -> str:
        """The message's card as HTML."""
        return render(message, refs)

    def upload(self, address: Address, name: str, media_type: str, content: bytes) -> str:
        """Keeps a file; in a direct message or a private answer it is seen by that member alone."""
        ref = sized(secrets.token_urlsafe(18), content)
        with self._database.write() as uow:
            workspace, channel = self._place(uow, address)
            visible_to = channel.direct_to if address.visible_to is None else address.visible_to
            uow.files.add(StoredFile(ref, workspace, name, media_type, content, visible_to), self._clock.now())
            uow.commit()
        return ref

    def send(self, address: Address, payload: str, key: str) -> Receipt:
        """Posts as the bot; the same key again gives the same receipt."""
        return self.say(address, None, payload, key)

    def say(self, address: Address, author: int | None, payload: str, key: str) -> Receipt:
        """Posts as a member, or as the bot."""
        with self._database.write() as uow:
            workspace, channel = self._place(uow, address)
            said_at = business_time(uow.workspaces.get(workspace), self._clock.now(), self._now).instant
            message = ChatMessage(0, channel.id, key, author, address.visible_to, payload, said_at)
            receipt = _receipt(workspace, channel.id, uow.chat.post(workspace, message))
            uow.commit()
        self._hub.wake()
        return receipt

    def attach(self, address: Address, receipt: Receipt, payload: str, key: str) -> None:
        """Nothing: a page shows all of a message."""

    def edit(self, address: Address, receipt: Receipt, payload: str) -> None:
        """Replaces a message in place, for everyone who sees it."""
        with self._database.write() as uow:
            workspace, _ = self._place(uow, address)
            if not uow.chat.edit(workspace, int(receipt.message_id), payload):
                raise SendError(Reason.REFUSED, retryable=False)
            uow.commit()
        self._hub.wake()

    def download(self, binding: int, ref: str) -> bytes:
        """The content of a file that was dropped in."""
        with self._database.read() as uow:
            file = uow.files.get(ref)
        if file is None:
            raise SendError(Reason.REFUSED, retryable=False)
        return file.content

    def profile(self, binding: int, actor: str) -> Profile | None:
        """None: whoever speaks in the playground is a member already."""
        return None

    def find(self, address: Address, key: str) -> Receipt | None:
        """The message under the key, if it stands in that channel."""
        with self._database.read() as uow:
            workspace, channel = self._place(uow, address)
            message = uow.chat.find(workspace, key)
        return None if message is None or message.channel != channel.id else _receipt(workspace, channel.id, message.id)

    def _place(self, uow: UnitOfWork, address: Address) -> tuple[int, Channel]:
        channel = uow.places.channel(address.binding, address.conversation)
        if channel is None:
            raise SendError(Reason.NO_CHANNEL, retryable=False)
        return uow.places.workspace(address.binding), channel


def _receipt(workspace: int, channel: int, message: int) -> Receipt:
    return Receipt(str(message), f"/w/{workspace}/c/{channel}/#m{message}")
