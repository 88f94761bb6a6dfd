"""How does something come by itself from now on, at another time from now on, or no longer?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from core.domain.cadence_flaws import flaw_of
from core.domain.cadences import Daily, Timed, Weekdays, Workdays
from core.domain.deliveries import Kind, local_date
from core.domain.instants import MIDNIGHT, instant_of
from core.domain.moments import Moment
from core.domain.plans import rows_of
from core.domain.schedules import Schedule
from core.domain.workspaces import Channel, Workspace
from core.errors import UserError
from core.services.calendars import team_calendar
from core.services.zones import find_zone
from core.sources.calendars import normalised
from core.storage.unit_of_work import UnitOfWork

MORNING = Timed(time(9), Workdays())
# More than a team keeps in view; a thousand by one person is a mistake.
MOST, MOST_OF_ONE = 200, 50


def add(uow: UnitOfWork, workspace: Workspace, wanted: Schedule, moment: Moment) -> Schedule:
    """A new schedule from now on; the wanted one's `id` and `number` are ignored. Raises UserError for one that cannot be kept, or one too many."""
    _room(uow, workspace, wanted.owner, moment)
    checked = _checked(uow, workspace, wanted, moment)
    return uow.schedules.add(workspace.id, replace(checked, planned_until=moment.instant))


def alike(uow: UnitOfWork, workspace: Workspace, wanted: Schedule, moment: Moment) -> Schedule | None:
    """The schedule that brings just the same, whoever set it up, if there is one. Raises UserError for a wanted one that cannot be kept."""
    checked = _checked(uow, workspace, wanted, moment)
    return next((each for each in uow.schedules.of(workspace.id) if _brings(each) == _brings(checked)), None)


def _brings(schedule: Schedule) -> tuple[object, ...]:
    return schedule.kind, schedule.channel, schedule.cadence, schedule.zone, schedule.locale, schedule.calendar


def change(uow: UnitOfWork, workspace: Workspace, wanted: Schedule, moment: Moment) -> Schedule:
    """The schedule of that id, as wanted from now on. What came today does not come again. Raises UserError."""
    checked = _checked(uow, workspace, wanted, moment)
    return _kept(uow, checked, moment)


def pause(uow: UnitOfWork, schedule: Schedule, until: date | None, moment: Moment) -> Schedule:
    """Nothing comes before that local date; without one, until it is resumed. Raises UserError for a date that is no later than today."""
    if until is not None and until <= moment.today:
        raise UserError("schedule.error.pause_over", field="until")
    return _kept(uow, replace(schedule, paused_until=until, enabled=until is not None), moment)


def resume(uow: UnitOfWork, schedule: Schedule, moment: Moment) -> Schedule:
    """It comes again from now on, whoever had stopped it: a person, or the house."""
    return _kept(uow, replace(schedule, paused_until=None, enabled=True, off=None), moment)


def switch_off(uow: UnitOfWork, schedule: Schedule, reason: str, moment: Moment) -> Schedule:
    """The house stops it, for a reason that no further try can mend."""
    return _kept(uow, replace(schedule, off=reason), moment)


def remove(uow: UnitOfWork, schedule: Schedule, moment: Moment) -> None:
    """It comes no more. What it brought stays."""
    uow.schedules.remove(schedule.id)
    _withdraw(uow, schedule, moment.instant)


def set_schedule(uow: UnitOfWork, workspace: Workspace, kind: Kind, channel: Channel, cadence: Timed, owner: int | None, moment: Moment) -> Schedule:
    """The kind comes to the channel each morning from now on by that cadence, in place of the one that came so before."""
    held = morning_schedule(uow, workspace, kind, channel)
    if held is None:
        return add(uow, workspace, Schedule(0, 0, kind, cadence, channel.id, owner), moment)
    return resume(uow, replace(held[0], cadence=cadence, owner=owner), moment)


