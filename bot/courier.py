"""How does an answer get out that nobody can simply hand back? As a row of the ledger, written with the act that it answers and then carried out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from core.domain.deliveries import OPEN, SEND_LEASE, Delivery, DeliveryState, Kind, Request
from core.messages.codec import Frozen, dump, freeze
from core.messages.model import Chart, Message
from core.ports import Address, Clock, Invocation, InvocationKind, JobQueue, Receipt, Reply
from core.services.channels import welcomed
from core.services.deliveries import order, order_held, planned_once, work_key
from core.storage.unit_of_work import UnitOfWork
from handlers.kernel import replies
from handlers.kernel.answer import Answer
from handlers.kernel.context import Context
from scheduler.stages.work import Work

if TYPE_CHECKING:
    from scheduler.stages.record import Outcome

# Sends what is held already, and records what became of it.
Carry: TypeAlias = "Callable[[Work], Outcome]"


# Begins work that may wait for a platform.
Begin = Callable[[Callable[[], None]], None]


def at_once(work: Callable[[], None]) -> None:
    """Does it here and now: in a thread that may wait."""
    work()


class Courier:
    """Writes answers and slow commands into the ledger. What it writes is taken up after the commit, where `begin` says."""

    def __init__(self, clock: Clock, jobs: JobQueue, carry: Carry, begin: Begin = at_once) -> None:
        self._clock = clock
        self._jobs = jobs
        self._carry = carry
        self._begin = begin

    def put_off(self, uow: UnitOfWork, context: Context, invocation: Invocation) -> int:
        """Plans a slow command's work; its result takes the place of the working note where that stands as a message."""
        address, key = _as_work(context, invocation)
        return order(uow, context.workspace, address, key, _described(invocation), context.moment, context.now)

    def keep(self, uow: UnitOfWork, context: Context, invocation: Invocation) -> Delivery | None:
        """Plans the very row for an act that this process still hopes to answer, and holds it. None where it stands already, or its picture's."""
        address, key = _as_work(context, invocation)
        return order_held(uow, context.workspace, address, key, _described(invocation), context.moment, context.now)

    def order(self, uow: UnitOfWork, context: Context, invocation: Invocation, answer: Answer, standing: Receipt | None = None) -> Answer:
        """Writes the answer into the ledger, once for a request, and returns what is left to be said in place.

        It takes the place of the `standing` message where one is given.
        """
        if invocation.reply is Reply.POST and context.channel is not None and context.channel.gone:
            # Only where the bot is can it be asked for a post: that it was taken in again was not heard.
            welcomed(uow, context.workspace, context.channel, context.moment)
        row = _row(context, invocation, answer, standing)
        left = replace(answer, message=_left(answer, invocation.reply, context))
        if _has_picture(answer.message):
            # Where the act itself stands under that key, its row brings the picture.
            return replace(left, delivery=planned_once(uow, row, Request({"message": dump(answer.message).decode()}), context.now))
        self._hold(uow, context, row, answer.message)
        return left

    def placed(self, uow: UnitOfWork, context: Context, invocation: Invocation, answer: Answer, standing: Receipt) -> None:
        """Writes down that the answer stands in the place of that message, shown there by whoever brought the act: nothing is sent."""
        row = _row(context, invocation, answer, standing)
        # Where that comes too late for the platform, the answer goes there under the row's own key.
        shown = replace(row, key=f"{row.key}/shown", state=DeliveryState.SENT, receipt=standing.message_id, sent_at=context.now)
        uow.deliveries.plan(shown, Request(), context.now, freeze(Frozen(answer.message, context.moment.instant)))

    def _hold(self, uow: UnitOfWork, context: Context, row: Delivery, message: Message) -> None:
        """Words need no building: the row is written as already in this process's hands, and sent as soon as it stands."""
        frozen = Frozen(message, context.moment.instant)
        payload = freeze(frozen)
        until = context.now + SEND_LEASE
        held = replace(row, state=DeliveryState.SENDING, attempts=1, lease_until=until)
        planned = uow.deliveries.plan(held, Request(), context.now, payload)
        if planned is not None:
            work = Work(replace(held, id=planned), context.workspace, context.moment, Request(), enabled=True, payload=payload, built=frozen)
            uow.after_commit(lambda: self._begin(lambda: self._carried(work)))

    def commit(self, uow: UnitOfWork) -> None:
        """Commits, and has looked at whatever was planned with it: a command may plan more than its answer."""
        planned = tuple(uow.deliveries.fresh)
        uow.commit()
        for delivery in planned:
            self._jobs.wake(delivery, self._clock.now())

    def _carried(self, work: Work) -> None:
        row = self._carry(work).delivery
        if row.lease_until is not None and row.state in OPEN:
            # The platform asked to wait: the sweep would come later than need be.
            self._jobs.wake(row.id, row.lease_until)


