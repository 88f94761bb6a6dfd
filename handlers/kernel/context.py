"""What does a handler know about the one who asks?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.domain.moments import Moment
from core.domain.workspaces import Channel, Locale, Member, Workspace
from core.ports import Alive, Clock
from core.storage.repositories.inbox import RequestKey
from core.storage.unit_of_work import Database, UnitOfWork

# The content of a file that a person shared: the binding, and the platform's name for the file. Raises SendError.
Fetch = Callable[[int, str], bytes]


@dataclass(frozen=True, slots=True)
class Context:
    """One call's surroundings. `uow` writes for changing commands (the dispatcher commits) and reads for others.

    `database`, `clock` and `alive` are for slow commands that write in short pieces of their own and give signs of life; `request` names the act,
    however often it is tried.
    `conversation` is the platform's name for where it was said, on that binding, `called` what people call it, where that is told; `channel` is what
    is known of it.
    `moment` is business time, `now` machine time. The command's permission is already checked; what depends on the object is the handler's.
    """

    uow: UnitOfWork
    database: Database
    clock: Clock
    workspace: Workspace
    member: Member
    locale: Locale
    moment: Moment
    binding: int
    conversation: str
    channel: Channel | None
    now: datetime
    fetch: Fetch
    request: RequestKey
    alive: Alive
    called: str = ""
