"""Who acts in the tests of the dispatcher? A team of two with some commands of its own, on the platform of the playground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import text as sql

import handlers.every  # noqa: F401  # declares the commands
from bot.dispatch import Dispatcher
from core.clock import FixedClock
from core.domain.agenda import TaskQuery
from core.domain.campaigns import Task
from core.domain.deliveries import Delivery
from core.domain.workspaces import Locale, Member, Permission, Workspace
from core.errors import Denied
from core.messages.model import Actions, Field, Fields, Form, Heading, Message, Paragraph, Phrase, Table
from core.messages.model import Context as Quiet
from core.messages.phrases import plain
from core.messages.tokens import Signer
from core.ports import Invocation, InvocationKind
from core.services import workspaces
from core.storage.unit_of_work import Database
from handlers.kernel.answer import Answer
from handlers.kernel.arguments import Nothing
from handlers.kernel.command import REGISTRY, Registry, command
from handlers.kernel.context import Context
from scheduler.stages import record
from scheduler.stages.work import Work

NOW = datetime(2024, 6, 4, 1, tzinfo=UTC)
SECRET = "hunter2-very-secret"
MAY = Permission.VIEWER


@dataclass
class Jobs:
    """Remembers whom it was asked to wake."""

    woken: list[int] = field(default_factory=list)

    def wake(self, delivery: int, at: datetime) -> None:
        self.woken.append(delivery)


def unsent(work: Work) -> record.Outcome:
    """A carrier who must not be asked."""
    raise AssertionError(work.delivery.key)


@dataclass
class Office:
    """A team at work on the platform of the playground."""

    database: Database
    shop: Workspace
    owner: Member
    viewer: Member
    registry: Registry
    signer: Signer
    clock: FixedClock
    worked: list[str] = field(default_factory=list)

    def dispatcher(self, **options: object) -> Dispatcher:
        return Dispatcher(self.database, self.clock, self.registry, self.signer, **options)  # type: ignore[arg-type]

    def invocation(self, payload: str, member: Member, kind: InvocationKind = InvocationKind.COMMAND, **changes: object) -> Invocation:
        asked = Invocation("web", str(self.shop.id), str(member.id), "ops", uuid4().hex, kind, payload, {})
        return replace(asked, **changes)  # type: ignore[arg-type]

    def say(self, line: str, member: Member | None = None, **changes: object) -> Answer:
        return self.dispatcher()(self.invocation(line, member or self.owner, **changes))  # type: ignore[arg-type]

    def tasks(self) -> Sequence[Task]:
        with self.database.read() as uow:
            return uow.tasks.find(self.shop.id, TaskQuery())

    def inbox(self) -> int:
        with self.database.read() as uow:
            return int(uow.session.execute(sql("select count(*) from inbox")).scalar_one())

    def deliveries(self) -> Sequence[Delivery]:
        with self.database.read() as uow:
            return uow.deliveries.of(self.shop.id)


def open_office(database: Database, clock: FixedClock) -> Office:
    """A new team with its owner and one who may only look."""
    with database.write() as uow:
        shop, owner, _ = workspaces.create(
            uow, Workspace(0, "茶铺", Locale.ZH, "Asia/Shanghai", "CNY", "CN"), Member(0, "林晓", Permission.ADMIN, handle="lin"), NOW
        )
        viewer = workspaces.join(uow, shop, Member(0, "Vera", Permission.VIEWER, handle="vera", locale=Locale.EN))
        uow.commit()
    made = Office(database, shop, owner, viewer, Registry(), Signer(b"k" * 32), clock)
    for item in REGISTRY:
        made.registry.add(item)
    declare(made)
    return made


def declare(office: Office) -> None:
    """Small commands of the test's own."""
    registry = office.registry

    @command("test time", zh="测试 时间", permission=MAY, registry=registry)
    def time(context: Context, _arguments: Nothing) -> Message:
        return said(f"{context.moment.local.isoformat()} {context.locale.value} {context.channel.name if context.channel else '-'}")

    @command("test break", zh="测试 坏", permission=MAY, registry=registry)
    def break_(context: Context, _arguments: Nothing) -> Message:
        raise RuntimeError("boom in the engine room")

    @command("test query", zh="测试 查", permission=MAY, registry=registry)
    def query(context: Context, _arguments: Nothing) -> Message:
        context.uow.session.execute(sql("select * from nowhere where a = :secret"), {"secret": SECRET})
        return said("never")

    @command("test half", zh="测试 半", permission=MAY, changes=True, registry=registry)
    def half(context: Context, _arguments: Nothing) -> Message:
        workspaces.speak(context.uow, context.workspace, context.member, Locale.EN)
        raise Denied("kernel.denied.stranger")

    @command("test slow", zh="测试 慢", permission=MAY, changes=True, slow=True, registry=registry)
    def slow(context: Context, _arguments: Nothing) -> Message:
        office.worked.append(context.member.handle)
        return said("worked")


def said(words: str) -> Message:
    return Message((), words)


def token(answer: Answer) -> str:
    """The token of the answer's first button or form."""
    for block in answer.message.blocks:
        if isinstance(block, Actions):
            return block.buttons[0].token
        if isinstance(block, Form):
            return block.submit.token
    raise AssertionError("nothing to press")


def words(answer: Answer) -> str:
    """Everything that the answer's blocks say, a line each."""
    return "\n".join(plain(line) for block in answer.message.blocks for line in _lines(block))


def _lines(block: object) -> list[Phrase | str]:
    match block:
        case Heading(text=text) | Quiet(text=text):
            return [text]
        case Paragraph(lines=lines):
            return list(lines)
        case Fields(pairs=pairs):
            return [f"{label}: {plain(value)}" for label, value in pairs]
        case Table(rows=rows):
            return [" | ".join(plain(cell) for cell in row) for row in rows]
        case Actions(buttons=buttons):
            return [f"[{button.label}]" for button in buttons]
        case Form(title=title):
            return [title]
        case _:
            return []


def press(office: Office, answer: Answer, member: Member | None = None, place: int = 0) -> Answer:
    tokens = [button.token for block in answer.message.blocks if isinstance(block, Actions) for button in block.buttons]
    return office.say(tokens[place], member, kind=InvocationKind.BUTTON)


def asked_in(answer: Answer) -> dict[str, Field]:
    """The fields of the answer's form by their names."""
    return {field.name: field for block in answer.message.blocks if isinstance(block, Form) for field in block.fields}
