"""How is one act answered inside its transaction? Person, permission, arguments, handler; kept with its answer when it changes something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from core.domain.moments import business_time
from core.domain.workspaces import Locale, Permission, Workspace
from core.errors import Denied, UserError
from core.i18n.texts import text
from core.messages.codec import dump, load
from core.messages.model import Message
from core.messages.tokens import Signer, signed
from core.ports import Clock, Invocation
from core.storage.repositories.inbox import RequestKey
from core.storage.unit_of_work import Database, UnitOfWork
from handlers.kernel import replies
from handlers.kernel.answer import Answer, Outcome
from handlers.kernel.command import Command, Registry
from handlers.kernel.context import Context
from handlers.kernel.directory import StoredDirectory
from handlers.kernel.forms import asking
from handlers.kernel.kinds import Scope
from handlers.kernel.parse import Call, Routed, Unknown, call

# Plans a delivery that will do a slow command's work for a member, in the same transaction, and returns the ledger row's id.
Later = Callable[[UnitOfWork, Workspace, Invocation, int], int]
# What an act is for; a mistake where that cannot be said.
Target = Routed | Unknown | UserError

ABLE_NAMED = 3


def context_of(
    uow: UnitOfWork, database: Database, invocation: Invocation, clock: Clock, override: datetime | None, locale: Locale | None
) -> Context:
    """Who acts, where and when. Raises Denied for an account that no active member has."""
    binding = uow.places.binding(invocation.platform, invocation.tenant)
    member = uow.members.by_account(binding[0], invocation.actor) if binding else None
    if binding is None or member is None or not member.active:
        raise Denied("kernel.denied.stranger")
    workspace, now = uow.workspaces.get(binding[1]), clock.now()
    return Context(
        uow=uow,
        database=database,
        clock=clock,
        workspace=workspace,
        member=member,
        locale=locale or member.locale or workspace.locale,
        moment=business_time(workspace, now, override),
        channel=uow.places.channel(binding[0], invocation.conversation),
        now=now,
    )


def writes(target: Target, later: Later | None) -> bool:
    """Whether answering changes something in this transaction.

    A slow command does not: put off, only its delivery is written; at work, it writes in short pieces of its own, so that nobody waits for it.
    """
    if not isinstance(target, Routed):
        return False
    return later is not None if target.command.slow else target.command.changes


class Turn:
    """One act in one transaction, which is committed when something was changed. With `later`, slow commands are put off."""

    def __init__(self, context: Context, invocation: Invocation, registry: Registry, signer: Signer, later: Later | None) -> None:
        self._context = context
        self._invocation = invocation
        self._registry = registry
        self._signer = signer
        self._later = later
        self._scope = Scope(context.locale, context.moment.today, StoredDirectory(context.uow, context.workspace.id))

    def answer(self, target: Target) -> Answer:
        """The answer. A changing act that comes again gets the answer of the first time, and changes nothing."""
        match target:
            case UserError():
                return self._mistake(replies.refused(target, self._context.locale))
            case Unknown():
                return self._mistake(replies.unknown(target, self._registry, self._context.locale))
            case Routed(command=command) if command.changes and not command.slow:
                return self._once(target)
            case Routed():
                return self._done(target)

    def _once(self, routed: Routed) -> Answer:
        uow, asked = self._context.uow, self._invocation
        request = RequestKey(asked.platform, asked.tenant, asked.request_key)
        if not uow.inbox.claim(self._context.workspace.id, request, self._context.now):
            return Answer(load(uow.inbox.answer(request)), visible_to=self._context.member.id)
        answer = self._done(routed)
        if answer.outcome is Outcome.DONE:
            uow.inbox.settle(request, dump(answer.message))
            uow.commit()
        return answer

    def _done(self, routed: Routed) -> Answer:
        try:
            self._permit(routed.command)
        except Denied as error:
            return self._mistake(replies.refused(error, self._context.locale))
        asked = call(routed, self._scope)
        return self._run(asked) if asked.complete else self._mistake(asking(asked, self._scope))

    def _run(self, asked: Call) -> Answer:
        if asked.command.slow and self._later is not None:
            return self._put_off(asked.command, self._later)
        arguments = asked.command.arguments.model_validate(dict(asked.values))
        try:
            return self._private(asked.command.handler(self._context, arguments), Outcome.DONE)
        except Denied as error:
            return self._mistake(replies.refused(error, self._context.locale))
        except UserError as error:
            return self._mistake(asking(_blamed(asked, error), self._scope))

    def _put_off(self, command: Command, later: Later) -> Answer:
        # The ledger's row is the record: the same request finds it there again.
        delivery = later(self._context.uow, self._context.workspace, self._invocation, self._context.member.id)
        self._context.uow.commit()
        return replace(self._private(replies.working(command, self._context.locale), Outcome.WORKING), delivery=delivery)

    def _mistake(self, message: Message) -> Answer:
        return self._private(message, Outcome.MISTAKE)

    def _private(self, message: Message, outcome: Outcome) -> Answer:
        return Answer(signed(message, self._context.workspace.id, self._signer), outcome, visible_to=self._context.member.id)

    def _permit(self, command: Command) -> None:
        member, locale = self._context.member, self._context.locale
        if member.permission >= command.permission:
            return
        everyone = self._context.uow.members.all(self._context.workspace.id)
        able = [other.name for other in everyone if other.active and other.permission >= command.permission]
        raise Denied(
            "kernel.denied.permission",
            needed=_called(command.permission, locale),
            held=_called(member.permission, locale),
            who=text(locale, "kernel.list").join(able[:ABLE_NAMED]),
        )


def _blamed(asked: Call, error: UserError) -> Call:
    """The call with what its handler found wrong, beside the argument at fault where there is one."""
    if error.field in asked.command.arguments.model_fields:
        return replace(asked, mistakes={error.field: error})
    return replace(asked, stray=(error,))


def _called(permission: Permission, locale: Locale) -> str:
    return text(locale, f"kernel.permission.{permission.value}")
