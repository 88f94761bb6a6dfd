"""How are the arguments of schedules read: a rhythm, a channel, a zone, a country's calendar, a schedule's number, the end of a pause?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, TypeAlias

from pydantic import SkipValidation

from core.domain.cadence_words import FromDay, Rhythm, Step, Written, parse_rhythm
from core.domain.cadences import Daily, MonthDay, MonthEnd, Weekdays, Workdays
from core.domain.typed import plain
from core.errors import UserError
from core.messages.cards.schedule_words import rhythm_words
from core.messages.model import Option
from core.services.zones import find_zone
from handlers.kernel.arguments import read_future_day
from handlers.kernel.kinds import Kind, Scope

_NUMBER = re.compile(r"(?:S-?|#)?(?P<number>[0-9]{1,9})", re.IGNORECASE)
_COUNTRY = re.compile(r"[A-Za-z]{2}(?:[-_][A-Za-z0-9]{1,3})?")
_UNTIL = re.compile(r"(?:until|till|to|直到|到|至) ?(?P<day>.+)", re.IGNORECASE)
# `last working day of each month at 16:00`, and a line of cron.
_LONGEST = 9
_OFFERED: tuple[Rhythm, ...] = (
    *(Daily(), Workdays()),
    *(Weekdays(frozenset({day})) for day in range(7)),
    *(MonthEnd(working=True), MonthEnd(working=False), MonthDay(1), MonthDay(15)),
    *(FromDay(), FromDay(2), FromDay(14), Step(timedelta(hours=1)), Step(timedelta(hours=2))),
)


def _read_cadence(typed: str, _scope: Scope) -> Written:
    found = parse_rhythm(typed)
    if found is None:
        raise UserError("schedule.not_a_rhythm", typed=typed)
    return found


def _cadence_offers(scope: Scope) -> Sequence[Option]:
    return tuple(Option(rhythm_words(rhythm, scope.locale), "") for rhythm in _OFFERED)


def _read_channel(typed: str, scope: Scope) -> str:
    """The name without its sign; without one it must be a channel that is known. Raises UserError."""
    name = typed.strip().lstrip("#＃").strip()
    known = {option.value.lstrip("#").casefold() for option in scope.directory.channels()}
    if not name or (name == typed.strip() and name.casefold() not in known):
        raise UserError("schedule.channel.unknown", typed=typed)
    return name


def _read_zone(typed: str, _scope: Scope) -> str:
    return find_zone(plain(typed), "zone")


def _read_calendar(typed: str, _scope: Scope) -> str:
    """A country's code. Raises UserError for what is none; whether anybody keeps its calendar is asked when it is used."""
    if _COUNTRY.fullmatch(plain(typed)) is None:
        raise UserError("calendar.unknown", code=typed)
    return plain(typed)


def _read_number(typed: str, _scope: Scope) -> int:
    found = _NUMBER.fullmatch(plain(typed))
    if found is None:
        raise UserError("schedule.not_a_number", typed=typed)
    return int(found["number"])


def _read_until(typed: str, scope: Scope) -> date:
    """A day to come, with or without the word before it."""
    led = _UNTIL.fullmatch(plain(typed))
    return read_future_day(led["day"] if led else typed, scope)


CadenceWords: TypeAlias = Annotated[SkipValidation[Written], Kind("cadence", _read_cadence, longest=_LONGEST, offers=_cadence_offers, free=True)]
ChannelName: TypeAlias = Annotated[str, Kind("channel", _read_channel, offers=lambda scope: scope.directory.channels())]
# A form may come to the person alone, and be filled in there: it says where it was asked for.
PlaceName: TypeAlias = Annotated[str, Kind("channel", _read_channel, offers=lambda scope: scope.directory.channels(), usual=lambda scope: scope.here)]
ZoneName: TypeAlias = Annotated[str, Kind("zone", _read_zone)]
CountryCode: TypeAlias = Annotated[str, Kind("calendar", _read_calendar, keyed=True)]
ScheduleNumber: TypeAlias = Annotated[int, Kind("schedule", _read_number, offers=lambda scope: scope.directory.schedules())]
UntilDay: TypeAlias = Annotated[date, Kind("until", _read_until, form="date", longest=4)]
