"""What does the core need from the outside, in its own words? A clock, platforms, sources of figures, a job queue, a renderer of pictures.

The unit of work is not repeated here as a protocol: there is one, core.storage.unit_of_work, for both databases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from core.messages.model import Chart, Form, Message


class Clock(Protocol):
    """Machine time: leases, pacing, signatures. Business time is `Workspace`'s, see core.services.business_time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: a channel of a binding, perhaps a thread in it, perhaps for one member's eyes only."""

    binding: int
    conversation: str
    thread: str | None = None
    visible_to: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a message stands on a platform: its id there and a link to it, where the platform has one."""

    message_id: str
    link: str | None = None


class InvocationKind(StrEnum):
    """How a person spoke to the bot."""

    COMMAND = "command"
    BUTTON = "button"
    FORM = "form"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Invocation:
    """One thing that one person did on one platform.

    `tenant` is the platform's name for the team, `actor` its name for the person, `conversation` for the channel. `request_key` is the same
    when the platform delivers the same act twice. `payload` is the command's text, a token, or a file's ref; `fields` are a form's values.
    """

    platform: str
    tenant: str
    actor: str
    conversation: str
    request_key: str
    kind: InvocationKind
    payload: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can do, so that nobody has to ask for its name."""

    inline_card: bool
    edit: bool
    form: bool
    proactive_send: bool
    ephemeral: bool
    find: bool


Payload = TypeVar("Payload")


class Platform(Protocol[Payload]):
    """A place where people talk. Errors of every network call are `SendError`."""

    @property
    def capabilities(self) -> Capabilities: ...

    def render(self, message: Message, refs: Mapping[str, str]) -> Payload:
        """The platform's own form of the message. Pure. `refs` maps a chart's name to the key under which its picture was uploaded."""
        ...

    def upload(self, address: Address, name: str, media_type: str, content: bytes) -> str:
        """Keeps a file on the platform and returns its key there."""
        ...

    def send(self, address: Address, payload: Payload, key: str) -> Receipt:
        """Posts once per key where the platform can tell."""
        ...

    def edit(self, address: Address, receipt: Receipt, payload: Payload) -> None:
        """Replaces a posted message."""
        ...

    def open_form(self, handle: str, form: Form) -> None:
        """Opens a form for the person whose press gave the handle."""
        ...

    def publish_home(self, member: int, message: Message) -> None:
        """Replaces a member's home page of the bot."""
        ...

    def download(self, ref: str) -> bytes:
        """The content of a file that a person shared."""
        ...

    def find(self, address: Address, key: str) -> Receipt | None:
        """The message that was posted under the key, if it stands there: asked before a send is tried again."""
        ...


class Renderer(Protocol):
    """Draws pictures."""

    def draw(self, chart: Chart) -> bytes:
        """The chart as PNG."""
        ...


class JobQueue(Protocol):
    """Says who works when. It holds no truth: a job names a ledger row, and a job lost or run twice does no harm."""

    def wake(self, delivery: int, at: datetime) -> None:
        """Asks for the delivery to be looked at, not before the instant. Called after the commit."""
        ...
