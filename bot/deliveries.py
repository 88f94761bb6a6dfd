"""How does what comes by itself get from the planner to a platform, in this process?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from time import sleep
from typing import TYPE_CHECKING

from bot.courier import taken_up
from bot.dispatch import Dispatcher
from bot.renderer import DirectRenderer
from bot.reports import Reports
from core.domain.cadences import WorkingDays
from core.domain.calendars import DayOff
from core.domain.deliveries import Kind, Request
from core.domain.moments import Moment
from core.domain.schedules import Schedule
from core.domain.workspaces import Workspace
from core.messages.codec import load
from core.messages.model import Message
from core.messages.tokens import Signer, signed
from core.ports import Alive, Clock, Renderer
from core.services import cards, notices
from core.sources.calendars import calendar_around
from core.storage.unit_of_work import Database
from scheduler.chain import Chain
from scheduler.ledger import Ledger
from scheduler.notices import Notices, Rounds
from scheduler.planner import Missed, Planner, unheeded
from scheduler.stages.build import Builder
from scheduler.stages.pace import Patience
from scheduler.stages.pictures import Platforms
from scheduler.stages.record import Outcome
from scheduler.stages.send import Names
from scheduler.standing import StandingClock
from scheduler.worker import Observer, Worker, unobserved

if TYPE_CHECKING:
    from bot.engines import EngineMaker
    from scheduler.engines.common import Engine


@dataclass
class Deliveries:
    """Planner, worker and engine over the platforms of this process.

    `renderer`, `observe`, `missed` and `patience` may be replaced before the first use.
    """

    database: Database
    clock: Clock
    signer: Signer
    dispatcher: Dispatcher
    platforms: Platforms
    names: Names
    make_engine: EngineMaker
    now: datetime | None = None

    def __post_init__(self) -> None:
        self.renderer: Renderer = DirectRenderer()
        self.observe: Observer = unobserved
        self.missed: Missed = unheeded
        self.patience = Patience(sleep)

    @cached_property
    def planner(self) -> Planner:
        """Turns schedules into deliveries."""
        return Planner(self.database, self.clock, _calendar, self.missed)

    @cached_property
    def notices(self) -> Notices:
        """Tells people what did not go out."""
        return Notices(self.database, self.clock)

    @cached_property
    def worker(self) -> Worker:
        """Brings deliveries out."""
        ledger = Ledger(self.database, self.clock)
        chain = Chain(ledger, self.builders, self.renderer, self.platforms, self.names, self.patience)
        return Worker(self.database, self.clock, ledger, chain, self.observe)

    @cached_property
    def builders(self) -> Mapping[Kind, Builder]:
        """What makes the message of each kind."""
        asked: dict[Kind, Builder] = {Kind.COMMAND: self._result, Kind.ANSWER: _answer, Kind.CARD: self._card, Kind.NOTICE: self._notice}
        return {**Reports(self.database, self.signer).builders, **asked}

    @cached_property
    def engine(self) -> Engine:
        """Wakes both while the process serves."""
        return self.make_engine(Rounds(self.planner, self.notices), self.worker, self.clock)

    @cached_property
    def standing(self) -> StandingClock:
        """Steps the clocks of demo workspaces."""
        return StandingClock(self.database, self.planner, self.worker)

    def tick(self) -> tuple[Outcome, ...]:
        """Plans and does what is due now, once, and tells whoever has to learn what came of it."""
        self.planner.run(self.now)
        outcomes = self.worker.run_due(self.now)
        return (*outcomes, *self.worker.run_due(self.now)) if self.notices.run(self.now) else outcomes

    def _result(self, request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
        """Does the work of a slow command, through a dispatcher that puts nothing off."""
        return self.dispatcher.at_work(alive)(taken_up(request)).message

    def _card(self, request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
        with self.database.read() as uow:
            return signed(cards.renewed(uow, workspace, request, moment), workspace.id, self.signer)

    def _notice(self, request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
        with self.database.read() as uow:
            return signed(notices.notice(uow, workspace, request, moment), workspace.id, self.signer)


def _calendar(workspace: Workspace, schedule: Schedule, team: Sequence[DayOff], today: date) -> WorkingDays:
    return calendar_around(schedule.calendar_in(workspace), today, workspace.locale).with_team(team)


def _answer(request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
    """An answer that was written into the ledger whole, before its pictures."""
    return load(request.arguments["message"].encode())