def _as_work(context: Context, invocation: Invocation) -> tuple[Address, str]:
    """Where the result of an act that was put off goes, and the row's key: one for a request."""
    return Address(context.binding, invocation.conversation, invocation.thread, context.member.id), _named(invocation)


def _named(invocation: Invocation) -> str:
    return f"{invocation.platform}/{invocation.tenant}/{invocation.request_key}"


def _row(context: Context, invocation: Invocation, answer: Answer, standing: Receipt | None) -> Delivery:
    return Delivery(
        id=0,
        workspace=context.workspace.id,
        key=_key(invocation, standing),
        kind=Kind.ANSWER,
        binding=context.binding,
        conversation=invocation.conversation,
        due_at=context.moment.instant,
        thread=invocation.thread,
        visible_to=answer.visible_to,
        subject=answer.message.subject,
        edits=None if standing is None else standing.message_id,
    )


def _key(invocation: Invocation, standing: Receipt | None) -> str:
    if standing is not None:
        # What takes another message's place may follow an answer that went out under the request's own key.
        return f"{invocation.answer_key}/{standing.message_id}"
    # What an edge carries in words it may note down as late: one key for both, so that only one of them brings the picture.
    return work_key(_named(invocation)) if invocation.reply is Reply.WORDS else invocation.answer_key


def must_post(invocation: Invocation, answer: Answer) -> bool:
    """Whether the answer has to go out as a message of its own."""
    match invocation.reply:
        case Reply.HERE:
            return False
        case Reply.WORDS:
            return _has_picture(answer.message)
        case Reply.POST:
            return True


def _has_picture(message: Message) -> bool:
    return any(isinstance(block, Chart) for block in message.blocks)


def _left(answer: Answer, reply: Reply, context: Context) -> Message:
    if reply is Reply.POST:
        return answer.message
    return replies.elsewhere(context.locale)


def _described(invocation: Invocation) -> Request:
    arguments = {
        "platform": invocation.platform,
        "tenant": invocation.tenant,
        "actor": invocation.actor,
        "conversation": invocation.conversation,
        "called": invocation.called,
        "thread": invocation.thread or "",
        "request_key": invocation.request_key,
        "kind": invocation.kind.value,
        "payload": invocation.payload,
        "fields": json.dumps(dict(invocation.fields), ensure_ascii=False),
    }
    # A note in an acknowledgement is no message that could be replaced.
    return Request(arguments, replaces=None if invocation.reply is Reply.WORDS else invocation.answer_key)


def taken_up(request: Request) -> Invocation:
    """The act that was put off, as it was done."""
    given = request.arguments
    return Invocation(
        platform=given["platform"],
        tenant=given["tenant"],
        actor=given["actor"],
        conversation=given["conversation"],
        request_key=given["request_key"],
        kind=InvocationKind(given["kind"]),
        payload=given["payload"],
        fields=json.loads(given["fields"]),
        # Rows of former releases say neither.
        thread=given.get("thread") or None,
        called=given.get("called", ""),
    )
