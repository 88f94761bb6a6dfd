"""What was said and shown in the playground, who may see it, and what came since one last looked?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from core.storage.sealing import Place, Sealer
from core.storage.tables.chat import ChatMessageRow, FileRow
from core.storage.tables.workspaces import ChannelRow
from core.storage.upsert import insert_new


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message as it stands. `content` is HTML that the web platform rendered; `author` None is the bot; `said_at` is business time.

    `edited` is the number of the channel's edit that last changed the message, 0 when it stands as it was said.
    """

    id: int
    channel: int
    key: str
    author: int | None
    visible_to: int | None
    content: str
    said_at: datetime
    edited: int = 0


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far one has seen a channel: the newest message and the newest edit."""

    message: int = 0
    edit: int = 0


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the playground with its content. `visible_to` None is everyone of the workspace."""

    ref: str
    workspace: int
    name: str
    media_type: str
    content: bytes
    visible_to: int | None = None


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """A file that a member shared on a platform and that nobody has fetched yet. `origin` is its name on the binding, `visible_to` who shared it."""

    ref: str
    workspace: int
    name: str
    media_type: str
    binding: int
    origin: str
    visible_to: int


class Chat:
    """Messages of the playground's channels."""

    def __init__(self, session: Session, sealer: Sealer) -> None:
        self._session = session
        self._sealer = sealer

    def post(self, workspace: int, message: ChatMessage) -> int:
        """Keeps a message (its `id` is ignored) and returns its id; under a key that was used before, the id of the one that stands."""
        self._queue_up(message.channel)
        sealed = self._sealer.seal(message.content.encode(), _content_place(workspace, message.key))
        values = {
            "workspace_id": workspace,
            "channel_id": message.channel,
            "key": message.key,
            "author": message.author,
            "visible_to": message.visible_to,
            "content": sealed,
            "said_at": message.said_at,
            "edited": 0,
        }
        new = insert_new(self._session, ChatMessageRow).values(values)
        self._session.execute(new.on_conflict_do_nothing(index_elements=["workspace_id", "key"]))
        return self._session.scalars(select(ChatMessageRow.id).where(_keyed(workspace, message.key))).one()

    def edit(self, workspace: int, message: int, content: str) -> bool:
        """Replaces what a message shows. False when the workspace has no such message."""
        row = self._session.scalar(select(ChatMessageRow).where(ChatMessageRow.workspace_id == workspace, ChatMessageRow.id == message))
        if row is None:
            return False
        self._queue_up(row.channel_id)
        newest = self._session.scalar(select(func.max(ChatMessageRow.edited)).where(ChatMessageRow.channel_id == row.channel_id)) or 0
        sealed = self._sealer.seal(content.encode(), _content_place(workspace, row.key))
        self._session.execute(update(ChatMessageRow).where(ChatMessageRow.id == message).values(content=sealed, edited=newest + 1))
        return True

    def find(self, workspace: int, key: str) -> ChatMessage | None:
        """The message that was posted under the key."""
        row = self._session.scalar(select(ChatMessageRow).where(_keyed(workspace, key)))
        return None if row is None else self._message(row)

    def get(self, workspace: int, message: int, viewer: int) -> ChatMessage:
        """One message. Raises LookupError, also for a message that the viewer may not see."""
        chosen = select(ChatMessageRow).where(ChatMessageRow.workspace_id == workspace, ChatMessageRow.id == message, _visible(viewer))
        row = self._session.scalar(chosen)
        if row is None:
            raise LookupError(f"message {message}")
        return self._message(row)

    def before(self, channel: int, viewer: int, limit: int, before: int | None = None) -> Sequence[ChatMessage]:
        """The last messages that the viewer may see, older than `before` when it is given, the oldest first."""
        chosen = select(ChatMessageRow).where(ChatMessageRow.channel_id == channel, _visible(viewer))
        if before is not None:
            chosen = chosen.where(ChatMessageRow.id < before)
        rows = self._session.scalars(chosen.order_by(ChatMessageRow.id.desc()).limit(limit)).all()
        return tuple(self._message(row) for row in reversed(rows))

    def since(self, channel: int, viewer: int, cursor: Cursor) -> Sequence[ChatMessage]:
        """What came or changed after the cursor, for the viewer's eyes: edits of older messages in their order, then new messages in theirs."""
        changed = or_(ChatMessageRow.id > cursor.message, ChatMessageRow.edited > cursor.edit)
        rows = self._session.scalars(select(ChatMessageRow).where(ChatMessageRow.channel_id == channel, changed, _visible(viewer))).all()
        found = [self._message(row) for row in rows]
        edits = sorted((message for message in found if message.id <= cursor.message), key=lambda message: message.edited)
        return (*edits, *sorted((message for message in found if message.id > cursor.message), key=lambda message: message.id))

    def cursor(self, channel: int) -> Cursor:
        """The newest message and edit of a channel."""
        newest = select(func.max(ChatMessageRow.id), func.max(ChatMessageRow.edited)).where(ChatMessageRow.channel_id == channel)
        message, edit = self._session.execute(newest).one()
        return Cursor(message or 0, edit or 0)

    def newest(self, workspace: int, viewer: int) -> dict[int, int]:
        """By channel, the newest message of somebody else that the viewer may see."""
        others = or_(ChatMessageRow.author.is_(None), ChatMessageRow.author != viewer)
        talk = select(ChatMessageRow.id).where(ChatMessageRow.channel_id == ChannelRow.id, _visible(viewer), others)
        # From each channel's end, not over all that was ever said: every open page asks again and again.
        newest = talk.order_by(ChatMessageRow.id.desc()).limit(1).scalar_subquery()
        chosen = select(ChannelRow.id, newest.label("message")).where(ChannelRow.workspace_id == workspace)
        return {row.id: row.message for row in self._session.execute(chosen) if row.message is not None}

    def _queue_up(self, channel: int) -> None:
        # On PostgreSQL ids are given before the commit; without a queue a reader could pass over one that comes late.
        self._session.execute(select(ChannelRow.id).where(ChannelRow.id == channel).with_for_update())

    def _message(self, row: ChatMessageRow) -> ChatMessage:
        return ChatMessage(
            id=row.id,
            channel=row.channel_id,
            key=row.key,
            author=row.author,
            visible_to=row.visible_to,
            content=self._sealer.open(row.content, _content_place(row.workspace_id, row.key)).decode(),
            said_at=row.said_at,
            edited=row.edited,
        )


