"""What happens between a person's act and the answer? Which command is it for, in which transaction, and what if something breaks?"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import assert_never

from bot.courier import Courier, must_post
from bot.turn import Target, Turn, writes
from core.domain.moments import business_time
from core.domain.workspaces import Locale, Presence
from core.errors import Busy, Denied, Reason, SendError, TokenError, Unmet, UserError
from core.messages.model import Message
from core.messages.tokens import Signer
from core.ports import Alive, Clock, Invocation, InvocationKind, Receipt, Reply, unheard
from core.storage.repositories.inbox import RequestKey
from core.storage.unit_of_work import Database, UnitOfWork
from handlers.kernel import replies
from handlers.kernel.answer import Answer, Outcome
from handlers.kernel.command import Registry
from handlers.kernel.context import Context, Fetch
from handlers.kernel.parse import Routed, route, routed_press
from handlers.kernel.tongue import tongue

# Takes in whoever acts for the first time in a bound team; False for one who does not belong there, Denied where that cannot be found out now.
# It asks the platform, so no transaction is open; or raises Unmet, for whoever brought the act to have it asked.
Welcome = Callable[[Invocation], bool]


class Stranger(Denied):
    """The account is nobody's yet."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the command line may put before what the person and the workspace have: language and business time."""

    locale: Locale | None = None
    now: datetime | None = None


def nobody(invocation: Invocation) -> bool:
    """Takes nobody in."""
    return False


def nothing(binding: int, external: str) -> bytes:
    """Fetches nothing: the playground keeps what is shared there."""
    raise SendError(Reason.REFUSED, retryable=False)


