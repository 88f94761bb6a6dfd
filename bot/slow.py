"""How does a slow command wait in the ledger, and how is it taken up again? The act itself is what is kept."""

from __future__ import annotations

import json
from collections.abc import Callable

from bot.dispatch import Dispatcher
from bot.turn import Later
from core.domain.deliveries import Request
from core.domain.moments import Moment, business_time
from core.domain.workspaces import Workspace
from core.messages.model import Message
from core.ports import Address, Clock, Invocation, InvocationKind, JobQueue
from core.services.deliveries import order
from core.storage.unit_of_work import UnitOfWork

Builder = Callable[[Request, Workspace, Moment], Message]


def note_key(invocation: Invocation) -> str:
    """The key under which a platform posts the answer to an act, and so the working note of a slow one."""
    return f"answer:{invocation.request_key}"


def later(clock: Clock, jobs: JobQueue) -> Later:
    """Puts a slow command off: its delivery is planned with the act, and somebody is woken once that stands."""

    def put_off(uow: UnitOfWork, workspace: Workspace, invocation: Invocation, member: int) -> int:
        now = clock.now()
        moment = business_time(workspace, now)
        binding = uow.places.binding(invocation.platform, invocation.tenant)
        if binding is None:
            raise LookupError(f"binding {invocation.tenant}")
        address = Address(binding[0], invocation.conversation, visible_to=member)
        delivery = order(uow, workspace, address, _key(invocation), _request(invocation), moment, now)
        uow.after_commit(lambda: jobs.wake(delivery, now))
        return delivery

    return put_off


def finisher(dispatcher: Dispatcher) -> Builder:
    """Does the work of a slow command and makes its answer, through a dispatcher that puts nothing off."""

    def build(request: Request, workspace: Workspace, moment: Moment) -> Message:
        return dispatcher(_invocation(request)).message

    return build


def _key(invocation: Invocation) -> str:
    return f"{invocation.platform}/{invocation.tenant}/{invocation.request_key}"


def _request(invocation: Invocation) -> Request:
    arguments = {
        "platform": invocation.platform,
        "tenant": invocation.tenant,
        "actor": invocation.actor,
        "conversation": invocation.conversation,
        "request_key": invocation.request_key,
        "kind": invocation.kind.value,
        "payload": invocation.payload,
        "fields": json.dumps(dict(invocation.fields), ensure_ascii=False),
    }
    return Request(arguments, replaces=note_key(invocation))


def _invocation(request: Request) -> Invocation:
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
    )
