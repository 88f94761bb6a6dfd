"""What happens between a person's act and the answer? Which command is it for, in which transaction, and what if something breaks?"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.turn import Later, Target, Turn, context_of, writes
from core.domain.workspaces import Locale
from core.errors import Denied, TokenError, UserError
from core.messages.tokens import Signer
from core.ports import Clock, Invocation, InvocationKind
from core.storage.unit_of_work import Database, UnitOfWork
from handlers.kernel import replies
from handlers.kernel.answer import Answer, Outcome
from handlers.kernel.command import Registry
from handlers.kernel.context import Context
from handlers.kernel.parse import Routed, route, routed_press


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the command line may put before what the person and the workspace have: language and business time."""

    locale: Locale | None = None
    now: datetime | None = None


class Dispatcher:
    """Answers invocations. `later` takes slow commands away from the one who waits; without it they are done at once."""

    def __init__(
        self, database: Database, clock: Clock, registry: Registry, signer: Signer, *, later: Later | None = None, overrides: Overrides | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._registry = registry
        self._signer = signer
        self._later = later
        self._overrides = overrides or Overrides()

    def __call__(self, invocation: Invocation) -> Answer:
        """The answer to an act. Never raises: a mistake and a fault of the house are answers too."""
        try:
            return self._answer(invocation)
        except UserError as error:
            locale, member = self._asker(invocation)
            return Answer(replies.refused(error, locale), Outcome.MISTAKE, visible_to=member)
        except Exception:
            locale, member = self._asker(invocation)
            return Answer(replies.fault(_incident(invocation), locale), Outcome.FAULT, visible_to=member)

    def _answer(self, invocation: Invocation) -> Answer:
        target, workspace = self._target(invocation)
        with self._database.write() if writes(target, self._later) else self._database.read() as uow:
            context = self._context(uow, invocation)
            if workspace not in (None, context.workspace.id):
                target = UserError("kernel.denied.workspace")
            return Turn(context, invocation, self._registry, self._signer, self._later).answer(target)

    def _context(self, uow: UnitOfWork, invocation: Invocation) -> Context:
        return context_of(uow, self._database, invocation, self._clock, self._overrides.now, self._overrides.locale)

    def _target(self, invocation: Invocation) -> tuple[Target, int | None]:
        """What the act is for, and the workspace that a token was signed for."""
        match invocation.kind:
            case InvocationKind.COMMAND:
                return route(invocation.payload, self._registry), None
            case InvocationKind.BUTTON | InvocationKind.OPEN | InvocationKind.FORM:
                return self._pressed(invocation)
            case InvocationKind.FILE:
                return Routed(self._registry["ops import"], given={"file": invocation.payload}), None
            case _:
                assert_never(invocation.kind)

    def _pressed(self, invocation: Invocation) -> tuple[Target, int | None]:
        try:
            workspace, press = self._signer.read(invocation.payload)
            return routed_press(self._registry[press.command], {**press.arguments, **invocation.fields}), workspace
        except (TokenError, KeyError):
            return UserError("kernel.denied.token"), None

    def _asker(self, invocation: Invocation) -> tuple[Locale, int | None]:
        """The language and the member to answer where no turn could; a stranger is answered in the team's language."""
        try:
            with self._database.read() as uow:
                return self._known(uow, invocation)
        except Exception:  # the very fault that is being told
            return self._overrides.locale or Locale.EN, None

    def _known(self, uow: UnitOfWork, invocation: Invocation) -> tuple[Locale, int | None]:
        try:
            context = self._context(uow, invocation)
        except Denied:
            binding = uow.places.binding(invocation.platform, invocation.tenant)
            team = uow.workspaces.get(binding[1]).locale if binding else Locale.EN
            return self._overrides.locale or team, None
        return context.locale, context.member.id


def _incident(invocation: Invocation) -> str:
    """The number under which the log has the exception that is being handled."""
    # Here and not above: logging costs every start a tenth of a second, a fault only itself.
    from bot.log import log_incident

    number = secrets.token_hex(4)
    log_incident(number, platform=invocation.platform, kind=invocation.kind.value)
    return number
