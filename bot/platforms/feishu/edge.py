"""How is an act on Feishu answered? It is handed to the house; what comes back becomes a message, a toast, or the pressed card's new state."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.platforms.feishu.apps import PLATFORM, Apps
from bot.platforms.feishu.bots import Bots
from bot.platforms.feishu.chats import PERSON, Chats
from bot.platforms.feishu.incoming import Met, Parted, Pressed, Reader, Shared, Spoken
from bot.platforms.feishu.payload import FeishuPayload
from bot.platforms.feishu.platform import FeishuPlatform
from bot.platforms.feishu.reactions import Reaction, Telling, asks_further, is_more_than_words, toast, told_in_both
from bot.platforms.fields import Body, word
from bot.platforms.seams import Desk, Ties
from core.errors import SendError
from core.messages.model import Message
from core.ports import Address, Invocation, InvocationKind, Receipt
from handlers.kernel.answer import Answer, Outcome

log = structlog.get_logger()


class Edge:
    """Everything here is synchronous, and called in threads: what waits for Feishu in others than what asks the house."""

    def __init__(self, desk: Desk, ties: Ties, apps: Apps, chats: Chats, bots: Bots, platform: FeishuPlatform) -> None:
        self._desk = desk
        self._ties = ties
        self._apps = apps
        self._chats = chats
        self._bots = bots
        self._platform = platform
        self._reader = Reader(lambda tenant, account: desk.handle(PLATFORM, tenant, account))

    def bot(self, event: Body) -> str:
        """The account of the bot that the event was brought to. Waits for Feishu; raises SendError."""
        return self._bots.account(word(event, "header", "app_id"))

    def is_direct(self, press: Pressed) -> bool:
        """Whether the pressed card stands in a person's own conversation. Waits for Feishu."""
        app = self._apps.get(press.invocation.tenant)
        return app is not None and self._chats.is_direct(app, press.invocation.conversation)

    def happened(self, event: Body, bot: str) -> Telling | None:
        """Everything that Feishu wants no answer to but that it came. The house carries out what is to be said, but for what is left to tell here."""
        match self._reader.read(event, bot):
            case Spoken(invocation=invocation, direct=direct):
                self._learn(invocation, direct)
                return self._asked(invocation)
            case Shared(invocation=invocation, file=file, direct=direct):
                self._learn(invocation, direct)
                ref = self._desk.offer(invocation, file)
                return None if ref is None else self._asked(replace(invocation, payload=ref, fields={"name": file.name}))
            case Met(tenant=tenant, chat=chat, name=name):
                self._desk.meet(PLATFORM, tenant, chat, name or chat)
            case Parted(tenant=tenant, chat=chat):
                self._desk.part(PLATFORM, tenant, chat)
            case None:
                pass
        return None

    def pressed(self, press: Pressed, direct: bool) -> Reaction | None:
        """A button or a form: what a toast and its card show. What has to be said besides is on its way."""
        if self._apps.get(press.invocation.tenant) is None:
            return None
        if press.outsider:
            return Reaction(press, told_in_both(Outcome.MISTAKE, "kernel.denied.stranger"))
        # Everyone sees what stands in a card's place: only where one person is can it be their answer.
        replaces = press.message_id if press.invocation.kind is InvocationKind.FORM and direct else None
        return self._reaction(press, replaces is not None, self._desk.dispatch(replace(press.invocation, replaces=replaces)))

    def late(self, reaction: Reaction) -> Telling | None:
        """Says in messages what came when the press had its answer already. The house itself draws cards anew whose state has changed."""
        press, answer = reaction.press, reaction.answer
        if answer is not None and reaction.replaces:
            self._desk.post(press.invocation, answer, Receipt(press.message_id))
        elif answer is not None and reaction.tell is None:
            return self._said(press.invocation, answer)
        return reaction.tell

    def _reaction(self, press: Pressed, may_replace: bool, answer: Answer) -> Reaction:
        said, card = toast(answer), self._card(press, may_replace, answer)
        drawn = None if card is None else self._drawn(press.invocation, card)
        if card is answer.message:
            return Reaction(press, said, drawn, answer, replaces=True)
        settled = (answer.changed and card is not None) or answer.outcome is Outcome.WORKING or not is_more_than_words(answer.message)
        return Reaction(press, said, drawn, answer, tell=None if settled else self._said(press.invocation, answer))

    def _card(self, press: Pressed, may_replace: bool, answer: Answer) -> Message | None:
        """What stands in the pressed card's place: the answer, or the new state of what the card shows."""
        if may_replace and _can_replace(answer):
            return answer.message
        if answer.outcome is Outcome.DONE and answer.changed and press.subject:
            return self._desk.state(press.invocation, press.subject, press.locale)
        return None

    def _asked(self, invocation: Invocation) -> Telling | None:
        """Hands over what was said, which the house answers by itself."""
        answer = self._desk.dispatch(invocation)
        untold = answer.visible_to is None and answer.outcome in (Outcome.MISTAKE, Outcome.FAULT)
        return self._by_hand(invocation, answer.message) if untold else None

    def _said(self, invocation: Invocation, answer: Answer) -> Telling | None:
        """Has the answer to a press go out as a message."""
        if answer.visible_to is None:
            return self._by_hand(invocation, answer.message)
        self._desk.post(invocation, answer)
        return None

    def _by_hand(self, invocation: Invocation, message: Message) -> Telling | None:
        """The message to a stranger, or to one whom a fault keeps any delivery from: no ledger has it, it is sent from here."""
        app = self._apps.get(invocation.tenant)
        if app is None:
            return None
        address, payload = Address(app.binding, invocation.actor), self._drawn(invocation, message)
        return lambda: self._told(address, payload, invocation.answer_key)

    def _told(self, address: Address, payload: FeishuPayload, key: str) -> None:
        try:
            self._platform.send(address, payload, key)
        except SendError as error:
            log.warning("not_told", platform=PLATFORM, reason=error.reason.value)

    def _drawn(self, invocation: Invocation, message: Message) -> FeishuPayload:
        return self._platform.render(message, self._ties.refs(self._binding(invocation), message))

    def _learn(self, invocation: Invocation, direct: bool) -> None:
        app = self._apps.get(invocation.tenant)
        if app is not None and direct and not invocation.conversation.startswith(PERSON):
            self._chats.learn_direct(app.binding, invocation.actor, invocation.conversation)

    def _binding(self, invocation: Invocation) -> int:
        app = self._apps.get(invocation.tenant)
        if app is None:
            raise LookupError(f"app {invocation.tenant}")
        return app.binding


def _can_replace(answer: Answer) -> bool:
    """Whether the answer says all that the form has to leave for; a mistake does when there is still something to fill in."""
    return answer.outcome in (Outcome.DONE, Outcome.WORKING) or (answer.outcome is Outcome.MISTAKE and asks_further(answer.message))
