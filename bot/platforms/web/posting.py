"""How does what a person did become messages in the chat? Their line first, then the answer, each under a key that makes it stand once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

from bot.platforms.web.platform import PLATFORM, WebPlatform
from bot.platforms.web.render import line, shared_file
from bot.platforms.web.seams import Seams
from bot.platforms.web.viewer import Viewer
from core.domain.workspaces import Channel, Locale
from core.errors import PictureError, UserError
from core.i18n.texts import text
from core.messages.model import Chart, Context, File, Message
from core.ports import Address, Invocation, InvocationKind, Receipt
from handlers.kernel.answer import Answer, Outcome

SLASHES = ("/", "／")
LONGEST_LINE = 4_000
LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody doing something in a channel. `key` is made by the page and stays the same when it sends the same act again."""

    viewer: Viewer
    channel: Channel
    key: str

    @property
    def address(self) -> Address:
        """The channel, for all who see it."""
        return Address(self.channel.binding, self.channel.external_id)

    @property
    def private(self) -> Address:
        """The channel, for the actor's eyes alone."""
        return Address(self.channel.binding, self.channel.external_id, visible_to=self.viewer.member.id)

    @property
    def request_key(self) -> str:
        """The key, which nobody else can use."""
        return f"{self.viewer.member.id}:{self.key}"

    def invocation(self, kind: InvocationKind, payload: str, fields: dict[str, str]) -> Invocation:
        """The act in the house's words."""
        tenant, actor = str(self.viewer.workspace.id), str(self.viewer.member.id)
        return Invocation(PLATFORM, tenant, actor, self.channel.external_id, self.request_key, kind, payload, fields)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a browser sent it."""

    name: str
    media_type: str
    content: bytes


def act(viewer: Viewer, channel: int, key: str) -> Act:
    """Checks the channel (LookupError) and the key, which is made here when the page gave none that can be used."""
    usable = key.isascii() and key.isprintable() and 0 < len(key) <= LONGEST_KEY
    return Act(viewer, viewer.channel(channel), key if usable else uuid4().hex)


class Posting:
    """Carries acts to the dispatcher and answers to the chat."""

    def __init__(self, seams: Seams, platform: WebPlatform) -> None:
        self._seams = seams
        self._platform = platform

    def say(self, done: Act, said: str) -> None:
        """A line from the composer. Commands and what is said to the bot are answered; the rest is talk between people. UserError when too long."""
        said = said.strip()
        if len(said) > LONGEST_LINE:
            raise UserError("web.say.too_long", limit=LONGEST_LINE)
        if not said:
            return
        command = said.startswith(SLASHES)
        self._platform.say(done.private if command else done.address, done.viewer.member.id, line(said), f"said:{done.request_key}")
        request = said if command else _spoken_to_bot(said, done.channel)
        if request:
            self._ask(done, InvocationKind.COMMAND, request, {})

    def press(self, done: Act, token: str) -> None:
        """A button."""
        self._ask(done, InvocationKind.BUTTON, token, {})

    def share(self, done: Act, upload: Upload) -> None:
        """A file dropped into the channel: seen by all in it, and handed to the bot."""
        key = f"shared:{done.request_key}"
        if self._platform.find(done.address, key) is None:
            file = File(upload.name, upload.media_type, self._keep(done.address, upload), len(upload.content))
            self._platform.say(done.address, done.viewer.member.id, shared_file(file), key)
            self._ask(done, InvocationKind.FILE, file.ref, {"name": file.name})

    def submit(self, done: Act, token: str, fields: dict[str, str], files: dict[str, Upload], form: int | None) -> None:
        """A form. When both are for the actor's eyes alone, its answer takes the form's place: a new form with errors, or the result."""
        kept = {name: self._keep(done.private, upload) for name, upload in files.items()}
        asked = done.invocation(InvocationKind.FORM, token, {**fields, **kept})
        answer = self._seams.dispatch(asked)
        if form is None or not self._is_private(done, form):
            self._answer(done, asked, answer)
        elif _can_replace(answer, done.channel):
            self._platform.edit(done.address, Receipt(str(form)), self._card(done, answer))
        else:
            self._answer(done, asked, answer)
            self._platform.edit(done.address, Receipt(str(form)), self._platform.render(_sent(done.viewer.locale), {}))

    def _ask(self, done: Act, kind: InvocationKind, payload: str, fields: dict[str, str]) -> None:
        asked = done.invocation(kind, payload, fields)
        self._answer(done, asked, self._seams.dispatch(asked))

    def _answer(self, done: Act, asked: Invocation, answer: Answer) -> None:
        address = Address(done.channel.binding, done.channel.external_id, visible_to=answer.visible_to)
        self._platform.send(address, self._card(done, answer), asked.answer_key)

    def _card(self, done: Act, answer: Answer) -> str:
        address = Address(done.channel.binding, done.channel.external_id, visible_to=answer.visible_to)
        refs: dict[str, str] = {}
        for block in answer.message.blocks:
            if isinstance(block, Chart):
                # Without its picture a chart is told in words.
                with suppress(PictureError):
                    refs[block.name] = self._platform.upload(address, f"{block.name}.png", "image/png", self._seams.renderer.draw(block))
        return self._platform.render(answer.message, refs)

    def _keep(self, address: Address, upload: Upload) -> str:
        return self._platform.upload(address, upload.name, upload.media_type, upload.content)

    def _is_private(self, done: Act, message: int) -> bool:
        """Whether the actor alone sees the message; LookupError when they do not see it."""
        with self._seams.database.read() as uow:
            found = uow.chat.get(done.viewer.workspace.id, message, done.viewer.member.id)
        return found.channel == done.channel.id and (found.visible_to is not None or done.channel.direct_to is not None)


def _spoken_to_bot(said: str, channel: Channel) -> str:
    """What the bot is asked, if it is: everything in a direct conversation, else what follows its name."""
    for locale in Locale:
        name = f"@{text(locale, 'web.bot')}"
        if said.casefold().startswith(name.casefold()):
            return said[len(name) :].strip()
    return said if channel.direct_to else ""


def _can_replace(answer: Answer, channel: Channel) -> bool:
    """Whether the answer may stand where a private form stood. A working note may not: what replaces it looks for it under its own key."""
    private = answer.visible_to is not None or channel.direct_to is not None
    return private and answer.outcome is not Outcome.WORKING


def _sent(locale: Locale) -> Message:
    words = text(locale, "web.form.sent")
    return Message((Context((words,)),), words, locale=locale.value)