class Files:
    """Pictures that the playground shows and files that people dropped in; sealed."""

    def __init__(self, session: Session, sealer: Sealer) -> None:
        self._session = session
        self._sealer = sealer

    def add(self, file: StoredFile, created_at: datetime) -> None:
        """Keeps a file under its ref."""
        self._session.add(
            FileRow(
                ref=file.ref,
                workspace_id=file.workspace,
                name=file.name,
                media_type=file.media_type,
                content=self._sealer.seal(file.content, _file_place(file.ref)),
                visible_to=file.visible_to,
                created_at=created_at,
            )
        )
        self._session.flush()

    def get(self, ref: str) -> StoredFile | None:
        """The file of that ref with its content; None while it is only offered."""
        row = self._session.get(FileRow, ref)
        if row is None or row.content is None:
            return None
        return StoredFile(row.ref, row.workspace_id, row.name, row.media_type, self._sealer.open(row.content, _file_place(ref)), row.visible_to)

    def offer(self, file: OfferedFile, created_at: datetime) -> str:
        """Keeps note of a file without its content and returns its ref; the same file offered again by the same person is the one that was there."""
        values = {
            "ref": file.ref,
            "workspace_id": file.workspace,
            "name": file.name,
            "media_type": file.media_type,
            "visible_to": file.visible_to,
            "created_at": created_at,
            "binding_id": file.binding,
            "origin": file.origin,
        }
        new = insert_new(self._session, FileRow).values(values)
        self._session.execute(new.on_conflict_do_nothing(index_elements=["binding_id", "origin", "visible_to"]))
        same = (FileRow.binding_id == file.binding, FileRow.origin == file.origin, FileRow.visible_to == file.visible_to)
        return self._session.scalars(select(FileRow.ref).where(*same)).one()

    def offered(self, ref: str) -> OfferedFile | None:
        """The file of that ref where it is still to be fetched."""
        row = self._session.get(FileRow, ref)
        if row is None or row.content is not None or row.binding_id is None or row.origin is None or row.visible_to is None:
            return None
        return OfferedFile(row.ref, row.workspace_id, row.name, row.media_type, row.binding_id, row.origin, row.visible_to)

    def fill(self, ref: str, content: bytes) -> None:
        """Keeps the content of an offered file."""
        row = self._session.get_one(FileRow, ref)
        row.content = self._sealer.seal(content, _file_place(ref))
        self._session.flush()


def _visible(viewer: int) -> ColumnElement[bool]:
    return or_(ChatMessageRow.visible_to.is_(None), ChatMessageRow.visible_to == viewer)


def _keyed(workspace: int, key: str) -> ColumnElement[bool]:
    return (ChatMessageRow.workspace_id == workspace) & (ChatMessageRow.key == key)


def _content_place(workspace: int, key: str) -> Place:
    return Place("chat_messages", f"{workspace}/{key}", "content")


def _file_place(ref: str) -> Place:
    return Place("files", ref, "content")
