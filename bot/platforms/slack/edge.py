"""How is an act on Slack answered? It is handed to the house; what comes back says what remains to be told to Slack."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from bot.platforms.fields import word
from bot.platforms.seams import Desk, OfferedFile
from bot.platforms.slack import files
from bot.platforms.slack.failures import telling
from bot.platforms.slack.incoming import PLATFORM, Act, home_of, offered
from bot.platforms.slack.reading import spoken
from bot.platforms.slack.replies import Replies
from bot.platforms.slack.teams import Teams
from bot.platforms.spreadsheets import is_spreadsheet
from core.domain.deliveries import Delivery
from core.messages.model import Message
from core.ports import Invocation, InvocationKind
from handlers.kernel.answer import Answer, Outcome

log = structlog.get_logger()

# Tells the message by one of the act's handles. Waits for Slack, and raises SendError.
Say = Callable[[Act, Message], None]


@dataclass(frozen=True, slots=True)
class Telling:
    """What remains to be told. `say` waits for Slack, in a thread that holds no database connection, and raises SendError; `instead` has the house
    carry the answer out where Slack did not take it.
    """

    say: Callable[[], None]
    instead: Callable[[], None] | None = None


class Edge:
    """Everything here is synchronous, and called in threads."""

    def __init__(self, desk: Desk, teams: Teams, replies: Replies) -> None:
        self._desk = desk
        self._teams = teams
        self._replies = replies

    def asked(self, invocation: Invocation) -> Answer:
        """What the house answers. A command is handed over as the person typed it."""
        return self._desk.dispatch(self._typed(invocation))

    def message(self, act: Act) -> Message:
        """The message that the house answers with."""
        return self.asked(act.invocation).message

    def said(self, invocation: Invocation) -> Sequence[Telling]:
        """What was said to the bot. The house carries its answer out; only a stranger, or a fault that kept it from that, is answered from here."""
        answer = self.asked(invocation)
        untold = answer.visible_to is None and answer.outcome in (Outcome.MISTAKE, Outcome.FAULT)
        return [Telling(lambda: self._replies.tell_stranger(invocation, answer.message))] if untold else []

    def by_handle(self, act: Act, answer: Answer, say: Say) -> Telling:
        """The answer by a handle that the act gave; where Slack does not take it, as a message, which a stranger's cannot become."""
        return Telling(lambda: say(act, answer.message), self._as_message(act, answer))

    def late(self, act: Act, held: Delivery, answer: Answer, say: Say) -> Telling:
        """The answer to a late act by its handle; where Slack does not take it, the ledger brings it."""
        return Telling(lambda: say(act, answer.message), lambda: self._desk.release(held))

    def note(self, invocation: Invocation) -> Delivery | None:
        """Has an act that is late stand in the ledger. None where it need not, or cannot: it is answered all the same."""
        try:
            return self._desk.note(self._typed(invocation))
        except Exception:
            # What makes an act late may well keep its note from being written.
            log.exception("late_not_noted", kind=invocation.kind.value)
            return None

    def hold(self, held: Delivery) -> Delivery | None:
        """Holds the row of a late act while its answer is told. None where another process answers."""
        return self._desk.hold(held)

    def settle(self, held: Delivery, answer: Answer) -> None:
        """The answer to a late act was told."""
        self._desk.settle(held, answer)

    def pressed(self, act: Act) -> Sequence[Telling]:
        """A button that does something: its answer, and the new state of the card on which it stood. Where that state is the answer, it is enough."""
        answer = self.asked(act.invocation)
        if act.home:
            # The answer goes out as a message, since a home page has no other place for it.
            return self.home(home_of(act.invocation)) if answer.outcome is Outcome.DONE else []
        if act.view:
            return [self.by_handle(act, answer, self._replies.update)]
        if answer.asks:
            return [self.by_handle(act, answer, self._replies.ask)]
        state = self._state(act, answer)
        shown = (state is not None or act.message in answer.edited) and answer.message.subject == act.subject
        said = [] if shown else [self.by_handle(act, answer, self._replies.respond)]
        return said if state is None else [*said, self._redrawing(act, state, answer if shown else None)]

    def home(self, invocation: Invocation) -> Sequence[Telling]:
        """The home page of the one who looks at it."""
        message = self.asked(invocation).message
        return [Telling(lambda: self._replies.publish(invocation, message))]

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

    def parted(self, tenant: str, conversation: str) -> None:
        """The bot was put out of the channel."""
        self._desk.part(PLATFORM, tenant, conversation)

    def left(self, tenant: str) -> None:
        """The app was removed from the team."""
        self._desk.leave(PLATFORM, tenant)

    def _handle(self, tenant: str, account: str) -> str | None:
        return self._desk.handle(PLATFORM, tenant, account)

    def _typed(self, invocation: Invocation) -> Invocation:
        if invocation.kind is not InvocationKind.COMMAND:
            return invocation
        return replace(invocation, payload=spoken(invocation.payload, lambda account: self._handle(invocation.tenant, account)))

    def _state(self, act: Act, answer: Answer) -> Message | None:
        """What a card shows now that only the presser sees: it cannot be edited but by this press, and all others are edited by the house."""
        if not (act.private and act.subject) or answer.outcome is not Outcome.DONE:
            return None
        return self._desk.state(act.invocation, act.subject)

    def _redrawing(self, act: Act, state: Message, answer: Answer | None) -> Telling:
        """The state in the card's place. Where that tells the answer too, a message has to tell it when the card cannot."""
        return Telling(lambda: self._replies.respond(act, state, redraw=True), None if answer is None else self._as_message(act, answer))

    def _as_message(self, act: Act, answer: Answer) -> Callable[[], None] | None:
        return None if answer.visible_to is None else lambda: self._desk.post(act.invocation, answer)
