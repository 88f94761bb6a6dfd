"""/ops people and grant: who belongs to the team, and what may each of them do?"""

from __future__ import annotations

from enum import StrEnum

from core.domain.workspaces import Member, Permission
from core.errors import UserError
from core.messages.cards.people import granted_card, people_card, stepping_down_card
from core.messages.model import Message
from core.services import people as team
from core.services.roles import jobs
from handlers.kernel.arguments import Arguments, Confirmed, Handle, Nothing
from handlers.kernel.command import command
from handlers.kernel.context import Context


class Level(StrEnum):
    """What a person may do, by its name."""

    VIEWER = "viewer"
    MEMBER = "member"
    LEAD = "lead"
    ADMIN = "admin"


class GrantArguments(Arguments):
    """Who, and what they may do from now on."""

    who: Handle
    permission: Level
    confirmed: Confirmed = ""


@command("ops people", zh="运营 成员", permission=Permission.VIEWER, private=True)
def people(context: Context, arguments: Nothing) -> Message:
    """Everyone who belongs to the team."""
    found = team.roster(context.uow, context.workspace)
    held = jobs(context.uow, context.workspace, context.moment.today)
    return people_card(found.members, held, found.platforms, context.locale)


@command("ops grant", zh="运营 授权", permission=Permission.ADMIN, changes=True, private=True)
def grant(context: Context, arguments: GrantArguments) -> Message:
    """Says what a person may do. An admin who would be none afterwards is asked first, as only another one could take that back."""
    who, permission = _meant(context, arguments.who), Permission[arguments.permission.name]
    if who.id == context.member.id and permission < Permission.ADMIN and not arguments.confirmed:
        others = team.other_admins(context.uow, context.workspace, who)
        return stepping_down_card(who, permission, arguments.permission.value, others, context.locale)
    granted = team.grant(context.uow, context.workspace, who, permission)
    return granted_card(granted.member, granted.before, context.locale)


def _meant(context: Context, typed: str) -> Member:
    """Who is named. Of one whom nobody knows, it is told how they come to be known."""
    try:
        return team.find_person(context.uow, context.workspace, context.member, typed, "who")
    except UserError as error:
        if error.key != "people.unknown":
            raise
        raise UserError("people.grant.unknown", field="who", typed=typed) from error
