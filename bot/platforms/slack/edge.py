"""How is an act on Slack answered? It is handed to the house; what comes back says what remains to be told to Slack."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.platforms.fields import word
from bot.platforms.seams import Desk, OfferedFile
from bot.platforms.slack import files
from bot.platforms.slack.failures import telling
from bot.platforms.slack.incoming import PLATFORM, Act, home_of, offered
from bot.platforms.slack.reading import spoken
from bot.platforms.slack.replies import Replies, private, redrawn
from bot.platforms.slack.teams import Teams
from bot.platforms.spreadsheets import is_spreadsheet
from core.messages.model import Message
from core.ports import Invocation, InvocationKind
from handlers.kernel.answer import Answer, Outcome

# What remains to be told, in a thread that holds no database connection.
Telling = Callable[[], None]


class Edge:
    """Everything here is synchronous, and called in threads."""

    def __init__(self, desk: Desk, teams: Teams, replies: Replies) -> None:
        self._desk = desk
        self._teams = teams
        self._replies = replies

    def asked(self, invocation: Invocation) -> Answer:
        """What the house answers. A command is handed over as the person typed it."""
        if invocation.kind is InvocationKind.COMMAND:
            invocation = replace(invocation, payload=spoken(invocation.payload, lambda account: self._handle(invocation.tenant, account)))
        return self._desk.dispatch(invocation)

    def message(self, act: Act) -> Message:
        """The message that the house answers with."""
        return self.asked(act.invocation).message

    def said(self, invocation: Invocation) -> Sequence[Telling]:
        """What was said to the bot. The house carries its answer out; only a stranger, or a fault that kept it from that, is answered from here."""
        answer = self.asked(invocation)
        untold = answer.visible_to is None and answer.outcome in (Outcome.MISTAKE, Outcome.FAULT)
        return [lambda: self._replies.tell_stranger(invocation, answer.message)] if untold else []

    def pressed(self, act: Act) -> Sequence[Telling]:
        """A button that does something: its answer, and the new state of the card on which it stood. Where that state is the answer, it is enough."""
        answer = self.asked(act.invocation)
        if act.home:
            # The answer goes out as a message, since a home page has no other place for it.
            return self.home(home_of(act.invocation)) if answer.outcome is Outcome.DONE else []
        if act.view:
            return [lambda: self._replies.update(act, answer.message)]
        if answer.asks:
            return [lambda: self._replies.ask(act, answer.message)]
        redrawn = self._redrawn(act, answer)
        shown = (redrawn or act.message in answer.edited) and answer.message.subject == act.subject
        return [*([] if shown else [lambda: self._replies.respond(act, private(answer.message))]), *redrawn]

    def home(self, invocation: Invocation) -> Sequence[Telling]:
        """The home page of the one who looks at it."""
        message = self.asked(invocation).message
        return [lambda: self._replies.publish(invocation, message)]

    def looked_up(self, invocation: Invocation, file: str) -> OfferedFile | None:
        """The file of an event that gives its id alone; None for one that is no spreadsheet. Waits for Slack; raises SendError."""
        found = offered(files.info(self._teams.client_of(invocation.tenant), file))
        return found if is_spreadsheet(found.name) else None

    def shared(self, invocation: Invocation, file: OfferedFile) -> Sequence[Telling]:
        """A spreadsheet in a conversation is offered to whoever put it there for import; a stranger's is left alone."""
        ref = self._desk.offer(invocation, file)
        if ref is None:
            return []
        return self.said(replace(invocation, payload=ref, fields={"name": file.name}))

    def channel_name(self, tenant: str, conversation: str) -> str:
        """What Slack calls the channel. Waits for Slack; raises SendError."""
        with telling("conversations.info"):
            answer = self._teams.client_of(tenant).conversations_info(channel=conversation)
        return word(answer.data, "channel", "name")

    def met(self, tenant: str, conversation: str, name: str) -> None:
        """The bot has come into the channel, or the channel has that name now."""
        self._desk.meet(PLATFORM, tenant, conversation, name)

    def left(self, tenant: str) -> None:
        """The app was removed from the team."""
        self._desk.leave(PLATFORM, tenant)

    def _handle(self, tenant: str, account: str) -> str | None:
        return self._desk.handle(PLATFORM, tenant, account)

    def _redrawn(self, act: Act, answer: Answer) -> Sequence[Telling]:
        """A card that only the presser sees cannot be edited but by this press; all others are edited by the house."""
        if not (act.private and act.subject) or answer.outcome is not Outcome.DONE:
            return []
        state = self._desk.state(act.invocation, act.subject)
        return [] if state is None else [lambda: self._replies.respond(act, redrawn(state))]
