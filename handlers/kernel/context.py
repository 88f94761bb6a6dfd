"""What does a handler know about the one who asks?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.domain.moments import Moment
from core.domain.workspaces import Channel, Locale, Member, Workspace
from core.ports import Clock
from core.storage.unit_of_work import Database, UnitOfWork


@dataclass(frozen=True, slots=True)
class Context:
    """One call's surroundings. `uow` writes for changing commands (the dispatcher commits) and reads for others.

    `database` and `clock` are for slow commands that write in short pieces of their own and give signs of life.
    `moment` is business time, `now` machine time. The command's permission is already checked; what depends on the object is the handler's.
    """

    uow: UnitOfWork
    database: Database
    clock: Clock
    workspace: Workspace
    member: Member
    locale: Locale
    moment: Moment
    channel: Channel | None
    now: datetime
