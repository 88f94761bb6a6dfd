"""/ops deliveries, resend, seen, reenable: what became of what comes by itself, and what is to be done about it?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, TypeAlias

from core.domain.day_words import DayError
from core.domain.days import parse_day
from core.domain.receipts import Slot, Wish
from core.domain.typed import plain
from core.domain.workspaces import Locale, Permission
from core.errors import UserError
from core.i18n.texts import text
from core.messages.cards.deliveries import again_card, list_card, seen_card
from core.messages.model import Message, Option
from core.services import receipts
from handlers.kernel.arguments import Arguments
from handlers.kernel.command import command
from handlers.kernel.context import Context
from handlers.kernel.kinds import Kind, Scope
from handlers.reader import reader_of

_SCHEDULE = re.compile(r"S-?(?P<number>[0-9]{1,9})", re.IGNORECASE)
_IDS = re.compile(r"[0-9]{1,19}(,[0-9]{1,19})*")


@dataclass(frozen=True, slots=True)
class Which:
    """Some deliveries: by their ids, as buttons name them, or what failed last of a schedule, by its number."""

    ids: tuple[int, ...] = ()
    schedule: int = 0


def _read_wish(typed: str, scope: Scope) -> Wish:
    said = plain(typed)
    found = _SCHEDULE.fullmatch(said)
    if found is not None:
        return Wish(schedule=int(found["number"]))
    if said.casefold() in {word for locale in Locale for word in text(locale, "delivery.failed").split("|")}:
        return Wish()
    return Wish(day=_day(typed, scope))


def _day(typed: str, scope: Scope) -> date:
    try:
        return parse_day(typed, scope.today, toward="past", month_first=scope.locale is Locale.ZH or None)
    except DayError as error:
        raise UserError("delivery.not_a_wish", typed=typed) from error


def _read_which(typed: str, _scope: Scope) -> Which:
    said = plain(typed)
    found = _SCHEDULE.fullmatch(said)
    if found is not None:
        return Which(schedule=int(found["number"]))
    if _IDS.fullmatch(said) is None:
        raise UserError("delivery.not_a_slot", typed=typed)
    return Which(tuple(int(number) for number in said.split(",")))


def _offers(scope: Scope) -> tuple[Option, ...]:
    return tuple(Option(word, "") for word in (text(scope.locale, "kernel.day.word_today"), text(scope.locale, "delivery.failed").split("|")[0]))


Wished: TypeAlias = Annotated[Wish, Kind("deliveries", _read_wish, longest=3, offers=_offers)]
Chosen: TypeAlias = Annotated[Which, Kind("slots", _read_which)]


class ListArguments(Arguments):
    """Today's unless said."""

    which: Wished | None = None


class SlotArguments(Arguments):
    """Which deliveries to do something about."""

    which: Chosen


@command("ops deliveries", zh="运营 投递", permission=Permission.VIEWER, private=True)
def deliveries(context: Context, arguments: ListArguments) -> Message:
    """What schedules brought, and what became of each."""
    wish = arguments.which or Wish(day=context.moment.today)
    found = receipts.listed(context.uow, context.workspace, wish, context.moment)
    return list_card(found, reader_of(context), context.moment.instant)


@command("ops resend", zh="运营 重发", permission=Permission.LEAD, changes=True, private=True)
def resend(context: Context, arguments: SlotArguments) -> Message:
    """Sends again what did not go out."""
    return again_card(receipts.send_again(context.uow, context.workspace, _slots(context, arguments.which), context.moment), reader_of(context))


@command("ops seen", zh="运营 已到", permission=Permission.LEAD, changes=True, private=True)
def seen(context: Context, arguments: SlotArguments) -> Message:
    """Takes the word of whoever looked that a message in doubt is there."""
    return seen_card(receipts.say_seen(context.uow, _slots(context, arguments.which)), reader_of(context))


@command("ops reenable", zh="运营 重新启用", permission=Permission.LEAD, changes=True, private=True)
def reenable(context: Context, arguments: SlotArguments) -> Message:
    """Switches schedules on again that the house switched off, and tries it by sending what failed."""
    return again_card(receipts.switch_on(context.uow, context.workspace, _slots(context, arguments.which), context.moment), reader_of(context))


def _slots(context: Context, which: Which) -> tuple[Slot, ...]:
    if which.ids:
        return receipts.chosen(context.uow, context.workspace, which.ids)
    return receipts.troubled(context.uow, context.workspace, which.schedule, context.moment)
