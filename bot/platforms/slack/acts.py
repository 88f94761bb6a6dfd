"""What is done at once and what after Slack's 3 seconds? Each kind of request gets its answer in time, whatever the house still has to do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from http import HTTPStatus

import structlog
from slack_bolt.response import BoltResponse

from bot.platforms.fields import Body, part, word
from bot.platforms.slack import incoming
from bot.platforms.slack.directs import DIRECT
from bot.platforms.slack.edge import Edge, Say, Telling
from bot.platforms.slack.incoming import Act
from bot.platforms.slack.payload import Object
from bot.platforms.slack.repeats import Repeats, failed
from bot.platforms.slack.replies import Replies, private_words
from bot.platforms.slack.windows import NO_REFS, acknowledged, replaced, waiting
from bot.platforms.tasks import Tasks
from core.domain.deliveries import Delivery
from core.domain.workspaces import Locale
from core.errors import SendError, UserError
from core.ports import InvocationKind
from handlers.kernel.answer import Answer
from handlers.kernel.replies import refused

log = structlog.get_logger()

# Slack waits 3 seconds for an acknowledgement, and a trigger lives as long; the rest is for the way.
ACK_SECONDS = 2.4
NOTE_SHARE = 1 / 6
OPEN_SECONDS = 1.5


class Acts:
    """Bolt's listeners. `patience` is how many seconds an acknowledgement may take; a part of them is for the note of what will be late."""

    def __init__(self, edge: Edge, replies: Replies, tasks: Tasks, patience: float = ACK_SECONDS) -> None:
        self._edge = edge
        self._replies = replies
        self._tasks = tasks
        self._patience = patience
        self._repeats = Repeats(lambda body: tasks.start(self._event(body)))

    async def command(self, body: dict[str, object]) -> BoltResponse:
        """A slash command: the answer is the acknowledgement; when that would be late, it follows by the response_url. What only lacks something
        opens its form."""
        act = incoming.slash(body)
        work = self._tasks.start(self._tasks.house(self._edge.asked, act.invocation))
        if not await self._in_time(work):
            await self._late(act, work, self._replies.respond)
            return _answer()
        answer = work.result()
        if answer.asks:
            self._tasks.start(self._tell([self._edge.by_handle(act, answer, self._replies.ask)]))
            return _answer()
        return BoltResponse(status=HTTPStatus.OK, body=private_words(answer.message, NO_REFS))

    async def pressed(self, body: dict[str, object]) -> BoltResponse:
        """Buttons: acknowledged at once."""
        for act in incoming.presses(body):
            self._tasks.start(self._opened(act) if act.invocation.kind is InvocationKind.OPEN else self._pressed(act))
        return _answer()

    async def submitted(self, body: dict[str, object]) -> BoltResponse:
        """A sent form: what came of it is the acknowledgement; when that would be late, a word stands in its place until it has come."""
        act = incoming.submitted(body)
        work = self._tasks.start(self._tasks.house(self._edge.asked, act.invocation))
        if await self._in_time(work):
            return _answer(acknowledged(act, work.result().message))
        await self._late(act, work, self._replies.update)
        return _answer(replaced(waiting(act.label)))

    async def event(self, body: dict[str, object]) -> BoltResponse:
        """An event: acknowledged when it is done. One that failed, that the stop cut off, or that takes longer, Slack has to bring again."""
        work = self._repeats.work(body)
        done = await self._tasks.patiently(work, self._patience)
        return _answer() if done and not failed(work) else BoltResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)

    async def _in_time(self, work: asyncio.Task[Answer]) -> bool:
        return await self._tasks.patiently(work, self._patience * (1 - NOTE_SHARE))

    async def _late(self, act: Act, work: asyncio.Task[Answer], say: Say) -> None:
        """Returns when the late act stands in the ledger, since Slack does not bring it again; or when time is up. The answer follows."""
        note = self._tasks.start(self._noted(act))
        self._tasks.start(self._followed(act, work, note, say))
        if not await self._tasks.patiently(note, self._patience * NOTE_SHARE):
            log.warning("late_not_noted_in_time", kind=act.invocation.kind.value)

    async def _noted(self, act: Act) -> Delivery | None:
        """In a thread of its own: an act is late when all others are busy."""
        return await self._tasks.aside(self._edge.note, act.invocation)

    async def _followed(self, act: Act, work: asyncio.Task[Answer], note: asyncio.Task[Delivery | None], say: Say) -> None:
        """Tells what came too late for the acknowledgement, unless the ledger tells it by now."""
        answer, noted = await work, await note
        if noted is None:
            await self._tell([self._edge.by_handle(act, answer, say)])
        elif (held := await self._tasks.house(self._edge.hold, noted)) is not None:
            await self._tell([self._edge.late(act, held, answer, say)])
            await self._tasks.house(self._edge.settle, held, answer)

    async def _pressed(self, act: Act) -> None:
        await self._tell(await self._tasks.house(self._edge.pressed, act))

    async def _opened(self, act: Act) -> None:
        """Opens the form while the trigger lives: when it is not there yet, a modal that holds its place. Where none opens, a word says so."""
        work = self._tasks.start(self._tasks.house(self._edge.message, act))
        try:
            if not await self._tasks.patiently(work, min(OPEN_SECONDS, self._patience)):
                act = await self._tasks.outside(self._replies.hold, act)
            await self._tasks.outside(self._replies.show, act, await work)
        except SendError as error:
            log.warning("form_not_opened", reason=error.reason.value)
            told = refused(UserError("slack.form.not_opened"), Locale((await work).locale))
            await self._tell([Telling(lambda: self._replies.respond(act, told))])

    async def _event(self, body: Body) -> None:
        event = part(body, "event")
        tenant, kind, channel = incoming.team(body), word(event, "type"), word(event, "channel")
        match kind:
            case "app_mention":
                await self._said(body)
            case "message" if word(event, "channel_type") == "im":
                await self._said(body)
                for invocation, file in incoming.files(body):
                    await self._tell(await self._tasks.house(self._edge.shared, invocation, file))
            case "file_shared":
                await self._shared(body, word(event, "user_id"), word(event, "channel_id"))
            case "app_home_opened" if word(event, "tab") == "home":
                await self._tell(await self._tasks.house(self._edge.home, incoming.home_opened(body)))
            case "member_joined_channel" if word(event, "user") == incoming.bot(body):
                await self._met(tenant, channel)
            case "channel_rename" | "group_rename":
                await self._tasks.house(self._edge.met, tenant, word(event, "channel", "id"), word(event, "channel", "name"))
            case "channel_left" | "group_left":
                await self._tasks.house(self._edge.parted, tenant, channel)
            case "app_uninstalled":
                await self._tasks.house(self._edge.left, tenant)
            case "tokens_revoked" if part(event, "tokens").get("bot"):
                await self._tasks.house(self._edge.left, tenant)

    async def _said(self, body: Body) -> None:
        if (invocation := incoming.said(body)) is not None:
            await self._tell(await self._tasks.house(self._edge.said, invocation))

    async def _shared(self, body: Body, actor: str, channel: str) -> None:
        """A file in a channel. Those of a direct conversation come with their message, and the bot's own are no offer."""
        named = word(body, "event", "file_id")
        if not named or actor in ("", incoming.bot(body)) or channel.startswith(DIRECT):
            return
        invocation = incoming.shared(body, actor, channel, named)
        try:
            file = await self._tasks.outside(self._edge.looked_up, invocation, named)
        except SendError as error:
            if error.retryable:
                raise
            log.warning("file_not_looked_up", reason=error.reason.value)
            return
        if file is not None:
            await self._tell(await self._tasks.house(self._edge.shared, invocation, file))

    async def _met(self, tenant: str, channel: str) -> None:
        try:
            name = await self._tasks.outside(self._edge.channel_name, tenant, channel)
        except SendError:
            # The failure is in the log; the channel counts all the same.
            name = ""
        await self._tasks.house(self._edge.met, tenant, channel, name or channel)

    async def _tell(self, tellings: Sequence[Telling]) -> None:
        """Tells one thing after the other. What Slack does not take is in the log, goes another way if it has one, and keeps nothing back."""
        for telling in tellings:
            try:
                await self._tasks.outside(telling.say)
            except SendError as error:
                log.warning("not_told", reason=error.reason.value, posted=telling.instead is not None)
                if telling.instead is not None:
                    await self._tasks.house(telling.instead)


def _answer(body: Object | None = None) -> BoltResponse:
    return BoltResponse(status=HTTPStatus.OK, body="" if body is None else json.dumps(body))
