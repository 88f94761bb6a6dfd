"""How is an act on Feishu answered? It is handed to the house; what comes back becomes a message, a toast, or the pressed card's new state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import structlog

from bot.platforms.feishu.apps import PLATFORM, Apps
from bot.platforms.feishu.chats import PERSON, Chats
from bot.platforms.feishu.fields import Json
from bot.platforms.feishu.incoming import Met, Pressed, Reader, Shared, Spoken, pressed
from bot.platforms.feishu.payload import FeishuPayload
from bot.platforms.feishu.platform import FeishuPlatform
from bot.platforms.feishu.reactions import Reaction, asks_further, is_more_than_words, toast, told_in_both
from bot.platforms.seams import Desk, Ties
from core.errors import SendError
from core.messages.model import Message
from core.ports import Address, Invocation, InvocationKind, Receipt
from handlers.kernel.answer import Answer, Outcome

log = structlog.get_logger()


class Edge:
    """Everything here is synchronous, and called in threads."""

    def __init__(self, desk: Desk, ties: Ties, apps: Apps, chats: Chats, platform: FeishuPlatform, reader: Reader) -> None:
        self._desk = desk
        self._ties = ties
        self._apps = apps
        self._chats = chats
        self._platform = platform
        self._reader = reader

    def happened(self, event: Json) -> None:
        """Everything that Feishu wants no answer to but that it came. The house carries out what is to be said.

        Raises SendError where it cannot be told now whether it is said to the bot.
        """
        match self._reader.read(event):
            case Spoken(invocation=invocation, direct=direct):
                self._learn(invocation, direct)
                self._asked(invocation)
            case Shared(invocation=invocation, file=file, direct=direct):
                self._learn(invocation, direct)
                ref = self._desk.offer(invocation, file)
                if ref is not None:
                    self._asked(replace(invocation, payload=ref, fields={"name": file.name}))
            case Met(tenant=tenant, chat=chat, name=name):
                self._desk.meet(PLATFORM, tenant, chat, name or chat)
            case None:
                pass

    def pressed(self, event: Json) -> Reaction | None:
        """A button or a form: what a toast and its card show, and what has to be said besides."""
        press = pressed(event)
        if press is None or self._apps.get(press.invocation.tenant) is None:
            return None
        if press.outsider:
            return Reaction(press, told_in_both(Outcome.MISTAKE, "kernel.denied.stranger"))
        return self._reaction(press, self._desk.dispatch(press.invocation))

    def follow(self, press: Pressed, message: Message) -> None:
        """Says to the one who pressed what their card had no room for. It is in nobody's ledger: who misses it presses again."""
        asked = press.invocation
        direct = self._is_direct(asked)
        address = Address(self._binding(asked), asked.conversation if direct else asked.actor)
        self._told(lambda: self._platform.send(address, self._drawn(asked, message), asked.answer_key))

    def late(self, reaction: Reaction) -> None:
        """Tells in messages what came when the press had its answer already."""
        press = reaction.press
        if (card := reaction.card) is not None:
            address = Address(self._binding(press.invocation), press.invocation.conversation)
            self._told(lambda: self._platform.edit(address, Receipt(press.message_id), card))
        if reaction.unseen is not None:
            self.follow(press, reaction.unseen)

    def _reaction(self, press: Pressed, answer: Answer) -> Reaction:
        said, card = toast(answer), self._card(press, answer)
        drawn = None if card is None else self._drawn(press.invocation, card)
        if card is answer.message:
            return Reaction(press, said, drawn)
        settled = (answer.changed and card is not None) or answer.outcome is Outcome.WORKING or not is_more_than_words(answer.message)
        return Reaction(press, said, drawn, follows=None if settled else answer.message, unseen=answer.message)

    def _card(self, press: Pressed, answer: Answer) -> Message | None:
        """What stands in the pressed card's place. Everyone sees it, so that a private answer takes a form's place only where one person is."""
        if press.invocation.kind is InvocationKind.FORM and self._is_direct(press.invocation) and _can_replace(answer):
            return answer.message
        if answer.outcome is Outcome.DONE and answer.changed and press.subject:
            return self._desk.state(press.invocation, press.subject)
        return None

    def _asked(self, invocation: Invocation) -> None:
        """Hands over what was said. A stranger, and one whom a fault keeps any delivery from, is answered from here."""
        answer = self._desk.dispatch(invocation)
        app = self._apps.get(invocation.tenant)
        if app is not None and answer.visible_to is None and answer.outcome in (Outcome.MISTAKE, Outcome.FAULT):
            address = Address(app.binding, invocation.actor)
            self._told(lambda: self._platform.send(address, self._drawn(invocation, answer.message), invocation.answer_key))

    def _drawn(self, invocation: Invocation, message: Message) -> FeishuPayload:
        return self._platform.render(message, self._ties.refs(self._binding(invocation), message))

    def _told(self, tell: Callable[[], object]) -> None:
        try:
            tell()
        except SendError as error:
            log.warning("not_told", platform=PLATFORM, reason=error.reason.value)

    def _learn(self, invocation: Invocation, direct: bool) -> None:
        app = self._apps.get(invocation.tenant)
        if app is not None and direct and not invocation.conversation.startswith(PERSON):
            self._chats.learn_direct(app.binding, invocation.actor, invocation.conversation)

    def _is_direct(self, invocation: Invocation) -> bool:
        app = self._apps.get(invocation.tenant)
        return app is not None and self._chats.is_direct(app, invocation.conversation)

    def _binding(self, invocation: Invocation) -> int:
        app = self._apps.get(invocation.tenant)
        if app is None:
            raise LookupError(f"app {invocation.tenant}")
        return app.binding


def _can_replace(answer: Answer) -> bool:
    """Whether the answer says all that the form has to leave for; a mistake does when there is still something to fill in."""
    return answer.outcome in (Outcome.DONE, Outcome.WORKING) or (answer.outcome is Outcome.MISTAKE and asks_further(answer.message))
