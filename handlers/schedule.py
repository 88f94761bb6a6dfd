"""What can people say about what comes by itself? /schedule list, show, digest, board, tasks, change, pause, resume, send, remove."""

from __future__ import annotations

from core.domain.cadence_words import parts_of
from core.domain.deliveries import Kind
from core.domain.schedules import Schedule
from core.domain.standings import Standing
from core.domain.workspaces import Locale, Permission
from core.messages.cards import schedule as cards
from core.messages.cards.schedule_words import rhythm_words
from core.messages.model import Form, Heading, Message
from core.services import schedules
from core.services.schedule_views import standing, standings
from core.services.schedule_wishes import Wish, begin, change, find, resume
from core.services.trials import send_now
from handlers.kernel.arguments import Arguments, Confirmed, FutureDay, Nothing, TimeOfDay
from handlers.kernel.command import REGISTRY, command
from handlers.kernel.context import Context
from handlers.kernel.directory import StoredDirectory
from handlers.kernel.forms import form
from handlers.kernel.kinds import Scope
from handlers.kernel.parse import call, routed_press
from handlers.place import here
from handlers.reader import reader_of
from handlers.schedule_kinds import CadenceWords, ChannelName, CountryCode, PlaceName, ScheduleNumber, UntilDay, ZoneName


class NewArguments(Arguments):
    """How often, at what time and where; `day` is that of once, or the first of every few days."""

    cadence: CadenceWords
    at: TimeOfDay | None = None
    channel: PlaceName | None = None
    day: FutureDay | None = None
    zone: ZoneName | None = None
    locale: Locale | None = None
    calendar: CountryCode | None = None


class OneArguments(Arguments):
    """Which schedule."""

    schedule: ScheduleNumber


class ChangeArguments(Arguments):
    """Which schedule, and what is different from now on."""

    schedule: ScheduleNumber
    cadence: CadenceWords | None = None
    at: TimeOfDay | None = None
    channel: ChannelName | None = None
    day: FutureDay | None = None
    zone: ZoneName | None = None
    locale: Locale | None = None
    calendar: CountryCode | None = None


class PauseArguments(Arguments):
    """Which schedule, and the day on which it comes again; without one, it waits to be resumed."""

    schedule: ScheduleNumber
    until: UntilDay | None = None


class RemoveArguments(Arguments):
    """Which schedule."""

    schedule: ScheduleNumber
    confirmed: Confirmed = ""


@command("schedule list", zh="定时 列表", permission=Permission.VIEWER)
def list_(context: Context, arguments: Nothing) -> Message:
    """Everything that comes by itself."""
    return cards.schedules_card(standings(context.uow, context.workspace, context.channel, context.moment), reader_of(context))


@command("schedule show", zh="定时 查看", permission=Permission.VIEWER)
def show(context: Context, arguments: OneArguments) -> Message:
    """One schedule in full."""
    return _shown(context, _found(context, arguments.schedule))


@command("schedule digest", zh="定时 晨报", also=("日报",), permission=Permission.LEAD, changes=True)
def digest(context: Context, arguments: NewArguments) -> Message:
    """Lets a digest come by itself."""
    return _begun(context, Kind.DIGEST, arguments)


@command("schedule board", zh="定时 看板", permission=Permission.LEAD, changes=True)
def board(context: Context, arguments: NewArguments) -> Message:
    """Lets the board of the last day, week or month come by itself."""
    return _begun(context, Kind.BOARD, arguments)


@command("schedule tasks", zh="定时 任务", permission=Permission.LEAD, changes=True)
def tasks(context: Context, arguments: NewArguments) -> Message:
    """Lets the tasks of the week come by themselves."""
    return _begun(context, Kind.TASKS, arguments)


@command("schedule change", zh="定时 修改", permission=Permission.LEAD, changes=True)
def change_(context: Context, arguments: ChangeArguments) -> Message:
    """Changes a schedule; without anything to change, shows the form that holds how it is."""
    found, wish = _found(context, arguments.schedule), _wish(arguments)
    if wish == Wish():
        asked = _form(context, found)
        return Message((Heading((asked.title,)), asked), asked.title, "schedule.asking", context.locale.value)
    return _shown(context, change(context.uow, context.workspace, found, wish, here(context), context.moment), "changed")


@command("schedule pause", zh="定时 暂停", permission=Permission.LEAD, changes=True)
def pause(context: Context, arguments: PauseArguments) -> Message:
    """Lets a schedule not come for a while."""
    return _shown(context, schedules.pause(context.uow, _found(context, arguments.schedule), arguments.until, context.moment), "paused")


@command("schedule resume", zh="定时 恢复", permission=Permission.LEAD, changes=True)
def resume_(context: Context, arguments: OneArguments) -> Message:
    """Lets a schedule come again, whoever had stopped it."""
    return _shown(context, resume(context.uow, context.workspace, _found(context, arguments.schedule), context.moment), "resumed")


@command("schedule send", zh="定时 发送", permission=Permission.LEAD, changes=True)
def send(context: Context, arguments: OneArguments) -> Message:
    """Sends what it would bring, once, as a test."""
    found = _found(context, arguments.schedule)
    send_now(context.uow, context.workspace, found, context.member, context.request, context.moment, context.now)
    return cards.trial_card(_standing(context, found), reader_of(context))


@command("schedule remove", zh="定时 移除", also=("delete", "删除"), permission=Permission.LEAD, changes=True)
def remove(context: Context, arguments: RemoveArguments) -> Message:
    """Takes a schedule away, once that is confirmed."""
    found = _found(context, arguments.schedule)
    told = _standing(context, found)
    if not arguments.confirmed:
        return cards.leaving_card(told, reader_of(context))
    schedules.remove(context.uow, found, context.moment)
    return cards.removed_card(told, reader_of(context))


def _found(context: Context, number: int) -> Schedule:
    return find(context.uow, context.workspace, number)


def _wish(arguments: NewArguments | ChangeArguments) -> Wish:
    return Wish(arguments.cadence, arguments.at, arguments.day, arguments.channel, arguments.zone, arguments.locale, arguments.calendar)


def _begun(context: Context, kind: Kind, arguments: NewArguments) -> Message:
    kept, new = begin(context.uow, context.workspace, kind, _wish(arguments), here(context), context.member, context.moment)
    return _shown(context, kept, "created" if new else "held")


def _shown(context: Context, schedule: Schedule, saved: str = "") -> Message:
    return cards.schedule_card(_standing(context, schedule), reader_of(context), leads=context.member.permission >= Permission.LEAD, saved=saved)


def _standing(context: Context, schedule: Schedule) -> Standing:
    place = context.uow.places.channel(context.binding, context.conversation)
    return standing(context.uow, context.workspace, schedule, place, context.moment)


def _form(context: Context, schedule: Schedule) -> Form:
    parts, channel = parts_of(schedule.cadence), context.uow.places.known(schedule.channel)
    held = {
        "schedule": schedule.label,
        "cadence": rhythm_words(parts.rhythm, context.locale),
        "at": f"{parts.at:%H:%M}" if parts.at else "",
        "channel": channel.called,
        "day": parts.day.isoformat() if parts.day else "",
        "zone": schedule.zone or "",
        "locale": schedule.locale or "",
        "calendar": schedule.calendar or "",
    }
    scope = Scope(context.locale, context.moment.today, StoredDirectory(context.uow, context.workspace.id))
    return form(call(routed_press(REGISTRY["schedule change"], held), scope), scope)
