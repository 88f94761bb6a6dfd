"""What happens between a person's act and the answer? Which command is it for, in which transaction, and what if something breaks?"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

import structlog

from bot.turn import Later, Turn, context_of
from core.domain.workspaces import Locale
from core.errors import AlreadyAnswered, TokenError, UserError
from core.messages.tokens import Signer
from core.ports import Clock, Invocation, InvocationKind
from core.storage.unit_of_work import Database
from handlers.kernel import replies
from handlers.kernel.answer import Answer, Outcome
from handlers.kernel.command import Registry
from handlers.kernel.parse import Routed, Unknown, route, routed_press

log = structlog.get_logger()


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
        return self._guarded(lambda: self._answer(invocation, self._later), invocation)

    def finish(self, invocation: Invocation) -> Answer:
        """The answer to an act whose slow command was put off: now its work is done."""
        # The first key's answer is the working note; the work has a key of its own.
        working = replace(invocation, request_key=f"{invocation.request_key}:work")
        return self._guarded(lambda: self._answer(working, None), working)

    def _guarded(self, answer: Callable[[], Answer], invocation: Invocation) -> Answer:
        try:
            return answer()
        except UserError as error:
            return Answer(replies.refused(error, self._language(invocation)), Outcome.MISTAKE)
        except Exception:
            incident = secrets.token_hex(4)
            log.exception("incident", incident=incident, platform=invocation.platform, kind=invocation.kind.value)
            return Answer(replies.fault(incident, self._language(invocation)), Outcome.FAULT)

    def _answer(self, invocation: Invocation, later: Later | None) -> Answer:
        target, signed_for = self._target(invocation)
        routed = target if isinstance(target, Routed) else None
        slow = routed is not None and routed.command.slow
        put_off = later if slow else None
        # A slow command writes in short pieces of its own, so that nobody waits for it; its effect is idempotent by itself.
        writes = put_off is not None or (routed is not None and routed.command.changes and not slow)
        try:
            return self._turn(invocation, target, signed_for, put_off, writes)
        except AlreadyAnswered:
            # Another thread or replica was faster; its answer stands now.
            return self._turn(invocation, target, signed_for, put_off, writes)

    def _turn(self, invocation: Invocation, target: Routed | Unknown, signed_for: int | None, put_off: Later | None, writes: bool) -> Answer:
        with self._database.write() if writes else self._database.read() as uow:
            context = context_of(uow, self._database, invocation, self._clock.now(), self._overrides.now, self._overrides.locale)
            if signed_for not in (None, context.workspace.id):
                raise UserError("kernel.denied.workspace")
            return Turn(context, invocation, self._registry, self._signer).answer(target, put_off, once=writes)

    def _target(self, invocation: Invocation) -> tuple[Routed | Unknown, int | None]:
        """The command that the act is for, and the workspace that a token was signed for."""
        match invocation.kind:
            case InvocationKind.COMMAND:
                return route(invocation.payload, self._registry), None
            case InvocationKind.BUTTON | InvocationKind.FORM:
                return self._pressed(invocation)
            case InvocationKind.FILE:
                return Routed(self._registry["ops import"], given={"file": invocation.payload}), None
            case _:
                assert_never(invocation.kind)

    def _pressed(self, invocation: Invocation) -> tuple[Routed, int]:
        try:
            workspace, press = self._signer.read(invocation.payload)
            return routed_press(self._registry[press.command], {**press.arguments, **invocation.fields}), workspace
        except (TokenError, KeyError) as error:
            raise UserError("kernel.denied.token") from error

    def _language(self, invocation: Invocation) -> Locale:
        try:
            with self._database.read() as uow:
                return context_of(uow, self._database, invocation, self._clock.now(), None, self._overrides.locale).locale
        except Exception:  # a stranger, or the very fault that is being told
            return self._overrides.locale or Locale.EN
