"""How is one act answered inside its transaction? Person, permission, arguments, handler; kept with its answer when it changes something."""

from __future__ import annotations

from dataclasses import replace

from bot.courier import Courier, must_post
from core.domain.workspaces import Channel, Locale, Permission
from core.errors import Denied, UserError
from core.i18n.texts import text
from core.messages.codec import dump, load
from core.messages.model import Message
from core.messages.tokens import Signer, signed
from core.ports import Invocation, InvocationKind, Receipt, Reply
from core.services.cards import stand
from core.services.people import able
from handlers.kernel import replies
from handlers.kernel.answer import Answer, Outcome
from handlers.kernel.command import Command, Registry
from handlers.kernel.context import Context
from handlers.kernel.directory import StoredDirectory
from handlers.kernel.forms import asking, opened
from handlers.kernel.kinds import Scope
from handlers.kernel.parse import Call, Routed, SmallTalk, Unknown, call, unconfirmed

# What an act is for; a mistake where that cannot be said.
Target = Routed | Unknown | SmallTalk | UserError

ABLE_NAMED = 3


def writes(target: Target, invocation: Invocation, courier: Courier | None) -> bool:
    """Whether answering changes something in this transaction.

    A slow command does not: put off, only its delivery is written; at work, it writes in short pieces of its own, so that nobody waits for it.
    """
    if not isinstance(target, Routed) or invocation.kind is InvocationKind.OPEN:
        return False
    return courier is not None if target.command.slow else target.command.changes


class Turn:
    """One act in one transaction, which is committed when something was changed. With a `courier`, slow commands are put off."""

    def __init__(self, context: Context, invocation: Invocation, registry: Registry, signer: Signer, courier: Courier | None) -> None:
        self._context = context
        self._invocation = invocation
        self._registry = registry
        self._signer = signer
        self._courier = courier
        self._scope = Scope(context.locale, context.moment.today, StoredDirectory(context.uow, context.workspace.id), _here(context.channel))

    def answer(self, target: Target) -> Answer:
        """The answer. A changing act that comes again gets the answer of the first time, and changes nothing."""
        match target:
            case UserError():
                return self._mistake(replies.refused(target, self._context.locale))
            case Unknown():
                return self._mistake(replies.unknown(target, self._registry, self._context.locale))
            case SmallTalk():
                return self._answer(replies.greeting(self._context.locale), Outcome.DONE, public=self._invocation.reply is Reply.POST)
            case Routed() if self._invocation.kind is InvocationKind.OPEN:
                return self._opened(unconfirmed(target))
            case Routed(command=command) if command.changes and not command.slow:
                return self._once(target)
            case Routed(command=command) if command.slow and self._courier is None:
                return self._worked(target)
            case Routed():
                return self._done(target)

    def _once(self, routed: Routed) -> Answer:
        uow, request = self._context.uow, self._context.request
        if not uow.inbox.claim(self._context.workspace.id, request, self._context.now):
            told = load(uow.inbox.answer(request))
            edited = stand(uow, self._context.workspace, told.subject, self._context.now)
            return Answer(told, visible_to=self._context.member.id, changed=True, edited=edited)
        answer = self._done(routed)
        if answer.outcome is Outcome.DONE:
            uow.inbox.settle(request, dump(answer.message))
            answer = replace(self._ordered(answer), edited=frozenset(uow.deliveries.edited))
            self._stands(answer)
            self._commit()
        return answer

    def _worked(self, routed: Routed) -> Answer:
        """Slow work is not done twice: what an earlier attempt kept with its change is the answer, though that one never came to tell it."""
        try:
            told = load(self._context.uow.inbox.answer(self._context.request))
        except LookupError:
            return self._done(routed)
        return replace(self._answer(told, Outcome.DONE), changed=True)

    def _commit(self) -> None:
        if self._courier is None:
            self._context.uow.commit()
        else:
            self._courier.commit(self._context.uow)

    def _ordered(self, answer: Answer) -> Answer:
        if self._courier is None or not must_post(self._invocation, answer):
            return answer
        return self._courier.order(self._context.uow, self._context, self._invocation, answer)

    def _stands(self, answer: Answer) -> None:
        """A card that is shown in another's place stands there from now on: what changes it later has to reach it."""
        if self._courier is not None and self._invocation.replaces and answer.message.subject:
            self._courier.placed(self._context.uow, self._context, self._invocation, answer, Receipt(self._invocation.replaces))

    def _opened(self, routed: Routed) -> Answer:
        """A form and nothing else, whatever the command would do."""
        try:
            self._permit(routed.command)
        except Denied as error:
            return self._mistake(replies.refused(error, self._context.locale))
        asked = call(routed, self._scope)
        return self._answer(opened(asked, self._scope), Outcome.DONE) if routed.command.asks else self._ran(asked)

    def _done(self, routed: Routed) -> Answer:
        try:
            self._permit(routed.command)
        except Denied as error:
            return self._mistake(replies.refused(error, self._context.locale))
        asked = call(routed, self._scope)
        if not asked.complete:
            return replace(self._mistake(asking(asked, self._scope)), asks=asked.unfilled)
        if asked.command.slow and self._courier is not None:
            return self._put_off(asked.command, self._courier)
        return self._ran(asked)

    def _ran(self, asked: Call) -> Answer:
        arguments = asked.command.arguments.model_validate(dict(asked.values))
        try:
            message = asked.command.handler(self._context, arguments)
        except Denied as error:
            return self._mistake(replies.refused(error, self._context.locale))
        except UserError as error:
            return self._mistake(asking(_blamed(asked, error), self._scope))
        public = self._invocation.reply is Reply.POST and not asked.command.private
        return replace(self._answer(message, Outcome.DONE, public=public), changed=asked.command.changes)

    def _put_off(self, command: Command, courier: Courier) -> Answer:
        # The ledger's row is the record: the same request finds it there again.
        delivery = courier.put_off(self._context.uow, self._context, self._invocation)
        note = replies.working(command, self._context.locale, here=self._invocation.reply is not Reply.WORDS)
        answer = self._ordered(self._answer(note, Outcome.WORKING))
        courier.commit(self._context.uow)
        return replace(answer, delivery=delivery)

    def _mistake(self, message: Message) -> Answer:
        return self._answer(message, Outcome.MISTAKE)

    def _answer(self, message: Message, outcome: Outcome, *, public: bool = False) -> Answer:
        visible_to = None if public else self._context.member.id
        return Answer(signed(message, self._context.workspace.id, self._signer), outcome, visible_to=visible_to)

    def _permit(self, command: Command) -> None:
        member, locale = self._context.member, self._context.locale
        if member.permission >= command.permission:
            return
        names = [other.name for other in able(self._context.uow, self._context.workspace, command.permission, self._context.binding)]
        raise Denied(
            "kernel.denied.permission",
            needed=_called(command.permission, locale),
            held=_called(member.permission, locale),
            who=text(locale, "kernel.list").join(names[:ABLE_NAMED]) or text(locale, "kernel.denied.admin"),
        )


def _blamed(asked: Call, error: UserError) -> Call:
    """The call with what its handler found wrong, beside the argument at fault where there is one."""
    if error.field in asked.command.arguments.model_fields:
        return replace(asked, mistakes={error.field: error})
    return replace(asked, stray=(error,))


def _here(channel: Channel | None) -> str:
    """What people call the channel where it was said; empty where that is none, or has no name beside the platform's own."""
    return channel.called if channel is not None and not channel.gone and channel.named else ""


def _called(permission: Permission, locale: Locale) -> str:
    return text(locale, f"kernel.permission.{permission.value}")
