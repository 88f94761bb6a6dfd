"""What do a chat platform's edge and its sender need from the rest of the house? Two protocols that the composition root fills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from starlette.types import Receive, Scope, Send

from core.domain.deliveries import Delivery
from core.domain.workspaces import Locale
from core.messages.model import Message
from core.ports import Invocation, Receipt
from handlers.kernel.answer import Answer


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """A file that a person shared on the platform, which is fetched only when somebody asks for its content. `external` is its name there."""

    external: str
    name: str
    media_type: str


class Desk(Protocol):
    """What an edge may ask for the people on its platform. Everything is synchronous; call it from a pool's thread."""

    def dispatch(self, invocation: Invocation) -> Answer:
        """The answer to an act. With `Reply.POST` it is already on its way when this returns.

        Raises nothing but Unmet, for one who acts for the first time: `Tasks.house` has their platform asked, and comes again.

        But for a stranger, whom no delivery can reach, and for a fault that keeps the house from writing one: then the outcome is a mistake or a
        fault for nobody (`visible_to` is None), and the edge tells the person in private.
        """
        ...

    def post(self, invocation: Invocation, answer: Answer, standing: Receipt | None = None) -> None:
        """Has the house carry out an answer that `dispatch` gave for handing back, once for an act: nothing is lost by a platform that hangs.

        What is for one person's eyes goes to them alone; it takes the place of the `standing` message where one is given. Not for strangers, whom no
        delivery can reach: raises Denied.
        """
        ...

    def note(self, invocation: Invocation) -> Delivery | None:
        """Writes an act whose answer is late into the ledger, and holds it for this process: should that end, another does the act, as one, and
        answers by message. None for whom the house does not know (yet), and for what stands there already and comes by itself: slow work, a picture.
        """
        ...

    def hold(self, held: Delivery) -> Delivery | None:
        """Holds such a row anew, for the time of telling the answer. None where another has taken it up meanwhile, and answers."""
        ...

    def settle(self, held: Delivery, answer: Answer) -> None:
        """The answer to the act was told: the ledger brings no other than what the answer says that it brings. Too late after `release`."""
        ...

    def release(self, held: Delivery) -> None:
        """The answer to the act could not be told: the ledger brings it, by message and at once."""
        ...

    def state(self, invocation: Invocation, subject: str, locale: Locale | None = None) -> Message | None:
        """What a card of that subject shows now to the one who acts; None when there is nothing to show them.

        `locale` is the language in which the card stands, for one that others see too; without it the language is that of the one who acts.
        """
        ...

    def offer(self, invocation: Invocation, file: OfferedFile) -> str | None:
        """Keeps note of a shared file for the one who shared it. Returns the ref by which commands know it; None for a stranger."""
        ...

    def handle(self, platform: str, tenant: str, account: str) -> str | None:
        """The handle by which commands name the member of that account; None for a stranger."""
        ...

    def meet(self, platform: str, tenant: str, conversation: str, name: str) -> None:
        """The bot is in that channel now, or the channel has that name now."""
        ...

    def part(self, platform: str, tenant: str, conversation: str) -> None:
        """The bot was put out of that channel: nothing is posted there by itself until it is met again."""
        ...

    def leave(self, platform: str, tenant: str) -> None:
        """The bot was removed from the team, or its token revoked: nothing more is sent there."""
        ...


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of one binding, by their names (`bot_token`, `app_secret`). `version` counts their renewals; 0 for those of the settings."""

    binding: int
    tenant: str
    secrets: Mapping[str, str]
    expires_at: datetime | None = None
    version: int = 0

    def __repr__(self) -> str:
        return f"Keys(binding={self.binding}, tenant={self.tenant!r}, version={self.version})"


class Ties(Protocol):
    """What ties a platform's teams to the house: secrets, accounts, pictures that are there already."""

    def keys(self, binding: int) -> Keys:
        """The binding's secrets.

        Raises SendError: BAD_CREDENTIALS where there are none or the binding is off, UNREACHABLE (retryable) before adoption.
        """
        ...

    def keys_of(self, platform: str, tenant: str) -> Keys | None:
        """The secrets by the platform's own name for the team; None for a team that is not bound, or wants no more of the house."""
        ...

    def adopt(self, platform: str, tenant: str, secrets: Mapping[str, str]) -> None:
        """Says which team the secrets of the settings are for: it is bound to the process's own workspace from now on."""
        ...

    def every(self, platform: str) -> tuple[Keys, ...]:
        """The secrets of all bindings on the platform that are on."""
        ...

    def install(self, platform: str, tenant: str, workspace: int, secrets: Mapping[str, str], expires_at: datetime | None) -> int:
        """Binds a workspace to a team and keeps its secrets sealed; a team bound to it before gets the new ones. Returns the binding.

        Raises UserError for a team that is bound to another workspace.
        """
        ...

    def first(self, platform: str, workspace: int, token: str) -> bool:
        """Whether nobody has shown that token yet, to any process; from now on somebody has."""
        ...

    def may_renew(self, keys: Keys, now: datetime) -> bool:
        """Whether the caller alone, among all threads and replicas, is to renew these secrets in the next 30 seconds."""
        ...

    def renew(self, keys: Keys, secrets: Mapping[str, str], expires_at: datetime | None) -> None:
        """Keeps what the renewal of these brought."""
        ...

    def account(self, binding: int, member: int) -> str | None:
        """The member's account there."""
        ...

    def refs(self, binding: int, message: Message) -> Mapping[str, str]:
        """What the platform calls the members and channels that the message names (`member:ID`, `channel:ID`)."""
        ...

    def uploaded(self, binding: int, digest: str) -> str | None:
        """The key of content that was uploaded there before."""
        ...

    def keep_upload(self, binding: int, digest: str, key: str) -> None:
        """Remembers the key of uploaded content."""
        ...


class Presence(Protocol):
    """One platform as the serving process lives on it: an ASGI application below `path`, and whatever holds its sockets."""

    @property
    def path(self) -> str:
        """Where its addresses begin: `/slack`."""
        ...

    @property
    def heard(self) -> bool:
        """Whether what people say there reaches the process now: sockets stand, or are not needed."""
        ...

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A request to one of its addresses."""
        ...

    async def run(self) -> None:
        """Finds out who the settings' own team is and adopts it, holds sockets where there are any, until it is cancelled."""
        ...

    async def close(self) -> None:
        """Takes nothing new and returns when what was begun is done, after 5 seconds at most."""
        ...
