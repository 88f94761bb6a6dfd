"""What comes by itself: the morning digest, a board of figures, the tasks of the week?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.domain.deliveries import Kind, Request
from core.domain.moments import Moment
from core.domain.periods import Grain
from core.domain.workspaces import Locale, Workspace
from core.i18n.texts import text
from core.messages.cards.kpi_board import board_card
from core.messages.cards.kpi_words import Viewer
from core.messages.cards.task import list_card
from core.messages.cards.task_words import Reader
from core.messages.model import Context, Message
from core.messages.tokens import Signer, signed
from core.ports import Alive
from core.services.board import board
from core.services.digest import digest_message
from core.services.people import names_of
from core.services.tasks import week_tasks
from core.services.trials import TEST
from core.storage.unit_of_work import Database, UnitOfWork
from scheduler.stages.build import Builder


@dataclass(frozen=True, slots=True)
class Reports:
    """Builds what schedules bring, as of the moment at which it is due."""

    database: Database
    signer: Signer

    @property
    def builders(self) -> Mapping[Kind, Builder]:
        """By the kind of schedule."""
        return {Kind.DIGEST: self._digest, Kind.BOARD: self._board, Kind.TASKS: self._tasks}

    def _digest(self, request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
        with self.database.read() as uow:
            return self._made(digest_message(uow, workspace, moment, _language(uow, workspace, request)), request, workspace)

    def _board(self, request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
        with self.database.read() as uow:
            viewer = Viewer(_language(uow, workspace, request), moment.today, workspace.currency)
            found = board(uow, workspace, moment, None, Grain(request.arguments["grain"]))
            return self._made(board_card(found, viewer), request, workspace)

    def _tasks(self, request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
        with self.database.read() as uow:
            reader = Reader(_language(uow, workspace, request), moment.today, workspace.zone, names_of(uow, workspace))
            return self._made(list_card(week_tasks(uow, workspace, moment.today), reader, moment.instant), request, workspace)

    def _made(self, message: Message, request: Request, workspace: Workspace) -> Message:
        """The message signed; a test says that it is one."""
        if TEST in request.arguments:
            note = text(Locale(message.locale), "schedule.test.note", number=request.arguments[TEST])
            message = replace(message, blocks=(*message.blocks, Context((note,))))
        return signed(message, workspace.id, self.signer)


def _language(uow: UnitOfWork, workspace: Workspace, request: Request) -> Locale:
    """That of its schedule, or of the channel to which it goes; a digest that the first release planned names neither."""
    if "locale" in request.arguments:
        return Locale(request.arguments["locale"])
    channel = request.arguments.get("channel")
    return (uow.places.known(int(channel)).locale if channel else None) or workspace.locale
