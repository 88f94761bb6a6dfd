"""/ops quiet: when should nothing come to me by itself?"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import SkipValidation

from core.domain.times import parse_time
from core.domain.typed import plain
from core.domain.workspaces import Locale, Permission, Quiet
from core.errors import UserError
from core.i18n.texts import text
from core.messages.cards.people import quiet_card
from core.messages.model import Message
from handlers.kernel.arguments import Arguments
from handlers.kernel.command import command
from handlers.kernel.context import Context
from handlers.kernel.kinds import Kind, Scope

_JOINT = re.compile(r" ?(?:-|–|—|~|到|至| to ) ?")


@dataclass(frozen=True, slots=True)
class Hours:
    """The quiet hours that somebody wrote; None for `off`."""

    quiet: Quiet | None


def _read_hours(typed: str, _scope: Scope) -> Hours:
    """`22:00-08:00`, 晚上10点到早上8点, off. Raises UserError."""
    written = plain(typed).casefold()
    if written in _offs():
        return Hours(None)
    ends = [parse_time(part) for part in _JOINT.split(written)]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        raise UserError("schedule.quiet.unread", typed=typed)
    if ends[0] == ends[1]:
        raise UserError("schedule.quiet.same")
    return Hours(Quiet(ends[0], ends[1]))


def _offs() -> set[str]:
    return {spelling.strip().casefold() for locale in Locale for spelling in text(locale, "words.switch.off").split("|")}


class QuietArguments(Arguments):
    """From when to when, by one's own clocks, or off; nothing shows how it is."""

    hours: Annotated[SkipValidation[Hours], Kind("hours", _read_hours, longest=5)] | None = None


@command("ops quiet", zh="运营 免打扰", permission=Permission.VIEWER, changes=True, private=True)
def quiet(context: Context, arguments: QuietArguments) -> Message:
    """Sets the hours in which nothing comes by itself to this person alone."""
    member = context.member
    if arguments.hours is not None:
        member = replace(member, quiet=arguments.hours.quiet)
        context.uow.members.save(context.workspace.id, member)
    return quiet_card(member, member.zone_in(context.workspace), context.locale)