class Dispatcher:
    """Answers invocations.

    The `courier` takes away from the one who waits what is slow, and what cannot be handed back; without it all is done at once.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        registry: Registry,
        signer: Signer,
        *,
        courier: Courier | None = None,
        welcome: Welcome = nobody,
        fetch: Fetch = nothing,
        overrides: Overrides | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._registry = registry
        self._signer = signer
        self._courier = courier
        self._welcome = welcome
        self._fetch = fetch
        self._overrides = overrides or Overrides()
        self._alive: Alive = unheard

    def __call__(self, invocation: Invocation) -> Answer:
        """The answer to an act. A mistake and a fault of the house are answers too: only Unmet at a threshold and Busy at work are raised."""
        try:
            return self._welcomed(invocation)
        except (Busy, Unmet):
            raise
        except UserError as error:
            return self._apologised(invocation, partial(replies.refused, error), Outcome.MISTAKE)
        except Exception:
            return self._apologised(invocation, partial(replies.fault, _incident(invocation)), Outcome.FAULT)

    def post(self, invocation: Invocation, answer: Answer, standing: Receipt | None = None) -> None:
        """Has an answer carried out that was to be handed back, in place of the `standing` message where one is given; once for an act.

        Raises Denied for an account that no active member has.
        """
        self._posted(replace(invocation, reply=Reply.POST), answer, standing)

    def at_work(self, alive: Alive) -> Dispatcher:
        """The same for acts that were put off: they are done here and now, and let `alive` hear signs of life."""
        working = copy(self)
        working._courier, working._alive = None, alive
        return working

    def context(self, uow: UnitOfWork, invocation: Invocation) -> Context:
        """Who acts, where and when. Raises Denied for an account that no active member has."""
        found = uow.places.presence(invocation.platform, invocation.tenant, invocation.actor, invocation.conversation)
        if found is not None and found.member is None:
            raise Stranger("kernel.denied.stranger")
        if found is None or found.member is None or not found.member.active:
            raise Denied("kernel.denied.stranger")
        now = self._clock.now()
        return Context(
            uow=uow,
            database=self._database,
            clock=self._clock,
            workspace=found.workspace,
            member=found.member,
            locale=self._language(invocation, found),
            moment=business_time(found.workspace, now, self._overrides.now),
            binding=found.binding.id,
            conversation=invocation.conversation,
            channel=found.channel,
            now=now,
            fetch=self._fetch,
            request=RequestKey(invocation.platform, invocation.tenant, invocation.request_key),
            alive=self._alive,
            called=invocation.called,
        )

    def _welcomed(self, invocation: Invocation) -> Answer:
        try:
            return self._answered(invocation)
        except Stranger:
            if not self._welcome(invocation):
                raise
            return self._answered(invocation)

    def _answered(self, invocation: Invocation) -> Answer:
        target, workspace = self._target(invocation)
        changing = writes(target, invocation, self._courier)
        with self._database.write() if changing else self._database.read() as uow:
            context = self.context(uow, invocation)
            if workspace not in (None, context.workspace.id):
                target = UserError("kernel.denied.workspace")
            answer = Turn(context, invocation, self._registry, self._signer, self._courier).answer(target)
        # What was changed is on its way with the change; a mistake, or a look at something, goes by itself.
        return answer if changing and answer.outcome in (Outcome.DONE, Outcome.WORKING) else self._posted(invocation, answer, known=context)

    def _posted(self, invocation: Invocation, answer: Answer, standing: Receipt | None = None, known: Context | None = None) -> Answer:
        """What is left to be said in place. `known` is who acts, where that was looked up for this act just now."""
        if self._courier is None or not must_post(invocation, answer):
            return answer
        with self._database.write() as uow:
            context = replace(known, uow=uow) if known else self.context(uow, invocation)
            left = self._courier.order(uow, context, invocation, answer, standing)
            self._courier.commit(uow)
        return left

    def _target(self, invocation: Invocation) -> tuple[Target, int | None]:
        """What the act is for, and the workspace that a token was signed for."""
        match invocation.kind:
            case InvocationKind.COMMAND:
                return route(invocation.payload, self._registry), None
            case InvocationKind.BUTTON | InvocationKind.OPEN | InvocationKind.FORM:
                return self._pressed(invocation)
            case InvocationKind.FILE if not invocation.payload:
                return _unreadable(invocation.fields.get("name", "")), None
            case InvocationKind.FILE:
                return Routed(self._registry["ops import"], given={"file": invocation.payload}), None
            case _:
                assert_never(invocation.kind)

    def _pressed(self, invocation: Invocation) -> tuple[Target, int | None]:
        try:
            workspace, press, _ = self._signer.read(invocation.payload)
            return routed_press(self._registry[press.command], {**press.arguments, **invocation.fields}), workspace
        except (TokenError, KeyError):
            return UserError("kernel.denied.token"), None

    def _apologised(self, invocation: Invocation, said: Callable[[Locale], Message], outcome: Outcome) -> Answer:
        locale, member = self._asker(invocation)
        answer = Answer(said(locale), outcome, visible_to=member)
        if member is None:
            return answer
        try:
            return self._posted(invocation, answer)
        except Exception:
            _incident(invocation)
            # Nothing is on its way: for whoever brought the act to tell, as with a stranger.
            return replace(answer, visible_to=None)

    def _asker(self, invocation: Invocation) -> tuple[Locale, int | None]:
        """The language and the member to answer where no turn could; a stranger is answered in the team's language."""
        try:
            with self._database.read() as uow:
                return self._known(uow, invocation)
        except Exception:  # the very fault that is being told
            return self._overrides.locale or Locale.EN, None

    def _known(self, uow: UnitOfWork, invocation: Invocation) -> tuple[Locale, int | None]:
        found = uow.places.presence(invocation.platform, invocation.tenant, invocation.actor, invocation.conversation)
        if found is None:
            return self._overrides.locale or Locale.EN, None
        known = found.member is not None and found.member.active
        return self._language(invocation, found), found.member.id if found.member and known else None

    def _language(self, invocation: Invocation, found: Presence) -> Locale:
        """In which language to answer: what the person chose; else that in which they type, or of the card that they press; else the team's."""
        chosen = self._overrides.locale or (found.member.locale if found.member and found.member.active else None)
        return chosen or self._spoken(invocation) or found.workspace.locale

    def _spoken(self, invocation: Invocation) -> Locale | None:
        if invocation.kind is InvocationKind.COMMAND:
            return tongue(invocation.payload, self._registry)
        try:
            locale = self._signer.read(invocation.payload).locale
        except TokenError:
            # A shared file, or a button that the turn itself refuses.
            return None
        return Locale(locale) if locale else None


def _unreadable(name: str) -> UserError:
    """What is said of a shared file that can hold no table; one without a name is a picture."""
    return UserError("imports.unreadable", file=name) if name else UserError("imports.picture")


def _incident(invocation: Invocation) -> str:
    """The number under which the log has the exception that is being handled."""
    # Here and not above: logging costs every start a tenth of a second, a fault only itself.
    from bot.log import log_incident

    number = secrets.token_hex(4)
    log_incident(number, platform=invocation.platform, kind=invocation.kind.value)
    return number
