"""What is done at once and what after Feishu's 3 seconds? Each event gets its answer in time, whatever the house still has to do."""

from __future__ import annotations

import asyncio

from bot.platforms.feishu.edge import Edge
from bot.platforms.feishu.incoming import PRESS, mentions_anyone, pressed
from bot.platforms.feishu.reactions import Reaction, Telling, told_in_both
from bot.platforms.fields import NONE, Body, word
from bot.platforms.tasks import Tasks
from core.ports import InvocationKind
from handlers.kernel.answer import Outcome

# Of Feishu's 3 seconds; the rest is for the way.
ANSWER_SECONDS = 2.5


class Answering:
    """Events in, answers out, for the webhook as for the long connection."""

    def __init__(self, edge: Edge, tasks: Tasks, patience: float = ANSWER_SECONDS) -> None:
        self._edge = edge
        self._tasks = tasks
        self._patience = patience

    async def __call__(self, event: Body) -> Body:
        """The body of the answer. Events are done before it, so that they come again should the process end meanwhile; or else when time is up.

        Raises SendError for an event that cannot be read now: it has to come again.
        """
        if word(event, "header", "event_type") == PRESS:
            return await self._pressed(event)
        work = self._tasks.start(self._happened(event))
        if await self._tasks.patiently(work, self._patience):
            work.result()
        return NONE

    async def _happened(self, event: Body) -> None:
        bot = await self._tasks.outside(self._edge.bot, event) if mentions_anyone(event) else ""
        await self._tell(await self._tasks.house(self._edge.happened, event, bot))

    async def _reaction(self, event: Body) -> Reaction | None:
        press = pressed(event)
        if press is None:
            return None
        # Only a form has to know where it stands.
        direct = press.invocation.kind is InvocationKind.FORM and await self._tasks.outside(self._edge.is_direct, press)
        return await self._tasks.house(self._edge.pressed, press, direct)

    async def _pressed(self, event: Body) -> Body:
        work = self._tasks.start(self._reaction(event))
        if not await self._tasks.patiently(work, self._patience):
            self._tasks.start(self._late(work))
            return {"toast": told_in_both(Outcome.WORKING, "feishu.working")}
        reaction = work.result()
        if reaction is None:
            return NONE
        self._tasks.start(self._tell(reaction.tell))
        return reaction.body

    async def _late(self, work: asyncio.Task[Reaction | None]) -> None:
        reaction = await work
        if reaction is not None:
            await self._tell(await self._tasks.house(self._edge.late, reaction))

    async def _tell(self, telling: Telling | None) -> None:
        if telling is not None:
            await self._tasks.outside(telling)
