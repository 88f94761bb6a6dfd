"""What does a workspace have that an argument can name? Asked of the database only when a form or a completion shows it."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.agenda import TaskQuery
from core.domain.campaigns import TaskState
from core.messages.model import Option
from core.storage.unit_of_work import UnitOfWork

TASKS = 50


class StoredDirectory:
    """The names of one workspace, read through an open unit of work."""

    def __init__(self, uow: UnitOfWork, workspace: int) -> None:
        self._uow = uow
        self._workspace = workspace

    def members(self) -> Sequence[Option]:
        """Handles with names of those who are active."""
        return tuple(Option(member.handle, member.name) for member in self._uow.members.all(self._workspace) if member.active)

    def campaigns(self) -> Sequence[Option]:
        """Codes with names."""
        return tuple(Option(campaign.code, campaign.name) for campaign in self._uow.campaigns.all(self._workspace))

    def tasks(self) -> Sequence[Option]:
        """Numbers of open tasks with titles."""
        open_tasks = self._uow.tasks.find(self._workspace, TaskQuery(state=TaskState.OPEN), TASKS)
        return tuple(Option(f"T-{task.number}", task.title) for task in open_tasks)

    def roles(self) -> Sequence[Option]:
        """Names of jobs."""
        return tuple(Option(role.name, "") for role in self._uow.roles.all(self._workspace))

    def channels(self) -> Sequence[Option]:
        """Names of channels, each with its sign; of several with one name on different platforms, it stands once."""
        found = dict.fromkeys(channel.called for channel in self._uow.places.channels(self._workspace) if not channel.gone)
        return tuple(Option(name, "") for name in found if name)

    def schedules(self) -> Sequence[Option]:
        """Numbers of schedules with their channels."""
        schedules = self._uow.schedules.of(self._workspace)
        channels = self._uow.places.all_known({schedule.channel for schedule in schedules})
        return tuple(Option(schedule.label, f"{schedule.label} {channels[schedule.channel].name}") for schedule in schedules)
