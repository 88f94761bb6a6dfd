"""What stands in for the house when Slack's side is tested? Ties with one team, and a desk that keeps what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Event

from bot.platforms.seams import Keys, OfferedFile
from core.domain.deliveries import Delivery, Kind
from core.domain.workspaces import Locale
from core.errors import Reason, SendError, UserError
from core.messages.model import Actions, Button, Field, Form, Heading, Message, Paragraph, Press
from core.ports import Invocation, InvocationKind, Receipt
from handlers.kernel.answer import Answer, Outcome

BINDING = 1
LATE = Delivery(1, 1, "command:late", Kind.COMMAND, BINDING, "C1", datetime(2024, 6, 4, tzinfo=UTC))


@dataclass
class FakeTies:
    """Secrets, accounts and uploads in memory. `renewing` says whether this process may renew."""

    bound: dict[int, Keys] = field(default_factory=dict)
    accounts: dict[int, str] = field(default_factory=dict)
    uploads: dict[str, str] = field(default_factory=dict)
    renewing: bool = True
    workspaces: dict[str, int] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    adopted: Event = field(default_factory=Event)

    def keys(self, binding: int) -> Keys:
        if binding not in self.bound:
            raise SendError(Reason.BAD_CREDENTIALS, retryable=False)
        return self.bound[binding]

    def keys_of(self, platform: str, tenant: str) -> Keys | None:
        return next((keys for keys in self.bound.values() if keys.tenant == tenant), None)

    def adopt(self, platform: str, tenant: str, secrets: Mapping[str, str]) -> None:
        self.bound[BINDING] = Keys(BINDING, tenant, secrets)
        self.adopted.set()

    def every(self, platform: str) -> tuple[Keys, ...]:
        return tuple(self.bound.values())

    def install(self, platform: str, tenant: str, workspace: int, secrets: Mapping[str, str], expires_at: datetime | None) -> int:
        if self.workspaces.setdefault(tenant, workspace) != workspace:
            raise UserError("platforms.bound_elsewhere")
        binding = len(self.bound) + 1
        self.bound[binding] = Keys(binding, tenant, secrets, expires_at)
        return binding

    def first(self, platform: str, workspace: int, token: str) -> bool:
        new = token not in self.shown
        self.shown.add(token)
        return new

    def may_renew(self, keys: Keys, now: datetime) -> bool:
        return self.renewing

    def renew(self, keys: Keys, secrets: Mapping[str, str], expires_at: datetime | None) -> None:
        self.bound[keys.binding] = replace(keys, secrets=secrets, expires_at=expires_at, version=keys.version + 1)

    def account(self, binding: int, member: int) -> str | None:
        return self.accounts.get(member)

    def refs(self, binding: int, message: Message) -> Mapping[str, str]:
        return {f"member:{member}": account for member, account in self.accounts.items()}

    def uploaded(self, binding: int, digest: str) -> str | None:
        return self.uploads.get(digest)

    def keep_upload(self, binding: int, digest: str, key: str) -> None:
        self.uploads[digest] = key


def words(said: str) -> Answer:
    return Answer(Message((Paragraph(((said,),)),), said, card="test.words"), visible_to=7)


@dataclass
class FakeDesk:
    """Answers with its `answer`, and keeps the invocations. `before` runs first, in the thread.

    `late` says what became of acts that were late, as long as the desk is `keeping` them; another process takes them where it `loses` them.
    """

    answer: Callable[[Invocation], Answer] = lambda invocation: words(f"heard {invocation.payload}")
    before: Callable[[Invocation], None] = lambda invocation: None
    handles: dict[str, str] = field(default_factory=dict)
    states: dict[str, Message] = field(default_factory=dict)
    asked: list[Invocation] = field(default_factory=list)
    posted: list[tuple[Invocation, Answer]] = field(default_factory=list)
    offered: list[OfferedFile] = field(default_factory=list)
    met: list[tuple[str, str]] = field(default_factory=list)
    parted: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    keeping: bool = True
    loses: bool = False

    def dispatch(self, invocation: Invocation) -> Answer:
        self.asked.append(invocation)
        self.before(invocation)
        return self.answer(invocation)

    def post(self, invocation: Invocation, answer: Answer, standing: Receipt | None = None) -> None:
        self.posted.append((invocation, answer))

    def note(self, invocation: Invocation) -> Delivery | None:
        if not self.keeping:
            raise OSError("no space left")
        self.late.append(f"noted {invocation.payload}")
        return LATE

    def hold(self, held: Delivery) -> Delivery | None:
        self.late.append("held")
        return None if self.loses else held

    def settle(self, held: Delivery, answer: Answer) -> None:
        self.late.append("settled")

    def release(self, held: Delivery) -> None:
        self.late.append("released")

    def state(self, invocation: Invocation, subject: str, locale: Locale | None = None) -> Message | None:
        return self.states.get(subject)

    def offer(self, invocation: Invocation, file: OfferedFile) -> str | None:
        self.offered.append(file)
        return f"ref-{file.external}"

    def handle(self, platform: str, tenant: str, account: str) -> str | None:
        return self.handles.get(account)

    def meet(self, platform: str, tenant: str, conversation: str, name: str) -> None:
        self.met.append((conversation, name))

    def part(self, platform: str, tenant: str, conversation: str) -> None:
        self.parted.append(conversation)

    def leave(self, platform: str, tenant: str) -> None:
        self.left.append(tenant)

    def forget(self) -> None:
        """As if nothing had been asked yet."""
        for kept in (self.asked, self.posted, self.offered, self.met, self.parted, self.left):
            kept.clear()

    @property
    def untouched(self) -> bool:
        """Whether nothing was asked of the house at all."""
        return not (self.asked or self.offered or self.met or self.parted or self.left)


def card(subject: str = "task:12", label: str = "Mark done") -> Message:
    """A card with a button."""
    button = Button(label, Press("task done", {}), token="press-token")
    return Message((Heading(("Task 12",)), Actions((button,))), "Task 12", card="test.card", subject=subject)


def asking(error: str = "", value: str = "") -> Message:
    """A form as the house asks with it."""
    item = Field("dau", "DAU", value=value, error=error)
    form = Form("Log a figure", (item,), Button("Send", Press("kpi log", {}), token="form-token"), opening="open-token")
    return Message((form,), "Log a figure", card="test.form")


def done(message: Message) -> Answer:
    return Answer(message, Outcome.DONE, visible_to=7)


def mistake(message: Message) -> Answer:
    return Answer(message, Outcome.MISTAKE, visible_to=7)


def by_kind(answers: Mapping[InvocationKind, Answer]) -> Callable[[Invocation], Answer]:
    """A desk's answers by what was done."""
    return lambda invocation: answers[invocation.kind]
