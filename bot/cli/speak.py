"""How does a command, a press or a form get from the terminal through the same dispatch as a platform's?"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid4

from bot.cli.run import Exit, Run, chosen, leave
from core.domain.workspaces import Locale
from core.ports import Invocation, InvocationKind
from core.services.workspaces import WEB
from handlers.kernel.answer import Answer, Outcome

CODES = {Outcome.DONE: Exit.DONE, Outcome.WORKING: Exit.DONE, Outcome.MISTAKE: Exit.MISTAKE, Outcome.FAULT: Exit.FAULT}


class Speaker:
    """A person of a workspace, at a terminal, in a channel."""

    def __init__(self, run: Run, workspace: str | None, person: str | None, channel: str = "ops", locale: Locale | None = None) -> None:
        self._run = run
        self._house = run.house(locale)
        self._workspace, self._member = chosen(run, self._house, workspace, person)
        self._conversation = self._external_id(channel.lstrip("#"))

    def say(self, line: str, platform: str = "text") -> None:
        """One line of text."""
        self._end(self._ask(InvocationKind.COMMAND, line, {}), platform)

    def press(self, token: str) -> None:
        """A button."""
        self._end(self._ask(InvocationKind.BUTTON, token, {}))

    def submit(self, token: str, fields: Mapping[str, str]) -> None:
        """A form."""
        self._end(self._ask(InvocationKind.FORM, token, fields))

    def _ask(self, kind: InvocationKind, payload: str, fields: Mapping[str, str]) -> Answer:
        invocation = Invocation(
            platform=WEB,
            tenant=str(self._workspace.id),
            actor=str(self._member.id),
            conversation=self._conversation,
            request_key=uuid4().hex,
            kind=kind,
            payload=payload,
            fields=fields,
        )
        return self._house.dispatcher()(invocation)

    def _external_id(self, wanted: str) -> str:
        """The channel's id on its platform. Leaves with exit code 2 when the person sees no channel of that name."""
        with self._house.database.read() as uow:
            home = uow.places.binding(WEB, str(self._workspace.id))
            every = [channel for channel in uow.places.channels(self._workspace.id) if home is not None and channel.binding == home[0]]
        seen = {channel.name: channel.external_id for channel in every if channel.direct_to in (None, self._member.id)}
        if wanted not in seen:
            leave(Exit.USAGE, f"{self._workspace.name} has no channel {wanted}. There are: {', '.join(seen)}.")
        return seen[wanted]

    def _end(self, answer: Answer, platform: str = "text") -> None:
        self._run.say(answer.message, platform)
        code = CODES[answer.outcome]
        if code is not Exit.DONE:
            self._run.finish_with(code)
