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
from core.ports import Invocation
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


def context_of(
    uow: UnitOfWork, database: Database, invocation: Invocation, now: datetime, override: datetime | None, locale: Locale | None
) -> Context:
    """Who acts, where and when. Raises Denied for an account that no active member has."""
    binding = uow.places.binding(invocation.platform, invocation.tenant)
    member = uow.members.by_account(binding[0], invocation.actor) if binding else None
    if binding is None or member is None or not member.active:
        raise Denied("kernel.denied.stranger")
    workspace = uow.workspaces.get(binding[1])
    return Context(
        uow=uow,
        database=database,
        workspace=workspace,
        member=member,
        locale=locale or member.locale or workspace.locale,
        moment=business_time(workspace, now, override),
        channel=uow.places.channel(binding[0], invocation.conversation),
        now=now,
    )


class Turn:
    """One act in one transaction."""

    def __init__(self, context: Context, invocation: Invocation, registry: Registry, signer: Signer) -> None:
        self._context = context
        self._invocation = invocation
        self._registry = registry
        self._signer = signer
        self._scope = Scope(context.locale, context.moment.today, StoredDirectory(context.uow, context.workspace.id))

    def answer(self, target: Routed | Unknown, put_off: Later | None, *, once: bool) -> Answer:
        """The answer. With `once` the same request gets its stored answer, and a new one is kept with its effect."""
        if isinstance(target, Unknown):
            return self._private(replies.unknown(target, self._registry, self._context.locale), Outcome.MISTAKE)
        stored = self._stored() if once else None
        if stored is not None:
            return stored
        self._permit(target.command)
        asked = call(target, self._scope)
        if asked.mistakes or asked.missing:
            return self._private(asking(asked, self._scope), Outcome.MISTAKE)
        try:
            given = self._planned(target.command, put_off) if put_off else self._handled(asked)
        except Denied:
            raise
        except UserError as error:
            return self._private(asking(replace(asked, mistakes={error.field or "": error}), self._scope), Outcome.MISTAKE)
        if once:
            self._keep(given)
        return given

    def _handled(self, asked: Call) -> Answer:
        arguments = asked.command.arguments.model_validate(dict(asked.values))
        return self._private(asked.command.handler(self._context, arguments), Outcome.DONE)

    def _planned(self, command: Command, put_off: Later) -> Answer:
        delivery = put_off(self._context.uow, self._context.workspace, self._invocation, self._context.member.id)
        return replace(self._private(replies.working(command, self._context.locale), Outcome.WORKING), delivery=delivery)

    def _private(self, message: Message, outcome: Outcome) -> Answer:
        return Answer(signed(message, self._context.workspace.id, self._signer), outcome, visible_to=self._context.member.id)

    def _permit(self, command: Command) -> None:
        member, locale = self._context.member, self._context.locale
        if member.permission >= command.permission:
            return
        able = [other.name for other in self._context.uow.members.all(self._context.workspace.id) if other.permission >= command.permission]
        raise Denied(
            "kernel.denied.permission",
            needed=_called(command.permission, locale),
            held=_called(member.permission, locale),
            who=("、" if locale is Locale.ZH else ", ").join(able[:3]),
        )

    def _stored(self) -> Answer | None:
        asked = self._invocation
        found = self._context.uow.inbox.answer(asked.platform, asked.tenant, asked.request_key)
        return None if found is None else Answer(load(found), visible_to=self._context.member.id)

    def _keep(self, answer: Answer) -> None:
        asked, context = self._invocation, self._context
        context.uow.inbox.keep(context.workspace.id, asked.platform, asked.tenant, asked.request_key, dump(answer.message), context.now)
        context.uow.commit()


def _called(permission: Permission, locale: Locale) -> str:
    return text(locale, f"kernel.permission.{permission.value}")
