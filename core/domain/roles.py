"""Who does which job, to whom does each report, and who leads whom? (template table 7)"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from core.domain.workspaces import Member


@dataclass(frozen=True, slots=True)
class Role:
    """A job: what it answers for, the job that it reports to (by id), and the departments that it works with."""

    id: int
    name: str
    responsibilities: str = ""
    reports_to: int | None = None
    works_with: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """A member holds a role from a local date on, up to and with another; without `until` for good."""

    id: int
    role: int
    member: int
    since: date
    until: date | None = None

    def on(self, day: date) -> bool:
        """Whether it is so on that date."""
        return self.since <= day and (self.until is None or day <= self.until)

    def lasts_to(self, day: date) -> bool:
        """Whether it is so on that date or at some time after it."""
        return self.until is None or day <= self.until


@dataclass(frozen=True, slots=True)
class Assigned:
    """A role given to a member from a date on. `others` held it before and still do; `already` tells that the member did."""

    role: Role
    member: Member
    since: date
    others: tuple[Member, ...] = ()
    already: bool = False


def holding_on(holdings: Iterable[Holding], day: date) -> tuple[Holding, ...]:
    """Those that hold on the date, the longest held first."""
    return tuple(sorted((holding for holding in holdings if holding.on(day)), key=lambda holding: (holding.since, holding.id)))


def above(roles: Mapping[int, Role], role: int) -> Iterator[Role]:
    """The role that this one reports to, then the one that that reports to, up to the top."""
    next_ = roles[role].reports_to
    while next_ is not None:
        yield roles[next_]
        next_ = roles[next_].reports_to


def circles(roles: Mapping[int, Role], role: int, reports_to: int) -> bool:
    """Whether the role would come to report to itself, at once or over others."""
    return role == reports_to or any(upper.id == role for upper in above(roles, reports_to))


def lead_on(roles: Mapping[int, Role], holdings: Iterable[Holding], member: int, day: date) -> int | None:
    """The member to whom another reports on the date: who has longest held the role above theirs; where nobody else does, the next above."""
    held = holding_on(holdings, day)
    own = next((holding.role for holding in held if holding.member == member), None)
    if own is None:
        return None
    over = (holding.member for upper in above(roles, own) for holding in held if holding.role == upper.id and holding.member != member)
    return next(over, None)
