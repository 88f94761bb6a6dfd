"""How is a schedule told in a few words: what comes, how often, where, and how it stands?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import assert_never

from core.domain.cadence_words import FromDay, Rhythm, Step, parts_of
from core.domain.cadences import Cadence, Cron, Daily, MonthDay, MonthEnd, Weekdays, Workdays
from core.domain.deliveries import Kind
from core.domain.schedules import Schedule
from core.domain.standings import Standing
from core.domain.workspaces import Locale
from core.i18n.dates import say_date, say_day, say_time, say_weekday
from core.i18n.texts import text
from core.messages.cards.task_words import Reader
from core.messages.model import ChannelLink, Date, Inline

_MONDAY = date(2024, 1, 1)
_HOUR = timedelta(hours=1)


def kind_words(kind: Kind, locale: Locale) -> str:
    """晨报, Morning digest."""
    return text(locale, f"schedule.kind.{kind.value}")


def rhythm_words(rhythm: Rhythm, locale: Locale) -> str:
    """How often, in words that are understood when they are typed: 每周五, every Fri."""
    match rhythm:
        case Daily() | Workdays():
            return text(locale, f"schedule.rhythm.{rhythm.type}")
        case Weekdays(days=days):
            names = (say_weekday(_MONDAY + timedelta(days=day), locale) for day in sorted(days))
            return text(locale, "schedule.rhythm.weekdays", days=text(locale, "kernel.list").join(names))
        case MonthDay(day=day):
            return text(locale, "schedule.rhythm.month_day", day=day)
        case MonthEnd(working=working):
            return text(locale, f"schedule.rhythm.{'last_working' if working else 'last'}")
        case FromDay(every=every):
            return text(locale, "schedule.rhythm.once") if every is None else text(locale, "schedule.rhythm.every_days", n=every)
        case Step(every=every):
            hours, rest = divmod(every, _HOUR)
            unit, count = ("minutes", every // timedelta(minutes=1)) if rest else ("hours", hours)
            return text(locale, f"schedule.rhythm.every_{unit}", n=count)
        case Cron(expression=expression):
            return f"cron {expression}"
        case _:
            assert_never(rhythm)


def cadence_words(cadence: Cadence, today: date, locale: Locale) -> str:
    """每周五 17:00; every Fri at 17:00; 12月31日 周四 10:00，一次."""
    parts = parts_of(cadence)
    rhythm = rhythm_words(parts.rhythm, locale)
    match parts.rhythm:
        case FromDay(every=None) if parts.day and parts.at:
            day = f"{say_weekday(parts.day, locale)} {say_date(parts.day, today, locale)}"
            return text(locale, "schedule.when.once", day=day, at=f"{parts.at:%H:%M}")
        case Step() | Cron():
            return rhythm
        case _:
            return text(locale, "schedule.when.timed", rhythm=rhythm, at=f"{parts.at:%H:%M}")


def time_words(due_at: datetime, standing: Standing, reader: Reader) -> Inline:
    """One of its times by the clocks of its zone, with that zone's offset where the reader's clocks show another time."""
    local = due_at.astimezone(standing.zone)
    said = f"{say_day(local.date(), reader.today, reader.locale)} {say_time(due_at, standing.zone, other=reader.zone)}"
    return Date(said, due_at)


def state_words(schedule: Schedule, reader: Reader) -> str:
    """On, paused and until when, or switched off and why."""
    if schedule.off is not None:
        return reader.say("schedule.state.off", why=reader.say(f"delivery.why.{schedule.off}.what"))
    if not schedule.enabled:
        return reader.say("schedule.state.paused")
    if schedule.pauses(reader.today) and schedule.paused_until is not None:
        return reader.say("schedule.state.until", day=say_day(schedule.paused_until, reader.today, reader.locale))
    return reader.say("schedule.state.on")


def place_words(standing: Standing, reader: Reader) -> Inline:
    """Where it comes: here, a channel, somebody's direct conversation, or one whose name nobody told."""
    channel = standing.channel
    if standing.here:
        return reader.say("schedule.place.here")
    if channel.direct_to is not None:
        return reader.say("schedule.place.direct", name=reader.names.get(channel.direct_to, channel.name))
    return ChannelLink(channel.id, channel.name) if channel.named else reader.say("schedule.place.unnamed")
