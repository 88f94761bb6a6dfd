"""How does the playground, which is its own platform, keep what was said and shown in it?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Serial


class ChatMessageRow(Base):
    """One message in a playground channel. `key` is the delivery's or the request's. `author` None is the bot. `said_at` is business time.

    `edited` counts the channel's edits: the number of the one that last changed this message, 0 when none did.
    """

    __tablename__ = "chat_messages"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    key: Mapped[str]
    author: Mapped[int | None]
    visible_to: Mapped[int | None]
    content: Mapped[bytes]
    said_at: Mapped[datetime]
    edited: Mapped[int] = mapped_column(default=0)

    __table_args__ = (UniqueConstraint("workspace_id", "key"), Index(None, "channel_id", "id"), Index(None, "channel_id", "edited"))


class FileRow(Base):
    """A picture or a file that the playground shows, or that a person dropped in; sealed.

    One that a person shared on another platform has no content until it is fetched from there; `origin` is its name on the binding.
    """

    __tablename__ = "files"

    ref: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    name: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes | None]
    visible_to: Mapped[int | None]
    created_at: Mapped[datetime]
    binding_id: Mapped[int | None] = mapped_column(ForeignKey("bindings.id"))
    origin: Mapped[str | None]

    # What two people share is two files: each may see their own.
    __table_args__ = (UniqueConstraint("binding_id", "origin", "visible_to"),)
