"""When does something come by itself? A cadence in a zone, and the instants at which it falls between two others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, islice
from zoneinfo import ZoneInfo

from core.domain.cadence_grains import grain_of
from core.domain.cadences import MINUTE, Cadence, Once, Timed, WorkingDays, walls
from core.domain.calendars import DAY
from core.domain.deliveries import Kind, Request
from core.domain.instants import MIDNIGHT, exists, instant_of
from core.domain.workspaces import Locale, Workspace

# Beyond the rarest that people ask for: a 29 February on a Monday comes every 28 years, and once in 40 where a century leaves one out.
FORESEEN = timedelta(days=41 * 366)


@dataclass(frozen=True, slots=True)
class Schedule:
    """What comes by itself, when and in which channel. People call it by its `number`, S-3.

    Occurrences due before `planned_until` have become deliveries. `zone`, `locale` and `calendar` are the workspace's where None. Nothing comes on a
    local date before `paused_until`, and nothing at all while it is not `enabled` or the house keeps it `off`, by the reason that it says.
    """

    id: int
    number: int
    kind: Kind
    cadence: Cadence
    channel: int
    owner: int | None = None
    enabled: bool = True
    planned_until: datetime | None = None
    zone: str | None = None
    locale: Locale | None = None
    calendar: str | None = None
    paused_until: date | None = None
    off: str | None = None

    @property
    def label(self) -> str:
        """The number as people write it."""
        return f"S-{self.number}"

    @property
    def on(self) -> bool:
        """Whether something is to come, today or once its pause is over."""
        return self.enabled and self.off is None

    def zone_in(self, workspace: Workspace) -> ZoneInfo:
        """The zone by whose clocks it falls."""
        return ZoneInfo(self.zone or workspace.timezone)

    def calendar_in(self, workspace: Workspace) -> str:
        """The code of the country whose working days count."""
        return self.calendar or workspace.calendar

    def is_over(self, workspace: Workspace, instant: datetime) -> bool:
        """Whether the only day on which it came lies behind."""
        match self.cadence:
            case Timed(days=Once(day=day)):
                return day < instant.astimezone(self.zone_in(workspace)).date()
            case _:
                return False

    def pauses(self, day: date) -> bool:
        """Whether nothing comes on that local date."""
        return self.paused_until is not None and day < self.paused_until

    def request(self, day: date) -> Request:
        """What to build for that local date."""
        words = {"date": day.isoformat(), "channel": str(self.channel)}
        if self.kind is Kind.BOARD:
            words["grain"] = grain_of(self.cadence).value
        return Request(words if self.locale is None else {**words, "locale": self.locale.value})


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time at which a schedule falls.

    `slot` tells the occurrences of one local date apart: 0 for the only one, so that a changed time of day is no new one, else the minute of the day,
    counted from 1.
    """

    local_date: date
    slot: int
    due_at: datetime


def occurrences(cadence: Cadence, zone: ZoneInfo, since: datetime, until: datetime, calendar: WorkingDays) -> Iterator[Occurrence]:
    """Every occurrence due from `since` up to but without `until` (aware instants), in order.

    A local time that clocks jump over comes at the first instant after the jump, one that they show twice at the first of the two; of several in
    one jump the first comes alone. A local date that the zone never had has none.
    """
    # A day earlier and later: near a change of the clock an instant may lie on the neighbouring date.
    first, last = since.astimezone(zone).date() - DAY, until.astimezone(zone).date() + DAY
    before: datetime | None = None
    for day, of_day in groupby(walls(cadence, first, last, calendar), datetime.date):
        if not exists(day, zone):
            continue
        for slot, wall in _slots(list(of_day)):
            due_at = instant_of(day, wall.time(), zone)
            if due_at >= until:
                return
            if due_at >= since and due_at != before:
                yield Occurrence(day, slot, due_at)
            before = due_at


def next_times(schedule: Schedule, zone: ZoneInfo, calendar: WorkingDays, since: datetime, wanted: int) -> tuple[Occurrence, ...]:
    """The schedule's next occurrences due from `since` on, as if it were on; fewer than wanted where fewer will come. A pause is waited for."""
    found = occurrences(schedule.cadence, zone, since, _foreseen(schedule.cadence, since), calendar)
    return tuple(islice((each for each in found if not schedule.pauses(each.local_date)), wanted))


def _foreseen(cadence: Cadence, since: datetime) -> datetime:
    match cadence:
        case Timed(days=Once(day=day)):
            # Whatever the zone, the date is over two days later.
            return datetime.combine(day + 2 * DAY, MIDNIGHT, UTC)
        case _:
            return since + FORESEEN


def _slots(of_day: Sequence[datetime]) -> Iterator[tuple[int, datetime]]:
    for wall in of_day:
        yield 0 if len(of_day) == 1 else 1 + (wall - datetime.combine(wall, MIDNIGHT)) // MINUTE, wall