def morning_schedule(uow: UnitOfWork, workspace: Workspace, kind: Kind, channel: Channel) -> tuple[Schedule, Timed] | None:
    """The oldest schedule of the kind that comes to the channel by days of the week, and its cadence. One of a month's end is another."""
    for schedule in uow.schedules.in_channel(workspace.id, kind, channel.id):
        match schedule.cadence:
            case Timed(days=Daily() | Workdays() | Weekdays()) as cadence:
                return schedule, cadence
            case _:
                continue
    return None


def replan(uow: UnitOfWork, before: Workspace, workspace: Workspace, moment: Moment) -> None:
    """After a change of the workspace's zone: what is planned for today comes as planned, later days by the new times.

    What clocks there have passed today, and here had not, is late or missed like any other, where it was not planned.
    """
    for schedule in uow.schedules.of(workspace.id):
        zone = schedule.zone_in(workspace)
        today = moment.instant.astimezone(zone).date()
        since = _unseen(schedule.zone_in(before), zone, moment.instant)
        uow.schedules.save(replace(schedule, planned_until=min(schedule.planned_until or since, since)))
        for delivery in uow.deliveries.ahead(schedule.id, moment.instant):
            if local_date(delivery.key) > today:
                uow.deliveries.withdraw(delivery)


def _unseen(before: ZoneInfo, zone: ZoneInfo, instant: datetime) -> datetime:
    """Since when clocks in the zone have shown, on their date of today, times that those of the zone before had not; now, where there are none."""
    midnight = datetime.combine(instant.astimezone(zone), MIDNIGHT)
    wall = max(midnight, instant.astimezone(before).replace(tzinfo=None))
    return min(instant, instant_of(wall.date(), wall.time(), zone))


def replan_days(uow: UnitOfWork, workspace: Workspace, moment: Moment) -> None:
    """After a change of the days on which the team works: by the new days from now on."""
    for schedule in uow.schedules.of(workspace.id):
        _kept(uow, schedule, moment)


def _kept(uow: UnitOfWork, schedule: Schedule, moment: Moment) -> Schedule:
    """What it would bring from now on is planned anew. Kept first: whoever plans it at this moment has finished then."""
    before, kept = uow.schedules.get(schedule.id), replace(schedule, planned_until=moment.instant)
    uow.schedules.save(kept)
    _catch_up(uow, before, moment)
    _withdraw(uow, kept, moment.instant)
    return kept


def _catch_up(uow: UnitOfWork, before: Schedule, moment: Moment) -> None:
    """Plans what the schedule, as it was, had to bring until now, and nobody planned during a stop: it is late or missed like any other."""
    if not before.on or before.planned_until is None or before.planned_until >= moment.instant:
        return
    workspace, channel = uow.workspaces.get(uow.schedules.workspace_of(before.id)), uow.places.known(before.channel)
    calendar = team_calendar(uow, workspace, moment.today, before)
    uow.deliveries.plan_all(rows_of(workspace, before, channel, moment.instant, moment.instant, calendar), moment.instant)


def _withdraw(uow: UnitOfWork, schedule: Schedule, since: datetime) -> None:
    for delivery in uow.deliveries.ahead(schedule.id, since):
        uow.deliveries.withdraw(delivery)


def _room(uow: UnitOfWork, workspace: Workspace, owner: int | None, moment: Moment) -> None:
    owners = [schedule.owner for schedule in uow.schedules.of(workspace.id) if not schedule.is_over(workspace, moment.instant)]
    if owner is not None and owners.count(owner) >= MOST_OF_ONE:
        raise UserError("schedule.error.yours_full", limit=MOST_OF_ONE)
    if len(owners) >= MOST:
        raise UserError("schedule.error.full", limit=MOST)


def _checked(uow: UnitOfWork, workspace: Workspace, wanted: Schedule, moment: Moment) -> Schedule:
    checked = replace(
        wanted,
        zone=wanted.zone and find_zone(wanted.zone, "zone"),
        calendar=wanted.calendar and normalised(wanted.calendar),
    )
    zone = checked.zone_in(workspace)
    flaw = flaw_of(checked.cadence, zone, moment.instant, team_calendar(uow, workspace, moment.today, checked))
    if flaw is not None:
        raise UserError(f"schedule.error.{flaw.value}", field="cadence", zone=zone.key)
    return checked
