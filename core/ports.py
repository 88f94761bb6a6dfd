"""What does the core need from the outside, in its own words? A clock, platforms, sources of figures, a job queue, a renderer of pictures.

The unit of work is not repeated here as a protocol: there is one, core.storage.unit_of_work, for both databases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from core.domain.paces import Pace
from core.domain.workspaces import Locale
from core.messages.model import Chart, Message


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
    """Proof that a message stands on a platform: its id there and a link to it, where the platform has one.

    It stands `bare` where what it could not show has still to be put beside it.
    """

    message_id: str
    link: str | None = None
    bare: bool = False


class InvocationKind(StrEnum):
    """How a person spoke to the bot. `OPEN` is the press of a button that asks for a form and does nothing else."""

    COMMAND = "command"
    BUTTON = "button"
    OPEN = "open"
    FORM = "form"
    FILE = "file"


class Reply(StrEnum):
    """How an answer gets back to the one who acted.

    `HERE`: by whoever brought the act, whole. `WORDS`: by whoever brought it, but a picture cannot go that way, and then all of it goes out as a
    message to the person. `POST`: as a message, to where it was asked; mistakes and what concerns one person go to that person.
    """

    HERE = "here"
    WORDS = "words"
    POST = "post"


@dataclass(frozen=True, slots=True)
class Invocation:
    """One thing that one person did on one platform.

    `tenant` is the platform's name for the team, `actor` its name for the person, `conversation` for the channel. `request_key` is the same
    when the platform delivers the same act twice. `payload` is the command's text, a token, or a file's ref; `fields` are a form's values.
    A file without a ref is one that no table can be read from: a picture, or what `fields` give as its `name`.
    `thread` is where in the conversation it was said, if in a thread. `replaces` is the message in whose place whoever brought the act shows what was
    done. `called` is how people call the conversation, where that is told.
    """

    platform: str
    tenant: str
    actor: str
    conversation: str
    request_key: str
    kind: InvocationKind
    payload: str
    fields: Mapping[str, str]
    reply: Reply = Reply.HERE
    thread: str | None = None
    replaces: str | None = None
    called: str = ""

    @property
    def answer_key(self) -> str:
        """The key under which the answer is posted, and so the working note of a slow command."""
        return f"answer:{self.platform}/{self.tenant}/{self.request_key}"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a platform tells of a person of the team: enough to take them in when they speak to the bot for the first time."""

    name: str
    handle: str = ""
    locale: Locale | None = None
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What not every platform can do, so that nobody has to ask for its name.

    `find` looks for a message by its key, as far back as `looks_back`, or at all there is. `pace` is how fast it lets
    messages be sent; None is as fast as one can. For `same_for` after the first try the platform itself takes a second message under the same key
    for the first one.
    """

    find: bool
    pace: Pace | None = None
    same_for: timedelta = timedelta(0)
    looks_back: timedelta | None = None


Payload = TypeVar("Payload")


class Platform(Protocol[Payload]):
    """A place where people talk. Errors of every network call are `SendError`."""

    @property
    def capabilities(self) -> Capabilities: ...

    def render(self, message: Message, refs: Mapping[str, str]) -> Payload:
        """The platform's own form of the message. Pure.

        `refs` says what the platform calls things: the key of a chart's uploaded picture by the chart's name, a member's account by `member:ID`,
        a channel by `channel:ID`. What has no ref there is told in words.
        """
        ...

    def upload(self, address: Address, name: str, media_type: str, content: bytes) -> str:
        """Keeps a file on the platform and returns its key there."""
        ...

    def send(self, address: Address, payload: Payload, key: str) -> Receipt:
        """Posts once per key where the platform can tell; what is for one member's eyes goes to their direct conversation."""
        ...

    def attach(self, address: Address, receipt: Receipt, payload: Payload, key: str) -> None:
        """Puts what the posted message could not show beside it, as files, each once: what may be there already is looked for."""
        ...

    def edit(self, address: Address, receipt: Receipt, payload: Payload) -> None:
        """Replaces a posted message. Its files stay as they are."""
        ...

    def download(self, binding: int, ref: str) -> bytes:
        """The content of a file that a person shared, by the platform's name for it."""
        ...

    def profile(self, binding: int, actor: str) -> Profile | None:
        """Who that account is; None for whoever does not belong to the team: guests, bots, those who left."""
        ...

    def find(self, address: Address, key: str) -> Receipt | None:
        """The message that was posted under the key, if it stands there: asked before a send is tried again."""
        ...


class Renderer(Protocol):
    """Draws pictures."""

    def draw(self, chart: Chart) -> bytes:
        """The chart as PNG."""
        ...


# A sign of life from work that takes long, so that nobody else takes it up.
Alive = Callable[[], None]


def unheard() -> None:
    """For work that nobody else could take up."""


class JobQueue(Protocol):
    """Says who works when. It holds no truth: a job names a ledger row, and a job lost or run twice does no harm."""

    def wake(self, delivery: int, at: datetime) -> None:
        """Asks for the delivery to be looked at, not before the instant. Called after the commit."""
        ...
