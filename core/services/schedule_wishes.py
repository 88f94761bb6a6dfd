"""What does a person want to come by itself? A kind, a rhythm, a time and a place, as far as they said; the rest as it is or as it is usual."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from core.domain.cadence_words import FromDay, Parts, Rhythm, Step, Written, cadence_of, parts_of
from core.domain.cadences import Cadence, Cron
from core.domain.deliveries import Kind
from core.domain.moments import Moment
from core.domain.schedules import Schedule, next_times
from core.domain.workspaces import Channel, Locale, Member, Workspace
from core.errors import UserError
from core.services import schedules
from core.services.calendars import team_calendar
from core.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Wish:
    """What was said of a schedule; None is what was not. `channel` is a name, as people call it."""

    cadence: Written | None = None
    at: time | None = None
    day: date | None = None
    channel: str | None = None
    zone: str | None = None
    locale: Locale | None = None
    calendar: str | None = None

    @property
    def parts(self) -> Parts | None:
        """The rhythm with the time and the day that were said; None without a rhythm."""
        return None if self.cadence is None else Parts(self.cadence.rhythm, self.at or self.cadence.at, self.day)


def begin(uow: UnitOfWork, workspace: Workspace, kind: Kind, wish: Wish, here: Channel, actor: Member, moment: Moment) -> tuple[Schedule, bool]:
    """A new schedule, of which the rhythm is said, or the one that does the same already; and whether it is new.

    It comes to where it was asked for unless said. Raises UserError.
    """
    if wish.parts is None:
        raise UserError("schedule.ask.cadence", field="cadence")
    cadence = _cadence(wish.parts, ZoneInfo(wish.zone or workspace.timezone), moment)
    channel = _place(uow, workspace, wish, here)
    wanted = Schedule(0, 0, kind, cadence, channel.id, actor.id, zone=wish.zone, locale=wish.locale, calendar=wish.calendar)
    held = schedules.alike(uow, workspace, wanted, moment)
    return (held, False) if held else (schedules.add(uow, workspace, wanted, moment), True)


def change(uow: UnitOfWork, workspace: Workspace, schedule: Schedule, wish: Wish, here: Channel, moment: Moment) -> Schedule:
    """The schedule with what is wished otherwise. Raises UserError."""
    wanted = replace(
        schedule,
        channel=_place(uow, workspace, wish, here).id if wish.channel else schedule.channel,
        zone=wish.zone or schedule.zone,
        locale=wish.locale or schedule.locale,
        calendar=wish.calendar or schedule.calendar,
    )
    cadence = _changed(schedule.cadence, wish, wanted.zone_in(workspace), moment)
    return schedules.change(uow, workspace, replace(wanted, cadence=cadence), moment)


def resume(uow: UnitOfWork, workspace: Workspace, schedule: Schedule, moment: Moment) -> Schedule:
    """It comes again from now on. Raises UserError for what comes no more."""
    if not next_times(schedule, schedule.zone_in(workspace), team_calendar(uow, workspace, moment.today, schedule), moment.instant, 1):
        raise UserError("schedule.error.over", field="schedule")
    return schedules.resume(uow, schedule, moment)


def find(uow: UnitOfWork, workspace: Workspace, number: int) -> Schedule:
    """The schedule that people call by the number. Raises UserError."""
    found = uow.schedules.numbered(workspace.id, number)
    if found is None:
        raise UserError("schedule.unknown", field="schedule", number=number)
    return found


def _changed(held: Cadence, wish: Wish, zone: ZoneInfo, moment: Moment) -> Cadence:
    """The held cadence where nothing was said of it. A new rhythm takes the held time along where it has one, not the held day."""
    said, before = wish.parts, parts_of(held)
    if said is None:
        said = Parts(before.rhythm, wish.at, wish.day)
    if (said.rhythm, said.at or before.at, said.day or before.day) == (before.rhythm, before.at, before.day):
        return held
    same = said.rhythm == before.rhythm
    at = said.at or (before.at if same or _takes_time(said.rhythm) else None)
    return _cadence(Parts(said.rhythm, at, said.day or (before.day if same else None)), zone, moment)


def _takes_time(rhythm: Rhythm) -> bool:
    return not isinstance(rhythm, Cron | Step)


def _cadence(parts: Parts, zone: ZoneInfo, moment: Moment) -> Cadence:
    now: datetime = moment.instant.astimezone(zone).replace(tzinfo=None)
    found = cadence_of(parts, now)
    if found is None:
        raise _lacking(parts)
    return found


def _lacking(parts: Parts) -> UserError:
    match parts:
        case Parts(rhythm=Cron(), at=time()):
            return UserError("schedule.ask.no_time", field="at")
        case Parts(rhythm=FromDay(every=None), day=None):
            return UserError("schedule.ask.day", field="day")
        case Parts(at=None) if _takes_time(parts.rhythm):
            return UserError("schedule.ask.time", field="at")
        case _:
            return UserError("schedule.ask.no_day", field="day")


def _place(uow: UnitOfWork, workspace: Workspace, wish: Wish, here: Channel) -> Channel:
    """The channel of that name, on the platform where it was asked if there is one. Raises UserError for one in which the bot is not."""
    if wish.channel is None:
        return _present(here)
    wanted = wish.channel.casefold()
    named = [each for each in uow.places.channels(workspace.id) if each.direct_to is None and each.name.casefold() == wanted]
    if not named:
        raise UserError("schedule.channel.unknown", field="channel", typed=wish.channel)
    return _present(min(named, key=lambda each: (each.gone, each.binding != here.binding)))


def _present(channel: Channel) -> Channel:
    if channel.gone:
        raise UserError("schedule.channel.gone", field="channel", typed=channel.name)
    return channel
