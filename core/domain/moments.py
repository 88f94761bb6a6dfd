"""What time is it, for the business? The machine's time, or in a demo workspace the instant at which its clock stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.domain.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as a workspace lives it."""

    instant: datetime
    local: datetime

    @property
    def today(self) -> date:
        """The local date."""
        return self.local.date()


def business_time(workspace: Workspace, machine: datetime, override: datetime | None = None) -> Moment:
    """The workspace's moment. `override` (the command line's `--now`) goes before a demo's standing clock, that before the machine's.

    An override without a zone is read as workspace time.
    """
    chosen = override or workspace.frozen_at or machine
    local = chosen.replace(tzinfo=workspace.zone) if chosen.tzinfo is None else chosen.astimezone(workspace.zone)
    return Moment(local.astimezone(machine.tzinfo), local)
