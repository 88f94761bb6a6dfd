"""What does a person look at first? What waits for them, and how yesterday went."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.agenda import Agenda
from core.domain.boards import Row
from core.domain.campaigns import Task


@dataclass(frozen=True, slots=True)
class Home:
    """One member's tasks, yesterday's leading figures, and, for those who lead, how many of the team's tasks are overdue."""

    agenda: Agenda
    figures: tuple[Row, ...]
    team_late: int | None = None

    @property
    def waiting(self) -> tuple[Task, ...]:
        """Overdue and due today."""
        return (*self.agenda.overdue, *self.agenda.today)
